/** How right an answer is: the measures that tempo, beat and key estimation are judged by. */
import { tonicOf } from '#shared/music/keys.ts';

/** Tempos within this are the same (MIREX tempo extraction). */
const TEMPO_SHARE = 0.04;
/** Beats within this are the same (Davies et al., "Evaluation methods for musical audio beat tracking", 2009). */
const BEAT_SECONDS = 0.07;
/** What is within these first seconds counts for nobody: trackers need to get going. */
const SKIPPED_SECONDS = 5;

/** Within four per cent. */
export function sameTempo(bpm: number, truth: number): boolean {
  return Math.abs(bpm / truth - 1) <= TEMPO_SHARE;
}

/** The same, or double, half, triple or a third of it. */
export function sameTempoFamily(bpm: number, truth: number): boolean {
  return [1, 2, 1 / 2, 3, 1 / 3].some((factor) => sameTempo(bpm, truth * factor));
}

/** F-measure (0..1) of beats within 70 ms, each counted once. */
export function beatScore(found: readonly number[], truth: readonly number[]): number {
  const end = (truth.at(-1) ?? 0) + BEAT_SECONDS;
  const judged = (beats: readonly number[]): readonly number[] =>
    beats.filter((beat) => beat >= SKIPPED_SECONDS && beat <= end);
  const ours = judged(found);
  const theirs = judged(truth);
  let hits = 0;
  for (let own = 0, other = 0; own < ours.length && other < theirs.length;) {
    const distance = (ours[own] as number) - (theirs[other] as number);
    if (Math.abs(distance) <= BEAT_SECONDS) {
      hits += 1;
      own += 1;
      other += 1;
    } else if (distance < 0) own += 1;
    else other += 1;
  }
  return (2 * hits) / Math.max(1, ours.length + theirs.length);
}

/** MIREX: 1 for the key, 0.5 for the key a fifth above, 0.3 for the relative, 0.2 for the parallel one, else 0. */
export function keyScore(found: string | null, truth: string): number {
  const own = found === null ? null : tonicOf(found);
  const right = tonicOf(truth);
  if (own === null || right === null) return 0;
  const apart = (own.tonic - right.tonic + 12) % 12;
  if (own.minor === right.minor) return apart === 0 ? 1 : apart === 7 ? 0.5 : 0;
  if (apart === (right.minor ? 3 : 9)) return 0.3;
  return apart === 0 ? 0.2 : 0;
}

export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? NaN : sum / values.length;
}

/** Half of the values are below. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** `share` (0..1) of the values are below. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
