import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadBackend } from '#engine/analysis/analyser/model-backend.ts';
import { multiplications, reduced, studentArchitecture, type Architecture } from './architecture.ts';
import { decibelsOf } from './front-end.ts';
import { applyWeights, buildNetwork, runNetwork } from './network.ts';
import { hintMaps } from './teachers.ts';
import { networkWeights, type Weight } from './student.ts';

interface Fixture {
  readonly architecture: Architecture;
  readonly mean: number;
  readonly deviation: number;
  readonly index: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly weights: readonly number[];
  readonly windows: readonly number[];
  readonly outputs: readonly number[];
}

function weightsOf({ index, weights }: Fixture): Map<string, Weight> {
  let at = 0;
  return new Map(
    index.map(({ name, shape }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const values = Float32Array.from(weights.slice(at, at + size));
      at += size;
      return [name, { shape, values }];
    }),
  );
}

it('computes in WebAssembly what Keras computes from the same weights, within 1e-3', async () => {
  const fixture = JSON.parse(
    readFileSync(new URL('fixtures/keras-parity.json', import.meta.url), 'utf8'),
  ) as Fixture;
  const { architecture, mean, deviation } = fixture;
  const { tf } = await loadBackend('wasm');
  const before = tf.memory().numTensors;
  const network = buildNetwork(tf, architecture);
  const each = Array.from({ length: architecture.tagCount }, (_, column) => [column]);
  applyWeights(tf, network, networkWeights(weightsOf(fixture), architecture.blocks.length, each));
  const input = Float32Array.from(fixture.windows, (value) => (decibelsOf(value) - mean) / deviation);
  const outputs = runNetwork(tf, network, input, 4).flatMap((values) => [...values]);
  expect(outputs).toHaveLength(fixture.outputs.length);
  const worst = Math.max(...outputs.map((value, at) => Math.abs(value - (fixture.outputs[at] as number))));
  expect(worst).toBeLessThan(1e-3);
  // The fixture says something: outputs differ between the windows.
  expect(new Set(fixture.outputs.slice(0, 16).map((value) => value.toFixed(3))).size).toBeGreaterThan(8);
  network.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('stays within the budget of multiplications, and one step is about a second', () => {
  const architecture = studentArchitecture(44, 27);
  expect(multiplications(architecture).reduce((sum, cost) => sum + cost, 0)).toBeLessThan(320e6);
  const seconds = (architecture.frames * 512) / 16_000;
  expect(seconds / reduced(architecture.frames, 0, architecture.blocks)).toBeCloseTo(1, 1);
});

it("has the teachers' grid of time and frequency where hints are compared", () => {
  const { blocks, frames, melBands, hints } = studentArchitecture(44, 27);
  expect(hints.map(({ times, bands, channels }) => ({ times, bands, channels }))).toEqual(
    hintMaps.map(({ times, bands, channels }) => ({ times, bands, channels: 2 * channels })),
  );
  for (const { layer, poolTime, times, bands } of hints) {
    const [kind, index] = layer.split('_') as [string, string];
    const before = blocks.slice(0, Number(index) + 1);
    const unpooled = before.map((block, at) =>
      kind === 'relu' && at === Number(index) ? { ...block, pool: [1, 1] as const } : block,
    );
    expect(reduced(melBands, 1, unpooled)).toBe(bands);
    expect(Math.floor(reduced(frames, 0, unpooled) / poolTime)).toBeGreaterThanOrEqual(times);
  }
});
