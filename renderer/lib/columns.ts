/** The columns a list of tracks can show, which of them fit into a width, and what the user made of them. */
import type { SortField } from '#shared/domain.ts';

export const columnIds = [
  'position',
  'score',
  'title',
  'artist',
  'album',
  'genre',
  'duration',
  'year',
  'rating',
  'bitrate',
  'addedAt',
  'albumArtist',
  'trackNumber',
  'genreTags',
  'format',
  'sampleRate',
  'size',
  'modifiedAt',
  'axes',
  'reason',
  'error',
  'path',
  'bpm',
  'key',
  'energy',
  'loudness',
  'transition',
] as const;
export type ColumnId = (typeof columnIds)[number];

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

/** One column as the user left it: null keeps the width of its own. */
export interface ColumnChoice {
  readonly id: ColumnId;
  readonly width: number | null;
}

const flexible = (id: ColumnId, sort: SortField | null, minimum: number, share: number, importance: number) =>
  ({ id, sort, width: `minmax(${minimum}px, ${share}fr)`, minimum, importance, numeric: false }) as const;
const fixed = (id: ColumnId, sort: SortField | null, width: number, importance: number, numeric = true) =>
  ({ id, sort, width: `${width}px`, minimum: width, importance, numeric }) as const;

const definitions: Readonly<Record<ColumnId, Column>> = {
  position: fixed('position', 'position', 60, 1),
  score: fixed('score', null, 92, 1, false),
  title: flexible('title', 'title', 130, 3, 1),
  artist: flexible('artist', 'artist', 106, 2, 2),
  album: flexible('album', 'album', 120, 2, 5),
  genre: flexible('genre', 'genre', 160, 2, 3),
  bpm: fixed('bpm', 'bpm', 70, 4),
  key: fixed('key', 'key', 72, 4, false),
  energy: fixed('energy', 'energy', 88, 6, false),
  loudness: fixed('loudness', 'loudness', 74, 10),
  transition: fixed('transition', null, 186, 3, false),
  duration: fixed('duration', 'duration', 74, 4),
  year: fixed('year', 'year', 68, 8),
  rating: fixed('rating', 'rating', 96, 6, false),
  bitrate: fixed('bitrate', 'bitrate', 84, 9),
  addedAt: fixed('addedAt', 'addedAt', 108, 7),
  albumArtist: flexible('albumArtist', 'albumArtist', 106, 2, 10),
  trackNumber: fixed('trackNumber', 'trackNumber', 72, 10),
  genreTags: flexible('genreTags', 'genreTags', 110, 1, 10),
  format: fixed('format', 'codec', 84, 10, false),
  sampleRate: fixed('sampleRate', 'sampleRate', 84, 10),
  size: fixed('size', 'size', 84, 10),
  modifiedAt: fixed('modifiedAt', 'modifiedAt', 108, 10),
  axes: fixed('axes', null, 68, 3, false),
  reason: flexible('reason', null, 200, 5, 3),
  error: flexible('error', 'error', 220, 3, 1),
  path: flexible('path', 'path', 200, 3, 3),
};

/** Sets of columns: which there are to choose from, and which are shown until the user chooses. */
export type ColumnSet = 'library' | 'playlist' | 'similar' | 'errors';

const libraryFirst = [
  'title',
  'artist',
  'bpm',
  'key',
  'energy',
  'album',
  'genre',
  'duration',
  'year',
  'rating',
  'bitrate',
  'addedAt',
] as const satisfies readonly ColumnId[];
const more = [
  'loudness',
  'albumArtist',
  'trackNumber',
  'genreTags',
  'format',
  'sampleRate',
  'size',
  'modifiedAt',
  'path',
] as const satisfies readonly ColumnId[];

