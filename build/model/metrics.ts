/** Judging embeddings and probabilities. Pure functions; rows are samples. */
import { fitLogistic, predictLogistic, product } from './logistic.ts';
import { seededRandom, shuffled } from './random.ts';

/** Columns to zero mean and unit deviation, by the figures of `reference`. */
export function standardised(
  rows: readonly Float64Array[],
  reference: readonly Float64Array[],
): Float64Array[] {
  const width = reference[0]?.length ?? 0;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (const row of reference)
    row.forEach((value, column) => ((mean[column] as number) += value / reference.length));
  for (const row of reference)
    row.forEach(
      (value, column) =>
        ((deviation[column] as number) += (value - (mean[column] as number)) ** 2 / reference.length),
    );
  return rows.map((row) =>
    row.map((value, column) => {
      const spread = Math.sqrt(deviation[column] as number);
      return (value - (mean[column] as number)) / (spread > 1e-12 ? spread : 1);
    }),
  );
}

/**
 * Folds for cross-validation: each class spread evenly over the folds; with groups (artists), a group lies in one
 * fold only. Returns the fold of each sample.
 */
export function foldsOf(
  labels: readonly number[],
  folds: number,
  seed: number,
  groups?: readonly string[],
): number[] {
  const random = seededRandom(seed);
  const result = new Array<number>(labels.length).fill(0);
  if (groups) {
    const members = new Map<string, number[]>();
    groups.forEach((group, index) => members.set(group, [...(members.get(group) ?? []), index]));
    const filled = Array.from({ length: folds }, () => new Map<number, number>());
    // Largest groups first, each into the fold that has least of its class.
    const ordered = shuffled([...members.values()], random).sort((left, right) => right.length - left.length);
    for (const group of ordered) {
      const label = labels[group[0] as number] as number;
      const counts = filled.map((fold) => fold.get(label) ?? 0);
      const fold = counts.indexOf(Math.min(...counts));
      filled[fold]?.set(label, (counts[fold] as number) + group.length);
      for (const index of group) result[index] = fold;
    }
    return result;
  }
  for (const label of new Set(labels)) {
    const members = shuffled(
      [...labels.keys()].filter((index) => labels[index] === label),
      random,
    );
    members.forEach((index, position) => (result[index] = position % folds));
  }
  return result;
}

/** Linear probe: every sample predicted by a logistic regression that never saw its fold. */
export function probe(
  rows: readonly Float64Array[],
  labels: readonly number[],
  folds: readonly number[],
  classes: number,
): number[] {
  const predicted = new Array<number>(rows.length).fill(0);
  for (const fold of new Set(folds)) {
    const train = [...rows.keys()].filter((index) => folds[index] !== fold);
    const test = [...rows.keys()].filter((index) => folds[index] === fold);
    const reference = train.map((index) => rows[index] as Float64Array);
    const model = fitLogistic(
      standardised(reference, reference),
      train.map((index) => labels[index] as number),
      classes,
    );
    const held = standardised(
      test.map((index) => rows[index] as Float64Array),
      reference,
    );
    test.forEach(
      (index, position) =>
        (predicted[index] = largest(predictLogistic(model, held[position] as Float64Array))),
    );
  }
  return predicted;
}

export function largest(values: Float64Array | Float32Array | readonly number[]): number {
  let best = 0;
  for (let index = 1; index < values.length; index++)
    if ((values[index] as number) > (values[best] as number)) best = index;
  return best;
}

/** Cosines of the centred rows, with every other sample (of another group, if groups are given), best first. */
function neighbours(rows: readonly Float64Array[], groups?: readonly string[]): number[][] {
  const width = rows[0]?.length ?? 0;
  const mean = new Float64Array(width);
  for (const row of rows) row.forEach((value, column) => ((mean[column] as number) += value / rows.length));
  const unit = rows.map((row) => {
    const centred = row.map((value, column) => value - (mean[column] as number));
    const length = Math.sqrt(product(centred, centred)) || 1;
    return centred.map((value) => value / length);
  });
  return unit.map((row, index) => {
    const cosines = unit.map((other) => product(row, other));
    return [...rows.keys()]
      .filter((other) => other !== index && (!groups || groups[other] !== groups[index]))
      .sort((left, right) => (cosines[right] as number) - (cosines[left] as number));
  });
}

/** Leave-one-out vote of the k nearest; a tie goes to the class whose nearest is nearest. */
export function nearestVote(
  rows: readonly Float64Array[],
  labels: readonly number[],
  k = 5,
  groups?: readonly string[],
): number[] {
  return neighbours(rows, groups).map((order) => {
    const votes = new Map<number, number>();
    for (const index of order.slice(0, k))
      votes.set(labels[index] as number, (votes.get(labels[index] as number) ?? 0) + 1);
    const most = Math.max(...votes.values());
    return [...votes].find(([, count]) => count === most)?.[0] ?? -1;
  });
}

/** Skewness of how often each sample is among the k nearest of others: over about 1, a few are neighbours of everything. */
export function hubness(rows: readonly Float64Array[], k = 10): number {
  const counts = new Float64Array(rows.length);
  for (const order of neighbours(rows)) for (const index of order.slice(0, k)) (counts[index] as number)++;
  const mean = counts.reduce((sum, value) => sum + value, 0) / counts.length;
  const moment = (power: number) =>
    counts.reduce((sum, value) => sum + (value - mean) ** power, 0) / counts.length;
  return moment(3) / Math.max(moment(2), 1e-12) ** 1.5;
}

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Mean with a 95 % bootstrap interval (whole groups drawn, if given: clips of an artist are not independent). */
export function bootstrap(
  values: readonly number[],
  groups?: readonly string[],
  draws = 2000,
  seed = 7,
): Interval {
  const random = seededRandom(seed);
  const units = new Map<string, number[]>();
  values.forEach((value, index) => {
    const key = groups?.[index] ?? String(index);
    units.set(key, [...(units.get(key) ?? []), value]);
  });
  const pools = [...units.values()];
  const means = Array.from({ length: draws }, () => {
    let [sum, count] = [0, 0];
    for (let draw = 0; draw < pools.length; draw++) {
      const pool = pools[Math.floor(random() * pools.length)] as number[];
      sum += pool.reduce((left, right) => left + right, 0);
      count += pool.length;
    }
    return sum / Math.max(count, 1);
  }).sort((left, right) => left - right);
  return {
    value: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: means[Math.floor(0.025 * draws)] as number,
    high: means[Math.floor(0.975 * draws)] as number,
  };
}

/** Expected calibration error: the gap between confidence and accuracy, in bins of equal width, weighted by count. */
export function calibrationError(
  confidences: readonly number[],
  right: readonly boolean[],
  bins = 15,
): number {
  let error = 0;
  for (let bin = 0; bin < bins; bin++) {
    const members = [...confidences.keys()].filter(
      (index) => Math.min(bins - 1, Math.floor((confidences[index] as number) * bins)) === bin,
    );
    const confidence = members.reduce((sum, index) => sum + (confidences[index] as number), 0);
    const hits = members.filter((index) => right[index]).length;
    error += Math.abs(confidence - hits) / confidences.length;
  }
  return error;
}
