/**
 * The K-weighting of ITU-R BS.1770-4, for any sample rate, and the loop that goes over every sample of a recording: it
 * gives all at once that levels are made of.
 */

/** The prototypes behind the coefficients that the standard gives for 48 kHz (B. De Man, "Evaluation of implementations of the EBU R128 loudness measurement", 2018). */
const SHELF = { hz: 1681.974450955533, gainDb: 3.999843853973347, q: 0.7071752369554196 };
const HIGH_PASS = { hz: 38.13547087602444, q: 0.5003270373238773 };
const STANDARD_RATE_HZ = 48_000;
/** The high pass goes over sums of so many samples; filters take multiples of it. */
export const GRAIN = 4;
/** Numbers that fade for ever make a processor slow. */
const SILENCE = 1e-25;

export interface KWeighting {
  /** Feedback of the shelf, then what its earlier values add to the output (the first counts 1). */
  readonly shelf: readonly [a1: number, a2: number, b1: number, b2: number];
  /** Feedback of the high pass, and what the second difference is multiplied with. */
  readonly highPass: readonly [a1: number, a2: number, b0: number];
  /** What a sum of squares has to be multiplied with. */
  readonly power: number;
  /** What a sum of what the shelf lets through has to be multiplied with, to be the sum of the samples. */
  readonly mean: number;
}

/** @param sampleRateHz 8,000 or more: below, the shelf has no room (it is then as at 8,000) */
export function kWeighting(sampleRateHz: number): KWeighting {
  const rate = Math.max(8000, sampleRateHz);
  const k = Math.tan((Math.PI * SHELF.hz) / rate);
  const high = 10 ** (SHELF.gainDb / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / SHELF.q + k * k;
  const b0 = (high + (band * k) / SHELF.q + k * k) / a0;
  const low = highPass(rate / GRAIN);
  return {
    shelf: [
      (2 * (k * k - 1)) / a0,
      (1 - k / SHELF.q + k * k) / a0,
      (2 * (k * k - high)) / a0 / b0,
      (high - (band * k) / SHELF.q + k * k) / a0 / b0,
    ],
    highPass: [low.a1, low.a2, 1 / low.a0],
    // The standard's high pass lets slightly more than 1 through, at 48 kHz: at every rate as much as there.
    power: (b0 * highPass(STANDARD_RATE_HZ).a0) ** 2,
    mean: b0,
  };
}

function highPass(rate: number): { readonly a0: number; readonly a1: number; readonly a2: number } {
  const k = Math.tan((Math.PI * HIGH_PASS.hz) / rate);
  const a0 = 1 + k / HIGH_PASS.q + k * k;
  return { a0, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / HIGH_PASS.q + k * k) / a0 };
}

/** What is measured of a few samples of two channels: first, then second. */
export interface PairMeasure {
  /** Sums of the weighted squares; still to be multiplied with KWeighting.power. */
  readonly energy: Float64Array;
  /** Sums of the samples; still to be multiplied with KWeighting.mean. */
  readonly sum: Float64Array;
  /** Largest amplitudes. */
  readonly peak: Float64Array;
}

export interface PairFilter {
  readonly measure: PairMeasure;
  /** Fills `measure`. Takes multiples of GRAIN. Values that are no numbers make `energy` one of them. */
  run(first: Float32Array, second: Float32Array, from: number, to: number): void;
  /** Forgets the last run, as if it had not been; once. */
  back(): void;
}

/**
 * The filter of two channels at a time: each waits for its own last value, so two together take little longer than one.
 * For a single channel, give it twice.
 *
 * The high pass works at 38 Hz, so what it takes away is found from means of four samples (h of them is what passes, W the
 * means' sum): the energy of the samples less that is their energy less (W - h) (W + h) / 4.
 */
export function createPairFilter({ shelf, highPass: low }: KWeighting): PairFilter {
  const [a1, a2, b1, b2] = shelf;
  const [c1, c2, gain] = low;
  const state = new Float64Array(8);
  const before = new Float64Array(8);
  const energy = new Float64Array(2);
  const sum = new Float64Array(2);
  const peak = new Float64Array(2);
  return {
    measure: { energy, sum, peak },
    run(first, second, from, to) {
      before.set(state);
      let v1 = state[0] as number;
      let v2 = state[1] as number;
      let w1 = state[2] as number;
      let w2 = state[3] as number;
      let x1 = state[4] as number;
      let x2 = state[5] as number;
      let y1 = state[6] as number;
      let y2 = state[7] as number;
      let firstEnergy = 0;
      let secondEnergy = 0;
      let firstSum = 0;
      let secondSum = 0;
      let firstPeak = 0;
      let secondPeak = 0;
      for (let index = from; index < to;) {
        let left = 0;
        let right = 0;
        for (const end = index + GRAIN; index < end; index += 1) {
          const a = first[index] as number;
          const b = second[index] as number;
          firstPeak = Math.max(firstPeak, Math.abs(a));
          secondPeak = Math.max(secondPeak, Math.abs(b));
          const v = a - a2 * v2 - a1 * v1;
          const x = b - a2 * x2 - a1 * x1;
          const leftOut = v + b2 * v2 + b1 * v1;
          const rightOut = x + b2 * x2 + b1 * x1;
          v2 = v1;
          v1 = v;
          x2 = x1;
          x1 = x;
          firstEnergy += leftOut * leftOut;
          secondEnergy += rightOut * rightOut;
          left += leftOut;
          right += rightOut;
        }
        const w = left - c2 * w2 - c1 * w1;
        const y = right - c2 * y2 - c1 * y1;
        const leftPassed = gain * (w - w1 - w1 + w2);
        const rightPassed = gain * (y - y1 - y1 + y2);
        w2 = w1;
        w1 = w;
        y2 = y1;
        y1 = y;
        firstEnergy -= ((left - leftPassed) * (left + leftPassed)) / GRAIN;
        secondEnergy -= ((right - rightPassed) * (right + rightPassed)) / GRAIN;
        firstSum += left;
        secondSum += right;
      }
      state[0] = v1;
      state[1] = v2;
      state[2] = w1;
      state[3] = w2;
      state[4] = x1;
      state[5] = x2;
      state[6] = y1;
      state[7] = y2;
      for (let index = 0; index < 8; index += 1) {
        if (Math.abs(state[index] as number) < SILENCE) state[index] = 0;
      }
      energy[0] = firstEnergy;
      energy[1] = secondEnergy;
      sum[0] = firstSum;
      sum[1] = secondSum;
      peak[0] = firstPeak;
      peak[1] = secondPeak;
    },
    back: () => state.set(before),
  };
}
