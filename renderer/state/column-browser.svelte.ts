/** The columns above the list, genre, artist, album: what there is under what is picked to the left, and what is picked. */
import type { EngineClient } from '#shared/contract.ts';
import {
  browseColumns,
  type BrowseColumn,
  type BrowsePicks,
  type BrowseValue,
  type TrackQuery,
} from '#shared/domain.ts';
import { RowWindow } from './row-window.svelte.ts';

type Value = string | null;

export class ColumnBrowser {
  readonly lists: Readonly<Record<BrowseColumn, RowWindow<BrowseValue>>> = {
    genre: new RowWindow(),
    artist: new RowWindow(),
    album: new RowWindow(),
  };
  #picks = $state.raw<BrowsePicks>({});
  #query: TrackQuery | null = null;
  #client: EngineClient;
  /** Told when other tracks are to be shown. */
  #onPicks: () => void;

  constructor(client: EngineClient, onPicks: () => void) {
    this.#client = client;
    this.#onPicks = onPicks;
  }

  get picks(): BrowsePicks {
    return this.#picks;
  }
  /** Values picked in a column; none: all of them. */
  picked(column: BrowseColumn): readonly Value[] {
    return this.#picks[column] ?? [];
  }
  get hasPicks(): boolean {
    return browseColumns.some((column) => this.picked(column).length > 0);
  }

  /** The columns of another list; null: they are not on screen. What was picked is kept as long as asked. */
  async show(query: TrackQuery | null, keepPicks: boolean): Promise<void> {
    this.#query = query;
    if (!keepPicks) this.#picks = {};
    if (query !== null) await this.#load(browseColumns);
  }

  /** The library changed. */
  async reload(): Promise<void> {
    if (this.#query !== null) await Promise.all(browseColumns.map((column) => this.lists[column].reload()));
  }

  /** Picks this value alone, adds it (or takes it out), or (null) lets the column go. */
  async pick(
    column: BrowseColumn,
    pick: { readonly value: Value; readonly add: boolean } | null,
  ): Promise<void> {
    const before = this.picked(column);
    const now = pick === null ? [] : pick.add ? toggled(before, pick.value) : [pick.value];
    const place = browseColumns.indexOf(column);
    const left = browseColumns.slice(0, place).map((other) => [other, this.#picks[other]] as const);
    // What is picked further right may not exist under the new pick.
    this.#picks = {
      ...Object.fromEntries(left.filter(([, values]) => values !== undefined)),
      ...(now.length === 0 ? {} : { [column]: now }),
    };
    this.#onPicks();
    await this.#load(browseColumns.slice(place + 1));
  }

  async #load(columns: readonly BrowseColumn[]): Promise<void> {
    const query = this.#query;
    if (query === null) return;
    const picks = Object.fromEntries(
      Object.entries(this.#picks).map(([column, values]) => [
        column,
        values === undefined ? [] : [...values],
      ]),
    );
    await Promise.all(
      columns.map((column) =>
        this.lists[column].show(async (offset, limit, signal) => {
          const input = { query: { ...query, picks }, column, offset, limit };
          const { total, values } = await this.#client.request('library.browse', input, { signal });
          return { total, totalSeconds: 0, rows: values };
        }),
      ),
    );
  }
}

function toggled(values: readonly Value[], value: Value): readonly Value[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}
