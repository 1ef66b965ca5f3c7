/** Drums for tests: exactly where they are told to be. */
import { seededRandom } from '#build/demo/random.ts';
import { createWaveformMeter } from '../waveform.ts';

export const RATE_HZ = 22_050;

export interface Hits {
  /** Seconds. */
  readonly kicks: readonly number[];
  readonly snares?: readonly number[];
  readonly hats?: readonly number[];
  /** A held bass note from each of these on. */
  readonly basses?: readonly number[];
}

export function play(
  seconds: number,
  { kicks, snares = [], hats = [], basses = [] }: Hits,
  seed = 1,
): Float32Array {
  const random = seededRandom(seed);
  const samples = new Float32Array(seconds * RATE_HZ);
  const hit = (at: number, length: number, sound: (time: number) => number): void => {
    const from = Math.round(at * RATE_HZ);
    for (let index = 0; index < length * RATE_HZ && from + index < samples.length; index += 1) {
      samples[from + index] = (samples[from + index] as number) + sound(index / RATE_HZ);
    }
  };
  for (const at of kicks)
    hit(at, 0.15, (time) => 0.6 * Math.exp(-time * 25) * Math.sin(2 * Math.PI * 60 * time));
  for (const at of snares) hit(at, 0.1, (time) => 0.3 * Math.exp(-time * 35) * (random() - 0.5));
  for (const at of hats) hit(at, 0.03, (time) => 0.15 * Math.exp(-time * 90) * (random() - 0.5));
  basses.forEach((at, index) =>
    hit(
      at,
      0.5,
      (time) => 0.15 * Math.exp(-time * 3) * Math.sin(2 * Math.PI * (80 + 12 * (index % 4)) * time),
    ),
  );
  return samples;
}

/** A kick on every beat, a snare on each second, hats between. */
export function drums(seconds: number, beats: readonly number[], seed = 1): Float32Array {
  const between = beats.slice(0, -1).map((beat, index) => (beat + (beats[index + 1] as number)) / 2);
  return play(seconds, { kicks: beats, snares: every(beats, 2, 1), hats: between }, seed);
}

/** Every so many, from one on. */
export function every(beats: readonly number[], step: number, from: number): readonly number[] {
  return beats.filter((_, index) => index % step === from);
}

/** Seconds of beats until the end. */
export function steady(bpm: number, first: number, seconds: number): number[] {
  return Array.from(
    { length: Math.floor(((seconds - first) * bpm) / 60) },
    (_, beat) => first + (beat * 60) / bpm,
  );
}

/** As the analyser gets them: through the waveform, a byte each. */
export function levelsOf(samples: Float32Array): Float32Array {
  const meter = createWaveformMeter(RATE_HZ);
  meter.push(samples);
  meter.finish();
  return Float32Array.from(meter.read().peaks, (byte) => (byte / 255) ** 2);
}
