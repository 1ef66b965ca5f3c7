import { expect, it } from 'vitest';
import { chooseWitnesses } from './labelled-neighbours.ts';

/** Rows carry the genre by a confidence of the model, by the user's word, or not at all. */
function chosen(
  rows: readonly { score: number; carries: number | 'user' | null }[],
  count: number,
): number[] {
  const scores = Float64Array.from(rows, ({ score }) => score);
  const found = chooseWitnesses(
    scores,
    (row) => {
      const carries = rows[row]?.carries ?? null;
      if (carries === null) return null;
      return carries === 'user'
        ? { labelledBy: 'user', confidence: null }
        : { labelledBy: 'model', confidence: carries };
    },
    count,
  );
  return found.map(({ row }) => row);
}

it('names tracks that carry a genre of which the model is never sure, the nearest first', () => {
  const rows = [
    { score: 0.2, carries: 0.31 },
    { score: 0.9, carries: 0.22 },
    { score: 0.95, carries: null },
    { score: 0.4, carries: 0.28 },
  ];
  expect(chosen(rows, 5)).toEqual([1, 3, 0]);
  expect(chosen(rows, 2)).toEqual([1, 3]);
});

it('takes those of whom the model or the user is sure before nearer ones, and none that is out of the question', () => {
  const rows = [
    { score: 0.9, carries: 0.3 },
    { score: 0.5, carries: 0.7 },
    { score: 0.4, carries: 'user' as const },
    { score: NaN, carries: 0.9 },
    { score: 0.8, carries: 0.4 },
  ];
  expect(chosen(rows, 2)).toEqual([1, 2]);
  expect(chosen(rows, 3)).toEqual([0, 1, 2]);
  expect(chosen(rows, 9)).toEqual([0, 4, 1, 2]);
});
