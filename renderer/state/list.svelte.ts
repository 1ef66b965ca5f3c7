/** The list in the middle of the window: its rows, what is selected in it, and where its rows come from. */
import type { EngineClient, Input } from '#shared/contract.ts';
import type { PlaylistEntry, SimilarTrack, SortKey, Track, TrackQuery } from '#shared/domain.ts';
import { trackName } from '../lib/track-words.ts';
import { RowWindow, type LoadPage } from './row-window.svelte.ts';
import { Selection } from './selection.svelte.ts';

/** A row of any list: a track, and what the list says about it. */
export interface ListRow {
  /** Names the row within its list: a track's id, or the entry's where a track may stand twice. */
  readonly key: number;
  readonly track: Track;
  /** 0-based place in a playlist. */
  readonly position?: number;
  /** Likeness to the seeds, and on each axis by itself. */
  readonly score?: number;
  readonly axes?: SimilarTrack['axes'];
  readonly reason?: string;
}

export interface ListSource {
  readonly load: LoadPage<ListRow>;
  /** Key and track of every row, in order. */
  readonly order: () => Promise<readonly { readonly key: number; readonly trackId: number }[]>;
  /** What is asked of the engine, where one question gives the list again: so it can be played on. */
  readonly asks?: ListQuestion;
  /** Tracks of the list that match words. */
  readonly matching: (words: string) => Promise<ReadonlySet<number>>;
}

/** A list as a question to the engine. */
export type ListQuestion =
  | { readonly kind: 'query'; readonly query: TrackQuery; readonly sort: readonly SortKey[] }
  | { readonly kind: 'playlist'; readonly playlistId: number };

const SIMILAR_SHOWN = 200;

/** How the list of similar tracks is wanted. */
export type SimilarWishes = Partial<Omit<Input<'similar.find'>, 'trackId'>>;

/** The list of a place that lists no tracks. */
export const emptySource: ListSource = {
  load: () => Promise.resolve({ total: 0, totalSeconds: 0, rows: [] }),
  order: () => Promise.resolve([]),
  matching: () => Promise.resolve(new Set()),
};

