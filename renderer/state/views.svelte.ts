/** What each kind of list remembers on this machine: its columns, its order, whether it has the column browser. */
import { sortFields, type SortKey } from '#shared/domain.ts';
import {
  chooseColumn,
  columnIds,
  columnsOf,
  moveColumn,
  resizeColumns,
  type Column,
  type ColumnChoice,
  type ColumnId,
  type ColumnSet,
} from '../lib/columns.ts';
import type { Place } from './places.ts';

export type ViewId = Place['kind'];

interface View {
  readonly columns?: readonly ColumnChoice[];
  readonly sort?: readonly SortKey[];
  readonly browser?: boolean;
}

const KEY = 'cratewise.views';

/** Which columns there are to choose from in a kind of place. */
export function columnSetOf(view: ViewId): ColumnSet {
  return view === 'playlist' || view === 'similar' || view === 'errors'
    ? { playlist: 'playlist' as const, similar: 'similar' as const, errors: 'errors' as const }[view]
    : 'library';
}

export class Views {
  #views = $state.raw<Readonly<Partial<Record<ViewId, View>>>>({});
  #storage: Storage | null;

  /** `storage`: null where the browser allows none; then everything holds until the window closes. */
  constructor(storage: Storage | null) {
    this.#storage = storage;
    this.#views = readStored(storage);
  }

  /** The columns to show, in order. */
  columns(view: ViewId): readonly Column[] {
    return columnsOf(columnSetOf(view), this.#columnsOf(view));
  }
  /** Whether the user chose, moved or resized any: then all of them are shown, even in a narrow window. */
  isOwn(view: ViewId): boolean {
    return this.#columnsOf(view) !== null;
  }
  /** The order the user chose; null: the first one of the place. */
  sort(view: ViewId): readonly SortKey[] | null {
    return this.#views[view]?.sort ?? null;
  }
  /** Whether genres, artists and albums stand in columns above the list. */
  hasBrowser(view: ViewId): boolean {
    return this.#views[view]?.browser === true;
  }

  choose(view: ViewId, id: ColumnId, shown: boolean): void {
    this.#change(view, { columns: chooseColumn(columnSetOf(view), this.#columnsOf(view), id, shown) });
  }
  /** `before`: the position of the column it shall stand before. */
  move(view: ViewId, id: ColumnId, before: number): void {
    this.#change(view, { columns: moveColumn(columnSetOf(view), this.#columnsOf(view), id, before) });
  }
  /** Pixels; null gives a column its own width again. */
  resize(view: ViewId, widths: ReadonlyMap<ColumnId, number | null>): void {
    this.#change(view, { columns: resizeColumns(columnSetOf(view), this.#columnsOf(view), widths) });
  }
  /** The columns as they were at first. */
  resetColumns(view: ViewId): void {
    const { columns: _, ...rest } = this.#views[view] ?? {};
    this.#store({ ...this.#views, [view]: rest });
  }
  setSort(view: ViewId, sort: readonly SortKey[]): void {
    this.#change(view, { sort });
  }
  setBrowser(view: ViewId, browser: boolean): void {
    this.#change(view, { browser });
  }

  #columnsOf(view: ViewId): readonly ColumnChoice[] | null {
    return this.#views[view]?.columns ?? null;
  }

  #change(view: ViewId, part: View): void {
    this.#store({ ...this.#views, [view]: { ...this.#views[view], ...part } });
  }

  #store(views: Readonly<Partial<Record<ViewId, View>>>): void {
    this.#views = views;
    try {
      this.#storage?.setItem(KEY, JSON.stringify(views));
    } catch {
      // The browser's storage is full: what was chosen holds until the window closes.
    }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** What was stored, without anything an older version or another hand may have left in another form. */
function readStored(storage: Storage | null): Readonly<Partial<Record<ViewId, View>>> {
  let read: unknown;
  try {
    read = JSON.parse(storage?.getItem(KEY) ?? '{}');
  } catch {
    return {};
  }
  if (!isRecord(read)) return {};
  return Object.fromEntries(
    Object.entries(read).flatMap(([view, stored]) => (isRecord(stored) ? [[view, readView(stored)]] : [])),
  );
}

function readView({ columns, sort, browser }: Record<string, unknown>): View {
  const knownColumns = Array.isArray(columns)
    ? columns.flatMap((column: unknown): ColumnChoice[] => {
        const id = isRecord(column) ? columnIds.find((known) => known === column['id']) : undefined;
        if (!isRecord(column) || id === undefined) return [];
        return [{ id, width: typeof column['width'] === 'number' ? column['width'] : null }];
      })
    : [];
  const knownSort = Array.isArray(sort)
    ? sort.flatMap((key: unknown): SortKey[] => {
        const field = isRecord(key) ? sortFields.find((known) => known === key['field']) : undefined;
        return field === undefined
          ? []
          : [{ field, descending: isRecord(key) && key['descending'] === true }];
      })
    : [];
  return {
    ...(knownColumns.some(({ id }) => id === 'title') ? { columns: knownColumns } : {}),
    ...(knownSort.length > 0 ? { sort: knownSort } : {}),
    ...(typeof browser === 'boolean' ? { browser } : {}),
  };
}
