/**
 * How much a curve of onsets resembles itself after some time: the generalised autocorrelation (magnitudes of the
 * spectrum compressed, Tolonen and Karjalainen 2000) of stretches, averaged, as in Percival and Tzanetakis, "Streamlined tempo
 * estimation based on autocorrelation and cross-correlation with pulses" (2014).
 */
import FFT from 'fft.js';
import { LEVELS_PER_SECOND } from './onset-curves.ts';

/** 16 s: two bars of slow music, four of most. */
const STRETCH = 1600;
const STEP = 400;
/** Of a long track so many, spread over it: they cost the most of all. */
const MOST_STRETCHES = 24;
const SIZE = 4096;
/** Shifts, in beats, at which a pulse shows; and how much each counts. */
const pulses: readonly (readonly [beats: number, weight: number])[] = [
  [1, 1],
  [2, 1],
  [3, 0.5],
  [4, 1],
];

/** [1600]: likeness at a shift of so many moments, 1.0 at none. */
export type Likeness = Float64Array;

export interface Periodicity {
  /** Of the whole curve. */
  readonly whole: Likeness;
  /** Of its stretches, and where the middle of each is (moments). */
  readonly stretches: readonly { readonly middle: number; readonly likeness: Likeness }[];
}

/** The curve is at least one moment long. */
export function periodicity(curve: Float32Array): Periodicity {
  const fft = new FFT(SIZE);
  const padded = new Float64Array(SIZE);
  const spectrum = new Float64Array(2 * SIZE);
  const magnitudes = new Float64Array(SIZE);
  const shifted = new Float64Array(2 * SIZE);
  const starts = startsOf(curve.length);
  const stretches = starts.map((start) => {
    const stretch = curve.subarray(start, start + STRETCH);
    let mean = 0;
    for (let at = 0; at < stretch.length; at += 1) mean += stretch[at] as number;
    mean /= stretch.length;
    padded.fill(0);
    for (let at = 0; at < stretch.length; at += 1) padded[at] = (stretch[at] as number) - mean;
    fft.realTransform(spectrum, padded);
    for (let bin = 0; bin <= SIZE / 2; bin += 1) {
      const real = spectrum[2 * bin] as number;
      const imaginary = spectrum[2 * bin + 1] as number;
      // The spectrum of a real curve mirrors itself.
      const magnitude = Math.sqrt(real * real + imaginary * imaginary);
      magnitudes[bin] = magnitude;
      if (bin > 0) magnitudes[SIZE - bin] = magnitude;
    }
    fft.realTransform(shifted, magnitudes);
    const likeness = new Float64Array(STRETCH);
    const whole = shifted[0] as number;
    if (whole > 0) {
      for (let shift = 0; shift < STRETCH; shift += 1) {
        // The less of a stretch overlaps with itself, the smaller the sum: made up for, as far as there is enough.
        const overlap = STRETCH / (STRETCH - Math.min(shift, STRETCH * 0.75));
        likeness[shift] = ((shifted[2 * shift] as number) / whole) * overlap;
      }
    }
    return { middle: start + stretch.length / 2, likeness };
  });
  const whole = new Float64Array(STRETCH);
  for (const { likeness } of stretches) {
    for (let shift = 0; shift < STRETCH; shift += 1)
      whole[shift] = (whole[shift] as number) + (likeness[shift] as number) / stretches.length;
  }
  return { whole, stretches };
}

function startsOf(length: number): readonly number[] {
  const last = Math.max(0, length - STRETCH);
  const steps = Math.min(MOST_STRETCHES - 1, Math.floor(last / STEP));
  return Array.from({ length: steps + 1 }, (_, index) =>
    steps === 0 ? 0 : Math.round((index * last) / steps),
  );
}

/** Between two moments, on a straight line; 0 beyond the end. */
export function likenessAt(likeness: Likeness, shift: number): number {
  const before = Math.floor(shift);
  if (before < 0 || before + 1 >= likeness.length) return 0;
  const part = shift - before;
  return (likeness[before] as number) * (1 - part) + (likeness[before + 1] as number) * part;
}

/** How clearly the music repeats at this tempo, about 0..1; below 0 where it does the opposite. */
export function clarityOf(likeness: Likeness, bpm: number): number {
  let sum = 0;
  let weights = 0;
  for (const [beats, weight] of pulses) {
    sum += weight * likenessAt(likeness, (beats * 60 * LEVELS_PER_SECOND) / bpm);
    weights += weight;
  }
  return sum / weights;
}
