/** Softmax regression over offers: which of several is right. Batch gradient with momentum; the same on every machine. */

export interface Choice {
  /** Choices of one group are never on both sides of a split. */
  readonly group: string;
  /** [offers] of [features]. */
  readonly offers: readonly (readonly number[])[];
  /** [offers]: none is allowed to be right, such a choice teaches nothing. */
  readonly right: readonly boolean[];
}

const ROUNDS = 400;
const RATE = 0.06;
const MOMENTUM = 0.8;
/** How strongly weights are held at 0, of features with deviation 1: less where there are few of them. */
const DECAY = 0.03;
const VERDICT_DECAY = 0.001;

/** [features], for features as they come. */
export function fitChoices(choices: readonly Choice[], decay = DECAY): readonly number[] {
  const taught = choices.filter(({ right }) => right.includes(true));
  const scale = scaleOf(taught);
  const size = scale.length;
  const rows = taught.map(({ offers }) =>
    offers.map((features) =>
      Float64Array.from(features, (value, at) => (value - scale[at]!.mean) / scale[at]!.deviation),
    ),
  );
  const weights = new Float64Array(size);
  const speed = new Float64Array(size);
  const gradient = new Float64Array(size);
  for (let round = 0; round < ROUNDS; round += 1) {
    gradient.fill(0);
    rows.forEach((offers, index) => addGradient(gradient, offers, taught[index]!.right, weights));
    for (let at = 0; at < size; at += 1) {
      speed[at] = MOMENTUM * speed[at]! + gradient[at]! / rows.length + decay * weights[at]!;
      weights[at] = weights[at]! - RATE * speed[at]!;
    }
  }
  // Means fall out: they are the same for all offers of a choice.
  return Array.from(weights, (weight, at) => Number((weight / scale[at]!.deviation).toPrecision(4)));
}

function addGradient(
  gradient: Float64Array,
  offers: readonly Float64Array[],
  right: readonly boolean[],
  weights: Float64Array,
): void {
  const scores = offers.map((features) => {
    let sum = 0;
    for (let at = 0; at < weights.length; at += 1) sum += features[at]! * weights[at]!;
    return sum;
  });
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const all = powers.reduce((sum, power) => sum + power, 0);
  const wanted = powers.reduce((sum, power, offer) => sum + (right[offer] ? power : 0), 0);
  offers.forEach((features, offer) => {
    const share = powers[offer]! / all - (right[offer] ? powers[offer]! / wanted : 0);
    for (let at = 0; at < weights.length; at += 1) gradient[at] = gradient[at]! + share * features[at]!;
  });
}

function scaleOf(
  choices: readonly Choice[],
): readonly { readonly mean: number; readonly deviation: number }[] {
  const rows = choices.flatMap(({ offers }) => offers);
  return (rows[0] ?? []).map((_, at) => {
    let sum = 0;
    let squares = 0;
    for (const row of rows) {
      sum += row[at]!;
      squares += row[at]! ** 2;
    }
    const mean = sum / rows.length;
    return { mean, deviation: Math.sqrt(Math.max(0, squares / rows.length - mean * mean)) + 1e-6 };
  });
}

/** A yes or no with its features. */
export interface Verdict {
  readonly group: string;
  readonly features: readonly number[];
  readonly right: boolean;
}

/** Logistic regression: the same as a choice against nothing. */
export function fitVerdicts(verdicts: readonly Verdict[]): readonly number[] {
  return fitChoices(
    verdicts.map(({ group, features, right }) => ({
      group,
      offers: [features, features.map(() => 0)],
      right: [right, !right],
    })),
    VERDICT_DECAY,
  );
}
