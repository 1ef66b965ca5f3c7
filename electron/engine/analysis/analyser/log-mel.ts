/**
 * The front end: power mel spectrogram in decibels. Convention (librosa.feature.melspectrogram with
 * center=True, pad_mode='reflect', power=2; torchaudio.transforms.MelSpectrogram the same): frame t is centred
 * on sample t * hop, the signal is reflected at its true start and end, the Hann window is periodic,
 * 10 * log10(max(power, floor)), no relation to the track's peak. Values are not standardised here.
 */
import FFT from 'fft.js';
import type { FrontEndSettings } from '../model-manifest.ts';
import { melFilterbank } from './mel-filterbank.ts';

/** Samples kept beyond one frame before they are moved to the front of the buffer: moves stay rare. */
const BUFFER_SAMPLES = 1 << 16;

/** Takes samples as they are decoded, gives frames as soon as they are complete. */
export interface LogMelStream {
  push(samples: Float32Array): void;
  /** The signal has ended: gives the last frames, which look past its end. Call once. */
  finish(): void;
}

/** How many frames a signal of so many samples has. */
export function frameCount(samples: number, settings: FrontEndSettings): number {
  return samples === 0 ? 0 : 1 + Math.floor(samples / settings.hopSize);
}

/** Decibels that stand for silence: what a frame without any power holds in every band. */
export function floorDecibels(settings: FrontEndSettings): number {
  return 10 * Math.log10(settings.floor);
}

/** One frame of fftSize samples at `offset` -> melBands decibels. */
function createFrameTransform(settings: FrontEndSettings) {
  const { fftSize, melBands, floor } = settings;
  const fft = new FFT(fftSize);
  const window = Float64Array.from(
    { length: fftSize },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / fftSize),
  );
  const filters = melFilterbank(settings);
  const bins = fftSize / 2 + 1;
  const windowed = new Float64Array(fftSize);
  const spectrum = new Float64Array(fftSize * 2);
  const power = new Float64Array(bins);
  const quiet = floorDecibels(settings);
  return function transform(samples: Float32Array, offset: number, frame: Float32Array): void {
    for (let n = 0; n < fftSize; n += 1)
      windowed[n] = (samples[offset + n] as number) * (window[n] as number);
    fft.realTransform(spectrum, windowed);
    for (let bin = 0; bin < bins; bin += 1) {
      const real = spectrum[2 * bin] as number;
      const imaginary = spectrum[2 * bin + 1] as number;
      power[bin] = real * real + imaginary * imaginary;
    }
    for (let band = 0; band < melBands; band += 1) {
      const { first, weights } = filters[band] as (typeof filters)[number];
      let sum = 0;
      for (let index = 0; index < weights.length; index += 1) {
        sum += (weights[index] as number) * (power[first + index] as number);
      }
      frame[band] = sum > floor ? 10 * Math.log10(sum) : quiet;
    }
  };
}

/**
 * A front end for one signal of any length; memory does not grow with it.
 * @param onFrame gets melBands decibels in an array that is used again for the next frame: copy it.
 */
export function createLogMel(
  settings: FrontEndSettings,
  onFrame: (frame: Float32Array) => void,
): LogMelStream {
  const { fftSize, hopSize, melBands } = settings;
  const margin = fftSize / 2;
  const transform = createFrameTransform(settings);
  const frame = new Float32Array(melBands);
  const buffer = new Float32Array(BUFFER_SAMPLES + 2 * fftSize);
  /** Valid samples of the buffer; the first `margin` of a signal are its reflection. */
  let filled = margin;
  let next = 0;
  let total = 0;
  let opened = false;

  function emit(): void {
    while (next + fftSize <= filled) {
      transform(buffer, next, frame);
      onFrame(frame);
      next += hopSize;
    }
  }

  /** Fills the reflected start; a signal shorter than the margin is folded back and forth. */
  function open(): void {
    opened = true;
    for (let n = 1; n <= margin; n += 1) buffer[margin - n] = buffer[margin + fold(n, total)] as number;
  }

  /** Keeps what the next frame and the reflection of the end need. */
  function compact(): void {
    const keep = Math.min(next, filled - fftSize);
    if (keep <= 0) return;
    buffer.copyWithin(0, keep, filled);
    filled -= keep;
    next -= keep;
  }

  return {
    push(samples) {
      for (let taken = 0; taken < samples.length;) {
        if (filled + margin >= buffer.length) compact();
        const part = samples.subarray(taken, taken + buffer.length - margin - filled);
        buffer.set(part, filled);
        filled += part.length;
        total += part.length;
        taken += part.length;
        if (!opened && total > margin) open();
        if (opened) emit();
      }
    },
    finish() {
      if (total === 0) return;
      if (!opened) open();
      const start = filled - total;
      for (let n = 0; n < margin; n += 1) {
        // Short signals lie wholly in the buffer behind the margin; of long ones only the end is needed.
        buffer[filled + n] = buffer[start + fold(total + n, total)] as number;
      }
      filled += margin;
      emit();
    },
  };
}

/** Index inside 0..length-1 of a signal mirrored without repeating its edge samples (numpy's 'reflect'). */
function fold(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const inside = index % period;
  return inside < length ? inside : period - inside;
}

/** The whole spectrogram of a signal: Float32 [frames x melBands], decibels. */
export function logMelSpectrogram(
  samples: Float32Array,
  settings: FrontEndSettings,
): { readonly frames: number; readonly data: Float32Array } {
  const frames = frameCount(samples.length, settings);
  const data = new Float32Array(frames * settings.melBands);
  let at = 0;
  const stream = createLogMel(settings, (frame) => {
    data.set(frame, at);
    at += settings.melBands;
  });
  stream.push(samples);
  stream.finish();
  return { frames, data };
}

/** Decibels -> what the model takes: (x - mean) / deviation, in place. */
export function standardise(data: Float32Array, settings: FrontEndSettings): Float32Array {
  const { mean, deviation } = settings;
  for (let index = 0; index < data.length; index += 1)
    data[index] = ((data[index] as number) - mean) / deviation;
  return data;
}
