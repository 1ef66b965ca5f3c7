/** The figures of the experiment in words, tables and a picture. Random-split figures stand only beside the filtered ones. */
import { bootstrap } from '../metrics.ts';
import { sides, type ClipSplit } from './clip-splits.ts';
import { drawConfusions } from './confusion-svg.ts';
import { splitNames, variants, type Job, type JobResult, type SplitName, type Variant } from './jobs.ts';
import { scoresOf, type Scores } from './scores.ts';

export interface Experiment {
  /** The genre of every clip, as a position in `genres`. */
  readonly labels: readonly number[];
  readonly genres: readonly string[];
  readonly splits: Readonly<Record<SplitName, ClipSplit>>;
  readonly results: readonly { readonly job: Job; readonly result: JobResult }[];
  /** Clips that could not be used, and why. */
  readonly refused: readonly string[];
  readonly found: number;
  readonly epochs: number;
  readonly seeds: number;
  readonly modelVersion: string;
}

/** Fewer clips of a genre than this cannot be compared with papers, whose genres have a hundred. */
export const fewestClips = 50;

/** Why a random split flatters: stands wherever one of its figures is shown. */
const whyRandomFlatters =
  'A random split flatters: GTZAN holds the same recording several times and many songs of one artist, and a random split puts them on both sides, so a network that knows a voice or a studio again is called right. Figures above 90 % in papers are mostly that.';

export interface Report {
  readonly markdown: string;
  readonly picture: string;
  /** A few lines for the terminal. */
  readonly summary: string;
}

interface Judged {
  readonly scores: Scores;
  readonly interval: string;
  readonly parameters: number;
  readonly seconds: number;
}

