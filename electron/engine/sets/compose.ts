/** Puts a set together of candidates: the numbers, the number of rows, the search. */
import { setLimits } from '#shared/domain.ts';
import type { SetCandidate } from './candidate.ts';
import { numbersOf, valueSteps } from './numbers.ts';
import type { SetRecipe } from './recipe.ts';
import { solve, workFor } from './solve.ts';

/**
 * Candidates in the order of the set. The longest of them that have all given rows; fewer than asked for where there are
 * not as many candidates. Yields every few ms.
 */
export function* compose(
  candidates: readonly SetCandidate[],
  recipe: SetRecipe,
): Generator<void, readonly number[]> {
  if (candidates.length === 0) return [];
  const steps = yield* valueSteps(candidates, recipe);
  const counts = rowCounts(candidates, recipe);
  let best: { readonly order: Int32Array; readonly mean: number } | null = null;
  for (const rows of counts) {
    const problem = numbersOf(candidates, recipe, steps, rows);
    const { order, value } = yield* solve(
      problem,
      recipe.seed,
      workFor(rows, candidates.length) / counts.length,
    );
    // Sets of other lengths are compared by their mean; what is broken is so much that it decides first.
    const mean = value / rows;
    if (best === null || mean > best.mean) best = { order, mean };
  }
  return [...best!.order];
}

/** The numbers of rows to try: one, or those around the length that is asked for. */
function rowCounts(
  candidates: readonly SetCandidate[],
  { length, locked, required }: SetRecipe,
): readonly number[] {
  const most = Math.min(candidates.length, setLimits.rows);
  const given = new Set([...locked.map(({ candidate }) => candidate), ...required]).size;
  const lastLocked = Math.max(-1, ...locked.map(({ position }) => position));
  const least = Math.min(most, Math.max(1, given, lastLocked + 1));
  if ('count' in length) return [Math.min(candidates.length, length.count)];
  const sorted = candidates.map(({ seconds }) => seconds).sort((one, other) => one - other);
  const total = sorted.reduce((sum, seconds) => sum + seconds, 0);
  const near = Math.round(length.seconds / Math.max(1, total / sorted.length));
  const clamp = (count: number): number => Math.max(least, Math.min(most, count));
  // The shortest rows that are so many must not be too long together, nor the longest too short.
  const sums = (seconds: readonly number[]): readonly number[] => {
    let sum = 0;
    return seconds.map((one) => (sum += one));
  };
  const [shortest, longest] = [sums(sorted), sums(sorted.toReversed())];
  const canBe = (count: number): boolean =>
    shortest[count - 1]! <= length.seconds + length.toleranceSeconds &&
    longest[count - 1]! >= length.seconds - length.toleranceSeconds;
  const around = [...new Set([near - 2, near - 1, near, near + 1, near + 2].map(clamp))].filter(canBe);
  return around.length > 0 ? around : [...new Set([clamp(near - 1), clamp(near), clamp(near + 1)])];
}
