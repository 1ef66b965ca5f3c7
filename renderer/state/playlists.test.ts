import { expect, it } from 'vitest';
import { landingPosition } from './playlists.svelte.ts';

/** What the engine does: takes the rows out, puts them in so that the first lands at `position`. */
function moved(rows: readonly string[], which: readonly number[], position: number): string {
  const taken = which.map((index) => rows[index] ?? '');
  const rest = rows.filter((_, index) => !which.includes(index));
  return rest.toSpliced(position, 0, ...taken).join('');
}

it.each([
  [[0], 2, 'bacde'],
  [[0], 5, 'bcdea'],
  [[4], 0, 'eabcd'],
  [[1, 2], 5, 'adebc'],
  [[1, 3], 3, 'acbde'],
  [[1], 1, 'abcde'],
  [[1], 2, 'abcde'],
])('rows %j dropped before row %d', (which, before, result) => {
  expect(moved([...'abcde'], which, landingPosition(before, which))).toBe(result);
});
