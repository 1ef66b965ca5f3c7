/** From 16 kHz to 4 kHz: two half-band filters, of which every second weight is nothing. */

/** Weights at 1, 3, 5 … samples from the middle; the middle counts a half. Flat up to 1.6 kHz; what folds back to there is at least 33 dB down, far more below. */
const first: readonly number[] = halfBand(3);
const second: readonly number[] = halfBand(7);
const ROOM = 1 << 14;

/** @returns the next samples at a quarter of the rate, in an array that is used again */
export type Decimator = (samples: Float32Array) => Float32Array;

export function createDecimator(): Decimator {
  const once = createHalver(first, filterByThree);
  const twice = createHalver(second, filterBySeven);
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
  filter: Filter,
): (samples: Float32Array, take: (half: Float32Array) => void) => void {
  const reach = 2 * weights.length - 1;
  const input = new Float32Array(ROOM + 2 * reach + 2);
  const output = new Float32Array(ROOM);
  let filled = reach;
  return (samples, take) => {
    for (let at = 0; at < samples.length;) {
      const part = samples.subarray(at, at + input.length - filled);
      input.set(part, filled);
      filled += part.length;
      at += part.length;
      const count = Math.max(0, Math.ceil((filled - 2 * reach) / 2));
      filter(input, output, weights, count);
      const middle = reach + 2 * count;
      input.copyWithin(0, middle - reach, filled);
      filled -= middle - reach;
      if (count > 0) take(output.subarray(0, count));
    }
  };
}

/** Into `output`, `count` values. Taps are written out: a loop over them takes three times as long. */
type Filter = (input: Float32Array, output: Float32Array, weights: readonly number[], count: number) => void;

function filterByThree(
  input: Float32Array,
  output: Float32Array,
  weights: readonly number[],
  count: number,
): void {
  const [w0 = 0, w1 = 0, w2 = 0] = weights;
  for (let index = 0; index < count; index += 1) {
    const at = 2 * index;
    let sum = 0.5 * (input[at + 5] as number);
    sum += w0 * ((input[at + 4] as number) + (input[at + 6] as number));
    sum += w1 * ((input[at + 2] as number) + (input[at + 8] as number));
    sum += w2 * ((input[at] as number) + (input[at + 10] as number));
    output[index] = sum;
  }
}

function filterBySeven(
  input: Float32Array,
  output: Float32Array,
  weights: readonly number[],
  count: number,
): void {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0, w4 = 0, w5 = 0, w6 = 0] = weights;
  for (let index = 0; index < count; index += 1) {
    const at = 2 * index;
    let sum = 0.5 * (input[at + 13] as number);
    sum += w0 * ((input[at + 12] as number) + (input[at + 14] as number));
    sum += w1 * ((input[at + 10] as number) + (input[at + 16] as number));
    sum += w2 * ((input[at + 8] as number) + (input[at + 18] as number));
    sum += w3 * ((input[at + 6] as number) + (input[at + 20] as number));
    sum += w4 * ((input[at + 4] as number) + (input[at + 22] as number));
    sum += w5 * ((input[at + 2] as number) + (input[at + 24] as number));
    sum += w6 * ((input[at] as number) + (input[at + 26] as number));
    output[index] = sum;
  }
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
