import { describe, expect, it } from 'vitest';
import { formatBytes, formatClock, formatSpan } from './format.ts';

describe('formatClock', () => {
  it.each([
    [0, '0:00'],
    [59.99, '0:59'],
    [187.4, '3:07'],
    [3729, '1:02:09'],
    [36_000, '10:00:00'],
    [-3, '0:00'],
  ])('%d s is %s', (seconds, shown) => {
    expect(formatClock(seconds)).toBe(shown);
  });
});

describe('formatSpan', () => {
  it.each([
    [40, '40 seconds'],
    [60, '1 minute'],
    [3599, '1 hour'],
    [3600 * 5 + 60 * 7, '5 hours 7 minutes'],
    [86_400 * 3 + 3600 * 4 + 59, '3 days 4 hours'],
    [86_400, '1 day'],
  ])('%d s is %s', (seconds, shown) => {
    expect(formatSpan(seconds)).toBe(shown);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 bytes'],
    [1000, '1 kB'],
    [3_456_000, '3.5 MB'],
    [2_000_000_000, '2 GB'],
  ])('%d is %s', (bytes, shown) => {
    expect(formatBytes(bytes)).toBe(shown);
  });
});
