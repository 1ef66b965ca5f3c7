/**
 * Acoustic descriptors of a clip, for the hybrid network: tempo, chroma, MFCC, spectral contrast. Pure; mono samples
 * in, numbers out. Everything ends at `lowPassHz`: copies of clips go round at 16 and at 22 kHz, and which it is
 * must not tell the genre. Written here and not taken from a library: it is what the app's front end leaves to do (a cosine
 * transform, folding bins into pitches), and the libraries for Node have neither tempo nor contrast.
 */
import FFT from 'fft.js';
import { logMelSpectrogram } from '#engine/analysis/analyser/log-mel.ts';
import { bandEdgesHz } from '#engine/analysis/analyser/mel-filterbank.ts';
import type { FrontEndSettings } from '#engine/analysis/model-manifest.ts';
import { teacherFrontEnd } from '../front-end.ts';

/** Above it copies of one clip differ. */
export const lowPassHz = 7000;
export const cepstralCoefficients = 20;
const pitches = 12;

/** How many mel bands lie below the low-pass (a band ends half-way to the next one's centre). */
export function keptBands(settings: FrontEndSettings): number {
  return bandEdgesHz(settings).filter((edge, index) => index > 0 && edge <= lowPassHz).length;
}

/** All descriptors of a clip, always in the same order (78 numbers). */
export function describe(samples: Float32Array, sampleRateHz: number): Float32Array {
  const { bpm, clarity } = tempoOf(samples, sampleRateHz);
  const spectra = powerSpectra(samples);
  return Float32Array.from([
    Math.log2(bpm / 120),
    clarity,
    ...meanAndDeviation(chroma(spectra, sampleRateHz)),
    ...meanAndDeviation(mfcc(samples)),
    ...meanAndDeviation(contrast(spectra, sampleRateHz)),
  ]);
}

/** Mel-frequency cepstral coefficients [frames][20]: orthonormal DCT-II of the decibels below the low-pass (librosa's). */
export function mfcc(samples: Float32Array): Float64Array[] {
  const { frames, data } = logMelSpectrogram(samples, teacherFrontEnd);
  const { melBands } = teacherFrontEnd;
  const bands = keptBands(teacherFrontEnd);
  const basis = Array.from({ length: cepstralCoefficients }, (_, order) =>
    Float64Array.from(
      { length: bands },
      (__, band) =>
        Math.sqrt((order === 0 ? 1 : 2) / bands) * Math.cos((Math.PI * order * (band + 0.5)) / bands),
    ),
  );
  return Array.from({ length: frames }, (_, frame) => {
    const row = data.subarray(frame * melBands, frame * melBands + bands);
    return Float64Array.from(basis, (wave) =>
      wave.reduce((sum, value, band) => sum + value * (row[band] as number), 0),
    );
  });
}

const fftSize = 4096;
const hopSize = 2048;

/** Power spectra [frames][2049] of Hann windows of a quarter of a second. Empty for a clip shorter than one. */
export function powerSpectra(samples: Float32Array): Float64Array[] {
  const fft = new FFT(fftSize);
  const spectrum = new Float64Array(2 * fftSize);
  const windowed = new Float64Array(fftSize);
  const spectra: Float64Array[] = [];
  for (let start = 0; start + fftSize <= samples.length; start += hopSize) {
    for (let n = 0; n < fftSize; n++)
      windowed[n] = (samples[start + n] as number) * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / fftSize));
    fft.realTransform(spectrum, windowed);
    spectra.push(
      Float64Array.from(
        { length: fftSize / 2 + 1 },
        (_, bin) => (spectrum[2 * bin] as number) ** 2 + (spectrum[2 * bin + 1] as number) ** 2,
      ),
    );
  }
  return spectra;
}

/** Lowest and highest frequency that counts for chroma: C2 (below it a bin is wider than a semitone), and C8. */
const chromaRange = [65, 4200] as const;

/** How strong each pitch class is [frames][12], from C; the strongest of a frame is 1 (a silent frame is all 0). */
export function chroma(spectra: readonly Float64Array[], sampleRateHz: number): Float64Array[] {
  return spectra.map((power) => {
    const row = new Float64Array(pitches);
    // Only local maxima: what leaks into the neighbouring bins is a semitone or more away in the bass.
    for (let bin = 1; bin < power.length - 1; bin++) {
      const hz = (bin * sampleRateHz) / fftSize;
      const value = power[bin] as number;
      if (hz < chromaRange[0] || hz > chromaRange[1]) continue;
      if (value < (power[bin - 1] as number) || value < (power[bin + 1] as number)) continue;
      const midi = 69 + 12 * Math.log2(exactHz(power, bin, sampleRateHz) / 440);
      (row[((Math.round(midi) % pitches) + pitches) % pitches] as number) += Math.sqrt(value);
    }
    const strongest = Math.max(...row);
    return strongest > 1e-9 ? row.map((value) => value / strongest) : row;
  });
}

/** The frequency of a peak between bins: a parabola through the logarithms of three. */
function exactHz(power: Float64Array, bin: number, sampleRateHz: number): number {
  const [left, middle, right] = [-1, 0, 1].map((offset) =>
    Math.log(Math.max(power[bin + offset] as number, 1e-300)),
  ) as [number, number, number];
  const bend = left - 2 * middle + right;
  const shift = bend < 0 ? (0.5 * (left - right)) / bend : 0;
  return ((bin + shift) * sampleRateHz) / fftSize;
}

