import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBestRows } from './nearest.ts';

/** The same by sorting everything. */
function reference(matrix: Float32Array, query: Float32Array, skip: Uint8Array, k: number) {
  const size = query.length;
  return Array.from(skip, (skipped, row) => ({
    row,
    skipped,
    score: query.reduce((sum, value, i) => sum + value * matrix[row * size + i]!, 0),
  }))
    .filter(({ skipped }) => skipped === 0)
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, k)
    .map(({ row, score }) => ({ row, score }));
}

test('the same rows in the same order as sorting them all', () => {
  // Small whole numbers: sums are exact, equal scores are common.
  const whole = fc.integer({ min: -3, max: 3 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }).chain((size) =>
        fc.tuple(
          fc.array(whole, { minLength: size, maxLength: size }),
          fc.array(fc.tuple(fc.array(whole, { minLength: size, maxLength: size }), fc.boolean()), {
            maxLength: 60,
          }),
          fc.integer({ min: 0, max: 70 }),
          fc.nat(60),
        ),
      ),
      ([query, rows, k, cut]) => {
        const matrix = Float32Array.from(rows.flatMap(([values]) => values));
        const skip = Uint8Array.from(rows, ([, skipped]) => Number(skipped));
        const best = createBestRows(matrix, Float32Array.from(query), skip, k);
        const middle = Math.min(cut, rows.length);
        best.scan(0, middle);
        best.scan(middle, rows.length);
        expect(best.sorted()).toEqual(reference(matrix, Float32Array.from(query), skip, k));
      },
    ),
  );
});
