import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FrontEndSettings } from '../model-manifest.ts';
import { createLogMel, floorDecibels, frameCount, logMelSpectrogram, standardise } from './log-mel.ts';

interface Reference {
  readonly made: string;
  readonly samples: number;
  readonly cases: readonly {
    readonly settings: FrontEndSettings;
    readonly frames: number;
    readonly decibels: readonly number[];
  }[];
}

const reference = JSON.parse(
  readFileSync(new URL('./fixtures/log-mel-reference.json', import.meta.url), 'utf8'),
) as Reference;

/** The signal of fixtures/log-mel-reference.py. */
function referenceSignal(samples: number): Float32Array {
  let state = 12345;
  return Float32Array.from({ length: samples }, (_, index) => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    const time = index / 16000;
    const tones = 0.3 * Math.sin(2 * Math.PI * 440 * time) + 0.1 * Math.sin(2 * Math.PI * 5000 * time);
    const sweep = 0.2 * Math.sin(2 * Math.PI * (200 * time + 0.5 * 8000 * time ** 2));
    return tones + sweep + 0.05 * (state / 2 ** 31 - 1);
  });
}

const settings = reference.cases[0]?.settings as FrontEndSettings;

/** Runs the stream with pieces of the given lengths, over and over. */
function inPieces(signal: Float32Array, lengths: readonly number[]): number[] {
  const frames: number[] = [];
  const stream = createLogMel(settings, (frame) => frames.push(...frame));
  for (let at = 0, turn = 0; at < signal.length; turn += 1) {
    const length = lengths[turn % lengths.length] as number;
    stream.push(signal.subarray(at, at + length));
    at += length;
  }
  stream.finish();
  return frames;
}

describe('logMelSpectrogram', () => {
  it.each(reference.cases)('agrees with librosa ($settings.melScale, hop $settings.hopSize)', (expected) => {
    const { frames, data } = logMelSpectrogram(referenceSignal(reference.samples), expected.settings);
    expect(frames).toBe(expected.frames);
    expect(data).toHaveLength(expected.decibels.length);
    const worst = data.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - (expected.decibels[index] as number))),
      0,
    );
    expect(worst).toBeLessThan(1e-3);
  });

  it('gives the floor for silence, and no NaN', () => {
    const { data } = logMelSpectrogram(new Float32Array(16000), settings);
    expect(new Set(data)).toEqual(new Set([Math.fround(floorDecibels(settings))]));
  });

  it.each([1, 2, 100, 256, 257, 511, 513])('takes a signal of %i samples', (samples) => {
    const { frames, data } = logMelSpectrogram(referenceSignal(samples), settings);
    expect(frames).toBe(frameCount(samples, settings));
    expect(data.every(Number.isFinite)).toBe(true);
    expect(data.some((value) => value > floorDecibels(settings))).toBe(true);
  });
});

describe('createLogMel', () => {
  const signal = referenceSignal(200_000);
  const whole = [...logMelSpectrogram(signal, settings).data];

  it.each([[[1]], [[255, 1, 257]], [[4096]], [[1024, 7]], [[150_000]]])(
    'does not depend on the pieces (%j)',
    (lengths) => {
      expect(inPieces(signal, lengths)).toEqual(whole);
    },
  );

  it('gives frames while the signal goes on', () => {
    let frames = 0;
    const stream = createLogMel(settings, () => (frames += 1));
    stream.push(signal.subarray(0, 512));
    expect(frames).toBe(2);
  });
});

describe('standardise', () => {
  it('subtracts the mean and divides by the deviation', () => {
    const values = standardise(Float32Array.of(-40, 0), { ...settings, mean: -20, deviation: 10 });
    expect([...values]).toEqual([-2, 2]);
  });
});