/** Sums up a complete experiment. Several seeds: predictions of all are counted, intervals are over clips. */
export function reportOf(experiment: Experiment): Report {
  const { genres, splits, labels } = experiment;
  const judged = variants.map((variant) => ({
    variant,
    filtered: judge(experiment, variant, 'filtered'),
    random: judge(experiment, variant, 'random'),
  }));
  const warning = tooFew(labels, genres);
  const overview = table(
    [
      ['network', 'starts from', 'parameters', 'filtered: accuracy', 'macro P / R / F1'].concat([
        'random: accuracy',
        'macro P / R / F1',
      ]),
      ...judged.map(({ variant, filtered, random }) => [
        ...[variant.network, startNames[variant.start], thousands(filtered.parameters)],
        ...[filtered.interval, macroOf(filtered.scores), random.interval, macroOf(random.scores)],
      ]),
      ['always the commonest', '', '', commonest(labels, splits.filtered), ''].concat([
        commonest(labels, splits.random),
        '',
      ]),
    ],
    [2],
  );
  const panels = judged.flatMap(({ variant, filtered, random }) =>
    [filtered, random].map(({ scores }, index) => ({
      title: `${variant.network}, ${startNames[variant.start]}: ${splitNames[index] ?? ''}`,
      confusion: scores.confusion,
    })),
  );
  const markdown = [
    '# The textbook experiment',
    '',
    `Five networks learn the genres of GTZAN's clips (\`npm run model:gtzan\`). It is here because everybody knows it, and to show what such figures are worth; its weights never ship, and nothing in the app comes from it. The shipped model (${experiment.modelVersion}) is judged in the [model card](model-card.md).`,
    '',
    ...(warning === null ? [] : [`**${warning}**`, '']),
    '## Clips',
    '',
    `${labels.length} of ${experiment.found} clips could be used${experiment.refused.length > 0 ? ` (left out: ${experiment.refused.join('; ')})` : ''}. The fault-filtered lists (Kereliuk, Sturm and Larsen 2015: no copies, no damaged clips, no artist on two sides) know ${sides.reduce((sum, side) => sum + splits.filtered[side].length, 0)} of them; the random split takes all, in the same proportions.`,
    '',
    clipTable(labels, genres, splits),
    '',
    ...hangingOnFew(labels, genres, splits.filtered),
    '## Figures',
    '',
    whyRandomFlatters,
    '',
    overview,
    '',
    `Accuracy with a 95 % bootstrap interval over the test clips (${splits.filtered.test.length} filtered, ${splits.random.test.length} random; ${experiment.seeds === 1 ? 'one seed' : `${experiment.seeds} seeds, predictions of all counted`}); P, R and F1 are precision, recall and F1, as means over the genres that have test clips. Two figures whose intervals overlap widely are not two figures, and an interval over clips does not hold what another seed or another choice of clips would change.`,
    '',
    '![Confusion matrices of all networks on both splits](gtzan-confusion.svg)',
    '',
    '## How',
    '',
    `- The app's decoder and front end (mono, 16 kHz, log-mel of 29 s). Everything above 7 kHz is hidden from the networks and from the descriptors: copies of GTZAN go round at 16 and at 22 kHz, and a network that can tell them apart learns who made the copy.`,
    `- All networks have as many parameters as the CRNN, within a few per cent. CRNN: the shipped model's convolutions, GRU and attention. CNN: its convolutions and one more, mean and maximum over time. RNN: two bidirectional GRUs. Transformer: three encoder layers. Hybrid: the CRNN's attention and a CNN's maximum over time beside 78 acoustic descriptors (tempo and its clarity; mean and deviation of chroma, 20 MFCC and spectral contrast).`,
    `- "Pretrained" keeps the shipped convolutions as they are and starts the recurrence from the shipped weights, which never heard GTZAN. CNN, RNN and transformer have no such weights to start from.`,
    `- Categorical cross-entropy, Adam (1e-3, cosine), ${experiment.epochs} epochs of 192 crops of 10 s, every genre drawn equally often, gain and hidden stripes as augmentation, dropout 0.3. The epoch with the lowest cross-entropy on the validation side is judged, on four crops a clip. Seeds of networks: ${Array.from({ length: experiment.seeds }, (_, index) => index + 1).join(', ')}; of the random split: 1. Nothing was tuned on either test side.`,
    `- ${Math.round(judged.reduce((sum, { filtered, random }) => sum + filtered.seconds + random.seconds, 0) / 60)} minutes of processor time in all.`,
    '',
    '## By genre',
    '',
    whyRandomFlatters,
    '',
    ...judged.flatMap(({ variant, filtered, random }) => [
      `### ${variant.network}, ${startNames[variant.start]}`,
      '',
      genreTable(filtered.scores, random.scores),
      '',
    ]),
  ];
  const summary = [
    ...judged.map(
      ({ variant, filtered, random }) =>
        `${variant.network.padEnd(12)} ${startNames[variant.start].padEnd(11)} filtered ${filtered.interval}, macro F1 ${filtered.scores.macro.f1.toFixed(2)}; random ${random.interval}, macro F1 ${random.scores.macro.f1.toFixed(2)}`,
    ),
    whyRandomFlatters,
    ...(warning === null ? [] : [warning]),
  ].join('\n');
  return { markdown: markdown.join('\n').trimEnd() + '\n', picture: drawConfusions(panels, genres), summary };
}

const startNames: Readonly<Record<Variant['start'], string>> = {
  scratch: 'scratch',
  pretrained: 'our weights',
};

function judge({ results, labels, genres }: Experiment, variant: Variant, split: SplitName): Judged {
  const runs = results.filter(
    ({ job }) => job.network === variant.network && job.start === variant.start && job.split === split,
  );
  const wanted = runs.flatMap(({ result }) => result.clips.map((clip) => labels[clip] as number));
  const predicted = runs.flatMap(({ result }) => result.predicted);
  // One value a clip: the share of the seeds that got it right.
  const right = (runs[0]?.result.clips ?? []).map(
    (clip, at) =>
      runs.filter(({ result }) => result.predicted[at] === labels[clip]).length / Math.max(runs.length, 1),
  );
  const { value, low, high } = bootstrap(right);
  return {
    scores: scoresOf(wanted, predicted, genres),
    interval: `${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`,
    parameters: runs[0]?.result.parameters ?? 0,
    seconds: runs.reduce((sum, { result }) => sum + result.seconds, 0),
  };
}

