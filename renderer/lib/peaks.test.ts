import { describe, expect, it } from 'vitest';
import { bytesOfBase64, columnsOf } from './peaks.ts';

/** Points as [low, mid, high]. */
const peaksOf = (...points: readonly (readonly [number, number, number])[]): Uint8Array =>
  Uint8Array.from(points.flat());

describe('columnsOf', () => {
  const four = peaksOf([255, 0, 51], [0, 102, 0], [51, 0, 0], [0, 0, 255]);

  it('gives each point its columns where there is room', () => {
    const { low, mid, high } = columnsOf(four, 1, 4, 8);
    expect([...low].map((value) => Math.round(value * 10))).toEqual([10, 10, 0, 0, 2, 2, 0, 0]);
    expect([...mid].map((value) => Math.round(value * 10))).toEqual([0, 0, 4, 4, 0, 0, 0, 0]);
    expect([...high].map((value) => Math.round(value * 10))).toEqual([2, 2, 0, 0, 0, 0, 10, 10]);
  });

  it('keeps the largest value of what a column covers, so that no beat is lost', () => {
    const { low, high } = columnsOf(four, 1, 4, 2);
    expect([...low].map((value) => Math.round(value * 10))).toEqual([10, 2]);
    expect([...high].map((value) => Math.round(value * 10))).toEqual([2, 10]);
  });

  it('draws points where they are in time: nothing behind the last one, nothing beyond the end', () => {
    expect([...columnsOf(four, 1, 8, 8).low].map((value) => Math.round(value * 10))).toEqual([
      10, 0, 2, 0, 0, 0, 0, 0,
    ]);
    expect([...columnsOf(four, 1, 2, 2).low].map((value) => Math.round(value * 10))).toEqual([10, 0]);
  });

  it('draws all of it where the length is not known, and nothing where there is nothing', () => {
    expect(Math.round((columnsOf(four, 1, 0, 4).high[3] ?? 0) * 10)).toBe(10);
    expect([...columnsOf(new Uint8Array(), 1, 4, 3).low]).toEqual([0, 0, 0]);
  });
});

it('base64 of the engine becomes bytes; anything else is nothing', () => {
  expect(bytesOfBase64('AP+A')).toEqual(Uint8Array.of(0, 255, 128));
  expect(bytesOfBase64('%')).toBeNull();
});
