import { expect, test } from 'vitest';
import { createTagTable } from './tag-table.ts';

const values = (...numbers: number[]): Float32Array => Float32Array.from(numbers);

test('keeps values to a 255th, far beyond its first size, and knows which rows have any', () => {
  const table = createTagTable(2);
  table.set(0, values(0, 1));
  table.set(5000, values(0.5, 2));
  expect([table.has(0), table.has(1), table.has(5000)]).toEqual([true, false, true]);
  expect(table.value(0, 1)).toBe(1);
  expect(table.value(5000, 0)).toBeCloseTo(0.5, 2);
  expect(table.value(5000, 1)).toBe(1);
});

test('another number of values, or none, is nothing known', () => {
  const table = createTagTable(2);
  table.set(0, values(1));
  table.set(1, values(1, 1));
  table.set(1, null);
  expect([table.has(0), table.has(1)]).toEqual([false, false]);
  expect(createTagTable(0).has(0)).toBe(false);
});

test('the usual value follows what is added, changed and taken away', () => {
  const table = createTagTable(1);
  expect(table.means()[0]).toBeCloseTo(0.25, 5);
  for (let row = 0; row < 2000; row++) table.set(row, values(0.8));
  expect(table.means()[0]).toBeCloseTo(0.795, 2);
  for (let row = 0; row < 2000; row++) table.set(row, values(0.2));
  expect(table.means()[0]).toBeCloseTo(0.2, 2);
  for (let row = 0; row < 2000; row++) table.set(row, null);
  expect(table.means()[0]).toBeCloseTo(0.25, 5);
});
