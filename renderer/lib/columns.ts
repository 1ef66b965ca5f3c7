/** The columns a list of tracks can show, and which of them fit into a width. */
import type { SortField } from '#shared/domain.ts';

export type ColumnId =
  | 'position'
  | 'title'
  | 'artist'
  | 'album'
  | 'genre'
  | 'duration'
  | 'year'
  | 'addedAt'
  | 'rating'
  | 'bitrate'
  | 'score'
  | 'reason'
  | 'error'
  | 'path';

export interface Column {
  readonly id: ColumnId;
  /** What a click on the header sorts by; null where the list has an order of its own. */
  readonly sort: SortField | null;
  /** A track of CSS grid. */
  readonly width: string;
  /** Pixels the column needs to be of use. */
  readonly minimum: number;
  /** 1 stays longest when the window gets narrow. */
  readonly importance: number;
  /** Numbers are set flush right. */
  readonly numeric: boolean;
}

const column = (
  id: ColumnId,
  sort: SortField | null,
  width: string,
  minimum: number,
  importance: number,
  numeric = false,
): Column => ({ id, sort, width, minimum, importance, numeric });

const title = column('title', 'title', 'minmax(130px, 3fr)', 130, 1);
const artist = column('artist', 'artist', 'minmax(106px, 2fr)', 106, 2);
const album = column('album', 'album', 'minmax(120px, 2fr)', 120, 5);
const genre = column('genre', 'genre', 'minmax(160px, 2fr)', 160, 3);
const duration = column('duration', 'duration', '66px', 66, 4, true);
const year = column('year', 'year', '58px', 58, 8, true);
const addedAt = column('addedAt', 'addedAt', '108px', 108, 7, true);
const rating = column('rating', 'rating', '96px', 96, 6);
const bitrate = column('bitrate', 'bitrate', '84px', 84, 9, true);
const unsorted = (from: Column): Column => ({ ...from, sort: null });

export const libraryColumns: readonly Column[] = [
  title,
  artist,
  album,
  genre,
  duration,
  year,
  rating,
  bitrate,
  addedAt,
];
export const playlistColumns: readonly Column[] = [
  column('position', null, '52px', 52, 1, true),
  ...[title, artist, album, genre, duration, year, rating].map(unsorted),
];
export const similarColumns: readonly Column[] = [
  column('score', null, '100px', 100, 1),
  ...[title, artist, genre].map(unsorted),
  column('reason', null, 'minmax(200px, 5fr)', 200, 4),
  { ...unsorted(duration), importance: 5 },
];
export const errorColumns: readonly Column[] = [
  title,
  column('error', null, 'minmax(220px, 3fr)', 220, 1),
  column('path', 'path', 'minmax(200px, 3fr)', 200, 3),
];

/** The columns that fit into `width` pixels, least important dropped first, in their own order. */
export function fittingColumns(columns: readonly Column[], width: number): readonly Column[] {
  const kept = new Set(columns);
  let needed = columns.reduce((sum, { minimum }) => sum + minimum, 0);
  for (const dropped of columns.toSorted((a, b) => b.importance - a.importance)) {
    if (needed <= width || dropped.importance === 1) break;
    kept.delete(dropped);
    needed -= dropped.minimum;
  }
  return columns.filter((candidate) => kept.has(candidate));
}
