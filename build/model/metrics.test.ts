import { expect, it } from 'vitest';
import { bootstrap, calibrationError, foldsOf, hubness, nearestVote, probe } from './metrics.ts';
import { fitLogistic, predictLogistic } from './logistic.ts';
import { seededRandom } from './random.ts';

/** Three clouds around corners of a triangle. */
function clouds(count: number, spread: number) {
  const random = seededRandom(3);
  const labels = Array.from({ length: count }, (_, index) => index % 3);
  const centres = [[0, 4], [4, 0], [-4, -4]]; // prettier-ignore
  const rows = labels.map((label) =>
    Float64Array.from(
      centres[label] as number[],
      (value) => value + spread * (random() + random() + random() - 1.5),
    ),
  );
  return { rows, labels };
}

it('fits what scikit-learn fits (C 0.1, two classes, one feature)', () => {
  // The optimum of 0.1·Σ log-loss + ½‖w‖² is symmetric here: w solves w = 0.1·Σ x(y - p), found by bisection.
  const rows = [-1, -2, 1, 2].map((value) => Float64Array.of(value));
  const model = fitLogistic(rows, [0, 0, 1, 1], 2, { c: 0.1 });
  const p = predictLogistic(model, Float64Array.of(1));
  let [low, high] = [0, 5];
  for (let index = 0; index < 60; index++) {
    const w = (low + high) / 2;
    const gradient = w - 0.1 * 2 * (1 / (1 + Math.exp(2 * w)) + 2 / (1 + Math.exp(4 * w)));
    if (gradient > 0) high = w;
    else low = w;
  }
  expect(p[1]).toBeCloseTo(1 / (1 + Math.exp(-2 * low)), 4);
});

it('probes and votes near 1 on separate clouds, near chance on shuffled labels', () => {
  const { rows, labels } = clouds(90, 1);
  const right = (predicted: readonly number[], wanted: readonly number[]) =>
    predicted.filter((value, index) => value === wanted[index]).length / wanted.length;
  expect(right(probe(rows, labels, foldsOf(labels, 10, 1), 3), labels)).toBe(1);
  expect(right(nearestVote(rows, labels), labels)).toBe(1);
  const random = seededRandom(5);
  const nonsense = labels.map(() => Math.floor(random() * 3));
  expect(right(probe(rows, nonsense, foldsOf(nonsense, 10, 1), 3), nonsense)).toBeLessThan(0.55);
});

it('keeps groups in one fold', () => {
  const labels = Array.from({ length: 60 }, (_, index) => index % 2);
  const groups = labels.map((label, index) => `${label}-${index % 14}`);
  const folds = foldsOf(labels, 5, 1, groups);
  for (const group of new Set(groups)) {
    const used = new Set(folds.filter((_, index) => groups[index] === group));
    expect(used.size).toBe(1);
  }
});

it('does not let neighbours of the same group vote', () => {
  const rows = [[0, 1], [0, 1.01], [1, 0], [1, 0.01]].map((row) => Float64Array.from(row)); // prettier-ignore
  expect(nearestVote(rows, [0, 0, 1, 1], 1)).toEqual([0, 0, 1, 1]);
  expect(nearestVote(rows, [0, 0, 1, 1], 1, ['a', 'a', 'b', 'b'])).toEqual([1, 1, 0, 0]);
});

it('measures calibration', () => {
  expect(calibrationError([1, 1, 1, 1], [true, true, true, true])).toBe(0);
  expect(calibrationError([0.9, 0.9, 0.9, 0.9], [true, true, false, false])).toBeCloseTo(0.4);
});

it('gives an interval around the mean, wider with groups', () => {
  const values = Array.from({ length: 100 }, (_, index) => (index < 80 ? 1 : 0));
  const alone = bootstrap(values);
  expect(alone.value).toBeCloseTo(0.8);
  expect(alone.low).toBeGreaterThan(0.7);
  expect(alone.high).toBeLessThan(0.9);
  const grouped = bootstrap(
    values,
    values.map((_, index) => String(Math.floor(index / 20))),
  );
  expect(grouped.high - grouped.low).toBeGreaterThan(alone.high - alone.low);
});

it('finds a hub', () => {
  const { rows } = clouds(60, 1);
  expect(Math.abs(hubness(rows))).toBeLessThan(1.5);
});
