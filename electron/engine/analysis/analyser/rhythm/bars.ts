/**
 * Which beats begin bars, and how many a bar has. A bar repeats the one before it; its first beat has the kick and the
 * bass, the snare comes elsewhere, and what is new (another chord, another instrument) begins with it.
 */
import { BANDS, LEVELS_PER_SECOND } from './onset-curves.ts';
import type { OnsetCurves } from './onset-curves.ts';

/** Moments around a beat in which its onset is looked for. */
const REACH = 3;
/** Fewer whole bars tell nothing. */
const FEWEST_BEATS = 16;
const MOST_BEATS = 2000;

export interface BarOffer {
  readonly beatsPerBar: 3 | 4;
  /** Which beat begins the first whole bar. */
  readonly first: number;
  /** What the ranking goes by, in the order of barWeights. */
  readonly features: readonly number[];
}

const shapes: readonly (3 | 4)[] = [4, 3];

/**
 * All ways to count bars; none for less than four bars.
 * @param levels [moments x 3]
 * @param beats seconds, rising, as the grid has them (before the delay of onsets is taken off)
 */
export function offerBars(
  levels: Float32Array,
  curves: OnsetCurves,
  beats: readonly number[],
): readonly BarOffer[] {
  const measured = measureBeats(levels, curves, beats.slice(0, MOST_BEATS + 1));
  if (measured.count < FEWEST_BEATS) return [];
  const repeats = [2, 3, 4, 6, 8].map((lag) => likeness(measured, lag));
  return shapes.flatMap((beatsPerBar) =>
    Array.from({ length: beatsPerBar }, (_, first) => {
      const own = placeFeatures(measured, beatsPerBar, first);
      const meter = beatsPerBar === 4 ? [] : [1, ...repeats];
      const none = (count: number): readonly number[] => Array<number>(count).fill(0);
      return {
        ...{ beatsPerBar, first },
        features:
          beatsPerBar === 4
            ? [...own, ...none(own.length), ...none(1 + repeats.length)]
            : [...none(own.length), ...own, ...meter],
      };
    }),
  );
}

interface MeasuredBeats {
  readonly count: number;
  /** [rows] of [beats]: each with mean 0 and deviation 1. Onsets on the beat, onsets between, levels, by band. */
  readonly rows: readonly Float64Array[];
}

const ON = 0;
const LEVEL = 2 * BANDS;

function measureBeats(levels: Float32Array, curves: OnsetCurves, beats: readonly number[]): MeasuredBeats {
  const count = Math.max(0, beats.length - 1);
  const rows = Array.from({ length: 3 * BANDS }, () => new Float64Array(count));
  for (let beat = 0; beat < count; beat += 1) {
    const from = Math.round((beats[beat] as number) * LEVELS_PER_SECOND);
    const to = Math.round((beats[beat + 1] as number) * LEVELS_PER_SECOND);
    for (let band = 0; band < BANDS; band += 1) {
      const curve = curves.bands[band] as Float32Array;
      (rows[ON + band] as Float64Array)[beat] = highest(curve, from - REACH, from + REACH + 1);
      (rows[BANDS + band] as Float64Array)[beat] = highest(curve, from + REACH + 1, to - REACH);
      let power = 0;
      const end = Math.min(to, curve.length);
      for (let at = Math.max(0, from); at < end; at += 1) power += (levels[at * BANDS + band] as number) ** 2;
      (rows[LEVEL + band] as Float64Array)[beat] = 10 * Math.log10(power / Math.max(1, end - from) + 1e-8);
    }
  }
  return { count, rows: rows.map(standardised) };
}

function highest(curve: Float32Array, from: number, to: number): number {
  let most = 0;
  for (let at = Math.max(0, from); at < to && at < curve.length; at += 1)
    most = Math.max(most, curve[at] as number);
  return most;
}

function standardised(row: Float64Array): Float64Array {
  let mean = 0;
  for (const value of row) mean += value / Math.max(1, row.length);
  let variance = 0;
  for (const value of row) variance += (value - mean) ** 2 / Math.max(1, row.length);
  const deviation = Math.sqrt(variance) + 0.05;
  return row.map((value) => (value - mean) / deviation);
}

/** How much the beats resemble those so many beats later. */
function likeness({ rows, count }: MeasuredBeats, lag: number): number {
  let sum = 0;
  for (const row of rows) {
    for (let beat = 0; beat + lag < count; beat += 1)
      sum += (row[beat] as number) * (row[beat + lag] as number);
  }
  return sum / (rows.length * Math.max(1, count - lag));
}

function placeFeatures(measured: MeasuredBeats, beatsPerBar: 3 | 4, first: number): readonly number[] {
  const { rows, count } = measured;
  const features: number[] = [];
  for (const row of rows) {
    // The first beat of bars, the one after it, and (of four) the third.
    for (let place = 0; place < beatsPerBar - 1; place += 1)
      features.push(meanOf(row, first + place, beatsPerBar, count));
    if (beatsPerBar === 3) features.push(0);
  }
  // What is new: the change from the bar before to the bar after, in levels and in onsets.
  for (const group of [rows.slice(ON, LEVEL), rows.slice(LEVEL)]) {
    const change = changes(group, count, beatsPerBar);
    features.push(meanOf(change, first, beatsPerBar, count) - meanOf(change, 0, 1, count));
    const single = changes(group, count, 1);
    features.push(meanOf(single, first, beatsPerBar, count) - meanOf(single, 0, 1, count));
  }
  return features;
}

function meanOf(row: Float64Array, from: number, every: number, count: number): number {
  let sum = 0;
  let seen = 0;
  for (let beat = from % every; beat < count; beat += every) {
    sum += row[beat] as number;
    seen += 1;
  }
  return sum / Math.max(1, seen);
}

/** [beats]: how far the means of the `width` beats before and from here on are apart. */
function changes(rows: readonly Float64Array[], count: number, width: number): Float64Array {
  const change = new Float64Array(count);
  for (let beat = width; beat + width <= count; beat += 1) {
    let squares = 0;
    for (const row of rows) {
      let apart = 0;
      for (let step = 0; step < width; step += 1)
        apart += (row[beat + step] as number) - (row[beat - 1 - step] as number);
      squares += (apart / width) ** 2;
    }
    change[beat] = Math.sqrt(squares / rows.length);
  }
  return change;
}
