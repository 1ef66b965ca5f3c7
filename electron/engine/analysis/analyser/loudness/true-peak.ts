/** The highest point between samples: interpolated as annex 2 of ITU-R BS.1770-4 says. */

/** Samples to each side that an interpolated value is made of. */
export const REACH = 6;
/** A peak between samples is at most so much of the samples beside it: 3 dB at a quarter of the rate, and a little. */
const LEAST_BESIDE = 0.68;

export interface TruePeak {
  /** Amplitude so far, 1.0 is full scale. */
  readonly value: () => number;
  /**
   * Looks at samples from..to, around which REACH others have to be there.
   * @param largest amplitude among them
   */
  look(samples: Float32Array, from: number, to: number, largest: number): void;
}

/** Four times oversampled up to 48 kHz, less where the rate itself is as high. */
export function createTruePeak(sampleRateHz: number): TruePeak {
  const phases = interpolators(sampleRateHz < 80_000 ? 4 : sampleRateHz < 160_000 ? 2 : 1);
  let peak = 0;

  function between(samples: Float32Array, after: number): void {
    for (const taps of phases) {
      let sum = 0;
      for (let tap = 0; tap < 2 * REACH; tap += 1)
        sum += (taps[tap] as number) * (samples[after - REACH + tap] as number);
      peak = Math.max(peak, Math.abs(sum));
    }
  }

  return {
    value: () => peak,
    look(samples, from, to, largest) {
      if (largest > peak) peak = largest;
      // What is far below the highest so far cannot stand beside a higher one: most of the music.
      let least = LEAST_BESIDE * peak;
      if (largest < least || phases.length === 0) return;
      for (let index = from; index < to; index += 1) {
        const value = Math.abs(samples[index] as number);
        if (value < least) continue;
        // Only beside a crest, on its higher side.
        const previous = Math.abs(samples[index - 1] as number);
        const next = Math.abs(samples[index + 1] as number);
        if (previous > value || next > value) continue;
        if (next >= previous) between(samples, index + 1);
        if (previous >= next) between(samples, index);
        least = LEAST_BESIDE * peak;
      }
    },
  };
}

/** Weights of the samples around, for each place between two of them: a sinc under a Kaiser window. */
function interpolators(factor: number): readonly Float64Array[] {
  return Array.from({ length: factor - 1 }, (_, index) => {
    const part = (index + 1) / factor;
    const taps = Float64Array.from({ length: 2 * REACH }, (__, tap) => {
      const distance = tap - (REACH - 1) - part;
      const angle = Math.PI * distance;
      return (Math.sin(angle) / angle) * kaiser(distance / REACH);
    });
    const sum = taps.reduce((total, tap) => total + tap, 0);
    return taps.map((tap) => tap / sum);
  });
}

/** @param place -1..1 */
function kaiser(place: number): number {
  const beta = 4;
  return bessel(beta * Math.sqrt(Math.max(0, 1 - place * place))) / bessel(beta);
}

/** The modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let order = 1; order < 30; order += 1) {
    term *= (x / (2 * order)) ** 2;
    sum += term;
  }
  return sum;
}
