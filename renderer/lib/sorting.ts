/** The order of a list: what a click on a column header makes of it. */
import type { SortField, SortKey } from '#shared/domain.ts';

/** Fields that read best from the top: newest, longest, most stars first. */
const descendingFirst: ReadonlySet<SortField> = new Set([
  'confidence',
  'addedAt',
  'modifiedAt',
  'rating',
  'bitrate',
  'size',
]);
/** Whether a field is wanted from the top at first. */
export function firstDirection(field: SortField): boolean {
  return descendingFirst.has(field);
}

/** The contract takes five keys. */
export const MOST_KEYS = 5;

/**
 * A click sorts by this field alone, a second one turns the direction. With `additional` (shift) the field
 * is added behind the others, turned when it is there, and taken out at the third click.
 */
export function toggledSort(
  keys: readonly SortKey[],
  field: SortField,
  additional: boolean,
): readonly SortKey[] {
  const first = firstDirection(field);
  const present = keys.find((key) => key.field === field);
  if (!additional) {
    const again = present !== undefined && keys.length === 1;
    return [{ field, descending: again ? present.descending !== true : first }];
  }
  if (present === undefined) return [...keys, { field, descending: first }].slice(-MOST_KEYS);
  if ((present.descending === true) !== first && keys.length > 1) {
    return keys.filter((key) => key !== present);
  }
  return keys.map((key) => (key === present ? { field, descending: key.descending !== true } : key));
}