/** Words are text here, not a search: signs of the grammar stand for themselves. */
async function matchingTracks(
  client: EngineClient,
  query: TrackQuery,
  words: string,
): Promise<ReadonlySet<number>> {
  const quoted = words
    .split(/[\s"]+/u)
    .filter((word) => word !== '')
    .map((word) => (/^[\p{L}\p{N}]+$/u.test(word) ? word : `"${word}"`))
    .join(' ');
  if (quoted === '') return new Set();
  const text = query.text === undefined ? quoted : `(${query.text}) ${quoted}`;
  return new Set(await client.request('tracks.ids', { query: { ...query, text }, sort: [] }));
}

/** The tracks of a query. */
export function trackSource(client: EngineClient, query: TrackQuery, sort: readonly SortKey[]): ListSource {
  const [first] = sort;
  /** In the list's own order a row is numbered by where it stands. */
  const numbered = first?.field === 'position' && first.descending !== true;
  return {
    load: async (offset, limit, signal) => {
      const input = { query, sort: [...sort], offset, limit };
      const { rows: found, total, totalSeconds } = await client.request('tracks.window', input, { signal });
      const rows = found.map((track, index): ListRow => ({
        ...{ key: track.id, track },
        ...(numbered ? { position: offset + index } : {}),
      }));
      return { total, totalSeconds, rows };
    },
    order: async () => {
      const ids = await client.request('tracks.ids', { query, sort: [...sort] });
      return ids.map((trackId) => ({ key: trackId, trackId }));
    },
    asks: { kind: 'query', query, sort },
    matching: (words) => matchingTracks(client, query, words),
  };
}

/** The rows of a playlist in its own order. */
export function playlistSource(client: EngineClient, playlistId: number): ListSource {
  const entries = async (offset: number, limit: number, signal?: AbortSignal) =>
    client.request(
      'playlists.entries',
      { playlistId, offset, limit },
      signal === undefined ? {} : { signal },
    );
  const row = ({ entryId, position, track }: PlaylistEntry): ListRow => ({ key: entryId, position, track });
  return {
    load: async (offset, limit, signal) => {
      const { total, entries: found } = await entries(offset, limit, signal);
      return { total, totalSeconds: 0, rows: found.map(row) };
    },
    order: async () => {
      const { entryIds, trackIds } = await client.request('playlists.entryIds', { playlistId });
      return entryIds.map((key, index) => ({ key, trackId: trackIds[index] ?? 0 }));
    },
    asks: { kind: 'playlist', playlistId },
    matching: (words) => matchingTracks(client, { playlistId }, words),
  };
}

/** What sounds like the seed, most similar first. Asked for once, and again after a change of the library. */
export function similarSource(
  client: EngineClient,
  trackId: number,
  wishes: () => SimilarWishes = () => ({}),
): ListSource {
  let answer: Promise<readonly SimilarTrack[]> | null = null;
  const similar = (): Promise<readonly SimilarTrack[]> =>
    (answer ??= client.request('similar.find', { limit: SIMILAR_SHOWN, ...wishes(), trackId }));
  return {
    load: async (offset, limit) => {
      // The first page is what a reload begins with: it fetches anew.
      if (offset === 0) answer = null;
      const found = await similar();
      const rows = found.slice(offset, offset + limit);
      return {
        total: found.length,
        totalSeconds: found.reduce((sum, { track }) => sum + (track.durationSeconds ?? 0), 0),
        rows: rows.map(({ track, score, axes, reason }) => ({ key: track.id, track, score, axes, reason })),
      };
    },
    order: async () => (await similar()).map(({ track }) => ({ key: track.id, trackId: track.id })),
    matching: async (words) => {
      const wanted = words.toLocaleLowerCase();
      const named = (await similar()).filter(({ track }) =>
        trackName(track).toLocaleLowerCase().includes(wanted),
      );
      return new Set(named.map(({ track }) => track.id));
    },
  };
}

export class TrackList {
  readonly rows: RowWindow<ListRow>;
  readonly selection: Selection;
  #source: ListSource | null = null;
  #generation = $state(0);
  #returned = $state(0);
  #order: ReturnType<ListSource['order']> | null = null;

  constructor() {
    this.rows = new RowWindow(() => this.#rowsMoved());
    this.selection = new Selection({
      keyAt: (index) => this.rows.rowAt(index)?.key,
      allKeys: async () => (await this.#wholeOrder()).map(({ key }) => key),
      total: () => this.rows.total,
    });
  }

  /** The row the keyboard is at; undefined while it is not loaded. */
  get focused(): ListRow | undefined {
    const row = this.rows.rowAt(this.selection.focus);
    return row?.key === this.selection.focusKey ? row : undefined;
  }

  /** Counts the lists shown: another number means another list, which starts at its top. */
  get generation(): number {
    return this.#generation;
  }

  /** Counts the returns to a row that the keyboard was at when the list was left: it is to be brought into view. */
  get returned(): number {
    return this.#returned;
  }

  get source(): ListSource | null {
    return this.#source;
  }

  /** Shows another list; what was selected in the old one is left. `row`: the key of the one to return to. */
  async show(source: ListSource, row?: number): Promise<void> {
    this.#source = source;
    this.#order = null;
    this.#generation += 1;
    this.selection.clear();
    const generation = this.#generation;
    await this.rows.show(source.load);
    if (row === undefined) return;
    // A list that cannot be asked for its order says so by its rows.
    const [index] = await this.positionsOf([row]).catch(() => []);
    // Who has gone on meanwhile, or to another row, stays there.
    if (index === undefined || generation !== this.#generation || this.selection.focus >= 0) return;
    this.selection.only(index);
    this.#returned += 1;
  }

  /** The same list, ordered or filtered anew: the selection stays. */
  async refine(source: ListSource): Promise<void> {
    this.#source = source;
    this.#order = null;
    await this.rows.show(source.load);
  }

  /** Something changed in the engine: what is on screen is asked for again. */
  async reload(): Promise<void> {
    this.#order = null;
    await this.rows.reload();
  }

  /** The selected rows in the order of the list. */
  async selected(): Promise<readonly { readonly key: number; readonly trackId: number }[]> {
    const { keys } = this.selection;
    const near: { key: number; trackId: number; index: number }[] = [];
    for (const [index, { key, track }] of this.rows.loaded()) {
      if (keys.has(key)) near.push({ key, trackId: track.id, index });
    }
    if (near.length === keys.size) {
      return near.toSorted((a, b) => a.index - b.index).map(({ key, trackId }) => ({ key, trackId }));
    }
    return (await this.#wholeOrder()).filter(({ key }) => keys.has(key));
  }

  /** Every track of the list, in order. */
  async trackIds(): Promise<readonly number[]> {
    return (await this.#wholeOrder()).map(({ trackId }) => trackId);
  }

  /** Where rows stand, lowest first. */
  async positionsOf(keys: readonly number[]): Promise<readonly number[]> {
    const wanted = new Set(keys);
    const near: number[] = [];
    for (const [index, { key }] of this.rows.loaded()) if (wanted.has(key)) near.push(index);
    if (near.length === wanted.size) return near.toSorted((a, b) => a - b);
    const order = await this.#wholeOrder();
    return order.flatMap(({ key }, index) => (wanted.has(key) ? [index] : []));
  }

  /** Position of the first row from `from` on, in either direction and around the end, that matches; null: none does. */
  async find(words: string, from: number, step: 1 | -1): Promise<number | null> {
    const source = this.#source;
    if (source === null) return null;
    const [matching, order] = await Promise.all([source.matching(words), this.#wholeOrder()]);
    for (let passed = 0; passed < order.length; passed += 1) {
      const index = (from + passed * step + order.length * 2) % order.length;
      const row = order[index];
      if (row !== undefined && matching.has(row.trackId)) return index;
    }
    return null;
  }

  #wholeOrder(): ReturnType<ListSource['order']> {
    if (this.#source === null) return Promise.resolve([]);
    return (this.#order ??= this.#source.order());
  }

  #rowsMoved(): void {
    const positions = new Map<number, number>();
    for (const [index, { key }] of this.rows.loaded()) positions.set(key, index);
    this.selection.follow((key) => positions.get(key));
  }
}
