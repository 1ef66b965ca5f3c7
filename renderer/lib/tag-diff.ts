/** What a change of a field's values keeps, adds and takes away. */

export type ValueFate = 'kept' | 'added' | 'removed';

export interface ValueChange {
  readonly value: string;
  readonly fate: ValueFate;
}

export interface TagDiff {
  /** The old values in their order: kept or removed. */
  readonly before: readonly ValueChange[];
  /** The new ones in theirs: kept or added. */
  readonly after: readonly ValueChange[];
  /** Same values, another order. */
  readonly onlyOrder: boolean;
}

/** Values are compared as they are written: another spelling is another value. */
export function tagDiff(before: readonly string[], after: readonly string[]): TagDiff {
  const had = countOf(before);
  const will = countOf(after);
  const fates = (
    values: readonly string[],
    others: ReadonlyMap<string, number>,
    alone: ValueFate,
  ): readonly ValueChange[] => {
    const left = new Map(others);
    return values.map((value) => {
      const count = left.get(value) ?? 0;
      left.set(value, count - 1);
      return { value, fate: count > 0 ? 'kept' : alone };
    });
  };
  const changes = { before: fates(before, will, 'removed'), after: fates(after, had, 'added') };
  const allKept = [...changes.before, ...changes.after].every(({ fate }) => fate === 'kept');
  return { ...changes, onlyOrder: allKept && before.some((value, index) => value !== after[index]) };
}

function countOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
