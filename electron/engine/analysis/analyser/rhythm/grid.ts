/** From tracked beats to a beat grid: one straight line where the music was made by a machine, the beats themselves else. */
import { LEVELS_PER_SECOND } from './onset-curves.ts';

/** Beats are found to about a hundredth of a second; a grid that is off by more than this is audibly off. */
const CONSTANT_SECONDS = 0.018;
/** Beats farther from the line than this were tracked wrongly and do not bend it. */
const OUTLIER_SECONDS = 0.05;
/** So many of the beats have to lie on the line; fewer where they lie on it exactly: the others were the off-beat. */
const CONSTANT_SHARE = 0.8;
const EXACT_SECONDS = 0.012;
const EXACT_SHARE = 0.5;
/** A whole number of beats a minute is what people set: taken where it moves no beat farther than this. */
const ROUND_SECONDS = 0.012;
/** Beats to each side over which a warped grid is evened: single ones jitter. */
const EVEN_BEATS = 2;

export type FittedGrid =
  | {
      readonly kind: 'constant';
      readonly bpm: number;
      readonly firstBeatSeconds: number;
      readonly spread: number;
    }
  | {
      readonly kind: 'warped';
      readonly bpm: number;
      readonly beats: readonly number[];
      readonly spread: number;
    };

/**
 * @param beats moments (hundredths of a second), rising, at least two
 * @param onsets [moments], to weigh each beat by
 * @returns times in seconds; `spread`: how far the beats are from the grid, rms seconds
 */
export function fitGrid(beats: readonly number[], onsets: Float32Array): FittedGrid {
  const times = beats.map((beat) => beat / LEVELS_PER_SECOND);
  const numbers = numberBeats(times);
  const weights = beats.map((beat) => 0.05 + (onsets[Math.round(beat)] ?? 0));
  const line = fitLine(numbers, times, weights);
  const inliers = times.filter(
    (time, index) => Math.abs(time - at(line, numbers[index] as number)) < OUTLIER_SECONDS,
  );
  const spread = rms(inliers.length === 0 ? [1] : distances(line, numbers, times));
  const share = inliers.length / times.length;
  if (spread <= CONSTANT_SECONDS && share >= (spread <= EXACT_SECONDS ? EXACT_SHARE : CONSTANT_SHARE)) {
    const rounded = roundTempo(line, numbers);
    const bpm = 60 / rounded.slope;
    // The first beat of the track, not the first that was found.
    const firstBeatSeconds = rounded.start - Math.floor(rounded.start / rounded.slope + 1e-9) * rounded.slope;
    return { kind: 'constant', bpm: Math.round(bpm * 100) / 100, firstBeatSeconds, spread };
  }
  const smooth = evenOut(times);
  return { kind: 'warped', bpm: Math.round((60 / commonStep(smooth)) * 100) / 100, beats: smooth, spread };
}

interface Line {
  readonly start: number;
  readonly slope: number;
}

const at = (line: Line, number: number): number => line.start + number * line.slope;

function distances(line: Line, numbers: readonly number[], times: readonly number[]): readonly number[] {
  return times
    .map((time, index) => time - at(line, numbers[index] as number))
    .filter((distance) => Math.abs(distance) < OUTLIER_SECONDS);
}

/** Each beat's number: a step that is twice as long is a beat that was not found. */
function numberBeats(times: readonly number[]): readonly number[] {
  const step = commonStep(times);
  const numbers = [0];
  for (let index = 1; index < times.length; index += 1) {
    const steps = Math.max(1, Math.round(((times[index] as number) - (times[index - 1] as number)) / step));
    numbers.push((numbers[index - 1] as number) + steps);
  }
  return numbers;
}

/** The median of the steps. */
function commonStep(times: readonly number[]): number {
  const steps = times.slice(1).map((time, index) => time - (times[index] as number));
  steps.sort((left, right) => left - right);
  return steps[steps.length >> 1] ?? 0.5;
}

/** Weighted least squares, then again without the outliers. */
function fitLine(numbers: readonly number[], times: readonly number[], weights: readonly number[]): Line {
  let line: Line = { start: times[0] ?? 0, slope: commonStep(times) };
  // Widening: a tempo that is slightly off puts the far beats out of reach at first.
  for (const reach of [Infinity, 4 * OUTLIER_SECONDS, OUTLIER_SECONDS, OUTLIER_SECONDS]) {
    let sum = 0;
    let sumNumber = 0;
    let sumTime = 0;
    let squares = 0;
    let products = 0;
    for (let index = 0; index < times.length; index += 1) {
      const number = numbers[index] as number;
      const time = times[index] as number;
      if (Math.abs(time - at(line, number)) > reach) continue;
      const weight = weights[index] as number;
      sum += weight;
      sumNumber += weight * number;
      sumTime += weight * time;
      squares += weight * number * number;
      products += weight * number * time;
    }
    const determinant = sum * squares - sumNumber * sumNumber;
    if (determinant <= 1e-9) break;
    const slope = (sum * products - sumNumber * sumTime) / determinant;
    if (!(slope > 0)) break;
    line = { start: (sumTime - slope * sumNumber) / sum, slope };
  }
  return line;
}

/** The nearest whole (else half) tempo, turned about the middle of the track, if that moves no beat audibly. */
function roundTempo(line: Line, numbers: readonly number[]): Line {
  const last = numbers.at(-1) ?? 0;
  const middle = last / 2;
  for (const unit of [1, 0.5]) {
    const slope = 60 / (Math.round(60 / line.slope / unit) * unit);
    if (Math.abs(slope - line.slope) * middle <= ROUND_SECONDS) {
      return { slope, start: at(line, middle) - middle * slope };
    }
  }
  return line;
}

function evenOut(times: readonly number[]): readonly number[] {
  return times.map((_, index) => {
    const reach = Math.min(EVEN_BEATS, index, times.length - 1 - index);
    let sum = 0;
    for (let near = index - reach; near <= index + reach; near += 1) sum += times[near] as number;
    return sum / (2 * reach + 1);
  });
}

function rms(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / Math.max(1, values.length));
}
