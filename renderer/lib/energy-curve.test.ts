import { describe, expect, it } from 'vitest';
import {
  boundedEnergy,
  curveOf,
  curveShapes,
  CURVE_POINTS,
  pointsOf,
  withPoint,
  withStroke,
} from './energy-curve.ts';

const flat = [5, 5, 5, 5, 5];

describe('the energy curve', () => {
  it('has as many points in every shape, all within 1 and 10', () => {
    for (const shape of curveShapes) {
      expect(curveOf(shape)).toHaveLength(CURVE_POINTS);
      expect(curveOf(shape).every((energy) => energy === boundedEnergy(energy))).toBe(true);
    }
    expect([boundedEnergy(0), boundedEnergy(11), boundedEnergy(6.7)]).toEqual([1, 10, 6.5]);
  });

  it('moves one point by keyboard', () => {
    expect(withPoint(flat, 2, 7)).toEqual([5, 5, 7, 5, 5]);
    expect(withPoint(flat, 9, 7)).toEqual(flat);
  });

  it('is drawn by a stroke: every point under it moves, in either direction', () => {
    expect(withStroke(flat, { x: 0, y: 0 }, { x: 1, y: 1 })).toEqual([1, 3.5, 5.5, 8, 10]);
    expect(withStroke(flat, { x: 1, y: 1 }, { x: 0, y: 0 })).toEqual([1, 3.5, 5.5, 8, 10]);
    expect(withStroke(flat, { x: 0.5, y: 1 }, { x: 0.5, y: 1 })).toEqual([5, 5, 10, 5, 5]);
    expect(withStroke(flat, { x: 0.3, y: 0 }, { x: 0.32, y: 0 })).toEqual([5, 1, 5, 5, 5]);
  });

  it('goes from the start to the end of the set', () => {
    expect(pointsOf(flat).map(({ at }) => at)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });
});
