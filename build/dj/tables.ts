/** The figures of `npm run evaluate:dj` as Markdown. */
import { shiftKey } from '#shared/music/keys.ts';
import { downbeatsRight } from './answers.ts';
import type { Answer, OwnAnswer } from './answers.ts';
import type { Recording } from './corpus.ts';
import { conditionNames, conditions } from './degrade.ts';
import { meters } from './pieces.ts';
import { beatScore, keyScore, mean, median, quantile, sameTempo, sameTempoFamily } from './scores.ts';

export interface Judged {
  readonly recording: Recording;
  /** By program; null for a file that it could not read. */
  readonly answers: ReadonlyMap<string, Answer | null>;
}

export interface OwnJudged {
  readonly recording: Recording;
  readonly answer: OwnAnswer;
}

/** In the format that prettier leaves alone. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [titles = [], ...rest] = rows;
  return [line(titles), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

const share = (values: readonly boolean[]): string => figure(mean(values.map(Number)));
const figure = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(3));

type Score = (answer: Answer, recording: Recording) => number;

const tempoOne: Score = ({ bpm }, { truth }) => Number(sameTempo(bpm, truth.bpm));
const tempoTwo: Score = ({ bpm }, { truth }) => Number(sameTempoFamily(bpm, truth.bpm));
const beatF: Score = ({ beats }, { truth }) => beatScore(beats, truth.beats);
/** What is detuned by half a semitone is as much in the one key as in the other. */
const key: Score = (answer, { truth, piece }) => {
  if (truth.key === null) return 0;
  const own = keyScore(answer.key, truth.key);
  if (truth.bpm === piece.truth.bpm || !piece.truth.constant) return own;
  return Math.max(own, keyScore(answer.key, shiftKey(truth.key, truth.bpm > piece.truth.bpm ? 1 : -1)));
};
const silent: Answer = { bpm: 0, beats: [], key: null };

function perCondition(
  judged: readonly Judged[],
  score: Score,
  programs = [...(judged[0]?.answers.keys() ?? [])],
): string {
  const row = (title: string, part: readonly Judged[]): readonly string[] => [
    title,
    String(part.length),
    ...programs.map((program) =>
      figure(mean(part.map(({ recording, answers }) => score(answers.get(program) ?? silent, recording)))),
    ),
  ];
  return markdownTable([
    ['', 'files', ...programs],
    ...conditions.map((condition) =>
      row(
        conditionNames[condition],
        judged.filter(({ recording }) => recording.condition === condition),
      ),
    ),
    row('all', judged),
  ]);
}

/** The same files, every program. */
export function besidePeers(judged: readonly Judged[], versions: readonly string[]): string {
  const grooves = judged.filter(
    ({ recording: { piece } }) => piece.kind === 'groove' || piece.kind === 'other',
  );
  const pieces = new Set(
    grooves
      .filter(({ recording }) => recording.piece.kind === 'groove')
      .map(({ recording }) => recording.piece),
  ).size;
  return [
    '### Beside other programs',
    `Grooves of 35 s: ${pieces} in every condition, the others clean, ${grooves.length} files; ${versions.join(', ')}, each with its own defaults. A file ` +
      'without an answer counts as wrong.',
    'Tempo within 4 %:',
    perCondition(grooves, tempoOne),
    'Tempo within 4 %, or of its half, double, third, triple:',
    perCondition(grooves, tempoTwo),
    'Beats, F-measure at ±70 ms, from the fifth second on:',
    perCondition(grooves, beatF),
    'Key, MIREX score (1 the key, 0.5 a fifth above, 0.3 the relative, 0.2 the parallel one); aubio and librosa find no keys. Ours was fitted on grooves ' +
      'like these, these among them: here it is not cross-validated:',
    perCondition(grooves, key, ['Cratewise', 'essentia']),
  ].join('\n\n');
}

