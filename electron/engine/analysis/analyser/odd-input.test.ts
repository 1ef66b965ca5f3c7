/** What is no music gets no genre from the shipped model, and music keeps its own; all of it in numbers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pieces } from '#build/demo/pieces.ts';
import { seededRandom } from '#build/demo/random.ts';
import { synthesise } from '#build/demo/synthesise.ts';
import { writeWav } from '#build/demo/wav.ts';
import { readModelFolder } from '../model-folder.ts';
import type { TrackPrediction } from '../protocol.ts';
import { analyseFile } from './analyse.ts';
import { loadModel } from './model.ts';
import type { Model } from './model.ts';

const RATE = 16_000;
const SECONDS = 20;
const folder = mkdtempSync(join(tmpdir(), 'cratewise-odd-'));
let model: Model;
beforeAll(async () => {
  const resources = fileURLToPath(new URL('../../../../resources/model', import.meta.url));
  model = await loadModel(readModelFolder(resources), { backend: 'wasm' });
});
afterAll(() => {
  model.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function hear(
  samples: Float32Array,
  { sampleRateHz = RATE, channels = 1 } = {},
): Promise<TrackPrediction> {
  const file = join(folder, 'sound.wav');
  await writeWav(file, { samples, sampleRateHz, channels });
  return (await analyseFile(file, model)).prediction;
}

function counting({ genres }: TrackPrediction): readonly string[] {
  return model.manifest.genres.flatMap(({ id, threshold }, at) =>
    (genres[at] as number) >= threshold ? [id] : [],
  );
}

function samplesOf(sample: (seconds: number, index: number) => number, seconds = SECONDS): Float32Array {
  return Float32Array.from({ length: seconds * RATE }, (_, index) => sample(index / RATE, index));
}

const random = seededRandom(11);
const white = () => random() * 2 - 1;

/** Paul Kellet's filter: white noise to pink within half a decibel. */
function pink(): () => number {
  const state = [0, 0, 0];
  return () => {
    const value = white();
    state[0] = 0.99765 * (state[0] as number) + value * 0.099046;
    state[1] = 0.963 * (state[1] as number) + value * 0.2965164;
    state[2] = 0.57 * (state[2] as number) + value * 1.0526913;
    return 0.1 * ((state[0] as number) + (state[1] as number) + (state[2] as number) + value * 0.1848);
  };
}

/**
 * Syllables without a beat: a buzz at a voice's pitch that glides, through two formants that move from vowel to vowel,
 * with hissing consonants and pauses of every length.
 */
function speechLike(): Float32Array {
  const vowels = [
    [730, 1090],
    [270, 2290],
    [300, 870],
    [530, 1840],
    [640, 1190],
  ] as const;
  const result = new Float32Array(SECONDS * RATE);
  let at = 0;
  while (at < result.length) {
    const [first, second] = vowels[Math.floor(random() * vowels.length)] as readonly [number, number];
    const consonant = Math.round((0.03 + 0.09 * random()) * RATE);
    const vowel = Math.round((0.07 + 0.16 * random()) * RATE);
    const pause = Math.round((random() < 0.3 ? 0.15 + 0.5 * random() : 0.02) * RATE);
    for (let n = 0; n < consonant && at < result.length; n += 1, at += 1) result[at] = 0.06 * white();
    const pitch = 95 + 60 * random();
    const glide = (random() - 0.6) * 90;
    let phase = 0;
    for (let n = 0; n < vowel && at < result.length; n += 1, at += 1) {
      const part = n / vowel;
      const hertz = pitch + glide * part;
      phase += hertz / RATE;
      let value = 0;
      for (let harmonic = 1; harmonic * hertz < 4000; harmonic += 1) {
        const frequency = harmonic * hertz;
        const gain =
          1 / (1 + ((frequency - first * (1 + 0.15 * part)) / 90) ** 2) +
          0.6 / (1 + ((frequency - second * (1 - 0.1 * part)) / 120) ** 2) +
          0.02;
        value += gain * Math.sin(2 * Math.PI * phase * harmonic);
      }
      result[at] = 0.16 * value * Math.sin(Math.PI * part) ** 0.5;
    }
    at += pause;
  }
  return result.map((value) => value + 0.0005 * white());
}

