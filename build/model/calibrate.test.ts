import { expect, it } from 'vitest';
import {
  bestThreshold,
  calibrateFamilies,
  calibrateToTeacher,
  composed,
  matchSpread,
  probabilityOf,
  rankCorrelation,
  type Calibration,
} from './calibrate.ts';
import { calibrationError, largest } from './metrics.ts';
import { seededRandom } from './random.ts';

it('undoes overconfidence', () => {
  const random = seededRandom(11);
  // True scale: 1; the logits shown are three times as large and shifted.
  const labels = Array.from({ length: 400 }, () => Math.floor(random() * 2));
  const logits = labels.map((label) => {
    const noise = 2 * (random() + random() + random() - 1.5);
    const evidence = (label === 0 ? 1 : -1) + noise;
    return Float32Array.of(3 * evidence + 1, -3 * evidence + 1);
  });
  const calibrations = calibrateFamilies(logits, labels, 2);
  const error = (probabilities: readonly number[][]) =>
    calibrationError(
      probabilities.map((row) => Math.max(...row)),
      probabilities.map((row, index) => largest(row) === labels[index]),
    );
  const before = error(
    logits.map((row) => [...row].map((logit) => probabilityOf(logit, { scale: 1, shift: 0 }))),
  );
  const after = error(
    logits.map((row) =>
      [...row].map((logit, family) =>
        probabilityOf(logit, calibrations[family] as { scale: number; shift: number }),
      ),
    ),
  );
  expect(after).toBeLessThan(before / 2);
  expect(after).toBeLessThan(0.06);
});

it('copies the level of a teacher', () => {
  const logits = Array.from({ length: 200 }, (_, index) => (index - 100) / 25);
  const targets = logits.map((logit) => 1 / (1 + Math.exp(-(0.5 * logit - 2))));
  const calibration = calibrateToTeacher(logits, targets);
  for (const logit of [-3, 0, 3])
    expect(probabilityOf(logit, calibration)).toBeCloseTo(1 / (1 + Math.exp(-(0.5 * logit - 2))), 1);
});

it('finds the threshold between the classes, and ranks', () => {
  expect(bestThreshold([0.1, 0.3, 0.6, 0.7], [false, false, true, true])).toBe(0.6);
  expect(rankCorrelation([1, 2, 3, 4], [10, 20, 30, 40])).toBeCloseTo(1);
  expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1);
});

it("gives timid logits the teachers' mean and spread", () => {
  const wanted = Array.from({ length: 200 }, (_, index) => Math.sin(index) * 3 - 4);
  const timid = wanted.map((logit) => 0.6 * logit + 1);
  const { scale, shift } = matchSpread(timid, wanted);
  timid.forEach((logit, index) => expect(scale * logit + shift).toBeCloseTo(wanted[index] as number, 6));
  expect(matchSpread([1, 1, 1], [1, 2, 3]).scale).toBe(2);
});

it('fits families on top of what comes first', () => {
  const logits = Array.from({ length: 60 }, (_, index) =>
    Float32Array.of(index % 2 ? 1 : -1, index % 2 ? -1 : 1),
  );
  const labels = logits.map((row) => (row[0] === 1 ? 0 : 1));
  const first = [
    { scale: 2, shift: 5 },
    { scale: 0.5, shift: -3 },
  ];
  const moved = logits.map((row) =>
    Float32Array.from(row, (value, at) => (value - (first[at]?.shift ?? 0)) / (first[at]?.scale ?? 1)),
  );
  const plain = calibrateFamilies(logits, labels, 2);
  const undone = calibrateFamilies(moved, labels, 2, first);
  moved.forEach((row, clip) => {
    const [wanted, said] = [logits[clip]?.[0] ?? 0, row[0] ?? 0];
    expect(probabilityOf(said, undone[0] as Calibration)).toBeCloseTo(
      probabilityOf(wanted, plain[0] as Calibration),
      2,
    );
  });
  expect(composed({ scale: 2, shift: 1 }, { scale: 3, shift: 4 })).toEqual({ scale: 6, shift: 7 });
});
