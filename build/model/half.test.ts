import { expect, it } from 'vitest';
import { toHalf } from './half.ts';

it.each([
  [0, 0x0000], [1, 0x3c00], [-2, 0xc000], [65504, 0x7bff], [65520, 0x7c00], [2 ** -14, 0x0400], [2 ** -24, 0x0001], [2 ** -25, 0x0000],
  [0.1, 0x2e66], [1.0009765625, 0x3c01], [1.00048828125, 0x3c00], [0.99999, 0x3c00], [-Infinity, 0xfc00],
])('%d', (value, bits) => {
  const bytes = toHalf(Float32Array.of(value));
  expect((bytes[0] as number) | ((bytes[1] as number) << 8)).toBe(bits);
}); // prettier-ignore
