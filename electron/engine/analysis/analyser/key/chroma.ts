/**
 * What pitches a recording is made of: peaks of its spectrum, octaves folded onto each other, in steps of ten cents, so that
 * the tuning can be found afterwards. Three registers are kept apart, since basses play roots.
 */
import FFT from 'fft.js';
import { createDecimator } from './decimate.ts';

/** What is pushed, and what it is looked at at. */
export const INPUT_RATE_HZ = 16_000;
const RATE_HZ = INPUT_RATE_HZ / 4;
const SIZE = 4096;
const HOP = 1280;
/** Steps of an octave. */
export const STEPS = 120;
export const REGISTERS = 3;
const LOWEST_HZ = 55;
const HIGHEST_HZ = 1600;
/** Where one register turns into the next: half an octave to each side, so that no note jumps. */
const registerEdgesHz: readonly number[] = [200, 500];
/** The step 0 is C; A = 440 Hz is nine semitones above. */
const C_HZ = 440 * 2 ** (-9 / 12);
/** A peak stands so far above the mean around it, or it is noise; amplitudes. */
const PEAK_ABOVE = 2;
/** Bins to each side that the mean is taken of. */
const AROUND = 24;
/** Frames quieter than this, of full scale, are silence. */
const SILENT_POWER = 1e-10;

export interface Chroma {
  /** [3 registers] of [120 steps], low first, C first; the sum of all frames. */
  readonly registers: readonly Float64Array[];
  /** Frames that were not silent. */
  readonly frames: number;
  /** How much of the strength of the spectrum is peaks, 0..1, on average. */
  readonly tonality: number;
}

export interface ChromaMeter {
  /** Mono samples, 16,000 a second. */
  push(samples: Float32Array): void;
  finish(): Chroma;
}

export function createChromaMeter(): ChromaMeter {
  const decimate = createDecimator();
  const frame = createFrame();
  const buffer = new Float32Array(SIZE);
  let filled = 0;
  let taken = 0;
  return {
    push(samples) {
      const slow = decimate(samples);
      for (let at = 0; at < slow.length;) {
        const part = slow.subarray(at, at + SIZE - filled);
        buffer.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled < SIZE) break;
        frame.add(buffer);
        taken += 1;
        buffer.copyWithin(0, HOP);
        filled = SIZE - HOP;
      }
    },
    finish() {
      if (taken === 0 && filled > 0) {
        buffer.fill(0, filled);
        frame.add(buffer);
      }
      return frame.read();
    },
  };
}

function createFrame(): { add(samples: Float32Array): void; read(): Chroma } {
  const fft = new FFT(SIZE);
  const window = Float64Array.from(
    { length: SIZE },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / SIZE),
  );
  const windowed = new Float64Array(SIZE);
  const spectrum = new Float64Array(2 * SIZE);
  const hzPerBin = RATE_HZ / SIZE;
  const from = Math.floor(LOWEST_HZ / hzPerBin);
  const to = Math.ceil(HIGHEST_HZ / hzPerBin);
  const bins = to + AROUND + 2;
  const sizes = new Float64Array(bins);
  /** Sums up to each bin: the mean around one is a difference. */
  const sums = new Float64Array(bins + 1);
  /** How far a bin is above each edge, 0..1. */
  const [aboveLow, aboveMiddle] = registerEdgesHz.map((edge) =>
    Float64Array.from({ length: bins }, (_, bin) =>
      Math.min(1, Math.max(0, Math.log2(Math.max(1, bin * hzPerBin) / edge) + 0.5)),
    ),
  ) as [Float64Array, Float64Array];
  /** One frame's peaks, [register x step]. */
  const found = new Float64Array(REGISTERS * STEPS);
  const total = new Float64Array(REGISTERS * STEPS);
  let frames = 0;
  let tonal = 0;

  /** Fills sizes and sums. @returns the mean square */
  function transform(samples: Float32Array): number {
    let power = 0;
    for (let n = 0; n < SIZE; n += 1) {
      const value = samples[n] as number;
      power += value * value;
      windowed[n] = value * (window[n] as number);
    }
    fft.realTransform(spectrum, windowed);
    let sum = 0;
    for (let bin = 0; bin < bins; bin += 1) {
      const real = spectrum[2 * bin] as number;
      const imaginary = spectrum[2 * bin + 1] as number;
      const size = Math.sqrt(real * real + imaginary * imaginary);
      sizes[bin] = size;
      sum += size;
      sums[bin + 1] = sum;
    }
    return power / SIZE;
  }

  return {
    add(samples) {
      const power = transform(samples);
      // Written so that NaN fails it too.
      if (!(power > SILENT_POWER)) return;
      found.fill(0);
      let peaks = 0;
      for (let bin = from; bin < to; bin += 1) {
        const size = sizes[bin] as number;
        const left = sizes[bin - 1] as number;
        const right = sizes[bin + 1] as number;
        if (size < left || size <= right) continue;
        const start = Math.max(0, bin - AROUND);
        const around =
          ((sums[bin + AROUND + 1] as number) - (sums[start] as number)) / (bin + AROUND + 1 - start);
        if (size < PEAK_ABOVE * around) continue;
        // The top of the parabola through the logarithms.
        const a = Math.log(left + 1e-30);
        const b = Math.log(size);
        const c = Math.log(right + 1e-30);
        const place = bin + (0.5 * (a - c)) / (a - 2 * b + c);
        const octaves = Math.log2((place * hzPerBin) / C_HZ) + 10;
        const step = Math.floor((octaves - Math.floor(octaves)) * STEPS + 0.5) % STEPS;
        const strength = Math.sqrt(size - around);
        const low = aboveLow[bin] as number;
        const middle = aboveMiddle[bin] as number;
        found[step] = (found[step] as number) + strength * (1 - low);
        found[STEPS + step] = (found[STEPS + step] as number) + strength * (low - middle);
        found[2 * STEPS + step] = (found[2 * STEPS + step] as number) + strength * middle;
        peaks += size + left + right;
      }
      const whole = (sums[to] as number) - (sums[from] as number);
      frames += 1;
      tonal += Math.min(1, peaks / whole);
      // Every frame counts the same, loud or quiet.
      let strengths = 0;
      for (const strength of found) strengths += strength;
      if (strengths <= 0) return;
      for (let at = 0; at < total.length; at += 1)
        total[at] = (total[at] as number) + (found[at] as number) / strengths;
    },
    read: () => ({
      registers: Array.from({ length: REGISTERS }, (_, register) =>
        total.slice(register * STEPS, (register + 1) * STEPS),
      ),
      frames,
      tonality: frames === 0 ? 0 : tonal / frames,
    }),
  };
}
