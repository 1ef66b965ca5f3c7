/** Moving rows within a list. */

/** The list with the chosen rows together, in their order, before the row that now stands at `before`. */
export function movedWithin<Row>(
  rows: readonly Row[],
  chosen: (row: Row) => boolean,
  before: number,
): readonly Row[] {
  return [
    ...rows.slice(0, before).filter((row) => !chosen(row)),
    ...rows.filter(chosen),
    ...rows.slice(before).filter((row) => !chosen(row)),
  ];
}
