/** Logistic regression and the minimiser under it. Pure; rows are samples. */

export interface LinearModel {
  /** [classes][width + 1], the last one the intercept. */
  readonly weights: readonly Float64Array[];
}

/**
 * Multinomial logistic regression with an L2 penalty as in scikit-learn: minimises C·Σ cross-entropy + ½‖w‖²
 * (intercepts free), by L-BFGS until the gradient is small.
 */
export function fitLogistic(
  rows: readonly Float64Array[],
  labels: readonly number[],
  classes: number,
  { c = 0.1, sampleWeights }: { readonly c?: number; readonly sampleWeights?: readonly number[] } = {},
): LinearModel {
  const width = (rows[0]?.length ?? 0) + 1;
  const size = classes * width;
  const evaluate = (at: Float64Array) => {
    const gradient = new Float64Array(size);
    let loss = 0;
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index] as Float64Array;
      const weight = c * (sampleWeights?.[index] ?? 1);
      const probabilities = softmax(scoresOf(at, row, classes, width));
      const label = labels[index] as number;
      loss -= weight * Math.log(Math.max(probabilities[label] as number, 1e-300));
      for (let k = 0; k < classes; k++) {
        const error = weight * ((probabilities[k] as number) - (k === label ? 1 : 0));
        const offset = k * width;
        for (let column = 0; column < width - 1; column++)
          (gradient[offset + column] as number) += error * (row[column] as number);
        (gradient[offset + width - 1] as number) += error;
      }
    }
    for (let k = 0; k < classes; k++)
      for (let column = 0; column < width - 1; column++) {
        const position = k * width + column;
        const value = at[position] as number;
        loss += 0.5 * value * value;
        (gradient[position] as number) += value;
      }
    return { loss, gradient };
  };
  const solution = minimise(evaluate, new Float64Array(size));
  return { weights: Array.from({ length: classes }, (_, k) => solution.slice(k * width, (k + 1) * width)) };
}

/** Class probabilities of one row. */
export function predictLogistic(model: LinearModel, row: Float64Array): Float64Array {
  return softmax(
    Float64Array.from(model.weights, (weights) =>
      row.reduce((sum, value, column) => sum + value * (weights[column] as number), weights.at(-1) as number),
    ),
  );
}

function scoresOf(at: Float64Array, row: Float64Array, classes: number, width: number): Float64Array {
  const scores = new Float64Array(classes);
  for (let k = 0; k < classes; k++) {
    let sum = at[k * width + width - 1] as number;
    for (let column = 0; column < width - 1; column++)
      sum += (at[k * width + column] as number) * (row[column] as number);
    scores[k] = sum;
  }
  return scores;
}

export function softmax(scores: Float64Array): Float64Array {
  const highest = scores.reduce((left, right) => Math.max(left, right), -Infinity);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((left, right) => left + right, 0);
  return powers.map((power) => power / sum);
}

/** L-BFGS with a backtracking line search (Nocedal and Wright, Numerical Optimization, algorithm 7.5). */
export function minimise(
  evaluate: (at: Float64Array) => { readonly loss: number; readonly gradient: Float64Array },
  start: Float64Array,
  { iterations = 200, tolerance = 1e-4 }: { readonly iterations?: number; readonly tolerance?: number } = {},
): Float64Array {
  let at = start;
  let { loss, gradient } = evaluate(at);
  const history: { step: Float64Array; change: Float64Array; curvature: number }[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0) < tolerance) break;
    const direction = descent(gradient, history);
    const slope = product(direction, gradient);
    let length = history.length === 0 ? Math.min(1, 1 / Math.sqrt(product(gradient, gradient))) : 1;
    let next = moved(at, direction, length);
    let found = evaluate(next);
    for (let halving = 0; found.loss > loss + 1e-4 * length * slope && halving < 30; halving++) {
      length /= 2;
      next = moved(at, direction, length);
      found = evaluate(next);
    }
    const step = next.map((value, index) => value - (at[index] as number));
    const change = found.gradient.map((value, index) => value - (gradient[index] as number));
    const curvature = product(step, change);
    if (curvature > 1e-12) history.push({ step, change, curvature });
    if (history.length > 10) history.shift();
    const gain = loss - found.loss;
    at = next;
    ({ loss, gradient } = found);
    if (gain < 1e-12 * Math.max(1, Math.abs(loss))) break;
  }
  return at;
}

function descent(
  gradient: Float64Array,
  history: readonly { step: Float64Array; change: Float64Array; curvature: number }[],
): Float64Array {
  const direction = gradient.map((value) => -value);
  const factors: number[] = [];
  for (const { step, change, curvature } of [...history].reverse()) {
    const factor = product(step, direction) / curvature;
    factors.unshift(factor);
    change.forEach((value, index) => ((direction[index] as number) -= factor * value));
  }
  const last = history.at(-1);
  if (last) {
    const scale = last.curvature / product(last.change, last.change);
    direction.forEach((value, index) => (direction[index] = value * scale));
  }
  history.forEach(({ step, change, curvature }, which) => {
    const back = product(change, direction) / curvature;
    step.forEach(
      (value, index) => ((direction[index] as number) += ((factors[which] as number) - back) * value),
    );
  });
  return direction;
}

export function product(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += (left[index] as number) * (right[index] as number);
  return sum;
}

function moved(at: Float64Array, direction: Float64Array, length: number): Float64Array {
  return at.map((value, index) => value + length * (direction[index] as number));
}
