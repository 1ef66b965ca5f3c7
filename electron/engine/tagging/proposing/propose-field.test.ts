/** The policy as a table: what the file says, what was heard, what is proposed. */
import { expect, test } from 'vitest';
import type { FieldMode, TagPolicy } from '#shared/domain.ts';
import type { CurrentLabel } from '#engine/storage/analysis/scores.ts';
import { fieldSources } from './fields.ts';
import { proposeField } from './propose-field.ts';

const house = { label: 'House', confidence: 0.8 };
const techno = { label: 'Techno', confidence: 0.6 };
const rnb = { label: 'R&B', confidence: 0.55 };
const sure = { label: 'House', confidence: 1 };

interface Case {
  readonly mode: FieldMode;
  readonly old: readonly string[];
  readonly heard: readonly { readonly label: string; readonly confidence: number }[];
  readonly minimum?: number;
  readonly most?: number;
  readonly names?: Readonly<Record<string, string>>;
  /** The values, or why there are none. */
  readonly expected: readonly string[] | 'unknown' | 'nothing-to-do';
  readonly confidence?: number;
}

const cases: Readonly<Record<string, Case>> = {
  'off proposes nothing': { mode: 'off', old: [], heard: [house], expected: 'nothing-to-do' },
  'an empty field is filled': {
    mode: 'empty',
    old: [],
    heard: [house],
    expected: ['House'],
    confidence: 0.8,
  },
  'a filled field is left alone': { mode: 'empty', old: ['Pop'], heard: [house], expected: 'nothing-to-do' },
  'nothing heard': { mode: 'empty', old: [], heard: [], expected: 'unknown' },
  'the confidence is that of the least sure': {
    mode: 'empty',
    old: [],
    heard: [house, techno],
    expected: ['House', 'Techno'],
    confidence: 0.6,
  },
  'not less sure than wanted': {
    mode: 'empty',
    old: [],
    heard: [house, techno],
    minimum: 0.7,
    expected: ['House'],
  },
  'exactly as sure as wanted': {
    mode: 'empty',
    old: [],
    heard: [techno],
    minimum: 0.6,
    expected: ['Techno'],
  },
  'nothing is sure enough': { mode: 'empty', old: [], heard: [techno], minimum: 0.61, expected: 'unknown' },
  'not more than wanted': {
    mode: 'empty',
    old: [],
    heard: [house, techno, rnb],
    most: 2,
    expected: ['House', 'Techno'],
  },
  'two labels of one name are written once': {
    mode: 'empty',
    old: [],
    heard: [house, techno, rnb],
    names: { Techno: 'house' },
    most: 2,
    expected: ['House', 'R&B'],
  },
  'appended after what is there': {
    mode: 'append',
    old: ['Pop', 'Pop'],
    heard: [house],
    expected: ['Pop', 'Pop', 'House'],
  },
  'another spelling is not doubled': {
    mode: 'append',
    old: ['HOUSE', 'r and b'],
    heard: [house, rnb],
    expected: 'nothing-to-do',
  },
  'nor what stands there among others': {
    mode: 'append',
    old: ['Pop/House'],
    heard: [house, techno],
    expected: ['Pop/House', 'Techno'],
    confidence: 0.6,
  },
  'what is there counts among the most wanted': {
    mode: 'append',
    old: ['House'],
    heard: [house, techno],
    most: 1,
    expected: 'nothing-to-do',
  },
  'append to nothing': { mode: 'append', old: [], heard: [house], expected: ['House'] },
  'append with nothing heard': { mode: 'append', old: ['Pop'], heard: [], expected: 'unknown' },
  'replace takes away what is there': { mode: 'replace', old: ['Pop'], heard: [house], expected: ['House'] },
  'replace is never empty': { mode: 'replace', old: ['Pop'], heard: [], expected: 'unknown' },
  'replace where it says so already': {
    mode: 'replace',
    old: ['house'],
    heard: [house],
    expected: 'nothing-to-do',
  },
  'replace where more is there': {
    mode: 'replace',
    old: ['House', 'Pop'],
    heard: [house],
    expected: ['House'],
    confidence: 0.8,
  },
  'replace in another order is no change': {
    mode: 'replace',
    old: ['Techno', 'House'],
    heard: [house, techno],
    expected: 'nothing-to-do',
  },
  'the user’s word is certain': {
    mode: 'empty',
    old: [],
    heard: [sure],
    minimum: 1,
    expected: ['House'],
    confidence: 1,
  },
};

test.each(Object.entries(cases))(
  '%s',
  (_, { mode, old, heard, minimum, most, names = {}, expected, confidence }) => {
    const policy = { mode, minimumConfidence: minimum ?? 0.5, most: most ?? 3 };
    const result = proposeField(policy, old, heard, (label) => names[label] ?? label);
    if (typeof expected === 'string') {
      expect(result).toBe(expected);
      return;
    }
    expect(result).toMatchObject({ proposed: expected });
    if (confidence !== undefined) expect(result).toMatchObject({ confidence });
  },
);

const label = (id: string, name: string, position: number): CurrentLabel => ({
  id,
  name,
  parent: id.includes('/') ? id.slice(0, id.indexOf('/')) : null,
  threshold: 0.5,
  known: 'well',
  position,
});
const labels = {
  genres: [
    label('electronic', 'Electronic', 0),
    label('jazz', 'Jazz', 1),
    label('electronic/house', 'House', 2),
    label('electronic/techno', 'Techno', 3),
  ],
  moods: [
    { id: 'mood/dark', name: 'Dark', threshold: 0.5, position: 1 },
    { id: 'mood/happy', name: 'Happy', threshold: 0.5, position: 2 },
  ],
};
const all = [
  { position: 0, confidence: 0.7 },
  { position: 1, confidence: 0.6 },
  { position: 2, confidence: 0.9 },
];

test.each<[TagPolicy['genreLevel'], readonly string[]]>([
  ['styles', ['House', 'Jazz']],
  ['families', ['Electronic', 'Jazz']],
  ['both', ['Electronic', 'House', 'Jazz']],
])('level %s', (genreLevel, expected) => {
  const heard = { genres: all, tags: null, denied: new Set<string>() };
  const found = fieldSources.genre.candidates(heard, labels, { genreLevel, groupingFrom: 'families' });
  expect(found.map((candidate) => candidate.label)).toEqual(expected);
});

test('a style speaks for its family, as surely as it is itself; not for one that the user denied', () => {
  const genres = [{ position: 3, confidence: 0.9 }];
  const of = (denied: ReadonlySet<string>) =>
    fieldSources.grouping.candidates({ genres, tags: null, denied }, labels, {
      genreLevel: 'styles',
      groupingFrom: 'families',
    });
  expect(of(new Set())).toEqual([{ label: 'Electronic', confidence: 0.9 }]);
  expect(of(new Set(['electronic']))).toEqual([]);
});

test('moods from their thresholds on, the surest first', () => {
  const heard = { genres: [], denied: new Set<string>() };
  const policy = { genreLevel: 'styles', groupingFrom: 'moods' } as const;
  const tags = Float32Array.of(1, 0.5, 0.75);
  for (const field of ['mood', 'grouping'] as const)
    expect(fieldSources[field].candidates({ ...heard, tags }, labels, policy)).toEqual([
      { label: 'Happy', confidence: 0.75 },
      { label: 'Dark', confidence: 0.5 },
    ]);
  expect(fieldSources.mood.candidates({ ...heard, tags: null }, labels, policy)).toEqual([]);
});
