/** "Did you mean": the candidate that takes the fewest changes, if it takes few enough to be likely. */

/** A long text is never a slip of one of our short names. */
const LONGEST_COMPARED = 40;

/** Null when nothing is near: more than a third of the letters (at least one, two from 4 letters) would change. */
export function nearest(wanted: string, candidates: Iterable<string>): string | null {
  if (wanted.length > LONGEST_COMPARED) return null;
  const folded = wanted.toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.max(folded.length < 4 ? 1 : 2, Math.floor(folded.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(folded, candidate.toLowerCase());
    // Every letter changed is no likeness.
    if (distance < bestDistance && distance < Math.max(folded.length, candidate.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Optimal string alignment: insertions, deletions, changes and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
