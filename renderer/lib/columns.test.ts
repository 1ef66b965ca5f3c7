import { describe, expect, it } from 'vitest';
import {
  chooseColumn,
  columnChoices,
  columnsOf,
  fittingColumns,
  moveColumn,
  resizeColumns,
} from './columns.ts';

const libraryColumns = columnsOf('library', null);
const sets = ['library', 'playlist', 'similar', 'errors'] as const;
const ids = (columns: readonly { readonly id: string }[]) => columns.map(({ id }) => id);

describe('fittingColumns', () => {
  it('keeps all columns, in order, where there is room', () => {
    expect(fittingColumns(libraryColumns, 2000)).toEqual(libraryColumns);
  });

  it.each([300, 420, 560, 700, 900, 1100])('fits into %d px, least important dropped first', (width) => {
    for (const columns of sets.map((set) => columnsOf(set, null))) {
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

describe('what the user makes of the columns', () => {
  it('can show everything there is to choose from, and never loses the title', () => {
    for (const set of sets) {
      let chosen = chooseColumn(set, null, 'title', false);
      for (const { id } of columnChoices(set)) chosen = chooseColumn(set, chosen, id, true);
      expect(new Set(ids(chosen))).toEqual(new Set(ids(columnChoices(set))));
      expect(ids(chosen)).toHaveLength(columnChoices(set).length);
      for (const { id } of columnChoices(set)) chosen = chooseColumn(set, chosen, id, false);
      expect(ids(chosen)).toEqual(['title']);
    }
  });

  it('puts a column that comes back where it usually stands', () => {
    const without = chooseColumn('library', null, 'album', false);
    expect(ids(chooseColumn('library', without, 'album', true))).toEqual(ids(libraryColumns));
  });

  it('moves a column before another one, in both directions and to the ends', () => {
    const abc = [...'title,artist,album'.split(',')].map((id) => ({ id: id as 'title', width: null }));
    expect(ids(moveColumn('library', abc, 'title', 2))).toEqual(['artist', 'title', 'album']);
    expect(ids(moveColumn('library', abc, 'title', 3))).toEqual(['artist', 'album', 'title']);
    expect(ids(moveColumn('library', abc, 'title', 0))).toEqual(ids(abc));
    expect(ids(moveColumn('library', abc, 'title', 1))).toEqual(ids(abc));
    expect(ids(moveColumn('library', abc, 'album' as 'title', -4))).toEqual(['album', 'title', 'artist']);
    expect(ids(moveColumn('library', abc, 'year', 0))).toEqual(ids(abc));
  });

  it('keeps widths within what can be seen and grasped', () => {
    const chosen = resizeColumns(
      'library',
      null,
      new Map([
        ['title', 3],
        ['artist', 99_999],
        ['album', 200.4],
      ]),
    );
    const widths = columnsOf('library', chosen)
      .filter(({ id }) => ['title', 'artist', 'album'].includes(id))
      .map(({ width }) => width);
    expect(widths).toEqual(['40px', '1200px', '200px']);
    const back = resizeColumns('library', chosen, new Map([['title', null]]));
    expect(columnsOf('library', back)[0]).toEqual(libraryColumns[0]);
  });

  it('sorts nothing by the headers of a list that has but one order', () => {
    expect(columnsOf('similar', null).every(({ sort }) => sort === null)).toBe(true);
    expect(columnsOf('playlist', null)[0]?.sort).toBe('position');
  });
});
