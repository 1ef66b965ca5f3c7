/** Choosing among offers by weighted features: softmax regression, trained by build/dj. */

/** What each feature counts, for each of the choices that are made on the way. */
export interface RhythmWeights {
  /** Which tempo is meant. */
  readonly tempo: readonly number[];
  /** Which of the moments between the onsets are the beats. */
  readonly phase: readonly number[];
  /** Which beats begin bars, and of how many beats. */
  readonly bars: readonly number[];
  /** How sure the tempo is: see confidenceFeatures. */
  readonly confidence: readonly number[];
}

/** [offers]: how likely each one is the right one; they add up to 1. */
export function rank(
  offers: readonly { readonly features: readonly number[] }[],
  weights: readonly number[],
): readonly number[] {
  const scores = offers.map(({ features }) => dot(features, weights));
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** 0..1: the logistic function of the weighted features. */
export function likely(features: readonly number[], weights: readonly number[]): number {
  return 1 / (1 + Math.exp(-dot(features, weights)));
}

export function argMax(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

function dot(features: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < features.length; index += 1)
    sum += (features[index] as number) * (weights[index] as number);
  return sum;
}