/** The sentence that small sets get; null from 50 clips a genre. */
export function tooFew(labels: readonly number[], genres: readonly string[]): string | null {
  const counts = genres.map((genre, position) => ({
    genre,
    clips: labels.filter((label) => label === position).length,
  }));
  const few = counts.filter(({ clips }) => clips < fewestClips);
  if (few.length === 0) return null;
  return `Too few clips to compare with papers: under ${fewestClips} of ${few.map(({ genre, clips }) => `${genre} (${clips})`).join(', ')}; GTZAN has 100 of each.`;
}

/** Fewer test clips of a genre than this make its figures, and the macro means, a matter of single clips. */
const fewestTestClips = 10;

function hangingOnFew(labels: readonly number[], genres: readonly string[], split: ClipSplit): string[] {
  const few = genres.filter(
    (_, position) => split.test.filter((clip) => labels[clip] === position).length < fewestTestClips,
  );
  if (few.length === 0) return [];
  const unlearned = genres.filter(
    (_, position) => split.train.filter((clip) => labels[clip] === position).length < fewestTestClips / 2,
  );
  const alsoTraining =
    unlearned.length === 0
      ? ''
      : ` The filtered training side has fewer than ${fewestTestClips / 2} clips of ${unlearned.join(', ')}, the random one more, so the gap between the two splits is not only what leaks; nor can a network that is shown all genres equally often be expected to beat the guess of the commonest one.`;
  return [
    `Of ${few.length} genres there are fewer than ${fewestTestClips} filtered test clips (${few.join(', ')}): what is said of them, and the macro means over all genres, hang on single clips. Accuracy is mostly about the others.${alsoTraining}`,
    '',
  ];
}

/** What a network would reach that always says the training side's commonest genre. */
function commonest(labels: readonly number[], split: ClipSplit): string {
  const counts = new Map<number, number>();
  for (const clip of split.train)
    counts.set(labels[clip] as number, (counts.get(labels[clip] as number) ?? 0) + 1);
  const [most] = [...counts].sort((left, right) => right[1] - left[1]);
  const right = split.test.filter((clip) => labels[clip] === most?.[0]).length;
  return (right / Math.max(split.test.length, 1)).toFixed(2);
}

function clipTable(
  labels: readonly number[],
  genres: readonly string[],
  splits: Experiment['splits'],
): string {
  const count = (split: SplitName, of: (label: number) => boolean) =>
    sides.map((side) => String(splits[split][side].filter((clip) => of(labels[clip] as number)).length));
  const row = (name: string, of: (label: number) => boolean) => [
    ...[name, String(labels.filter(of).length)],
    ...splitNames.flatMap((split) => count(split, of)),
  ];
  return table(
    [
      ['genre', 'clips', ...splitNames.flatMap((split) => sides.map((side) => `${split}: ${side}`))],
      ...genres.map((genre, position) => row(genre, (label) => label === position)),
      row('all', () => true),
    ],
    [1, 2, 3, 4, 5, 6, 7],
  );
}

function genreTable(filtered: Scores, random: Scores): string {
  const cells = ({ clips, precision, recall, f1 }: Scores['genres'][number]) =>
    clips === 0 ? ['0', '–', '–', '–'] : [String(clips), ...[precision, recall, f1].map(figure)];
  const head = (split: SplitName) => [`${split}: clips`, 'precision', 'recall', 'F1'];
  return table(
    [
      ['genre', ...head('filtered'), ...head('random')],
      ...filtered.genres.map((score, position) => [
        score.genre,
        ...cells(score),
        ...cells(random.genres[position] ?? score),
      ]),
    ],
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
}

const figure = (value: number): string => value.toFixed(2);
const macroOf = ({ macro }: Scores): string =>
  [macro.precision, macro.recall, macro.f1].map(figure).join(' / ');
const thousands = (value: number): string => `${Math.round(value / 1000)}k`;

/** A Markdown table, set as Prettier sets it; columns named in `right` are flush right. */
function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const set = (row: readonly string[]) =>
    line(
      widths.map((width, column) =>
        right.includes(column) ? (row[column] ?? '').padStart(width) : (row[column] ?? '').padEnd(width),
      ),
    );
  const rule = line(
    widths.map((width, column) => (right.includes(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))),
  );
  const [head = [], ...body] = rows;
  return [set(head), rule, ...body.map(set)].join('\n');
}