const firstOf: Readonly<Record<ColumnSet, readonly ColumnId[]>> = {
  library: libraryFirst,
  playlist: [
    'position',
    'transition',
    'title',
    'artist',
    'bpm',
    'key',
    'energy',
    'genre',
    'duration',
    'album',
    'year',
    'rating',
  ],
  similar: ['score', 'axes', 'title', 'artist', 'bpm', 'key', 'genre', 'reason', 'duration'],
  errors: ['title', 'error', 'path'],
};
const choicesOf: Readonly<Record<ColumnSet, readonly ColumnId[]>> = {
  library: [...libraryFirst, ...more],
  playlist: ['position', 'transition', ...libraryFirst, ...more],
  similar: [
    'score',
    'axes',
    'title',
    'artist',
    'bpm',
    'key',
    'energy',
    'album',
    'genre',
    'reason',
    'duration',
    'year',
    'rating',
    ...more,
  ],
  errors: ['title', 'artist', 'error', 'path', 'format', 'size', 'modifiedAt'],
};
/** Lists whose order cannot be another one: their headers sort nothing. */
const ownOrder: ReadonlySet<ColumnSet> = new Set<ColumnSet>(['similar']);

/** A row is named by this column: it cannot be taken away. */
const always: ColumnId = 'title';
/** Pixels below which no column can be made. */
export const narrowest = 40;
export const widest = 1200;

function columnOf(set: ColumnSet, id: ColumnId): Column {
  const column = definitions[id];
  // In what order tracks are played, tempo, key and transition tell more than the genre.
  if (set === 'playlist' && id === 'genre') return { ...column, importance: 5 };
  return ownOrder.has(set) ? { ...column, sort: null } : column;
}

/** The columns that can be chosen, with whether each can be taken away. */
export function columnChoices(set: ColumnSet): readonly { readonly id: ColumnId; readonly fixed: boolean }[] {
  return choicesOf[set].map((id) => ({ id, fixed: id === always }));
}

/** The columns as the user left them, or the first ones where he did not touch them (null). */
export function columnsOf(set: ColumnSet, chosen: readonly ColumnChoice[] | null): readonly Column[] {
  if (chosen === null) return firstOf[set].map((id) => columnOf(set, id));
  return chosen
    .filter(({ id }) => choicesOf[set].includes(id))
    .map(({ id, width }) => {
      const column = columnOf(set, id);
      return width === null ? column : { ...column, width: `${width}px`, minimum: width };
    });
}

/** What a change starts from: the user's own choice, or what he sees. */
function started(set: ColumnSet, chosen: readonly ColumnChoice[] | null): readonly ColumnChoice[] {
  return chosen ?? firstOf[set].map((id) => ({ id, width: null }));
}

/** Shows a column, at its usual place as far as the others allow, or takes it away. */
export function chooseColumn(
  set: ColumnSet,
  chosen: readonly ColumnChoice[] | null,
  id: ColumnId,
  shown: boolean,
): readonly ColumnChoice[] {
  const columns = started(set, chosen);
  if (!shown) return id === always ? columns : columns.filter((column) => column.id !== id);
  if (columns.some((column) => column.id === id)) return columns;
  const before = choicesOf[set].slice(0, choicesOf[set].indexOf(id));
  const after = columns.findLastIndex((column) => before.includes(column.id));
  return columns.toSpliced(after + 1, 0, { id, width: null });
}

/** Moves a column so that it stands before the one now at `before` (the number of columns: the end). */
export function moveColumn(
  set: ColumnSet,
  chosen: readonly ColumnChoice[] | null,
  id: ColumnId,
  before: number,
): readonly ColumnChoice[] {
  const columns = started(set, chosen);
  const from = columns.findIndex((column) => column.id === id);
  const column = columns[from];
  if (column === undefined) return columns;
  const to = Math.min(columns.length, Math.max(0, before));
  return columns.toSpliced(from, 1).toSpliced(to > from ? to - 1 : to, 0, column);
}

/** Gives columns a width in pixels, or (null) their own again. */
export function resizeColumns(
  set: ColumnSet,
  chosen: readonly ColumnChoice[] | null,
  widths: ReadonlyMap<ColumnId, number | null>,
): readonly ColumnChoice[] {
  return started(set, chosen).map((column) => {
    const width = widths.get(column.id);
    if (width === undefined) return column;
    const bounded = width === null ? null : Math.round(Math.min(widest, Math.max(narrowest, width)));
    return { ...column, width: bounded };
  });
}

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
