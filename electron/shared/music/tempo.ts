/** How tempos go together. */

/** Relations at which two tempos still share a pulse, and what the relation costs. */
const relations: readonly (readonly [factor: number, weight: number])[] = [
  [1, 1],
  [2, 1],
  [0.5, 1],
];

/** Deviation in per cent and how well it mixes: the conventions of product.md, straight lines between. */
const compatibility: readonly (readonly [percent: number, score: number])[] = [
  [0, 1],
  [2, 1],
  [4, 0.8],
  [6, 0.5],
  [9, 0.3],
  [16, 0],
];

export interface TempoMatch {
  /** 0..1. */
  readonly score: number;
  /** What the second track has to be changed by, in per cent, to run with the first (at half or double where that is nearer). */
  readonly changePercent: number;
  /** 1, or 2 and 0.5 where one beat of a track meets two of the other. */
  readonly factor: number;
}

/** How well a track at `to` follows one at `from`, both in beats per minute. Null where one is no tempo. */
export function matchTempos(from: number, to: number): TempoMatch | null {
  if (!(from > 0) || !(to > 0)) return null;
  let best: TempoMatch | null = null;
  for (const [factor, weight] of relations) {
    const changePercent = (from / (to * factor) - 1) * 100;
    const score = weight * scoreOf(Math.abs(changePercent));
    const nearer = best !== null && Math.abs(changePercent) < Math.abs(best.changePercent);
    if (best === null || score > best.score || (score === best.score && nearer)) {
      best = { score, changePercent, factor };
    }
  }
  return best;
}

function scoreOf(percent: number): number {
  for (let index = 1; index < compatibility.length; index += 1) {
    const [upTo, score] = compatibility[index] as readonly [number, number];
    if (percent > upTo) continue;
    const [before, scoreBefore] = compatibility[index - 1] as readonly [number, number];
    return scoreBefore + ((percent - before) / (upTo - before)) * (score - scoreBefore);
  }
  return 0;
}

/** Semitones that a change of speed moves the pitch when the key is not locked. */
export function semitonesOf(changePercent: number): number {
  return 12 * Math.log2(1 + changePercent / 100);
}