describe('what is no music', () => {
  const nextPink = pink();
  const sounds: readonly (readonly [string, () => Float32Array])[] = [
    ['digital silence', () => samplesOf(() => 0)],
    ['white noise', () => samplesOf(() => 0.5 * white())],
    ['loud white noise', () => samplesOf(() => 0.99 * white())],
    ['quiet white noise', () => samplesOf(() => 0.002 * white())],
    ['pink noise', () => samplesOf(() => 0.5 * nextPink())],
    [
      'hum of 50 Hz',
      () =>
        samplesOf((seconds) =>
          [1, 2, 3, 4, 5, 6, 7].reduce(
            (sum, harmonic) =>
              sum + (0.2 / harmonic) * Math.sin(2 * Math.PI * 50 * harmonic * seconds + harmonic),
            0.002 * white(),
          ),
        ),
    ],
    ['a tone', () => samplesOf((seconds) => 0.4 * Math.sin(2 * Math.PI * 440 * seconds))],
    ['clicks', () => samplesOf(() => (random() < 5 / RATE ? white() : 0.0005 * white()))],
    ['an offset', () => samplesOf(() => 0.5)],
    ['speech', speechLike],
  ];
  it.each(sounds)('%s is of no genre', async (_, make) => {
    const prediction = await hear(make());
    expect(counting(prediction)).toEqual([]);
    expect(Math.max(...prediction.genres)).toBe(0);
    expect([...prediction.embedding, ...prediction.tags].every(Number.isFinite)).toBe(true);
  });

  it('noise is still like noise', async () => {
    const one = await hear(samplesOf(() => 0.5 * white()));
    const other = await hear(samplesOf(() => 0.5 * white()));
    const cosine = one.embedding.reduce((sum, value, at) => sum + value * (other.embedding[at] as number), 0);
    expect(cosine).toBeGreaterThan(0.98);
  });
});

describe('music in odd shapes', () => {
  const piece = pieces.find(({ style }) => style === 'house') as (typeof pieces)[number];
  const sound = synthesise(piece, SECONDS);
  const mono = Float32Array.from(
    { length: sound.samples.length / 2 },
    (_, at) => ((sound.samples[2 * at] as number) + (sound.samples[2 * at + 1] as number)) / 2,
  );

  it('stays what it is, as 5.1 as well as mono; clipped it is still music', async () => {
    const plain = await hear(mono, { sampleRateHz: sound.sampleRateHz });
    expect(Math.max(...plain.genres)).toBeGreaterThan(0);
    const six = new Float32Array(mono.length * 6);
    mono.forEach((value, at) => six.fill(value, at * 6, at * 6 + 6));
    const surround = await hear(six, { sampleRateHz: sound.sampleRateHz, channels: 6 });
    surround.genres.forEach((value, at) => expect(value).toBeCloseTo(plain.genres[at] as number, 2));
    const clipped = await hear(
      mono.map((value) => Math.max(-0.9, Math.min(0.9, value * 8))),
      { sampleRateHz: sound.sampleRateHz },
    );
    expect(Math.max(...clipped.genres)).toBeGreaterThan(0);
  });

  it('gives numbers for 8 kHz and for three seconds', async () => {
    const slow = Float32Array.from({ length: SECONDS * 8000 }, (_, at) => mono[Math.floor(at * 5.5125)] ?? 0);
    const short = mono.slice(8 * sound.sampleRateHz, 11 * sound.sampleRateHz);
    for (const prediction of [
      await hear(slow, { sampleRateHz: 8000 }),
      await hear(short, { sampleRateHz: sound.sampleRateHz }),
    ]) {
      expect(Math.max(...prediction.genres)).toBeGreaterThan(0);
      expect([...prediction.genres, ...prediction.embedding].every(Number.isFinite)).toBe(true);
    }
  });

  it('noise behind it does not make it unknown', async () => {
    const between = new Float32Array(mono.length * 3);
    between.set(mono, 0);
    for (let at = mono.length; at < between.length; at += 1) between[at] = 0.3 * white();
    const alone = await hear(mono, { sampleRateHz: sound.sampleRateHz });
    const mixed = await hear(between, { sampleRateHz: sound.sampleRateHz });
    expect(Math.max(...mixed.genres)).toBeGreaterThan(0);
    const best = alone.genres.indexOf(Math.max(...alone.genres));
    expect(mixed.genres[best]).toBeGreaterThan((alone.genres[best] as number) / 2);
  });
});
