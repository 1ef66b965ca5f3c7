import { describe, expect, it } from 'vitest';
import { shuffledIndex, shuffledPosition } from './shuffle.ts';

const order = (length: number, seed: number): number[] =>
  Array.from({ length }, (_, position) => shuffledIndex(position, length, seed));

describe('the shuffled order', () => {
  it.each([1, 2, 3, 4, 5, 16, 17, 100, 1000, 4097])(
    'of %i rows holds each once, and can be undone',
    (length) => {
      for (const seed of [0, 1, 77, 2 ** 31]) {
        const rows = order(length, seed);
        expect(rows.toSorted((a, b) => a - b)).toEqual(Array.from({ length }, (_, index) => index));
        expect(rows.map((row) => shuffledPosition(row, length, seed))).toEqual([...rows.keys()]);
      }
    },
  );

  it('is another one with another seed, and the same with the same', () => {
    expect(order(50, 1)).not.toEqual(order(50, 2));
    expect(order(50, 1)).toEqual(order(50, 1));
  });

  it('leaves few neighbours beside each other, and favours no place', () => {
    const rows = order(10_000, 9);
    expect(rows.filter((row, at) => Math.abs(row - (rows[at - 1] ?? -9)) === 1).length).toBeLessThan(20);
    const firsts = Array.from({ length: 4000 }, (_, seed) => shuffledIndex(0, 10, seed));
    for (let row = 0; row < 10; row += 1) {
      const share = firsts.filter((first) => first === row).length;
      expect(share).toBeGreaterThan(300);
      expect(share).toBeLessThan(500);
    }
  });
});
