import { expect, test } from 'vitest';
import type { OcclusionTile } from '#shared/explanation.ts';
import { attentiveMoments, curvePoints, strongestTiles, tileStrengths } from './evidence.ts';

const tile = (drop: number): OcclusionTile => ({ startSeconds: 0, endSeconds: 1, lowHz: 0, highHz: 1, drop });

test('the strongest pieces speak first, for or against; noise is left out', () => {
  const tiles = [0.02, -0.3, 0.001, 0.1].map(tile);
  expect(strongestTiles({ tiles }, 2).map(({ drop }) => drop)).toEqual([-0.3, 0.1]);
  expect(strongestTiles({ tiles }, 9)).toHaveLength(3);
  expect(tileStrengths({ tiles: [tile(0.1), tile(-0.2)] })).toEqual([0.5, -1]);
  expect(tileStrengths({ tiles: [tile(0)] })).toEqual([0]);
});

test('moments that got more attention than the others', () => {
  const weights = [0.05, 0.05, 0.3, 0.3, 0.05, 0.05, 0.1, 0.1];
  const found = attentiveMoments({ startSeconds: 10, stepSeconds: 0.5, weights }, 1, 3);
  expect(found).toEqual([{ startSeconds: 11, endSeconds: 12, share: 0.6 }]);
  const even = { startSeconds: 0, stepSeconds: 1, weights: [0.25, 0.25, 0.25, 0.25] };
  expect(attentiveMoments(even, 1, 3)).toEqual([]);
  expect(attentiveMoments({ startSeconds: 0, stepSeconds: 1, weights: [] }, 1, 3)).toEqual([]);
});

test('a curve fills its height, whatever its values', () => {
  expect(curvePoints([0, 0.5, 0.25], 100, 10)).toBe('0.0,10.0 50.0,0.0 100.0,5.0');
  expect(curvePoints([0], 100, 10)).toBe('0.0,10.0');
  expect(curvePoints([], 100, 10)).toBe('');
});
