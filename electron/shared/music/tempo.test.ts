import { expect, it } from 'vitest';
import { matchTempos, semitonesOf } from './tempo.ts';

it.each([
  [128, 128, 1, 1],
  [128, 128 / 1.02, 1, 1],
  [128, 128 / 1.04, 0.8, 1],
  [128, 128 / 1.06, 0.5, 1],
  [128, 128 / 1.09, 0.3, 1],
  [128, 64, 1, 2],
  [70, 140, 1, 0.5],
  [174, 88, 1, 2],
  [128, 100, 0, 1],
])('%d then %d: %d', (from, to, score, factor) => {
  const match = matchTempos(from, to)!;
  expect(match.score).toBeCloseTo(score, 6);
  if (score > 0) expect(match.factor).toBe(factor);
});

it('says by how much the second track is changed', () => {
  expect(matchTempos(130, 125)!.changePercent).toBeCloseTo(4, 6);
  expect(matchTempos(125, 130)!.changePercent).toBeCloseTo(-3.846, 3);
  expect(matchTempos(0, 120)).toBeNull();
  expect(matchTempos(120, Number.NaN)).toBeNull();
  expect(semitonesOf(5.946)).toBeCloseTo(1, 3);
});
