import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Input } from '#shared/contract.ts';
import type { BuiltSet, SetConstraint } from '#shared/domain.ts';
import { matchKeys } from '#shared/music/keys.ts';
import { context, openSetLibrary } from './sets.fixture.ts';
import type { SetLibrary } from './sets.fixture.ts';

let opened: SetLibrary;
let add: SetLibrary['add'];
let addMany: SetLibrary['addMany'];
let handlers: SetLibrary['handlers'];
beforeEach(() => {
  opened = openSetLibrary();
  ({ add, addMany, handlers } = opened);
});
afterEach(() => opened.close());

const build = async (asked: Partial<Input<'sets.build'>> = {}): Promise<BuiltSet> =>
  await handlers['sets.build']({ length: { count: 5 }, ...asked }, context);
const lettersOf = ({ rows }: BuiltSet): string => rows.map(({ track }) => nameOf(track)).join('');
const nameOf = ({ path }: { readonly path: string }): string => path.slice('/music/'.length);
const broken = ({ problems }: BuiltSet): readonly SetConstraint[] =>
  problems.map(({ constraint }) => constraint);

test('harmonic order: the keys of a set follow each other, and each step says why', async () => {
  for (const [path, key] of Object.entries({ a: '1A', b: '4A', c: '2A', d: '5A', e: '3A' })) {
    add(path, { sound: { key, bpm: 124, energy: 5 } });
  }
  const set = await build({ keyRule: 'harmonic' });
  expect(['acebd', 'dbeca']).toContain(lettersOf(set));
  expect(set.problems).toEqual([]);
  expect(set.rows[0]!.transition).toBeNull();
  const [key, tempo] = set.rows[1]!.transition!.axes;
  expect(key!.score).toBe(0.9);
  expect(key!.reason).toMatch(/^[1-5]A to [1-5]A: a fifth (up|down)$/u);
  expect(tempo!.reason).toBe('124 to 124 BPM: the same tempo');
});

test('an energy arc as it is drawn', async () => {
  for (const energy of [2, 3, 4, 5, 6, 7, 8, 9])
    add(String(energy), { sound: { energy, bpm: 120, key: '8A' } });
  const energyCurve = [
    { at: 0, energy: 3 },
    { at: 0.5, energy: 9 },
    { at: 1, energy: 4 },
  ];
  const set = await build({ energyCurve });
  expect(set.rows.map(({ track }) => track.energy)).toEqual([3, 6, 9, 7, 4]);
  expect(set.rows.map(({ wantedEnergy }) => wantedEnergy)).toEqual([3, 6, 9, 6.5, 4]);
  expect(set.rows[3]!.transition!.axes[2]!.reason).toBe('Energy 7 where the curve wants 6.5');
});

test('from A to B in five rows, step by step in sound and tempo', async () => {
  const angles = [0, 22, 45, 67, 90, 200, 250, 300];
  const ids = angles.map((angle) => {
    const radians = (angle * Math.PI) / 180;
    return add(String(angle), {
      embedding: [Math.cos(radians), Math.sin(radians)],
      sound: { bpm: 120 + angle / 15 },
    });
  });
  const set = await build({ from: ids[0]!, to: ids[4]! });
  expect(set.rows.map(({ track }) => nameOf(track))).toEqual(['0', '22', '45', '67', '90']);
  expect(set.rows.map(({ fixed }) => fixed)).toEqual([true, false, false, false, true]);
});

test('a length to the second, where there is one', async () => {
  [181, 227, 239, 251, 263, 277, 307, 331].forEach((durationSeconds) =>
    add(String(durationSeconds), { durationSeconds }),
  );
  const seconds = 181 + 239 + 263 + 331;
  const set = await build({ length: { seconds, toleranceSeconds: 0 } });
  expect(set.durationSeconds).toBe(seconds);
  expect(set.problems).toEqual([]);
  const long = await build({ length: { seconds: 36_000 } });
  expect(broken(long)).toEqual(['duration']);
  expect(long.rows).toHaveLength(8);
  expect(long.problems[0]!.detail).toBe('The nearest to 10:00:00 is 34:36, 9:25:24 short.');
});

test('places, what must be in it and what must not', async () => {
  const ids = addMany(30);
  const set = await build({
    length: { count: 8 },
    locked: [{ position: 3, trackId: ids[7]! }],
    include: [ids[2]!, ids[4]!],
    exclude: [ids[0]!, ids[1]!],
  });
  const found = set.rows.map(({ track }) => track.id);
  expect(found[3]).toBe(ids[7]);
  expect(found).toEqual(expect.arrayContaining([ids[2], ids[4]]));
  expect(found).not.toContain(ids[0]);
  expect(found).not.toContain(ids[1]);
  expect(set.rows.filter(({ fixed }) => fixed)).toHaveLength(3);
  expect(set.problems).toEqual([]);
});

test('requests that contradict themselves are kept as far as they can be, and say so', async () => {
  const ids = addMany(12);
  const set = await build({
    length: { count: 2 },
    from: ids[0]!,
    locked: [
      { position: 0, trackId: ids[1]! },
      { position: 5, trackId: ids[2]! },
    ],
    include: [ids[3]!, ids[4]!, ids[5]!],
    exclude: [ids[3]!],
  });
  expect(set.rows.map(({ track }) => track.id)).toEqual([ids[0], ids[4]]);
  expect(broken(set)).toEqual(['locked', 'locked', 'exclude', 'include']);
  expect(set.problems[1]!.detail).toMatch(/has row 6, and the set has 2: it is left out/u);
});

