import { describe, expect, it } from 'vitest';
import { errorColumns, fittingColumns, libraryColumns, playlistColumns, similarColumns } from './columns.ts';

describe('fittingColumns', () => {
  it('keeps all columns, in order, where there is room', () => {
    expect(fittingColumns(libraryColumns, 2000)).toEqual(libraryColumns);
  });

  it.each([300, 420, 560, 700, 900, 1100])('fits into %d px, least important dropped first', (width) => {
    for (const columns of [libraryColumns, playlistColumns, similarColumns, errorColumns]) {
      const fitting = fittingColumns(columns, width);
      const needed = fitting.reduce((sum, { minimum }) => sum + minimum, 0);
      const dropped = columns.filter((column) => !fitting.includes(column));
      const onlyEssentials = fitting.every(({ importance }) => importance === 1);
      expect(needed <= width || onlyEssentials).toBe(true);
      const worstKept = Math.max(...fitting.map(({ importance }) => importance));
      for (const column of dropped) expect(column.importance).toBeGreaterThanOrEqual(worstKept);
    }
  });

  it('keeps the genre in the narrowest window, beside the details', () => {
    // 900 pixels less both sides, the scroll bar and the padding of the rows.
    expect(fittingColumns(libraryColumns, 396).map(({ id }) => id)).toEqual(['title', 'artist', 'genre']);
  });

  it('never drops the title', () => {
    expect(fittingColumns(libraryColumns, 10).map(({ id }) => id)).toEqual(['title']);
  });
});
