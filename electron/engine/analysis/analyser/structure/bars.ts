/** A recording bar by bar: when each begins, and what is heard in it. */
import type { BeatGrid } from '#shared/domain.ts';

const LEVELS_PER_SECOND = 100;
export const BANDS = 3;
/** Levels of each band, and how much each rises. */
export const FEATURES = 2 * BANDS;
/** So far below the loudest bars is nothing, dB. */
const FLOOR_DB = 48;
const QUIETEST = 1e-10;

export interface Bars {
  /** Seconds, rising: the first bar that is whole, … and the end of the last one. */
  readonly starts: readonly number[];
  /** For each bar FEATURES values: dB of low, mid, high below the loudest bars of that band, and dB a second that they rise. */
  readonly features: readonly Float32Array[];
  /** dB of all bands together, below the loudest bars. */
  readonly levels: readonly number[];
}

/**
 * @param levels [moments x 3], linear amplitudes, 100 a second
 * @param first which beat of the grid begins a bar, where the grid does not say
 */
export function cutBars(levels: Float32Array, grid: BeatGrid, first: number): Bars {
  const seconds = levels.length / BANDS / LEVELS_PER_SECOND;
  const starts = barStarts(grid, seconds, grid.firstDownbeat ?? first);
  const powers = Array.from({ length: Math.max(0, starts.length - 1) }, (_, bar) =>
    powersOf(levels, starts[bar] as number, starts[bar + 1] as number),
  );
  const loud = Array.from({ length: BANDS }, (_, band) => high(powers.map((power) => power[band] as number)));
  const whole = powers.map((power) =>
    decibels((power[0] as number) + (power[1] as number) + (power[2] as number)),
  );
  const loudest = high(whole.map((level) => 10 ** (level / 10)));
  return {
    starts,
    features: powers.map((power) =>
      Float32Array.from({ length: FEATURES }, (_, index) =>
        index < BANDS
          ? Math.max(-FLOOR_DB, decibels(power[index] as number) - decibels(loud[index] as number))
          : (power[index] as number),
      ),
    ),
    levels: whole.map((level) => Math.max(-FLOOR_DB, level - decibels(loudest))),
  };
}

/** Beats of the grid within so many seconds. */
export function beatsOf(grid: BeatGrid, seconds: number): readonly number[] {
  if (grid.beats !== null) return grid.beats.filter((beat) => beat < seconds);
  const period = 60 / grid.bpm;
  const count = Math.max(0, Math.ceil((seconds - grid.firstBeatSeconds) / period));
  return Array.from({ length: count }, (_, beat) => grid.firstBeatSeconds + beat * period);
}

function barStarts(grid: BeatGrid, seconds: number, first: number): readonly number[] {
  const beats = beatsOf(grid, seconds);
  return beats.filter((_, beat) => beat >= first && (beat - first) % grid.beatsPerBar === 0);
}

/** Mean power of each band, then how much each rises, dB a second. */
function powersOf(levels: Float32Array, from: number, to: number): Float32Array {
  const start = Math.round(from * LEVELS_PER_SECOND);
  const end = Math.max(start + 1, Math.min(levels.length / BANDS, Math.round(to * LEVELS_PER_SECOND)));
  const sums = new Float32Array(FEATURES);
  for (let band = 0; band < BANDS; band += 1) {
    let before = 0;
    for (let at = start; at < end; at += 1) {
      const power = (levels[at * BANDS + band] as number) ** 2;
      sums[band] = (sums[band] as number) + power;
      const level = Math.max(decibels(power), -70);
      if (at > start && level > before) sums[BANDS + band] = (sums[BANDS + band] as number) + level - before;
      before = level;
    }
    sums[band] = (sums[band] as number) / (end - start);
    sums[BANDS + band] = ((sums[BANDS + band] as number) * LEVELS_PER_SECOND) / (end - start);
  }
  return sums;
}

/** What one in ten exceeds. */
function high(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 0;
}

function decibels(power: number): number {
  return 10 * Math.log10(Math.max(QUIETEST, power));
}
