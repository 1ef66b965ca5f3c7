/** How tempos go together. */

/** Relations at which two tempos still share a pulse; each is as good as the others. */
const factors = [1, 2, 0.5];

/** Deviation in per cent and how well it mixes: the conventions of product.md, straight lines between. */
const compatibility: readonly { readonly percent: number; readonly score: number }[] = [
  { percent: 0, score: 1 },
  { percent: 2, score: 1 },
  { percent: 4, score: 0.8 },
  { percent: 6, score: 0.5 },
  { percent: 9, score: 0.3 },
  { percent: 16, score: 0 },
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
  // The nearest relation is the best one. Numbers only: sets ask this some million times.
  let factor = 1;
  let changePercent = Infinity;
  for (let index = 0; index < factors.length; index += 1) {
    const change = (from / (to * factors[index]!) - 1) * 100;
    if (Math.abs(change) >= Math.abs(changePercent)) continue;
    changePercent = change;
    factor = factors[index]!;
  }
  return { score: scoreOf(Math.abs(changePercent)), changePercent, factor };
}

function scoreOf(percent: number): number {
  for (let index = 1; index < compatibility.length; index += 1) {
    const upTo = compatibility[index]!;
    if (percent > upTo.percent) continue;
    const before = compatibility[index - 1]!;
    const share = (percent - before.percent) / (upTo.percent - before.percent);
    return before.score + share * (upTo.score - before.score);
  }
  return 0;
}

/** Semitones that a change of speed moves the pitch when the key is not locked. */
export function semitonesOf(changePercent: number): number {
  return 12 * Math.log2(1 + changePercent / 100);
}
