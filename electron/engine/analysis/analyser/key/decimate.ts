/** From 16 kHz to 4 kHz: two half-band filters, of which every second weight is nothing. */

/** Weights at 1, 3, 5 … samples from the middle; the middle counts a half. Flat up to 1.6 kHz; what folds back to there is at least 33 dB down, far more below. */
const first: readonly number[] = halfBand(3);
const second: readonly number[] = halfBand(7);
const ROOM = 1 << 14;

/** @returns the next samples at a quarter of the rate, in an array that is used again */
export type Decimator = (samples: Float32Array) => Float32Array;

export function createDecimator(): Decimator {
  const once = createHalver(first);
  const twice = createHalver(second);
  const output = new Float32Array(ROOM);
  let grown = output;
  return (samples) => {
    const most = (samples.length >> 2) + 4;
    if (most > grown.length) grown = new Float32Array(most);
    let filled = 0;
    once(samples, (half) => {
      twice(half, (quarter) => {
        grown.set(quarter, filled);
        filled += quarter.length;
      });
    });
    return grown.subarray(0, filled);
  };
}

/** Gives every second sample, filtered, in pieces that are used again. */
function createHalver(
  weights: readonly number[],
): (samples: Float32Array, take: (half: Float32Array) => void) => void {
  const reach = 2 * weights.length - 1;
  const side = Float64Array.from(weights);
  const input = new Float32Array(ROOM + 2 * reach + 2);
  const output = new Float32Array(ROOM);
  let filled = reach;
  return (samples, take) => {
    for (let at = 0; at < samples.length;) {
      const part = samples.subarray(at, at + input.length - filled);
      input.set(part, filled);
      filled += part.length;
      at += part.length;
      let count = 0;
      let middle = reach;
      for (; middle + reach < filled; middle += 2) {
        let sum = 0.5 * (input[middle] as number);
        for (let tap = 0; tap < side.length; tap += 1) {
          const away = 2 * tap + 1;
          sum +=
            (side[tap] as number) * ((input[middle - away] as number) + (input[middle + away] as number));
        }
        output[count] = sum;
        count += 1;
      }
      input.copyWithin(0, middle - reach, filled);
      filled -= middle - reach;
      if (count > 0) take(output.subarray(0, count));
    }
  };
}

/** A sinc under a Blackman window. */
function halfBand(taps: number): readonly number[] {
  const weights = Array.from({ length: taps }, (_, tap) => {
    const away = 2 * tap + 1;
    const place = away / (2 * taps);
    const window = 0.42 + 0.5 * Math.cos(Math.PI * place) + 0.08 * Math.cos(2 * Math.PI * place);
    return (Math.sin((Math.PI * away) / 2) / (Math.PI * away)) * window;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (weight * 0.25) / sum);
}
