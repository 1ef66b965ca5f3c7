/** What several measurements need. */
export function medianOf(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** A genre or tag of a made-up model. */
export const label = (id: string) => ({
  ...{ id, name: id, threshold: 0.4, known: 'well' as const, scale: 1, shift: 0 },
});
