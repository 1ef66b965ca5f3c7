/** Needs `npm run setup:tensorflow`: both backends must say the same, else a library would depend on the machine. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createForkAnalyser } from '../fork-analyser.ts';
import { readModelFolder } from '../model-folder.ts';
import type { ModelFolder } from '../model-folder.ts';
import type { FromAnalyser, TrackAnalysis } from '../protocol.ts';
import { writeWav } from '#build/demo/wav.ts';
import { writeTestModel } from './model-for-tests.ts';
import { loadModel } from './model.ts';
import type { WindowOutputs } from './predictor.ts';

const TOLERANCE = 1e-3;
const shipped = fileURLToPath(new URL('../../../../resources/model', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cratewise-parity-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Windows of noise with a slope over the bands and a beat over time: some structure for every layer. */
function windows({ manifest }: ModelFolder, count: number): Float32Array {
  const { frames } = manifest.input;
  const { melBands } = manifest.frontEnd;
  let state = 7;
  return Float32Array.from({ length: count * frames * melBands }, (_, at) => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    const band = at % melBands;
    const time = Math.floor(at / melBands);
    return 1 - (2 * band) / melBands + Math.cos(time / 5) + (state / 2 ** 31 - 1) / 2;
  });
}

function worst(a: Float32Array | null, b: Float32Array | null): number {
  expect(a?.length).toBe(b?.length);
  return [...(a ?? [])].reduce((most, value, at) => Math.max(most, Math.abs(value - (b?.[at] as number))), 0);
}

async function outputs(model: ModelFolder, backend: 'wasm' | 'tensorflow'): Promise<WindowOutputs> {
  const loaded = await loadModel(model, { backend });
  expect(loaded.backend).toBe(backend);
  const result = await loaded.predict(windows(model, 3), 3);
  loaded.dispose();
  return result;
}

async function expectParity(model: ModelFolder): Promise<void> {
  const wasm = await outputs(model, 'wasm');
  const native = await outputs(model, 'tensorflow');
  expect(wasm.genres.some((value) => Math.abs(value) > 0.01)).toBe(true);
  expect(worst(wasm.embeddings, native.embeddings)).toBeLessThan(TOLERANCE);
  expect(worst(wasm.genres, native.genres)).toBeLessThan(TOLERANCE);
  expect(worst(wasm.tags, native.tags)).toBeLessThan(TOLERANCE);
  expect(worst(wasm.stepGenres, native.stepGenres)).toBeLessThan(TOLERANCE);
}

function analyse(backend: 'wasm' | 'tensorflow', path: string): Promise<TrackAnalysis> {
  const analyser = createForkAnalyser()();
  return new Promise((resolve, reject) => {
    let result: TrackAnalysis | null = null;
    analyser.onExit((exit) => (result === null ? reject(new Error(JSON.stringify(exit))) : resolve(result)));
    analyser.onMessage((message: FromAnalyser) => {
      if (message.kind === 'ready') expect(message.backend).toBe(backend);
      if (message.kind === 'unusable' || message.kind === 'failed') reject(new Error(message.detail));
      if (message.kind !== 'analysed') return;
      result = message.analysis;
      analyser.post({ kind: 'stop' });
    });
    analyser.post({ kind: 'start', options: { modelDir: folder, workers: 2, backend } });
    analyser.post({ kind: 'analyse', job: 1, path });
  });
}

describe('WASM and the native TensorFlow', () => {
  it('agree on a small network', async () => expectParity(await writeTestModel(folder)));

  it.runIf(existsSync(join(shipped, 'manifest.json')))('agree on the model that ships', async () =>
    expectParity(readModelFolder(shipped)),
  );

  it('agree on a whole track, each in an analyser process of its own', async () => {
    await writeTestModel(folder);
    const file = join(folder, 'song.wav');
    const samples = Float32Array.from(
      { length: 20 * 16_000 },
      (_, at) => 0.4 * Math.sin(at / 11) * Math.sin(at / 9000),
    );
    await writeWav(file, { samples, sampleRateHz: 16_000, channels: 1 });
    const [wasm, native] = [await analyse('wasm', file), await analyse('tensorflow', file)];
    expect(worst(wasm.prediction.genres, native.prediction.genres)).toBeLessThan(TOLERANCE);
    expect(worst(wasm.prediction.embedding, native.prediction.embedding)).toBeLessThan(TOLERANCE);
  });
});
