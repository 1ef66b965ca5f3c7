import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBestRows, dot } from './nearest.ts';

test('the same rows in the same order as sorting them all', () => {
  // Small whole numbers: equal scores are common.
  const scores = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 60 });
  fc.assert(
    fc.property(scores, fc.integer({ min: 0, max: 70 }), (values, k) => {
      const best = createBestRows(k);
      values.forEach((score, row) => best.offer(row, score));
      const all = values.map((score, row) => ({ row, score }));
      expect(best.sorted()).toEqual(all.sort((a, b) => b.score - a.score || a.row - b.row).slice(0, k));
    }),
  );
});

test('the product with one row of a matrix, whatever the length', () => {
  const whole = fc.integer({ min: -9, max: 9 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(whole, whole), { minLength: 1, maxLength: 11 }),
      fc.nat(4),
      (pairs, row) => {
        const size = pairs.length;
        const matrix = new Float32Array(size * 5).fill(100);
        matrix.set(
          pairs.map(([value]) => value),
          row * size,
        );
        const query = Float32Array.from(pairs, ([, value]) => value);
        expect(dot(matrix, row * size, query)).toBe(pairs.reduce((sum, [a, b]) => sum + a * b, 0));
      },
    ),
  );
});
