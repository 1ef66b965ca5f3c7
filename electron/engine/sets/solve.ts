/** The optimiser: beam search, then local improvement of what it found. */
import { searchBeam } from './beam.ts';
import { createRandom, improve } from './improve.ts';
import { valueOf } from './problem.ts';
import type { SetProblemNumbers } from './problem.ts';

/** Units of work of the improvement, all starts together: at most some tenths of a second, small sets are soon done. */
export function workFor(rows: number, size: number): number {
  return Math.min(4_000_000, Math.max(30_000, rows * size * 300));
}

/** How many of the orders that the beam search found are improved. */
const STARTS = 3;

export interface Solved {
  /** Candidates by row. */
  readonly order: Int32Array;
  readonly value: number;
}

/**
 * The best order that was found: every locked row as it is locked, all required candidates in it, none twice. The same
 * problem and seed give the same order. Yields every few ms, so that the caller can let others have a turn, or stop.
 */
export function* solve(
  problem: SetProblemNumbers,
  seed: number,
  work = workFor(problem.rows, problem.size),
): Generator<void, Solved> {
  const random = createRandom(seed);
  const starts = (yield* searchBeam(problem)).slice(0, STARTS);
  let best: Solved | null = null;
  for (const start of starts) {
    const order = yield* improve(problem, start, random, work / starts.length);
    const value = valueOf(problem, order);
    if (best === null || value > best.value) best = { order, value };
  }
  if (best === null) throw new Error('A set of no candidates was asked for.');
  return best;
}
