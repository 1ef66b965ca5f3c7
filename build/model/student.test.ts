import { expect, it } from 'vitest';
import { averageColumns, centreEmbedding, foldNormalisation, type Weight } from './student.ts';

const weight = (shape: number[], values: number[]): Weight => ({ shape, values: Float32Array.from(values) });

it('folds batch normalisation into kernel and bias', () => {
  const weights = new Map([
    ['block_0/kernel', weight([1, 1, 1, 2], [2, 3])],
    ['norm_0/gamma', weight([2], [1.5, 0.5])],
    ['norm_0/beta', weight([2], [0.1, -0.2])],
    ['norm_0/moving_mean', weight([2], [4, 5])],
    ['norm_0/moving_variance', weight([2], [0.249, 3.999])],
  ]);
  const { kernel, bias } = foldNormalisation(weights, 0);
  const x = 7;
  for (const [filter, k, gamma, beta, mean, variance] of [
    [0, 2, 1.5, 0.1, 4, 0.25],
    [1, 3, 0.5, -0.2, 5, 4],
  ] as const)
    // prettier-ignore
    expect(x * (kernel.values[filter] as number) + (bias.values[filter] as number)).toBeCloseTo(
      (gamma * (x * k - mean)) / Math.sqrt(variance) + beta,
      4,
    );
});

it('averages the columns of a head', () => {
  const [kernel, bias] = averageColumns(weight([2, 3], [1, 2, 3, 4, 5, 6]), weight([3], [10, 20, 40]), [
    [0, 2],
    [1],
  ]);
  expect([...(kernel?.values ?? [])]).toEqual([2, 2, 5, 5]);
  expect([...(bias?.values ?? [])]).toEqual([25, 20]);
});

it('centres the embedding and leaves what the heads say', () => {
  const layers = new Map([
    ['embedding', [weight([1, 2], [1, 2]), weight([2], [0.5, 1])]],
    ['genres', [weight([2, 1], [3, -1]), weight([1], [0.25])]],
    ['tags', [weight([2, 1], [1, 1]), weight([1], [0])]],
  ]);
  const said = (input: number) => {
    const [kernel, bias] = layers.get('embedding') as [Weight, Weight];
    const embedding = [0, 1].map((at) => input * (kernel.values[at] as number) + (bias.values[at] as number));
    const [head, offset] = layers.get('genres') as [Weight, Weight];
    return embedding.reduce(
      (sum, value, at) => sum + value * (head.values[at] as number),
      offset.values[0] as number,
    );
  };
  const before = said(2);
  centreEmbedding(layers, Float32Array.of(0.3, -2));
  expect(said(2)).toBeCloseTo(before, 5);
  expect(layers.get('embedding')?.[1]?.values[1]).toBe(3);
});
