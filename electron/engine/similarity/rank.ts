/** Puts the recordings in order by what is looked for: exact, by looking at every one, in slices. */
import { setImmediate } from 'node:timers/promises';
import { similarityAxes } from '#shared/domain.ts';
import type { SimilarityWeights } from '#shared/domain.ts';
import type { AxisScore, AxisScores } from './axes.ts';
import { createBestRows } from './nearest.ts';
import type { ScoredRow } from './nearest.ts';
import type { Recordings } from './recordings.ts';

/** Rows looked at before other answers get a turn: about 10 ms. */
const ROWS_A_SLICE = 25_000;

export const soundAlone: SimilarityWeights = { sound: 1, genres: 0, mood: 0 };

export interface Ranking {
  readonly axes: AxisScores;
  readonly weights: SimilarityWeights;
  /** 0: any genre; above, rows with a genre of their own that have less and less in common with the seeds' genres. */
  readonly acrossGenres: number;
  readonly commonGenres: AxisScore;
}

/** Score of every row; NaN for those out of the question. */
export async function scoreRows(
  recordings: Recordings,
  ranking: Ranking,
  left: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<Float64Array> {
  const { rowCount } = recordings; // rows are only added: what is there now stays good while others get a turn
  const outOfReach = recordings.isOutOfReach.slice(0, rowCount);
  const scoreOf = createScore(ranking);
  const scores = new Float64Array(rowCount).fill(NaN);
  for (let from = 0; from < rowCount; from += ROWS_A_SLICE) {
    const to = Math.min(rowCount, from + ROWS_A_SLICE);
    for (let row = from; row < to; row++) {
      if (outOfReach[row] === 0 && !left.has(row)) scores[row] = scoreOf(row);
    }
    if (to < rowCount) await setImmediate();
    signal.throwIfAborted();
  }
  return scores;
}

/** The best `count` rows, best first. */
export function bestOf(scores: Float64Array, count: number): readonly ScoredRow[] {
  const best = createBestRows(Math.min(count, scores.length));
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    if (score === score) best.offer(row, score); // not NaN
  }
  return best.sorted();
}

function createScore(ranking: Ranking): (row: number) => number {
  const { axes, acrossGenres, commonGenres } = ranking;
  // Going to other genres and staying with the same one cannot both be wanted.
  const weights = { ...ranking.weights, genres: ranking.weights.genres * (1 - acrossGenres) };
  const used = similarityAxes.filter((axis) => weights[axis] > 0);
  const wanted = used.length === 0 ? (['sound'] as const) : used;
  const parts = wanted.map((axis) => ({ of: axes[axis], weight: used.length === 0 ? 1 : weights[axis] }));
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const mostInCommon = 1 - acrossGenres;
  return (row) => {
    // What no genre fits is not from another one.
    if (acrossGenres > 0 && !(commonGenres(row) <= mostInCommon)) return NaN;
    let sum = 0;
    for (const { of, weight } of parts) {
      const score = of(row);
      // Nothing known is no likeness: else what was never heard well would come first.
      if (score === score) sum += weight * score;
    }
    return sum / total;
  };
}
