/** The evidence for a genre in the order in which it matters. */
import type { AttentionCurve, OcclusionMap, OcclusionTile } from '#shared/explanation.ts';

/** A smaller change of the confidence is noise. */
const LEAST_DROP = 0.01;

/** The pieces whose loss changes the confidence most, for or against, the strongest first. */
export function strongestTiles(
  { tiles }: Pick<OcclusionMap, 'tiles'>,
  count: number,
): readonly OcclusionTile[] {
  return tiles
    .filter(({ drop }) => Math.abs(drop) >= LEAST_DROP)
    .toSorted((a, b) => Math.abs(b.drop) - Math.abs(a.drop))
    .slice(0, count);
}

/** -1 … 1 of each piece, in the map's own order: how strongly it speaks against or for, measured by the strongest. */
export function tileStrengths({ tiles }: Pick<OcclusionMap, 'tiles'>): readonly number[] {
  const most = Math.max(LEAST_DROP, ...tiles.map(({ drop }) => Math.abs(drop)));
  return tiles.map(({ drop }) => drop / most);
}

export interface Moment {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Part of all attention, 0..1. */
  readonly share: number;
}

/**
 * Moments of `seconds` that got the most attention, the strongest first; none where it is spread nearly evenly. They do
 * not overlap.
 */
export function attentiveMoments(curve: AttentionCurve, seconds: number, count: number): readonly Moment[] {
  const { weights, stepSeconds, startSeconds } = curve;
  const steps = Math.max(1, Math.round(seconds / stepSeconds));
  const moments = Array.from({ length: Math.ceil(weights.length / steps) }, (_, index): Moment => {
    const part = weights.slice(index * steps, (index + 1) * steps);
    return {
      startSeconds: startSeconds + index * steps * stepSeconds,
      endSeconds: startSeconds + (index * steps + part.length) * stepSeconds,
      share: part.reduce((sum, weight) => sum + weight, 0),
    };
  });
  const even = 1 / Math.max(1, moments.length);
  return moments
    .filter(({ share }) => share > even * 1.15)
    .toSorted((a, b) => b.share - a.share)
    .slice(0, count);
}

/** Points of a curve of `width` x `height`, scaled to its own highest value, for an SVG polyline. */
export function curvePoints(values: readonly number[], width: number, height: number): string {
  const highest = Math.max(Number.MIN_VALUE, ...values);
  const step = values.length < 2 ? 0 : width / (values.length - 1);
  return values
    .map((value, index) => `${(index * step).toFixed(1)},${(height - (value / highest) * height).toFixed(1)}`)
    .join(' ');
}
