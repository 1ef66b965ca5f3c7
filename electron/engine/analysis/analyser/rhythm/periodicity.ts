/**
 * How much a curve of onsets resembles itself after some time: the generalised autocorrelation (magnitudes of the
 * spectrum compressed, Tolonen and Karjalainen 2000) of stretches, averaged, as in Percival and Tzanetakis, "Streamlined tempo
 * estimation based on autocorrelation and cross-correlation with pulses" (2014).
 */
import FFT from 'fft.js';

/** 16 s: two bars of slow music, four of most. */
const STRETCH = 1600;
const STEP = 400;
const SIZE = 4096;

/** [1600]: likeness at a shift of so many moments, 1.0 at none. The curve is at least one moment long. */
export function periodicity(curve: Float32Array): Float64Array {
  const fft = new FFT(SIZE);
  const padded = new Float64Array(SIZE);
  const spectrum = new Float64Array(2 * SIZE);
  const magnitudes = new Float64Array(2 * SIZE);
  const shifted = new Float64Array(2 * SIZE);
  const likeness = new Float64Array(STRETCH);
  let stretches = 0;
  for (let start = 0; start === 0 || start + STRETCH <= curve.length; start += STEP) {
    const stretch = curve.subarray(start, start + STRETCH);
    let mean = 0;
    for (const value of stretch) mean += value / stretch.length;
    padded.fill(0);
    for (let at = 0; at < stretch.length; at += 1) padded[at] = (stretch[at] as number) - mean;
    fft.realTransform(spectrum, padded);
    fft.completeSpectrum(spectrum);
    for (let bin = 0; bin < SIZE; bin += 1) {
      magnitudes[2 * bin] = Math.hypot(spectrum[2 * bin] as number, spectrum[2 * bin + 1] as number);
    }
    fft.transform(shifted, magnitudes);
    const whole = shifted[0] as number;
    stretches += 1;
    if (whole <= 0) continue;
    for (let shift = 0; shift < STRETCH; shift += 1) {
      // The less of a stretch overlaps with itself, the smaller the sum: made up for, as far as there is enough.
      const overlap = STRETCH / (STRETCH - Math.min(shift, STRETCH * 0.75));
      likeness[shift] = (likeness[shift] as number) + ((shifted[2 * shift] as number) / whole) * overlap;
    }
  }
  return likeness.map((value) => value / stretches);
}

/** Between two moments, on a straight line; 0 beyond the end. */
export function likenessAt(likeness: Float64Array, shift: number): number {
  const before = Math.floor(shift);
  if (before < 0 || before + 1 >= likeness.length) return 0;
  const part = shift - before;
  return (likeness[before] as number) * (1 - part) + (likeness[before + 1] as number) * part;
}
