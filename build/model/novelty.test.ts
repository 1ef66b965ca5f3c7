import { expect, test } from 'vitest';
import { seededRandom } from '#build/demo/random.ts';
import { measureMusic } from '#engine/analysis/analyser/not-music.ts';
import type { MusicMeasures } from '#engine/analysis/analyser/not-music.ts';
import { notMusicLimits, sparing } from './novelty.ts';

const shape = {
  frontEnd: { melBands: 32, deviation: 20, sampleRateHz: 16_000, hopSize: 512 },
  input: { frames: 400, layout: 'time-mel' },
} as unknown as Parameters<typeof notMusicLimits>[1];

/** Decibels of noise in a band: the logarithm of an exponentially distributed power. */
function noise(seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from(
    { length: 400 * 32 },
    () => (10 * Math.log10(-Math.log(1 - 0.999 * random()))) / shape.frontEnd.deviation,
  );
}

/** Notes of half a second in every band, loud or soft. */
function notes(seed: number): Float32Array {
  const random = seededRandom(seed);
  const loud = Array.from({ length: 26 * 32 }, () => random());
  return Float32Array.from({ length: 400 * 32 }, (_, at) => {
    const [frame, band] = [Math.floor(at / 32), at % 32];
    return (loud[Math.floor(frame / 16) * 32 + band] as number) + 0.05 * random();
  });
}

const music: MusicMeasures = {
  changeDecibels: 9,
  continuity: 0.7,
  tone: 0.5,
  lastingContinuity: 0.3,
  lastingTone: 0.2,
  fluxDecibels: 4.5,
  rhythm: 0.5,
};

test('noise and notes measure as they should', () => {
  const ofNoise = measureMusic(noise(1), shape, 400);
  expect(ofNoise.changeDecibels).toBeGreaterThan(4);
  expect(Math.abs(ofNoise.continuity)).toBeLessThan(0.02);
  expect(Math.abs(ofNoise.tone)).toBeLessThan(0.02);
  const ofNotes = measureMusic(notes(1), shape, 400);
  expect(ofNotes.continuity).toBeGreaterThan(0.8);
  expect(ofNotes.tone).toBeGreaterThan(0.8);
});

test('limits stay where they are beside ordinary music, and are withdrawn before what is like noise', () => {
  const ordinary = notMusicLimits([notes(1), notes(2), notes(3)], shape);
  expect(ordinary.steady).toEqual({ changeDecibels: 3.5 });
  expect(ordinary.noise).toEqual({ continuity: 0.15, tone: 0.12 });
  expect(ordinary.speech).not.toBeNull();

  const droning = Array.from({ length: 100 }, (_, at) => ({ ...music, changeDecibels: at < 5 ? 3 : 9 }));
  expect(sparing(droning, 29).steady).toEqual({ changeDecibels: 2.8 });
  const hissing = Array.from({ length: 100 }, () => ({ ...music, continuity: 0, tone: 0 }));
  expect(sparing(hissing, 29).noise).toBeNull();
  // One recording of rain among hundreds of pieces is no reason.
  const rain = [{ ...music, continuity: 0, tone: 0 }, ...Array.from({ length: 299 }, () => music)];
  expect(sparing(rain, 29).noise).toEqual({ continuity: 0.15, tone: 0.12 });
});
