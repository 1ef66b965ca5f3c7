import { describe, expect, it } from 'vitest';
import { seededRandom } from '#build/demo/random.ts';
import { camelotOf, camelotKeys } from '#shared/music/keys.ts';
import { createChromaMeter } from './chroma.ts';
import { createDecimator } from './decimate.ts';
import { measureKey } from './key.ts';
import type { MeasuredKey } from './key.ts';

const RATE_HZ = 16_000;

function keyOf(samples: Float32Array, piece = 5003): MeasuredKey | null {
  const meter = createChromaMeter();
  for (let at = 0; at < samples.length; at += piece) meter.push(samples.subarray(at, at + piece));
  return measureKey(meter.finish());
}

interface Sound {
  readonly cents?: number;
  readonly seconds?: number;
  readonly noise?: number;
  readonly drums?: boolean;
}

/** Chords with overtones, a bass under them, one and a half seconds each; semitones above C. */
function music(chords: readonly (readonly number[])[], options: Sound = {}): Float32Array {
  const { cents = 0, seconds = 24, noise = 0, drums = false } = options;
  const random = seededRandom(9);
  const length = 1.5 * RATE_HZ;
  const samples = new Float32Array(seconds * RATE_HZ);
  for (let at = 0; at < samples.length; at += 1) {
    const chord = chords[Math.floor(at / length) % chords.length] as readonly number[];
    const time = (at % length) / RATE_HZ;
    const fade = Math.min(1, time * 50, (1.5 - time) * 50);
    const notes = [(chord[0] as number) - 12, ...chord];
    let value = 0;
    for (const note of notes) {
      const hz = 261.63 * 2 ** ((note + cents / 100) / 12);
      for (let part = 1; part <= 4; part += 1) value += Math.sin(2 * Math.PI * hz * part * time) / part / 12;
    }
    value *= fade;
    if (drums) {
      const beat = (at / RATE_HZ) % 0.5;
      value += 0.5 * Math.exp(-beat * 25) * Math.sin(2 * Math.PI * (50 + 80 * Math.exp(-beat * 60)) * beat);
      value += 0.3 * Math.exp(-((at / RATE_HZ + 0.25) % 0.5) * 40) * (random() - 0.5);
    }
    samples[at] = value + noise * (random() - 0.5);
  }
  return samples;
}

const majorChord = (root: number): readonly number[] => [root, root + 4, root + 7];
const minorChord = (root: number): readonly number[] => [root, root + 3, root + 7];
const majorPiece = (tonic: number): readonly (readonly number[])[] => [
  majorChord(tonic),
  majorChord(tonic + 5),
  majorChord(tonic + 7),
  majorChord(tonic),
];
const minorPiece = (tonic: number): readonly (readonly number[])[] => [
  minorChord(tonic),
  minorChord(tonic + 5),
  majorChord(tonic + 7),
  minorChord(tonic),
];

describe('a piece in a key', () => {
  it('is found in all 24', () => {
    const found = Array.from({ length: 12 }, (_, tonic) => [
      keyOf(music(majorPiece(tonic), { seconds: 12 }))?.key,
      keyOf(music(minorPiece(tonic), { seconds: 12 }))?.key,
    ]);
    expect(found).toEqual(
      Array.from({ length: 12 }, (_, tonic) => [camelotOf(tonic, false), camelotOf(tonic, true)]),
    );
    expect(new Set(found.flat())).toEqual(new Set(camelotKeys));
  });

  it.each([-45, -30, 20, 40])('and tuning are found where it is %d cents off', (cents) => {
    const key = keyOf(music(minorPiece(9), { cents }))!;
    expect(key.key).toBe('8A');
    expect(Math.abs(key.tuningCents - cents)).toBeLessThan(4);
  });

  it('is found under drums and noise', () => {
    expect(keyOf(music(majorPiece(2), { drums: true, noise: 0.2 }))?.key).toBe(camelotOf(2, false));
    expect(keyOf(music(minorPiece(2), { drums: true, noise: 0.2 }))?.key).toBe(camelotOf(2, true));
  });

  it('comes with a second one, less likely, and does not change with the gain', () => {
    const samples = music(majorPiece(0));
    const key = keyOf(samples)!;
    expect(key.second!.confidence).toBeLessThan(key.confidence);
    expect(key.second!.key).not.toBe(key.key);
    const quiet = keyOf(samples.map((value) => value * 0.01))!;
    expect(quiet.key).toBe(key.key);
    expect(quiet.confidence).toBeCloseTo(key.confidence, 3);
  });

  it('is the same however the samples arrive', () => {
    const samples = music(majorPiece(4), { seconds: 10 });
    expect(keyOf(samples, 977)).toEqual(keyOf(samples, 200_000));
  });
});

describe('no key', () => {
  const random = seededRandom(3);
  const filled = (seconds: number, sample: (at: number) => number): Float32Array =>
    Float32Array.from({ length: seconds * RATE_HZ }, (_, at) => sample(at));

  it.each([
    ['silence', filled(20, () => 0)],
    ['DC', filled(20, () => 0.5)],
    ['noise', filled(20, () => random() - 0.5)],
    ['what is no number', filled(20, () => NaN)],
    ['too little', music(majorPiece(0), { seconds: 3 })],
    ['nothing', new Float32Array(0)],
  ])('of %s', (_, samples) => {
    expect(keyOf(samples)).toBeNull();
  });

  it('of drums alone', () => {
    expect(
      keyOf(music([[0]], { drums: true }).map((value, at) => value - (music1[at] as number))),
    ).toBeNull();
  });

  it('of a voice that speaks: gliding harmonics', () => {
    let phase = 0;
    const voice = filled(20, (at) => {
      const time = at / RATE_HZ;
      phase += (2 * Math.PI * (130 + 50 * Math.sin(time * 4.1) + 30 * Math.sin(time * 1.7))) / RATE_HZ;
      let value = 0;
      for (let part = 1; part < 8; part += 1) value += Math.sin(phase * part) / part;
      return value * 0.1 * Math.max(0, Math.sin(time * 12));
    });
    expect(keyOf(voice)?.confidence ?? 0).toBeLessThan(0.35);
  });
});

const music1 = music([[0]]);

it('lets nothing above 2.4 kHz into a quarter of the rate, and what is below 1.6 kHz through', () => {
  const power = (hz: number): number => {
    const output = createDecimator()(
      Float32Array.from({ length: 8000 }, (_, at) => Math.sin((2 * Math.PI * hz * at) / RATE_HZ)),
    );
    return 10 * Math.log10(output.subarray(100).reduce((sum, value) => sum + value * value, 0) / 1850);
  };
  for (const hz of [60, 400, 1000, 1550]) expect(power(hz)).toBeCloseTo(-3.01, 0);
  for (const hz of [2500, 3000, 4100, 5000, 6400, 7000]) expect(power(hz)).toBeLessThan(-35);
});
