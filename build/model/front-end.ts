/** The two front ends: what the teachers take, and the student's, which is every other frame of it. */
import type { FrontEndSettings } from '#engine/analysis/model-manifest.ts';

/** As the teachers were trained: see their README. Values are in dB, not standardised. */
export const teacherFrontEnd: FrontEndSettings = {
  kind: 'log-mel',
  sampleRateHz: 16_000,
  fftSize: 512,
  hopSize: 256,
  melBands: 96,
  minimumHz: 0,
  maximumHz: 8_000,
  melScale: 'htk',
  normalisation: 'none',
  floor: 1e-10,
  mean: 0,
  deviation: 1,
};

/** Frames of a teacher's window: 29.0 s. */
export const teacherFrames = 1813;
/** Frames of the student's window: hop 512, so frame n is the teacher's frame 2n. */
export const studentFrames = 906;

/** The student's: twice the hop, standardised by the mean and deviation over the training windows. */
export function studentFrontEnd(mean: number, deviation: number): FrontEndSettings {
  return { ...teacherFrontEnd, hopSize: 512, mean, deviation };
}

/** Stored spectrograms: one byte a value, 0.6 dB apart from -100 dB (an error of 0.17 dB, far below what labels notice). */
const lowestDecibels = -100;
const stepDecibels = 0.6;

/** dB → bytes. */
export function packDecibels(values: Float32Array): Uint8Array {
  const packed = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index++)
    packed[index] = Math.max(
      0,
      Math.min(255, Math.round(((values[index] as number) - lowestDecibels) / stepDecibels)),
    );
  return packed;
}

export function decibelsOf(packed: number): number {
  return lowestDecibels + packed * stepDecibels;
}

/** Bytes → dB. */
export function unpackDecibels(packed: Uint8Array): Float32Array {
  return Float32Array.from(packed, decibelsOf);
}

/** A teacher's window [1813 × bands] → the student's [906 × bands]: its even frames. */
export function studentWindow(window: Uint8Array, bands = teacherFrontEnd.melBands): Uint8Array {
  const result = new Uint8Array(studentFrames * bands);
  for (let frame = 0; frame < studentFrames; frame++)
    result.set(window.subarray(2 * frame * bands, (2 * frame + 1) * bands), frame * bands);
  return result;
}
