/**
 * Splits samples into three bands and measures each: the hot loop of the waveform. Linkwitz-Riley crossovers
 * (24 dB an octave), so that a tone lands in one band.
 */
export const LOW_CROSSOVER_HZ = 200;
export const HIGH_CROSSOVER_HZ = 2000;
/** After each measure, filter states below this become zero: numbers that fade for ever make a processor slow. */
const SILENCE = 1e-20;

export type Amplitudes = readonly [low: number, mid: number, high: number];

export interface Bands {
  /** `measure` takes multiples of so many samples. */
  readonly step: number;
  /** Largest amplitudes of the next samples of a recording. */
  measure(samples: Float32Array, count: number): Amplitudes;
}

/** @param mostSamples how many are measured at once, at most */
export function createBands(sampleRateHz: number, mostSamples: number): Bands {
  // What is left below the upper crossover needs no more than some 10,000 values a second.
  const step = sampleRateHz >= 32_000 ? 4 : sampleRateHz >= 16_000 ? 2 : 1;
  const upper = section(HIGH_CROSSOVER_HZ, sampleRateHz);
  const slow = section(HIGH_CROSSOVER_HZ, sampleRateHz / step);
  const lower = section(LOW_CROSSOVER_HZ, sampleRateHz / step);
  /** The filters leave their gains out: here they are, once a point instead of once a sample. */
  const belowUpper = (upper.low * slow.low) / step;
  const gains = [belowUpper * lower.low ** 2, belowUpper * lower.high ** 2, upper.high ** 2] as const;
  /** What is below the upper crossover. */
  const below = new Float64Array(Math.ceil(mostSamples / step));
  /** Values of one and of two samples ago, of each filter in turn. */
  const fast = new Float64Array(4);
  const late = new Float64Array(8);

  /*
   * The two hot loops: states in local variables, no branches. Of a filter, a1 and a2 are the values of one and
   * two samples ago; its low and its high pass share them.
   */

  /** Upper crossover: fills `below`, and gives the largest value above. */
  function split(samples: Float32Array, count: number, { first, second }: Section): number {
    let a1 = fast[0] as number;
    let a2 = fast[1] as number;
    let b1 = fast[2] as number;
    let b2 = fast[3] as number;
    let largest = 0;
    let slowIndex = 0;
    for (let index = 0; index < count; slowIndex += 1) {
      let sum = 0;
      for (const end = index + step; index < end; index += 1) {
        const a = (samples[index] as number) - second * a2 - first * a1;
        const ends = a + a2;
        const middle = a1 + a1;
        a2 = a1;
        a1 = a;
        sum += ends + middle;
        const b = ends - middle - second * b2 - first * b1;
        largest = Math.max(largest, Math.abs(b - b1 - b1 + b2));
        b2 = b1;
        b1 = b;
      }
      below[slowIndex] = sum;
    }
    fast[0] = a1;
    fast[1] = a2;
    fast[2] = b1;
    fast[3] = b2;
    return largest;
  }

  /** The rest of the upper crossover, and the lower one: the largest low and mid values of `below`. */
  function splitBelow(
    count: number,
    upperRest: Section,
    { first, second }: Section,
  ): readonly [number, number] {
    const upperFirst = upperRest.first;
    const upperSecond = upperRest.second;
    let d1 = late[0] as number;
    let d2 = late[1] as number;
    let e1 = late[2] as number;
    let e2 = late[3] as number;
    let f1 = late[4] as number;
    let f2 = late[5] as number;
    let g1 = late[6] as number;
    let g2 = late[7] as number;
    let low = 0;
    let mid = 0;
    for (let index = 0; index < count; index += 1) {
      const d = (below[index] as number) - upperSecond * d2 - upperFirst * d1;
      const e = d + d1 + d1 + d2 - second * e2 - first * e1;
      d2 = d1;
      d1 = d;
      const ends = e + e2;
      const middle = e1 + e1;
      e2 = e1;
      e1 = e;
      const f = ends + middle - second * f2 - first * f1;
      low = Math.max(low, Math.abs(f + f1 + f1 + f2));
      f2 = f1;
      f1 = f;
      const g = ends - middle - second * g2 - first * g1;
      mid = Math.max(mid, Math.abs(g - g1 - g1 + g2));
      g2 = g1;
      g1 = g;
    }
    late[0] = d1;
    late[1] = d2;
    late[2] = e1;
    late[3] = e2;
    late[4] = f1;
    late[5] = f2;
    late[6] = g1;
    late[7] = g2;
    return [low, mid];
  }

  function quieten(state: Float64Array): void {
    for (let index = 0; index < state.length; index += 1) {
      if (Math.abs(state[index] as number) < SILENCE) state[index] = 0;
    }
  }

  return {
    step,
    measure(samples, count) {
      const high = split(samples, count, upper);
      const [low, mid] = splitBelow(count / step, slow, lower);
      quieten(fast);
      quieten(late);
      return [low * gains[0], mid * gains[1], high * gains[2]];
    },
  };
}

interface Section {
  /** Feedback of the value of one sample ago, and of two. */
  readonly first: number;
  readonly second: number;
  /** Gains that the low and the high pass still need. */
  readonly low: number;
  readonly high: number;
}

/** A Butterworth filter of second order (bilinear transform); two in a row are one side of the crossover. */
function section(cutoffHz: number, rateHz: number): Section {
  const k = Math.tan((Math.PI * cutoffHz) / rateHz);
  const norm = 1 / (1 + Math.SQRT2 * k + k * k);
  return {
    first: 2 * (k * k - 1) * norm,
    second: (1 - Math.SQRT2 * k + k * k) * norm,
    low: k * k * norm,
    high: norm,
  };
}
