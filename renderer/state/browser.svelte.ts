/** Where the window is: the place shown, the way back, the search, the order, and the list that follows from them. */
import type { EngineClient } from '#shared/contract.ts';
import type { PlaylistKind, SortField, SortKey, Track, TrackQuery } from '#shared/domain.ts';
import type { QueryError } from '#shared/search/grammar.ts';
import { tryParseSearch } from '#shared/search/parse.ts';
import { toggledSort } from '../lib/sorting.ts';
import { ColumnBrowser } from './column-browser.svelte.ts';
import {
  emptySource,
  playlistSource,
  similarSource,
  TrackList,
  trackSource,
  type ListSource,
  type SimilarWishes,
} from './list.svelte.ts';
import { firstSort, queryOf, samePlace, type Place } from './places.ts';
import { Views } from './views.svelte.ts';

/** The first letter after a pause is searched at once; those that follow it faster than this, together. */
const SEARCH_GAP_MS = 90;
const PLACES_REMEMBERED = 50;

/** A place as it was left: what was searched in it, and the row the keyboard was at (its key). */
interface Visit {
  readonly place: Place;
  readonly text: string;
  readonly row: number | undefined;
}

/** What the browser asks the rest of the window. */
interface BrowserSurroundings {
  readonly views: Views;
  readonly kindOf: (playlistId: number) => PlaylistKind | undefined;
  /** How the tracks similar to one are wanted. */
  readonly wishesOf?: (trackId: number) => SimilarWishes;
}

export class Browser {
  readonly list = new TrackList();
  readonly columns: ColumnBrowser;
  #place = $state.raw<Place>({ kind: 'all' });
  #back = $state.raw<readonly Visit[]>([]);
  #forward = $state.raw<readonly Visit[]>([]);
  #text = $state('');
  #mistake = $state.raw<QueryError | null>(null);
  #seed = $state.raw<Track | null>(null);
  #minimumConfidence = $state<number | null>(null);
  #client: EngineClient;
  #views: Views;
  #kindOf: BrowserSurroundings['kindOf'];
  #wishesOf: BrowserSurroundings['wishesOf'];
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  /** When the last search began; performance.now(). */
  #searchedAt = -Infinity;

