/** Beats of a grid, as far as they are drawn, and the tempo of a finger that taps. */
import type { BeatGrid } from '#shared/domain.ts';

export interface DrawnBeat {
  readonly seconds: number;
  /** Counted from the first beat of the grid; before it, negative. */
  readonly index: number;
  /** Begins a bar; where nobody knows which beat does, none does. */
  readonly bar: boolean;
}

/** Wider stretches than this many beats are drawn by the bar, or not at all: it bounds every loop. */
const MOST_BEATS = 4000;

/**
 * The beats from `from` to `to` (seconds), in order. A constant grid goes on in both directions; of a warped one there
 * are those it lists. Empty where there would be more than can be told apart.
 */
export function beatsBetween(grid: BeatGrid, from: number, to: number): readonly DrawnBeat[] {
  if (!(to > from) || !(grid.bpm > 0)) return [];
  const isBar = (index: number): boolean =>
    grid.firstDownbeat !== null &&
    (((index - grid.firstDownbeat) % grid.beatsPerBar) + grid.beatsPerBar) % grid.beatsPerBar === 0;
  if (grid.kind === 'warped' && grid.beats !== null) {
    const { beats } = grid;
    const first = lowerBound(beats, from);
    const last = lowerBound(beats, to);
    if (last - first > MOST_BEATS) return [];
    return beats.slice(first, last).map((seconds, offset) => {
      const index = first + offset;
      return { seconds, index, bar: isBar(index) };
    });
  }
  const beat = 60 / grid.bpm;
  if ((to - from) / beat > MOST_BEATS) return [];
  const found: DrawnBeat[] = [];
  for (let index = Math.ceil((Math.max(0, from) - grid.firstBeatSeconds) / beat - 1e-9); ; index += 1) {
    const seconds = grid.firstBeatSeconds + index * beat;
    if (seconds >= to) return found;
    found.push({ seconds, index, bar: isBar(index) });
  }
}

/**
 * What of the grid can be told apart on `pixels` for `seconds`: every beat, the bars, every fourth or sixteenth bar, or
 * nothing. Lines stand at least four pixels apart.
 */
export function drawnBeats(
  grid: BeatGrid,
  from: number,
  to: number,
  pixels: number,
): { readonly beats: readonly DrawnBeat[]; readonly every: 'beat' | 'bar' | 'phrase' | 'none' } {
  const perSecond = pixels / Math.max(1e-9, to - from);
  const beatPixels = (60 / Math.max(1, grid.bpm)) * perSecond;
  const all = beatsBetween(grid, from, to);
  if (beatPixels >= 4) return { beats: all, every: 'beat' };
  const bars = all.filter(({ bar }) => bar);
  const barPixels = beatPixels * grid.beatsPerBar;
  if (bars.length === 0) return { beats: [], every: 'none' };
  if (barPixels >= 5) return { beats: bars, every: 'bar' };
  // Eight bars, as music of this kind is built.
  const phrase = grid.beatsPerBar * 8;
  const offset = grid.firstDownbeat ?? 0;
  const phrases = bars.filter(({ index }) => (((index - offset) % phrase) + phrase) % phrase === 0);
  return barPixels * 8 >= 5 ? { beats: phrases, every: 'phrase' } : { beats: [], every: 'none' };
}

/** The beat next to a place in the track; null where there is none. */
export function nearestBeat(grid: BeatGrid, seconds: number): DrawnBeat | null {
  const beat = 60 / Math.max(1, grid.bpm);
  const near = beatsBetween(grid, Math.max(0, seconds - 2 * beat), seconds + 2 * beat);
  return near.reduce<DrawnBeat | null>(
    (best, one) =>
      best === null || Math.abs(one.seconds - seconds) < Math.abs(best.seconds - seconds) ? one : best,
    null,
  );
}

function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A pause as long as this begins a new tapping. */
const PAUSE_MS = 2500;
const MOST_TAPS = 64;
/** Fewer say too little. */
const LEAST_TAPS = 4;

/** Taps so far with one more; after a pause, or where it makes no sense, it begins anew. */
export function tapped(taps: readonly number[], at: number): readonly number[] {
  const last = taps.at(-1);
  if (last === undefined || at <= last || at - last > PAUSE_MS) return [at];
  return [...taps, at].slice(-MOST_TAPS);
}

/** Beats a minute of taps (milliseconds): the slope of the line through them, which no single late tap decides. Null while there are too few. */
export function tempoOfTaps(taps: readonly number[]): number | null {
  const count = taps.length;
  const [first] = taps;
  if (count < LEAST_TAPS || first === undefined) return null;
  const middle = (count - 1) / 2;
  const mean = taps.reduce((sum, tap) => sum + (tap - first), 0) / count;
  let upper = 0;
  let lower = 0;
  for (const [index, tap] of taps.entries()) {
    upper += (index - middle) * (tap - first - mean);
    lower += (index - middle) ** 2;
  }
  const milliseconds = upper / lower;
  return milliseconds > 0 ? 60_000 / milliseconds : null;
}
