import { describe, expect, it } from 'vitest';
import { seededRandom } from '#build/demo/random.ts';
import { createWaveformMeter } from '../waveform.ts';
import { measureTempo } from './rhythm.ts';

const RATE_HZ = 22_050;

/** A kick on every beat, a snare on each second, hats between: at the times given, in seconds. */
function drums(seconds: number, beats: readonly number[], seed = 1): Float32Array {
  const random = seededRandom(seed);
  const samples = new Float32Array(seconds * RATE_HZ);
  const hit = (at: number, length: number, sound: (time: number) => number): void => {
    const from = Math.round(at * RATE_HZ);
    for (let index = 0; index < length * RATE_HZ && from + index < samples.length; index += 1) {
      samples[from + index] = (samples[from + index] as number) + sound(index / RATE_HZ);
    }
  };
  beats.forEach((beat, number) => {
    hit(beat, 0.15, (time) => 0.6 * Math.exp(-time * 25) * Math.sin(2 * Math.PI * 60 * time));
    if (number % 2 === 1) hit(beat, 0.1, (time) => 0.3 * Math.exp(-time * 35) * (random() - 0.5));
    const next = beats[number + 1];
    if (next !== undefined)
      hit((beat + next) / 2, 0.03, (time) => 0.15 * Math.exp(-time * 90) * (random() - 0.5));
  });
  return samples;
}

function levelsOf(samples: Float32Array): Float32Array {
  const meter = createWaveformMeter(RATE_HZ);
  meter.push(samples);
  meter.finish();
  return Float32Array.from(meter.read().peaks, (byte) => (byte / 255) ** 2);
}

const steady = (bpm: number, first: number, seconds: number): number[] =>
  Array.from({ length: Math.floor(((seconds - first) * bpm) / 60) }, (_, beat) => first + (beat * 60) / bpm);

describe('a steady beat', () => {
  it.each([
    [128, 0.3],
    [90, 0.1],
    [174, 0.2],
    [123.45, 0.4],
    [100, 0],
  ])('of %d BPM from %d s: tempo to a hundredth, beats to 20 ms', (bpm, first) => {
    const tempo = measureTempo(levelsOf(drums(90, steady(bpm, first, 90))))!;
    expect(tempo.bpm).toBeCloseTo(bpm, 1);
    expect(tempo.confidence).toBeGreaterThan(0.5);
    expect(tempo.grid.kind).toBe('constant');
    const period = 60 / bpm;
    const off = (tempo.grid.firstBeatSeconds - first) / period;
    expect(Math.abs(off - Math.round(off)) * period).toBeLessThan(0.02);
    expect(tempo.grid.firstBeatSeconds).toBeLessThan(period);
  });

  it('is the same whatever the gain', () => {
    const samples = drums(40, steady(126, 0.2, 40));
    const loud = measureTempo(levelsOf(samples))!;
    const quiet = measureTempo(levelsOf(samples.map((value) => value * 0.25)))!;
    expect(quiet.bpm).toBe(loud.bpm);
    expect(quiet.grid.firstBeatSeconds).toBeCloseTo(loud.grid.firstBeatSeconds, 2);
  });
});

it('follows a drummer who gets faster: the beats are listed', () => {
  const beats = [0.5];
  while ((beats.at(-1) as number) < 88)
    beats.push((beats.at(-1) as number) + 60 / (100 + (beats.at(-1) as number) * 0.2));
  const tempo = measureTempo(levelsOf(drums(90, beats)))!;
  expect(tempo.grid.kind).toBe('warped');
  const found = tempo.grid.beats!;
  const met = beats.filter((beat) => found.some((other) => Math.abs(other - beat) < 0.05)).length;
  expect(met / beats.length).toBeGreaterThan(0.85);
});

describe('no beat', () => {
  it.each([
    ['silence', () => 0],
    ['noise', (random: () => number) => 0.4 * (random() - 0.5)],
  ] as const)('of %s', (_, sample) => {
    const random = seededRandom(3);
    expect(
      measureTempo(levelsOf(Float32Array.from({ length: 30 * RATE_HZ }, () => sample(random)))),
    ).toBeNull();
  });

  it('of hits at random times', () => {
    const random = seededRandom(4);
    const hits: number[] = [0.2];
    while ((hits.at(-1) as number) < 58) hits.push((hits.at(-1) as number) + 0.1 + random() * 1.2);
    expect(measureTempo(levelsOf(drums(60, hits)))?.confidence ?? 0).toBeLessThan(0.2);
  });

  it('of a jingle of five seconds', () => {
    expect(measureTempo(levelsOf(drums(5, steady(120, 0, 5))))).toBeNull();
  });
});
