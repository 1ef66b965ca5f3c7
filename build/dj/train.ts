/**
 * `npm run dj:train`: fits the rankings of the rhythm on the corpus, judges them on groups of styles that they were not fitted
 * on, and writes rhythm-weights.ts. The weights of each fold are kept for `npm run evaluate:dj`.
 */
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { argMax, likely, rank } from '#engine/analysis/analyser/rhythm/ranking.ts';
import type { RhythmWeights } from '#engine/analysis/analyser/rhythm/ranking.ts';
import { confidenceFeatures, SURE_OF_BARS } from '#engine/analysis/analyser/rhythm/rhythm.ts';
import { seededRandom, shuffled } from '../model/random.ts';
import { writeWhole } from '../model/workspace.ts';
import { repository, table } from '../steps.ts';
import { allPieces, recordingsOf } from './corpus.ts';
import { conditions } from './degrade.ts';
import { exampleOf } from './examples.ts';
import type { Example } from './examples.ts';
import { foldsFile } from './folds.ts';
import type { Folds } from './folds.ts';
import { mean, sameTempo, sameTempoFamily } from './scores.ts';
import { fitChoices, fitVerdicts } from './softmax.ts';
import type { Choice, Verdict } from './softmax.ts';
import { readSettings } from './workspace.ts';

const FOLDS = 8;

function isThere<T>(value: T | null): value is T {
  return value !== null;
}

function fit(examples: readonly Example[]): Omit<RhythmWeights, 'confidence'> {
  return {
    tempo: fitChoices(examples.map(({ tempo }) => tempo)),
    phase: fitChoices(examples.map(({ phase }) => phase).filter(isThere)),
    bars: fitChoices(examples.map(({ bars }) => bars).filter(isThere)),
  };
}

interface Judged {
  readonly example: Example;
  readonly bpm: number;
  readonly verdict: Verdict;
  readonly phase: boolean | null;
  readonly bars: { readonly right: boolean; readonly share: number } | null;
}

function judge(example: Example, weights: Omit<RhythmWeights, 'confidence'>): Judged {
  const { tempo, group, truth } = example;
  const shares = chances(tempo, weights.tempo);
  const best = argMax(shares);
  const bpm = tempo.tempos[best] ?? 0;
  const features = confidenceFeatures(shares[best] ?? 0, tempo.clarity);
  const bars = example.bars === null ? null : chances(example.bars, weights.bars);
  return {
    ...{ example, bpm, verdict: { group, features, right: sameTempo(bpm, truth.bpm) } },
    phase:
      example.phase === null
        ? null
        : (example.phase.right[argMax(chances(example.phase, weights.phase))] ?? false),
    bars:
      bars === null ? null : { right: example.bars?.right[argMax(bars)] ?? false, share: Math.max(...bars) },
  };
}

function chances(choice: Choice, weights: readonly number[]): readonly number[] {
  return rank(
    choice.offers.map((features) => ({ features })),
    weights,
  );
}

function describe(judged: readonly Judged[]): readonly string[] {
  const share = (values: readonly boolean[]): string => mean(values.map(Number)).toFixed(3);
  const bars = judged.map((one) => one.bars).filter(isThere);
  const sure = bars.filter((one) => one.share >= SURE_OF_BARS);
  return [
    String(judged.length),
    share(judged.map(({ example }) => example.tempo.right.includes(true))),
    share(judged.map(({ verdict }) => verdict.right)),
    share(judged.map(({ bpm, example }) => sameTempoFamily(bpm, example.truth.bpm))),
    share(judged.map(({ phase }) => phase).filter(isThere)),
    share(bars.map(({ right }) => right)),
    `${share(sure.map(({ right }) => right))} of ${(sure.length / bars.length).toFixed(2)}`,
  ];
}

function report(judged: readonly Judged[], confidences: readonly number[]): void {
  const rows = [
    ...conditions.map((condition) => [
      condition,
      ...describe(judged.filter(({ example }) => example.condition === condition)),
    ]),
    ['all', ...describe(judged)],
  ];
  const titles = ['', 'recordings', 'offered', 'tempo 1', 'tempo 2', 'phase', 'bars', 'bars where sure'];
  console.log(table([titles, ...rows]));
  const steps = [0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01];
  console.log(
    table([
      ['confidence', 'recordings', 'mean', 'right'],
      ...steps.slice(1).map((upTo, index) => {
        const from = steps[index] as number;
        const within = judged
          .map(({ verdict }, at) => ({ right: verdict.right, confidence: confidences[at] as number }))
          .filter(({ confidence }) => confidence >= from && confidence < upTo);
        return [
          `${from} to ${Math.min(1, upTo)}`,
          String(within.length),
          mean(within.map(({ confidence }) => confidence)).toFixed(2),
          mean(within.map(({ right }) => Number(right))).toFixed(2),
        ];
      }),
    ]),
  );
}

async function writeWeights(weights: RhythmWeights): Promise<void> {
  const path = join(repository, 'electron/engine/analysis/analyser/rhythm/rhythm-weights.ts');
  const text = `import type { RhythmWeights } from './ranking.ts';

/** What each feature counts. Made by \`npm run dj:train\` (build/dj/README.md): do not edit by hand. */
export const rhythmWeights: RhythmWeights = ${JSON.stringify(weights)};
`;
  await writeWhole(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}

const settings = readSettings();
const examples: Example[] = [];
for (const piece of await allPieces(settings)) {
  if (piece.kind !== 'groove' && piece.kind !== 'other') continue;
  for (const recording of await recordingsOf(settings, piece)) examples.push(exampleOf(recording));
}
const groups = shuffled([...new Set(examples.map(({ group }) => group))].sort(), seededRandom(7));
const foldOf = Object.fromEntries(groups.map((group, index) => [group, index % FOLDS]));
const inFold = (group: string, fold: number): boolean => foldOf[group] === fold;
const fitted = Array.from({ length: FOLDS }, (_, fold) => {
  console.log(`fold ${fold + 1} of ${FOLDS}`);
  return fit(examples.filter(({ group }) => !inFold(group, fold)));
});
const judged = examples.map((example) => judge(example, fitted[foldOf[example.group] ?? 0]!));
const verdicts = judged.map(({ verdict }) => verdict);
const weights = fitted.map((fold, index) => ({
  ...fold,
  confidence: fitVerdicts(verdicts.filter(({ group }) => !inFold(group, index))),
}));
report(
  judged,
  verdicts.map(({ features, group }) => likely(features, weights[foldOf[group] ?? 0]!.confidence)),
);
const folds: Folds = { foldOf, weights };
await writeWhole(foldsFile(settings), JSON.stringify(folds));
if (settings.write) await writeWeights({ ...fit(examples), confidence: fitVerdicts(verdicts) });
