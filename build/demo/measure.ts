/** What can be measured of a sound without knowing how it was made: for tests of the synthesiser. */
import FFT from 'fft.js';
import type { Sound } from './synthesise.ts';

const HOP = 512;
const WINDOW = 1024;

function mono({ samples }: Sound): Float32Array {
  const sum = new Float32Array(samples.length / 2);
  for (let i = 0; i < sum.length; i++) sum[i] = ((samples[2 * i] ?? 0) + (samples[2 * i + 1] ?? 0)) / 2;
  return sum;
}

/** Magnitudes of windows of `size` samples, `hop` apart (Hann). */
function* spectra(samples: Float32Array, size: number, hop: number): Generator<Float32Array> {
  const fft = new FFT(size);
  const hann = Float32Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
  const input = new Array<number>(size).fill(0);
  const output = fft.createComplexArray() as number[];
  for (let start = 0; start + size <= samples.length; start += hop) {
    for (let i = 0; i < size; i++) input[i] = (samples[start + i] ?? 0) * (hann[i] ?? 0);
    fft.realTransform(output, input);
    const magnitudes = new Float32Array(size / 2);
    for (let bin = 0; bin < magnitudes.length; bin++) {
      const real = output[2 * bin] ?? 0;
      const imaginary = output[2 * bin + 1] ?? 0;
      magnitudes[bin] = Math.sqrt(real * real + imaginary * imaginary);
    }
    yield magnitudes;
  }
}

/** How much of the spectrum is new in each frame (log-compressed flux), and how many frames a second. */
function onsets(sound: Sound): { readonly flux: readonly number[]; readonly framesPerSecond: number } {
  let before: Float32Array | null = null;
  const flux: number[] = [];
  for (const spectrum of spectra(mono(sound), WINDOW, HOP)) {
    const compressed = spectrum.map((value) => Math.log1p(10 * value));
    let rise = 0;
    if (before !== null) {
      for (let bin = 0; bin < compressed.length; bin++) {
        rise += Math.max(0, (compressed[bin] ?? 0) - (before[bin] ?? 0));
      }
    }
    flux.push(rise);
    before = compressed;
  }
  return { flux, framesPerSecond: sound.sampleRateHz / HOP };
}

/**
 * How regular the onsets are at each tempo: autocorrelation at the beat's period as a part of that at lag 0
 * (1 = each beat is like the one before, 0 = no relation).
 */
export function beatStrengths(sound: Sound, tempos: readonly number[]): readonly number[] {
  const { flux, framesPerSecond } = onsets(sound);
  const mean = flux.reduce((sum, value) => sum + value, 0) / flux.length;
  const centred = flux.map((value) => value - mean);
  const at = (lag: number): number => {
    let sum = 0;
    for (let i = 0; i + lag < centred.length; i++) sum += (centred[i] ?? 0) * (centred[i + lag] ?? 0);
    return sum / (centred.length - lag);
  };
  return tempos.map((bpm) => {
    // Over four beats, so that rounding to frames matters little.
    const lag = (4 * 60 * framesPerSecond) / bpm;
    return Math.max(at(Math.floor(lag)), at(Math.ceil(lag))) / at(0);
  });
}

/** Energy of the twelve pitch classes (0 = C) between 100 and 1760 Hz, as parts of 1. */
export function chroma(sound: Sound): readonly number[] {
  const size = 16_384;
  const classes = new Array<number>(12).fill(0);
  for (const spectrum of spectra(mono(sound), size, size / 2)) {
    // Drums and noise have peaks too, but low ones.
    const floor = 0.04 * Math.max(...spectrum);
    for (let bin = 1; bin < spectrum.length - 1; bin++) {
      const hz = (bin * sound.sampleRateHz) / size;
      const value = spectrum[bin] ?? 0;
      const peak = value > (spectrum[bin - 1] ?? 0) && value > (spectrum[bin + 1] ?? 0);
      if (hz < 100 || hz > 1760 || value < floor || !peak) continue;
      const pitch = ((Math.round(12 * Math.log2(hz / 440)) % 12) + 21) % 12;
      classes[pitch] = (classes[pitch] ?? 0) + Math.sqrt(value);
    }
  }
  const sum = classes.reduce((total, value) => total + value, 0);
  return classes.map((value) => value / sum);
}
