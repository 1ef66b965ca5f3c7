/**
 * `npm run dj:train-key`: fits what the pitches of a recording count for its key, judges that on progressions and on families of
 * styles that it was not fitted on, and with `--write` fits it on everything and writes key-weights.ts.
 * `--files N` takes N pieces of each kind only.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { majorWeights, minorWeights } from '#engine/analysis/analyser/key/key-weights.ts';
import type { KeyWeights } from '#engine/analysis/analyser/key/key-weights.ts';
import { argMax, rank } from '#engine/analysis/analyser/rhythm/ranking.ts';
import { camelotOf } from '#shared/music/keys.ts';
import { cacheFolder } from '#build/cache-folder.ts';
import { seededRandom, shuffled } from '../model/random.ts';
import { table } from '../steps.ts';
import { fromKeyWeights, keyOffers, offerOf, toKeyWeights } from './key-choices.ts';
import { keyExamples } from './key-corpus.ts';
import type { KeyExample } from './key-corpus.ts';
import { keyScore, mean } from './scores.ts';
import { fitChoices } from './softmax.ts';
import type { Choice } from './softmax.ts';
import { writeSource } from './source-file.ts';

const FOLDS = 8;
/** How strongly weights are held at 0: there are 73 of them, and no more than 27 progressions. */
const DECAY = 0.3;
/** How much sharper than the fit, which is held at 0, probabilities may be. */
const sharpnesses: readonly number[] = Array.from({ length: 17 }, (_, step) => 1 + step / 4);

interface Judged {
  readonly example: KeyExample;
  readonly choice: Choice;
}