/** Octaves from 200 Hz up, and what is below. */
const contrastEdgesHz = [0, 200, 400, 800, 1600, 3200, 6400];
/** So much of a band, at least one bin, is its peak and its valley. */
const contrastShare = 0.02;

/** Spectral contrast [frames][6], dB between the strongest and the weakest bins of each octave (Jiang et al. 2002). */
export function contrast(spectra: readonly Float64Array[], sampleRateHz: number): Float64Array[] {
  const bins = contrastEdgesHz.map((hz) => Math.round((hz * fftSize) / sampleRateHz));
  return spectra.map((power) =>
    Float64Array.from({ length: bins.length - 1 }, (_, band) => {
      const sorted = power.slice(bins[band], bins[band + 1]).sort();
      const count = Math.max(1, Math.round(contrastShare * sorted.length));
      const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / count;
      const decibels = (value: number) => 10 * Math.log10(Math.max(value, 1e-10));
      return decibels(mean(sorted.slice(-count))) - decibels(mean(sorted.slice(0, count)));
    }),
  );
}

const onsetFrontEnd: FrontEndSettings = { ...teacherFrontEnd, hopSize: 160, melBands: 40 };
const slowestBpm = 45;
const fastestBpm = 220;
/** Neighbouring tempos of the search are this far apart. */
const tempoStep = 1.0025;
/** Beats of a tempo that are looked at together. */
const beatsTogether = 4;

/**
 * The tempo: where the onsets repeat after one, two, three and four beats and not between them, near 120 (a log-normal
 * preference one octave wide, as librosa's). Clarity is how much they do, from 0.
 */
export function tempoOf(samples: Float32Array, sampleRateHz: number): { bpm: number; clarity: number } {
  const onsets = onsetStrength(samples);
  const framesPerSecond = sampleRateHz / onsetFrontEnd.hopSize;
  const correlation = autocorrelation(
    onsets,
    Math.ceil(((beatsTogether * 60) / slowestBpm) * framesPerSecond) + 2,
  );
  const at = (lag: number) => {
    const whole = Math.floor(lag);
    const [left, right] = [correlation[whole] ?? 0, correlation[whole + 1] ?? 0];
    return left + (lag - whole) * (right - left);
  };
  let best = { bpm: 120, clarity: 0, score: 0 };
  for (let bpm = slowestBpm; bpm <= fastestBpm; bpm *= tempoStep) {
    const lag = (60 / bpm) * framesPerSecond;
    let [on, between] = [0, 0];
    for (let beat = 1; beat <= beatsTogether; beat++) {
      on += at(beat * lag) / beatsTogether;
      between += at((beat - 0.5) * lag) / beatsTogether;
    }
    const score = (on - 0.5 * Math.max(between, 0)) * Math.exp(-0.5 * Math.log2(bpm / 120) ** 2);
    if (score > best.score) best = { bpm, clarity: on, score };
  }
  return { bpm: best.bpm, clarity: best.clarity };
}

/** How much louder the bands got since the last frame, without its slow part; 100 a second. */
function onsetStrength(samples: Float32Array): Float64Array {
  const { frames, data } = logMelSpectrogram(samples, onsetFrontEnd);
  const { melBands } = onsetFrontEnd;
  // Below 60 dB under the loudest there is only noise of the recording.
  const quiet = data.reduce((most, value) => Math.max(most, value), -Infinity) - 60;
  const strength = new Float64Array(frames);
  const bands = keptBands(onsetFrontEnd);
  for (let frame = 1; frame < frames; frame++)
    for (let band = 0; band < bands; band++) {
      const now = Math.max(data[frame * melBands + band] as number, quiet);
      const before = Math.max(data[(frame - 1) * melBands + band] as number, quiet);
      (strength[frame] as number) += Math.max(0, now - before) / bands;
    }
  const smooth = strength.map((_, frame) => {
    const near = strength.slice(Math.max(0, frame - 2), frame + 3);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
  const mean = smooth.reduce((sum, value) => sum + value, 0) / Math.max(frames, 1);
  return smooth.map((value) => value - mean);
}

/** Of each lag; 1 at 0, or all 0 for a constant. */
function autocorrelation(values: Float64Array, lags: number): Float64Array {
  const energy = values.reduce((sum, value) => sum + value * value, 0);
  return Float64Array.from({ length: lags }, (_, lag) => {
    let sum = 0;
    for (let index = lag; index < values.length; index++)
      sum += (values[index] as number) * (values[index - lag] as number);
    // Longer lags have fewer products.
    return energy > 1e-9 ? (sum / energy) * (values.length / Math.max(values.length - lag, 1)) : 0;
  });
}

/** [frames][width] → mean of each column, then deviation of each. */
export function meanAndDeviation(rows: readonly Float64Array[]): number[] {
  const width = rows[0]?.length ?? 0;
  const means = Array.from(
    { length: width },
    (_, column) => rows.reduce((sum, row) => sum + (row[column] as number), 0) / rows.length,
  );
  const deviations = means.map((mean, column) =>
    Math.sqrt(rows.reduce((sum, row) => sum + ((row[column] as number) - mean) ** 2, 0) / rows.length),
  );
  return [...means, ...deviations];
}