test('which tracks: a query, genres by name or id, a range of tempos; what is missing or twice is not in it', async () => {
  add('house 120', { genres: { 'electronic/house': 0.9 }, sound: { bpm: 120 } });
  add('house 62', { genres: { 'electronic/house': 0.9 }, sound: { bpm: 62 } });
  add('house 140', { genres: { 'electronic/house': 0.9 }, sound: { bpm: 140 } });
  add('house ?', { genres: { 'electronic/house': 0.9 } });
  add('techno 122', { genres: { 'electronic/techno': 0.9 }, sound: { bpm: 122 } });
  add('rock 121', { genres: { rock: 0.9 }, sound: { bpm: 121 } });
  opened.library.add({ path: 'copy', recording: 'house 120', durationSeconds: 240 });
  add('gone', { genres: { 'electronic/house': 0.9 }, sound: { bpm: 121 }, state: 'missing' });
  const set = await build({
    length: { count: 4 },
    genres: ['house', 'electronic/techno'],
    tempoRange: { min: 118, max: 126 },
  });
  expect(set.rows.map(({ track }) => nameOf(track)).sort()).toEqual(['house 120', 'house 62', 'techno 122']);
  expect(set.problems).toEqual([
    { constraint: 'count', rows: [], detail: 'Only 3 tracks fit, and 4 were wanted.' },
  ]);
  expect(set.remarks).toEqual(
    expect.arrayContaining([
      '1 track outside the range of tempos was left out.',
      '1 track whose tempo is not known was left out.',
      'None of the 3 rows has a known key: it counted neither way there.',
    ]),
  );
  expect(lettersOf(await build({ query: { text: 'path:rock' } }))).toBe('rock 121');
  await expect(build({ genres: ['Polka'] })).rejects.toMatchObject({ code: 'not-found' });
  await expect(build({ query: { text: 'path:nothing' } })).rejects.toMatchObject({ code: 'not-found' });
  await expect(build({ include: [999] })).rejects.toMatchObject({ code: 'not-found' });
  await expect(build({ tempoRange: { min: 130, max: 120 } })).rejects.toMatchObject({ code: 'bad-request' });
});

test('rules that cannot be kept are told, with the nearest that was found', async () => {
  add('a', { artist: 'One', sound: { key: '1A', bpm: 100 } });
  add('b', { artist: 'one ', sound: { key: '7A', bpm: 112 } });
  add('c', { artist: 'ONE', sound: { key: '4A', bpm: 127 } });
  const set = await build({
    length: { count: 3 },
    keyRule: 'harmonic',
    greatestTempoStep: 4,
    artistGap: 2,
  });
  expect(broken(set)).toEqual(['tempoStep', 'keyRule', 'artistGap']);
  expect(set.problems[0]!.rows).toEqual([1, 2]);
  expect(set.problems[0]!.detail).toMatch(/2 of 2 steps do, at most by 1[12]\.\d % \(from “/u);
  expect(set.problems[1]!.detail).toMatch(/2 of 2 steps are not/u);
  expect(set.problems[2]!.detail).toBe(
    'No order was found with no artist twice in 2 rows: 2 rows of 3 repeat one, the nearest after 1 row (1 artist in the set).',
  );
});

test('whatever is asked of a library with room for it: every rule is kept, or told; the same again gives the same', async () => {
  const ids = addMany(80);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 14 }),
      fc.constantFrom('any' as const, 'related' as const, 'harmonic' as const),
      fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
      fc.integer({ min: 1, max: 6 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 79 }), { maxLength: 2 }),
      fc.boolean(),
      fc.nat(5),
      async (count, keyRule, greatestTempoStep, artistGap, include, keyLock, seed) => {
        const asked = {
          ...{ length: { count }, keyRule, greatestTempoStep, artistGap, seed },
          include: include.map((place) => ids[place]!),
          mix: { keyLock },
        };
        const set = await build(asked);
        const found = set.rows.map(({ track }) => track.id);
        expect(new Set(found).size).toBe(count);
        expect(found).toEqual(expect.arrayContaining(asked.include));
        const told = new Set(broken(set));
        set.rows.slice(1).forEach(({ track, transition }, place) => {
          const before = set.rows[place]!.track;
          const least = { any: 0, related: 0.45, harmonic: 0.8 }[keyRule];
          if (keyLock && !told.has('keyRule'))
            expect(matchKeys(before.key!, track.key!)!.score).toBeGreaterThanOrEqual(least);
          if (greatestTempoStep !== undefined && !told.has('tempoStep'))
            expect(Math.abs(transition!.tempoChangePercent!)).toBeLessThanOrEqual(greatestTempoStep + 0.06);
        });
        set.rows.forEach(({ track }, place) => {
          const near = set.rows.slice(place + 1, place + artistGap).map((row) => row.track.artist);
          if (!told.has('artistGap')) expect(near).not.toContain(track.artist);
        });
        expect((await build(asked)).rows.map(({ track }) => track.id)).toEqual(found);
      },
    ),
    { numRuns: 12 },
  );
}, 60_000);

test('another seed gives another set', async () => {
  addMany(80);
  const sets = await Promise.all([0, 1, 2].map(async (seed) => lettersOf(await build({ seed }))));
  expect(new Set(sets).size).toBe(3);
});

test('can be cancelled, and lets others have a turn', async () => {
  addMany(200);
  const cancel = new AbortController();
  // Whoever waits gets a turn again and again (how long each waits is measured by the benchmark).
  let turns = 0;
  const watch = setInterval(() => {
    turns += 1;
    if (turns === 4) cancel.abort();
  });
  const running = handlers['sets.build'](
    { length: { count: 40 } },
    { signal: cancel.signal },
  ) as Promise<BuiltSet>;
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  clearInterval(watch);
  expect(turns).toBeGreaterThan(3);
});
