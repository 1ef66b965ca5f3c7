import { readFileSync } from 'node:fs';
import { describe as group, expect, it } from 'vitest';
import { teacherFrontEnd } from '../front-end.ts';
import {
  chroma,
  contrast,
  describe,
  keptBands,
  meanAndDeviation,
  mfcc,
  powerSpectra,
  tempoOf,
} from './descriptors.ts';

const rate = 16_000;
const noteNames = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

function clicks(bpm: number, seconds = 30): Float32Array {
  const samples = new Float32Array(rate * seconds);
  for (let time = 0; time < seconds; time += 60 / bpm) {
    const start = Math.round(time * rate);
    for (let n = 0; n < 400 && start + n < samples.length; n++)
      samples[start + n] = Math.sin(0.4 * n) * Math.exp(-n / 80);
  }
  return samples;
}

/** Sines of these MIDI notes, each with two overtones. */
function chord(notes: readonly number[], seconds = 2): Float32Array {
  return new Float32Array(rate * seconds).map((_, index) =>
    notes.reduce((sum, note) => {
      const hz = 440 * 2 ** ((note - 69) / 12);
      const wave = (overtone: number) => Math.sin((2 * Math.PI * overtone * hz * index) / rate) / overtone;
      return sum + (wave(1) + 0.3 * wave(2) + 0.2 * wave(4)) / (2 * notes.length);
    }, 0),
  );
}

/** A repeatable noise, -level..level. */
function noise(samples: number, level: number): Float32Array {
  let state = 12345;
  return new Float32Array(samples).map(() => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return level * (state / 2 ** 31 - 1);
  });
}

group('tempo', () => {
  it.each([60, 72, 90, 100, 123.4, 140, 174])('of clicks at %d is found within 2 per cent', (bpm) => {
    const found = tempoOf(clicks(bpm), rate);
    expect(Math.abs(found.bpm / bpm - 1)).toBeLessThan(0.02);
    expect(found.clarity).toBeGreaterThan(0.5);
  });

  it('is unclear in noise and silence', () => {
    expect(tempoOf(noise(rate * 20, 0.3), rate).clarity).toBeLessThan(0.2);
    expect(tempoOf(new Float32Array(rate * 20), rate).clarity).toBe(0);
  });
});

group('chroma', () => {
  const strongest = (samples: Float32Array, count: number) => {
    const [row] = chroma(powerSpectra(samples).slice(2, 3), rate);
    return [...(row ?? [])]
      .map((value, pitch) => ({ value, name: noteNames[pitch] ?? '' }))
      .sort((left, right) => right.value - left.value)
      .slice(0, count)
      .map(({ name }) => name)
      .sort();
  };

  it.each([
    { name: 'C major', notes: [60, 64, 67], wanted: ['C', 'E', 'G'] },
    { name: 'F sharp minor', notes: [54, 57, 61], wanted: ['A', 'C#', 'F#'] },
    { name: 'E minor in the bass', notes: [40, 43, 47], wanted: ['B', 'E', 'G'] },
  ])('of $name has its notes', ({ notes, wanted }) => {
    expect(strongest(chord(notes), 3)).toEqual(wanted);
  });

  it('follows a transposition by a semitone', () => {
    expect(strongest(chord([61]), 1)).toEqual(['C#']);
    expect(strongest(chord([60]), 1)).toEqual(['C']);
  });
});

interface Reference {
  readonly samples: number;
  readonly bands: number;
  readonly every: number;
  readonly frames: number;
  readonly coefficients: readonly (readonly number[])[];
}

it('MFCC agree with librosa', () => {
  const path = new URL('fixtures/mfcc-reference.json', import.meta.url);
  const reference = JSON.parse(readFileSync(path, 'utf8')) as Reference;
  expect(keptBands(teacherFrontEnd)).toBe(reference.bands);
  const signal = noise(reference.samples, 0.05).map((value, index) => {
    const time = index / rate;
    const sweep = 0.2 * Math.sin(2 * Math.PI * (200 * time + 2000 * time ** 2));
    return value + 0.3 * Math.sin(2 * Math.PI * 440 * time) + sweep;
  });
  const found = mfcc(signal);
  expect(found).toHaveLength(reference.frames);
  const differences = reference.coefficients.flatMap((row, index) =>
    row.map((value, order) => Math.abs(value - (found[index * reference.every]?.[order] ?? NaN))),
  );
  expect(differences).toHaveLength(Math.ceil(reference.frames / reference.every) * 20);
  expect(Math.max(...differences)).toBeLessThan(5e-3);
});

it('contrast is large for tones and small for noise', () => {
  const middle = (samples: Float32Array) => contrast(powerSpectra(samples), rate)[3]?.[2] ?? NaN;
  expect(middle(chord([72, 76]))).toBeGreaterThan(60);
  // Powers of noise spread by this much themselves.
  expect(middle(noise(rate * 2, 0.3))).toBeLessThan(35);
});

it('describes every clip by as many numbers, none of them NaN', () => {
  for (const samples of [new Float32Array(rate * 3), chord([60, 64, 67], 3), noise(rate * 3, 1)]) {
    const described = describe(samples, rate);
    expect(described).toHaveLength(78);
    expect([...described].every(Number.isFinite)).toBe(true);
  }
});

it('does not hear what is above the low-pass', () => {
  const floor = noise(rate * 4, 0.02);
  const music = chord([60, 64, 67], 4).map((value, index) => value + (floor[index] ?? 0));
  const whistle = music.map((value, index) => value + 0.05 * Math.sin((2 * Math.PI * 7750 * index) / rate));
  const [without, together] = [describe(music, rate), describe(whistle, rate)];
  const worst = Math.max(...without.map((value, at) => Math.abs(value - (together[at] ?? NaN))));
  expect(worst).toBeLessThan(0.5);
  // One that is below it is plainly heard.
  const lower = music.map((value, index) => value + 0.05 * Math.sin((2 * Math.PI * 5000 * index) / rate));
  const heard = describe(lower, rate);
  expect(Math.max(...without.map((value, at) => Math.abs(value - (heard[at] ?? NaN))))).toBeGreaterThan(5);
});

it('mean and deviation are by column', () => {
  expect(meanAndDeviation([Float64Array.of(1, 5), Float64Array.of(3, 5)])).toEqual([2, 5, 1, 0]);
});
