import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeWav } from '#build/demo/wav.ts';
import { ANALYSIS_VERSION } from '../protocol.ts';
import { analyseFile } from './analyse.ts';
import { hashAudio } from './decode.ts';
import { testGenres, testTags, writeTestModel } from './model-for-tests.ts';
import { loadModel } from './model.ts';
import type { Model } from './model.ts';
import type { WindowOutputs } from './predictor.ts';

const folder = mkdtempSync(join(tmpdir(), 'cratewise-analyse-'));
let model: Model;
beforeAll(async () => {
  model = await loadModel(await writeTestModel(folder), { backend: 'wasm' });
});
afterAll(() => {
  model.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function wav(
  name: string,
  seconds: number,
  sample: (at: number) => number,
  sampleRateHz = 16_000,
): Promise<string> {
  const file = join(folder, name);
  const samples = Float32Array.from({ length: Math.round(seconds * sampleRateHz) }, (_, at) => sample(at));
  await writeWav(file, { samples, sampleRateHz, channels: 1 });
  return file;
}

const chord = (at: number) => 0.3 * Math.sin(at / 9) + 0.2 * Math.sin(at / 7.1) + 0.1 * Math.sin(at / 2.3);

describe('analyseFile', () => {
  it('gives everything that is stored of a track', async () => {
    const file = await wav('chord.wav', 12, chord);
    const analysis = await analyseFile(file, model);
    const { prediction } = analysis;
    expect(analysis).toMatchObject({ durationSeconds: 12, damaged: null, modelVersion: 'test-1' });
    expect(analysis.analysisVersion).toBe(ANALYSIS_VERSION);
    expect(analysis.audioHash).toEqual(await hashAudio(file));
    expect(Math.hypot(...prediction.embedding)).toBeCloseTo(1, 5);
    expect(prediction.genres).toHaveLength(testGenres.length);
    expect(prediction.tags).toHaveLength(testTags.length);
    expect(prediction.genres.every((value) => value > 0 && value < 1)).toBe(true);
    expect(prediction.segmentSeconds).toBe(5);
    expect(prediction.segmentGenres).toHaveLength(3 * testGenres.length);
    // Windows of 64 frames with a hop of 512 at 16 kHz: 2.048 s; 12 s hold five and the remainder.
    expect(prediction.windowSeconds).toBeCloseTo(2.048, 6);
    expect(prediction.windowEmbeddings).toHaveLength(6 * 16);
  });

  it('says the same of the same file, whatever the batches', async () => {
    const file = await wav('same.wav', 9, chord);
    const first = await analyseFile(file, model);
    const single = await analyseFile(file, {
      manifest: model.manifest,
      async predict(windows, count) {
        const size = windows.length / count;
        const parts: WindowOutputs[] = [];
        for (let at = 0; at < count; at += 1)
          parts.push(await model.predict(windows.slice(at * size, (at + 1) * size), 1));
        const all = (pick: (part: WindowOutputs) => Float32Array) =>
          Float32Array.from(parts.flatMap((part) => [...pick(part)]));
        return {
          embeddings: all((part) => part.embeddings),
          genres: all((part) => part.genres),
          tags: all((part) => part.tags),
          steps: parts[0]?.steps ?? 0,
          stepGenres: all((part) => part.stepGenres as Float32Array),
          attention: null,
        };
      },
    });
    single.prediction.genres.forEach((value, at) =>
      expect(value).toBeCloseTo(first.prediction.genres[at] as number, 5),
    );
    expect(single.audioHash).toEqual(first.audioHash);
  });

  it.each([
    ['digital silence', () => 0],
    ['dither', (at: number) => ((at * 7919) % 3 === 0 ? 1 / 32768 : 0)],
  ])('calls %s unknown', async (name, sample) => {
    const { prediction } = await analyseFile(await wav(`${name}.wav`, 8, sample), model);
    expect(Math.max(...prediction.genres, ...prediction.tags)).toBe(0);
    expect([...prediction.embedding, ...prediction.segmentGenres].every((value) => value === 0)).toBe(true);
  });

  it.each([
    ['clipped', (at: number) => Math.sign(chord(at))],
    ['noise', (at: number) => ((at * 48271) % 65536) / 32768 - 1],
    ['offset', () => 0.5],
  ])('gives numbers for %s audio', async (name, sample) => {
    const { prediction } = await analyseFile(await wav(`${name}.wav`, 3, sample), model);
    expect([...prediction.genres, ...prediction.embedding].every(Number.isFinite)).toBe(true);
  });

  it('takes a second of music, and refuses less', async () => {
    const { prediction } = await analyseFile(await wav('second.wav', 1, chord, 8000), model);
    expect(prediction.segmentGenres).toHaveLength(testGenres.length);
    await expect(analyseFile(await wav('blip.wav', 0.9, chord), model)).rejects.toMatchObject({
      code: 'file-too-short',
    });
  });

  it('stores no values that are not numbers', async () => {
    const broken = {
      ...model,
      predict: async (windows: Float32Array, count: number) => {
        const outputs = await model.predict(windows, count);
        outputs.genres[0] = Number.NaN;
        return outputs;
      },
    };
    await expect(analyseFile(await wav('nan.wav', 3, chord), broken)).rejects.toMatchObject({
      code: 'internal',
    });
  });

  it('keeps no tensors, and no more memory for twenty minutes than for one', async () => {
    const short = await wav('one.wav', 60, chord, 8000);
    const long = await wav('twenty.wav', 20 * 60, chord, 8000);
    await analyseFile(short, model);
    const tensors = model.tensorCount();
    const before = process.memoryUsage.rss();
    let most = 0;
    const { durationSeconds, timings } = await analyseFile(long, model, {
      onProgress: () => (most = Math.max(most, process.memoryUsage.rss() - before)),
    });
    expect(durationSeconds).toBe(1200);
    expect(model.tensorCount()).toBe(tensors);
    process.stdout.write(
      `20 minutes: ${Math.round(most / 2 ** 20)} MiB more than before, ${JSON.stringify(timings)}\n`,
    );
  });
});