const { values } = parseArgs({
  options: {
    cache: { type: 'string', default: join(cacheFolder(), 'dj') },
    others: { type: 'string', default: join(cacheFolder(), 'model', 'synthesised') },
    files: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const files = values.files === undefined ? null : Number(values.files);
if (files !== null && !(Number.isInteger(files) && files > 0))
  throw new Error(`--files ${values.files}: write how many pieces.`);
if (files !== null && values.write)
  throw new Error('--write with --files: weights for the product are fitted on all pieces.');

const all: readonly Judged[] = (
  await keyExamples({
    cache: resolve(values.cache),
    othersFolder: resolve(values.others),
    ...{ others: files ?? 316, pieces: files ?? 260 },
  })
).map((example) => {
  const offers = keyOffers(example.chroma);
  const right = offerOf(example.tonic, example.minor);
  return {
    example,
    choice: { group: example.group, offers, right: offers.map((_, offer) => offer === right) },
  };
});

/** Every progression counts about the same: those with fewer pieces come several times. */
function fit(judged: readonly Judged[]): readonly number[] {
  const taught = judged.filter(({ example }) => !example.ambiguous);
  const counts = new Map<string, number>();
  for (const { example } of taught)
    counts.set(example.progression, (counts.get(example.progression) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return fitChoices(
    taught.flatMap(({ example, choice }) =>
      Array<Choice>(Math.round(most / (counts.get(example.progression) ?? most))).fill(choice),
    ),
    DECAY,
  );
}

/** [pieces]: weights fitted without the piece's part. */
function fitWithout(
  name: string,
  partOf: (example: KeyExample) => string,
): ReadonlyMap<Judged, readonly number[]> {
  const parts = shuffled([...new Set(all.map(({ example }) => partOf(example)))].sort(), seededRandom(7));
  const foldOf = new Map(parts.map((part, index) => [part, index % FOLDS]));
  const result = new Map<Judged, readonly number[]>();
  for (let fold = 0; fold < Math.min(FOLDS, parts.length); fold += 1) {
    const inFold = ({ example }: Judged): boolean => foldOf.get(partOf(example)) === fold;
    const weights = fit(all.filter((one) => !inFold(one)));
    for (const one of all.filter(inFold)) result.set(one, weights);
    console.log(`${name} ${fold + 1} of ${FOLDS}`);
  }
  return result;
}

/** [24] probabilities. */
function chances({ choice }: Judged, weights: readonly number[]): readonly number[] {
  return rank(
    choice.offers.map((features) => ({ features })),
    weights,
  );
}

type WeightsOf = (one: Judged) => readonly number[];

function keyOf(one: Judged, weightsOf: WeightsOf): string {
  const best = argMax(chances(one, weightsOf(one)));
  return camelotOf(best % 12, best >= 12);
}

function describe(title: string, weightsOf: WeightsOf): readonly string[] {
  const figures = (judged: readonly Judged[]): string => {
    const scores = judged.map((one) =>
      keyScore(keyOf(one, weightsOf), camelotOf(one.example.tonic, one.example.minor)),
    );
    return `${mean(scores).toFixed(3)}, ${mean(scores.map((score) => Number(score === 1))).toFixed(3)}`;
  };
  const others = all.filter(({ example }) => example.id.endsWith('.other'));
  return [
    title,
    figures(others.filter(({ example }) => !example.ambiguous)),
    figures(others),
    figures(all.filter(({ example }) => example.id.endsWith('.more'))),
  ];
}

/** Under which the keys of pieces that were left out are likeliest. */
function sharpnessOf(weightsOf: WeightsOf): number {
  const losses = sharpnesses.map((sharpness) =>
    mean(
      all
        .filter(({ example }) => !example.ambiguous)
        .map((one) => {
          const sharper = weightsOf(one).map((weight) => weight * sharpness);
          return -Math.log(chances(one, sharper)[one.choice.right.indexOf(true)]! + 1e-9);
        }),
    ),
  );
  return sharpnesses[losses.indexOf(Math.min(...losses))] as number;
}

const byProgression = fitWithout('progressions', ({ progression }) => progression);
const byStyle = fitWithout('styles', ({ group }) => group);
const sharpness = sharpnessOf((one) => byProgression.get(one) ?? []);
const whole = fit(all);
const { major, minor } = toKeyWeights(whole, sharpness);
const committed = fromKeyWeights(majorWeights, minorWeights);
console.log(
  table([
    ['MIREX score, right', "build/model's", 'with vi IV I V', 'more progressions'],
    describe('progressions left out', (one) => byProgression.get(one) ?? []),
    describe('styles left out', (one) => byStyle.get(one) ?? []),
    describe('fitted on these', () => whole),
    describe('key-weights.ts', () => committed),
  ]),
);
const same = all.map((one) => Number(keyOf(one, () => whole) === keyOf(one, () => committed)));
console.log(`sharpness ${sharpness}; the same key as key-weights.ts says: ${mean(same).toFixed(3)}`);
console.log(
  `correlation with key-weights.ts: major ${correlation(major, majorWeights)}, minor ${correlation(minor, minorWeights)}`,
);

function correlation(one: KeyWeights, other: KeyWeights): string {
  const centred = ({ weights }: KeyWeights): readonly number[] =>
    weights.map((weight) => weight - mean(weights));
  const dot = (left: readonly number[], right: readonly number[]): number =>
    left.reduce((sum, value, at) => sum + value * (right[at] as number), 0);
  const [left, right] = [centred(one), centred(other)];
  return (dot(left, right) / Math.sqrt(dot(left, left) * dot(right, right))).toFixed(3);
}

if (values.write)
  await writeSource(
    'electron/engine/analysis/analyser/key/key-weights.ts',
    `/**
 * What each pitch class of each register counts for a key, from the tonic up: learned from rendered music whose key is
 * known by \`npm run dj:train-key -- --write\` (build/dj/README.md). Do not edit by hand.
 */

export interface KeyWeights {
  /** [3 registers x 12], low first. */
  readonly weights: readonly number[];
  readonly offset: number;
}

export const majorWeights: KeyWeights = ${JSON.stringify(major)};

export const minorWeights: KeyWeights = ${JSON.stringify(minor)};
`,
  );