/** Clicks, ramps and long pieces: every program. */
export function clickTables(judged: readonly Judged[]): string {
  const programs = [...(judged[0]?.answers.keys() ?? [])];
  const kinds = [
    [
      'click tracks of 40 to 220 BPM',
      (bpm: number, kind: string) => kind === 'click' && bpm >= 40 && bpm <= 220,
    ],
    [
      'click tracks below and above that',
      (bpm: number, kind: string) => kind === 'click' && (bpm < 40 || bpm > 220),
    ],
    ['tempo ramps, 11 to 32 % in a minute', (_: number, kind: string) => kind === 'ramp'],
    ['four minutes', (_: number, kind: string) => kind === 'long'],
  ] as const;
  const rows = kinds.flatMap(([title, belongs]) => {
    const part = judged.filter(({ recording: { truth, piece } }) => belongs(truth.bpm, piece.kind));
    const scored = (name: string, score: Score): readonly string[] => [
      `${title}: ${name}`,
      String(part.length),
      ...programs.map((program) =>
        figure(mean(part.map(({ recording, answers }) => score(answers.get(program) ?? silent, recording)))),
      ),
    ];
    if (part.length === 0) return [];
    return title.startsWith('tempo ramps')
      ? [scored('beats', beatF)]
      : [scored('tempo', tempoOne), scored('beats', beatF)];
  });
  return markdownTable([['', 'files', ...programs], ...rows]);
}

/** Ours alone, on everything that there is. */
export function ownTables(judged: readonly OwnJudged[]): string {
  const grooves = judged.filter(
    ({ recording: { piece } }) => piece.kind === 'groove' || piece.kind === 'other',
  );
  const titles = [
    '',
    'files',
    'tempo',
    'tempo or octave',
    'beats',
    'bars told',
    'of them right',
    'BPM off, median',
    '95 %',
    'grid right',
  ];
  return [
    '### All grooves',
    'Ours alone, on all grooves there are, never by weights that were fitted on the same family of styles. Bars are right if they have as many beats and begin where ' +
      'they should; the BPM off is that of constant grids whose tempo is right; a grid is right if it is constant where the tempo is, and a list of beats where it drifts.',
    markdownTable([
      titles,
      ...conditions.map((condition) =>
        ownRow(
          conditionNames[condition],
          grooves.filter(({ recording }) => recording.condition === condition),
        ),
      ),
      ...meters.map((meter) =>
        ownRow(
          `${meter}, every condition`,
          grooves.filter(({ recording }) => recording.truth.meter === meter),
        ),
      ),
      ownRow(
        'four minutes',
        judged.filter(({ recording }) => recording.piece.kind === 'long'),
      ),
      ownRow(
        'tempo ramps',
        judged.filter(({ recording }) => recording.piece.kind === 'ramp'),
      ),
    ]),
    'How far the confidence can be trusted (share of tempos that are right within 4 %):',
    confidenceTable(grooves),
  ].join('\n\n');
}

function ownRow(title: string, part: readonly OwnJudged[]): readonly string[] {
  const bars = part
    .map(({ recording, answer }) => downbeatsRight(recording, answer))
    .filter((right) => right !== null);
  const off = part
    .filter(
      ({ recording: { truth }, answer }) =>
        truth.constant && answer.tempo?.grid.kind === 'constant' && sameTempo(answer.bpm, truth.bpm),
    )
    .map(({ recording, answer }) => Math.abs(answer.bpm - recording.truth.bpm));
  const average = (score: Score): string =>
    figure(mean(part.map(({ answer, recording }) => score(answer, recording))));
  return [
    ...[title, String(part.length), average(tempoOne), average(tempoTwo), average(beatF)],
    figure(bars.length / part.length),
    share(bars),
    figure(median(off)),
    figure(quantile(off, 0.95)),
    share(
      part.map(
        ({ recording, answer }) => (answer.tempo?.grid.kind === 'constant') === recording.truth.constant,
      ),
    ),
  ];
}

const steps = [0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 1];

function confidenceTable(judged: readonly OwnJudged[]): string {
  const rows = steps.slice(1).map((upTo, index) => {
    const from = steps[index] as number;
    const within = judged.filter(
      ({ answer: { tempo } }) => tempo !== null && tempo.confidence >= from && tempo.confidence < upTo,
    );
    return [
      `${from} to ${upTo}`,
      String(within.length),
      figure(mean(within.map(({ answer }) => answer.tempo?.confidence ?? 0))),
      share(within.map(({ answer, recording }) => sameTempo(answer.bpm, recording.truth.bpm))),
    ];
  });
  const none = judged.filter(({ answer }) => answer.tempo === null).length;
  return markdownTable([
    ['confidence', 'files', 'mean', 'right'],
    ...rows,
    ['no tempo told', String(none), '', ''],
  ]);
}
