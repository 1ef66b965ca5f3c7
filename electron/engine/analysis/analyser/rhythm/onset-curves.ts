/**
 * Where something begins to sound: the rise of each band's level over the last hundredths of a second, as
 * spectral flux does it for bins (Bello et al., "A tutorial on onset detection in music signals", 2005). The bands are
 * those of the waveform, so that this costs no filter of its own.
 */

/** Levels a second. */
export const LEVELS_PER_SECOND = 100;
/** Low, mid, high. */
export const BANDS = 3;
/** What is that far below the band's loudest moment is no onset but noise; dB. */
const RANGE_DB = 50;
/** A rise is measured against the loudest of these moments before: a roll is no row of onsets. */
const BACK_FROM = 2;
const BACK_TO = 4;
/** Seconds to each side over which the mean is taken off: what rises all the time is no onset. */
const MEAN_SECONDS = 0.5;
/** Seconds to each side over which loud and quiet parts of a track are made equal. */
const EVEN_SECONDS = 6;
/** A part that is quieter than this, of the whole track's strength, stays quiet. */
const EVEN_FLOOR = 0.15;

export interface OnsetCurves {
  /** [3] of [moments], each with strength 1 on the average of where it is strong. */
  readonly bands: readonly Float32Array[];
  /** [moments] */
  readonly sum: Float32Array;
}

/** @param levels [moments x 3], linear amplitudes, 100 a second */
export function onsetCurves(levels: Float32Array): OnsetCurves {
  const moments = Math.floor(levels.length / BANDS);
  const bands = Array.from({ length: BANDS }, (_, band) => even(smooth(rises(levels, moments, band))));
  const sum = new Float32Array(moments);
  for (const curve of bands) {
    for (let at = 0; at < moments; at += 1) sum[at] = (sum[at] as number) + (curve[at] as number);
  }
  return { bands, sum };
}

function rises(levels: Float32Array, moments: number, band: number): Float32Array {
  const decibels = new Float32Array(moments);
  let loudest = -Infinity;
  for (let at = 0; at < moments; at += 1) {
    const value = 20 * Math.log10((levels[at * BANDS + band] as number) + 1e-5);
    decibels[at] = value;
    if (value > loudest) loudest = value;
  }
  const floor = loudest - RANGE_DB;
  const curve = new Float32Array(moments);
  for (let at = BACK_FROM; at < moments; at += 1) {
    let before = floor;
    for (let back = BACK_FROM; back <= BACK_TO && back <= at; back += 1) {
      before = Math.max(before, decibels[at - back] as number);
    }
    curve[at] = Math.max(0, (decibels[at] as number) - before);
  }
  return curve;
}

function smooth(curve: Float32Array): Float32Array {
  return curve.map((value, at) => 0.25 * (curve[at - 1] ?? 0) + 0.5 * value + 0.25 * (curve[at + 1] ?? 0));
}

/** Takes the local mean off, and makes loud and quiet parts equally strong. */
function even(curve: Float32Array): Float32Array {
  const around = movingMean(curve, MEAN_SECONDS);
  const above = curve.map((value, at) => Math.max(0, value - (around[at] as number)));
  const squares = above.map((value) => value * value);
  const local = movingMean(squares, EVEN_SECONDS);
  let total = 0;
  for (const value of squares) total += value;
  const whole = EVEN_FLOOR * Math.sqrt(total / Math.max(1, squares.length));
  return above.map((value, at) => value / (Math.sqrt(local[at] as number) + whole + 1e-9));
}

/** Means over `seconds` to each side. */
function movingMean(values: Float32Array, seconds: number): Float32Array {
  const reach = Math.round(seconds * LEVELS_PER_SECOND);
  const sums = new Float64Array(values.length + 1);
  for (let at = 0; at < values.length; at += 1) sums[at + 1] = (sums[at] as number) + (values[at] as number);
  return values.map((_, at) => {
    const from = Math.max(0, at - reach);
    const to = Math.min(values.length, at + reach + 1);
    return ((sums[to] as number) - (sums[from] as number)) / (to - from);
  });
}