  constructor(
    client: EngineClient,
    { views, kindOf, wishesOf }: BrowserSurroundings = { views: new Views(null), kindOf: () => undefined },
  ) {
    this.#client = client;
    this.#views = views;
    this.#kindOf = kindOf;
    this.#wishesOf = wishesOf;
    this.columns = new ColumnBrowser(client, () => void this.list.show(this.#source()));
  }

  get place(): Place {
    return this.#place;
  }
  /** The track whose similar ones are shown, once it is known. */
  get seed(): Track | null {
    const place = this.#place;
    return place.kind === 'similar' && this.#seed?.id === place.trackId ? this.#seed : null;
  }
  get canGoBack(): boolean {
    return this.#back.length > 0;
  }
  get canGoForward(): boolean {
    return this.#forward.length > 0;
  }
  /** What stands in the search box. */
  get text(): string {
    return this.#text;
  }
  /** What is wrong with it, if anything; the list then keeps its last good search. */
  get mistake(): QueryError | null {
    return this.#mistake;
  }
  get sort(): readonly SortKey[] {
    return this.#views.sort(this.#place.kind) ?? firstSort(this.#place);
  }
  /** Confidence from which a track counts as being of a genre; null: each genre's own threshold. */
  get minimumConfidence(): number | null {
    return this.#minimumConfidence;
  }
  /** Whether the rows are those of a playlist in its own order, where they can be moved. */
  get inOwnOrder(): boolean {
    const place = this.#place;
    if (place.kind !== 'playlist' || (this.#kindOf(place.playlistId) ?? 'playlist') !== 'playlist')
      return false;
    const [first] = this.sort;
    const ownOrder = first?.field === 'position' && first.descending !== true;
    return ownOrder && this.#text.trim() === '' && !this.columns.hasPicks;
  }
  /** Whether the place can be searched and sorted. */
  get searchable(): boolean {
    return queryOf(this.#place, '', null, 0) !== null;
  }

  async go(place: Place): Promise<void> {
    if (samePlace(place, this.#place)) return;
    this.#back = [...this.#back, this.#visit()].slice(-PLACES_REMEMBERED);
    this.#forward = [];
    // A search belongs to the place it was typed in; the whole library keeps it.
    await this.#enter({ place, text: place.kind === 'all' ? this.#text : '', row: undefined });
  }

  async goBack(): Promise<void> {
    const to = this.#back.at(-1);
    if (to === undefined) return;
    this.#back = this.#back.slice(0, -1);
    this.#forward = [this.#visit(), ...this.#forward];
    await this.#enter(to);
  }

  async goForward(): Promise<void> {
    const [to, ...rest] = this.#forward;
    if (to === undefined) return;
    this.#forward = rest;
    this.#back = [...this.#back, this.#visit()];
    await this.#enter(to);
  }

  /** Takes a place that is no more (a deleted playlist, a removed folder) out of the way. */
  async forget(place: Place): Promise<void> {
    const others = (visit: Visit): boolean => !samePlace(visit.place, place);
    this.#back = this.#back.filter(others);
    this.#forward = this.#forward.filter(others);
    if (samePlace(this.#place, place))
      await this.#enter({ place: { kind: 'all' }, text: this.#text, row: undefined });
  }

  /** What is typed into the box. A playlist or a list of similar tracks gives way to the whole library. */
  search(text: string): void {
    this.#text = text;
    clearTimeout(this.#searchTimer);
    const { error } = tryParseSearch(text);
    this.#mistake = error;
    if (error !== null) return;
    const pause = this.#searchedAt + SEARCH_GAP_MS - performance.now();
    this.#searchTimer = setTimeout(() => {
      this.#searchedAt = performance.now();
      if (this.searchable) void Promise.all([this.list.show(this.#source()), this.#showColumns(true)]);
      else if (text.trim() !== '') void this.go({ kind: 'all' });
    }, pause);
  }

  async toggleSort(field: SortField, additional: boolean): Promise<void> {
    await this.setSort(toggledSort(this.sort, field, additional));
  }

  async setSort(sort: readonly SortKey[]): Promise<void> {
    this.#views.setSort(this.#place.kind, sort);
    await this.list.refine(this.#source());
  }

  /** Whether genres, artists and albums stand in columns above the list. */
  get hasColumns(): boolean {
    return this.searchable && this.#views.hasBrowser(this.#place.kind);
  }

  async setColumns(shown: boolean): Promise<void> {
    this.#views.setBrowser(this.#place.kind, shown);
    const had = this.columns.hasPicks;
    await Promise.all([this.#showColumns(false), had ? this.list.show(this.#source()) : undefined]);
  }

  async setMinimumConfidence(value: number | null): Promise<void> {
    this.#minimumConfidence = value;
    await Promise.all([this.list.refine(this.#source()), this.#showColumns(true)]);
  }

  /** The first rows, at the start. */
  async open(): Promise<void> {
    await Promise.all([this.list.show(this.#source()), this.#showColumns(true)]);
  }

  /** Something changed in the engine: what is on screen is asked for again. */
  async reload(): Promise<void> {
    await Promise.all([this.list.reload(), this.columns.reload()]);
  }

  async #showColumns(keepPicks: boolean): Promise<void> {
    await this.columns.show(this.hasColumns ? this.#query() : null, keepPicks);
  }

  #visit(): Visit {
    return { place: this.#place, text: this.searchable ? this.#text : '', row: this.list.selection.focusKey };
  }

  async #enter({ place, text, row }: Visit): Promise<void> {
    this.#place = place;
    if (text !== this.#text) {
      this.#text = text;
      this.#mistake = tryParseSearch(text).error;
    }
    clearTimeout(this.#searchTimer);
    const columns = this.#showColumns(false);
    await Promise.all([columns, this.list.show(this.#source(), row), this.#loadSeed()]);
  }

  async #loadSeed(): Promise<void> {
    const place = this.#place;
    if (place.kind !== 'similar') return;
    try {
      this.#seed = await this.#client.request('tracks.get', { trackId: place.trackId });
    } catch {
      // The list itself fails for the same reason, and says so.
    }
  }

  #source(): ListSource {
    const place = this.#place;
    if (this.inOwnOrder && place.kind === 'playlist') return playlistSource(this.#client, place.playlistId);
    if (place.kind === 'similar') {
      const { trackId } = place;
      return similarSource(this.#client, trackId, () => this.#wishesOf?.(trackId) ?? {});
    }
    const query = this.#query();
    if (query === null) return emptySource;
    const { columns } = this;
    return trackSource(
      this.#client,
      columns.hasPicks ? { ...query, picks: columns.picks } : query,
      this.sort,
    );
  }

  #query(): TrackQuery | null {
    const text = this.#mistake === null ? this.#text : '';
    return queryOf(this.#place, text, this.#minimumConfidence, Date.now());
  }
}
