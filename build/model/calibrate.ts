/**
 * From logits to probabilities that mean what they say, and thresholds. probability = sigmoid(scale · logit + shift).
 * Families with enough labelled, artist-held-out clips get a shift of their own; all families share one scale.
 */
import { minimise } from './logistic.ts';

export interface Calibration {
  readonly scale: number;
  readonly shift: number;
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

/** So many labelled positives let a family have its own shift; the others get the mean of those. */
export const enoughPositives = 8;
/** How strongly shifts are held to their common mean, in pseudo-clips. */
const pull = 2;

/**
 * @param logits [clips][families] @param labels family of each clip @param matched what comes first, family by family
 * One-vs-rest log loss, every family's positives together weighing as much as its negatives divided by their true
 * ratio, i.e. plain log loss; shifts are pulled to their mean so that rare families stay sane.
 */
export function calibrateFamilies(
  logits: readonly Float32Array[],
  labels: readonly number[],
  families: number,
  matched: readonly Calibration[] = Array.from({ length: families }, () => ({ scale: 1, shift: 0 })),
): Calibration[] {
  const counts = Array.from(
    { length: families },
    (_, family) => labels.filter((label) => label === family).length,
  );
  const known = counts.flatMap((count, family) => (count >= enoughPositives ? [family] : []));
  if (known.length === 0) return [...matched];
  const logitOf = (row: Float32Array, family: number) => {
    const { scale, shift } = matched[family] as Calibration;
    return scale * (row[family] as number) + shift;
  };
  // Parameters: log scale, then the shift of each known family.
  const evaluate = (at: Float64Array) => {
    const scale = Math.exp(at[0] as number);
    const gradient = new Float64Array(at.length);
    let loss = 0;
    const mean = known.reduce((sum, _, which) => sum + (at[which + 1] as number), 0) / known.length;
    known.forEach((family, which) => {
      const shift = at[which + 1] as number;
      logits.forEach((row, clip) => {
        const logit = logitOf(row, family);
        const target = labels[clip] === family ? 1 : 0;
        const z = scale * logit + shift;
        loss += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - target * z;
        const error = sigmoid(z) - target;
        (gradient[0] as number) += error * scale * logit;
        (gradient[which + 1] as number) += error;
      });
      loss += 0.5 * pull * (shift - mean) ** 2;
      (gradient[which + 1] as number) += pull * (shift - mean);
    });
    return { loss, gradient };
  };
  const solution = minimise(evaluate, new Float64Array(known.length + 1));
  const scale = Math.exp(solution[0] as number);
  const mean = known.reduce((sum, _, which) => sum + (solution[which + 1] as number), 0) / known.length;
  return Array.from({ length: families }, (_, family) => {
    const which = known.indexOf(family);
    const fitted = { scale, shift: which < 0 ? mean : (solution[which + 1] as number) };
    return composed(matched[family] as Calibration, fitted);
  });
}

/**
 * For labels that only teachers know: scale and shift that bring the mean over held-out windows to the teachers'
 * (least log loss against their soft labels). It says how well the student copies, not how right the teachers are.
 */
export function calibrateToTeacher(logits: readonly number[], targets: readonly number[]): Calibration {
  const evaluate = (at: Float64Array) => {
    const scale = Math.exp(at[0] as number);
    const gradient = new Float64Array(2);
    let loss = 0.5 * (at[0] as number) ** 2 + 0.05 * (at[1] as number) ** 2;
    gradient[0] = at[0] as number;
    gradient[1] = 0.1 * (at[1] as number);
    logits.forEach((logit, index) => {
      const target = targets[index] as number;
      const z = scale * logit + (at[1] as number);
      loss += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - target * z;
      const error = sigmoid(z) - target;
      (gradient[0] as number) += error * scale * logit;
      (gradient[1] as number) += error;
    });
    return { loss, gradient };
  };
  const [logScale = 0, shift = 0] = minimise(evaluate, new Float64Array(2));
  return { scale: Math.exp(logScale), shift };
}

/**
 * The linear map that gives the student's logits the mean and spread of the teachers': what is copied badly is copied
 * timidly (regression to the mean), and a rare family would never win against a common one.
 */
export function matchSpread(logits: readonly number[], wanted: readonly number[]): Calibration {
  const [own, teacher] = [momentsOf(logits), momentsOf(wanted)];
  const scale = Math.max(0.5, Math.min(2, teacher.deviation / Math.max(own.deviation, 1e-6)));
  return { scale, shift: teacher.mean - scale * own.mean };
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(values.length, 1)) };
}

/** First one, then the other. */
export function composed(first: Calibration, then: Calibration): Calibration {
  return { scale: then.scale * first.scale, shift: then.scale * first.shift + then.shift };
}

export function probabilityOf(logit: number, { scale, shift }: Calibration): number {
  return sigmoid(scale * logit + shift);
}

/** The threshold with the best F1 over labelled clips, at a place between two probabilities; within 0.2…0.8. */
export function bestThreshold(probabilities: readonly number[], positive: readonly boolean[]): number {
  const candidates = [...new Set(probabilities)].sort((left, right) => left - right);
  let best = { score: -1, at: 0.5 };
  for (const at of candidates) {
    const chosen = [...probabilities.keys()].filter((index) => (probabilities[index] as number) >= at);
    const hits = chosen.filter((index) => positive[index]).length;
    const score = (2 * hits) / (chosen.length + positive.filter(Boolean).length);
    if (score > best.score) best = { score, at };
  }
  return Math.round(Math.max(0.2, Math.min(0.8, best.at)) * 100) / 100;
}

/** Rank correlation of two lists (Spearman): how well the student copies a label. */
export function rankCorrelation(left: readonly number[], right: readonly number[]): number {
  const ranks = (values: readonly number[]) => {
    const order = [...values.keys()].sort((a, b) => (values[a] as number) - (values[b] as number));
    const result = new Array<number>(values.length).fill(0);
    order.forEach((index, rank) => (result[index] = rank));
    return result;
  };
  const [a, b] = [ranks(left), ranks(right)];
  const mean = (a.length - 1) / 2;
  let [both, one, other] = [0, 0, 0];
  a.forEach((value, index) => {
    const [x, y] = [value - mean, (b[index] as number) - mean];
    both += x * y;
    one += x * x;
    other += y * y;
  });
  return both / Math.sqrt(Math.max(one * other, 1e-12));
}
