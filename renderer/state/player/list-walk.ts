/**
 * The way through a list that is played on: in its order, or shuffled. Rows are asked for in small windows when
 * their turn comes; a list that changes meanwhile is picked up again at the row that plays.
 */
import type { EngineClient } from '#shared/contract.ts';
import { shuffledIndex, shuffledPosition } from '../../lib/shuffle.ts';
import { rowsOf, type PlayList, type PlayRow, type PlayRows } from './play-list.ts';

/** A row on the way, not yet played. */
export interface Step extends PlayRow {
  readonly index: number;
  /** Steps along the shuffled order; the index where there is none. */
  readonly place: number;
  /** Rows passed over to get here, because their files are not there now. */
  readonly away: number;
}

export interface WalkState {
  readonly list: PlayList;
  /** Where the row that plays stands (or stood). */
  readonly index: number;
  /** Its key; null when it has gone from the list: the row at `index` + 1 is next all the same. */
  readonly key: number | null;
  readonly shuffle: Shuffle | null;
  /** Keys the user took out of what follows. */
  readonly removed: readonly number[];
}

interface Shuffle {
  readonly seed: number;
  /** Position of the shuffled order at which the walk began, and steps since then. */
  readonly origin: number;
  readonly step: number;
  readonly length: number;
}

const PAGE = 60;
/** Rows kept: a queue on screen, not a library. */
const PAGES_KEPT = 20;
/** How far a row may have moved to be found again. */
const NEAR = 120;
/** Rows looked at in one go: a whole drive that is away must not keep the engine busy for ever. */
const MOST_PASSED = 600;

export class ListWalk {
  #client: EngineClient;
  #state: WalkState;
  #removed: Set<number>;
  /** Keys played since the shuffle began. */
  #played = new Set<number>();
  /** Those of them that were played before the list grew and was shuffled anew: they do not come again. */
  #excluded: ReadonlySet<number> = new Set();
  #pages = new Map<number, Promise<PlayRows>>();
  #total = 0;
  #newSeed: () => number;

  constructor(client: EngineClient, state: WalkState, newSeed: () => number) {
    this.#client = client;
    this.#state = state;
    this.#removed = new Set(state.removed);
    this.#newSeed = newSeed;
    if (state.key !== null) this.#played.add(state.key);
  }

  get state(): WalkState {
    return { ...this.#state, removed: [...this.#removed] };
  }
  /** Rows of the list at the last look. */
  get total(): number {
    return this.#total;
  }

  /**
   * The next `count` rows whose files are there. With `around` the list begins again after its end, up to and with
   * the row that plays.
   */
  async ahead(count: number, around: boolean): Promise<readonly Step[]> {
    await this.#learnTotal();
    const found: Step[] = [];
    const { place, last } = this.#bounds(around);
    let away = 0;
    for (
      let next = place + 1;
      next <= last && next <= place + MOST_PASSED && found.length < count;
      next += 1
    ) {
      const { index, row } = await this.#rowAtPlace(next);
      if (row === null || this.#removed.has(row.key) || this.#playedBefore(next, row.key)) continue;
      if (row.track.state === 'present') {
        found.push({ ...row, index, place: next, away });
        away = 0;
      } else away += 1;
    }
    return found;
  }

  /** The row before the one that plays; null at the beginning. */
  async back(around: boolean): Promise<Step | null> {
    await this.#learnTotal();
    const { place } = this.#bounds(around);
    const first = around ? place - this.#total : 0;
    for (let before = place - 1; before >= Math.max(first, place - MOST_PASSED); before -= 1) {
      const { index, row } = await this.#rowAtPlace(before);
      if (row === null || row.track.state !== 'present') continue;
      return { ...row, index, place: before, away: 0 };
    }
    return null;
  }

  /** The row that plays, or played before something queued; null when it has gone from the list. */
  async here(): Promise<Step | null> {
    const { index, key, shuffle } = this.#state;
    if (key === null) return null;
    const row = await this.#rowAt(index, shuffle === null ? PAGE : 1);
    return row?.key === key ? { ...row, index, place: shuffle?.step ?? index, away: 0 } : null;
  }

  /** The row plays now. */
  moveTo({ index, place, key }: Pick<Step, 'index' | 'place' | 'key'>): void {
    const { shuffle } = this.#state;
    // A new round begins with nothing played.
    if (shuffle !== null && Math.floor(place / shuffle.length) !== Math.floor(shuffle.step / shuffle.length))
      this.#forgetRound();
    this.#played.add(key);
    this.#state = {
      ...this.#state,
      index,
      key,
      shuffle: shuffle === null ? null : { ...shuffle, step: place },
    };
  }

  /** Leaves a row out of what follows. */
  remove(key: number): void {
    this.#removed.add(key);
  }

  async setShuffle(on: boolean): Promise<void> {
    this.#forgetRound();
    if (this.#state.key !== null) this.#played.add(this.#state.key);
    if (!on) {
      this.#state = { ...this.#state, shuffle: null };
      return;
    }
    await this.#learnTotal();
    this.#state = { ...this.#state, shuffle: this.#shuffleFrom(this.#newSeed()) };
  }

  /** The library changed: finds the row that plays again. */
  async changed(): Promise<void> {
    this.#pages.clear();
    const { list, index, key, shuffle } = this.#state;
    if (list.kind === 'tracks') return;
    const from = Math.max(0, index - NEAR);
    const { total, rows } = await rowsOf(this.#client, list, from, index - from + NEAR + 1);
    this.#total = total;
    if (key !== null) {
      const places = rows.flatMap((row, place) => (row?.key === key ? [from + place] : []));
      const nearest = places.toSorted((a, b) => Math.abs(a - index) - Math.abs(b - index))[0];
      // Gone: what took its place is next.
      this.#state =
        nearest === undefined
          ? { ...this.#state, index: index - 1, key: null }
          : { ...this.#state, index: nearest };
    }
    if (shuffle !== null && shuffle.length !== total) {
      this.#excluded = new Set(this.#played);
      this.#state = { ...this.#state, shuffle: this.#shuffleFrom(shuffle.seed) };
    }
  }

  #forgetRound(): void {
    this.#played.clear();
    this.#excluded = new Set();
  }

  #shuffleFrom(seed: number): Shuffle {
    const length = Math.max(1, this.#total);
    const index = Math.min(length - 1, Math.max(0, this.#state.index));
    return { seed, origin: shuffledPosition(index, length, seed), step: 0, length };
  }

  #playedBefore(place: number, key: number): boolean {
    const { shuffle } = this.#state;
    return shuffle !== null && place < shuffle.length && this.#excluded.has(key);
  }

  /** Where the walk is, and the last place it may go to. */
  #bounds(around: boolean): { readonly place: number; readonly last: number } {
    const { index, shuffle } = this.#state;
    const length = shuffle?.length ?? this.#total;
    const place = shuffle?.step ?? index;
    const endOfRound = (Math.floor(Math.max(0, place) / Math.max(1, length)) + 1) * length - 1;
    if (shuffle === null) return { place, last: around ? place + length : length - 1 };
    return { place, last: around ? place + length : endOfRound };
  }

  async #rowAtPlace(place: number): Promise<{ readonly index: number; readonly row: PlayRow | null }> {
    const { shuffle } = this.#state;
    const length = Math.max(1, shuffle?.length ?? this.#total);
    const within = ((place % length) + length) % length;
    if (shuffle === null) return { index: within, row: await this.#rowAt(within, PAGE) };
    const round = Math.floor(place / length);
    // Every round has an order of its own; only the first begins at the row that was playing.
    const position = round === 0 ? (shuffle.origin + within) % length : within;
    const index = shuffledIndex(position, length, shuffle.seed + round);
    return { index, row: await this.#rowAt(index, 1) };
  }

  async #rowAt(index: number, size: number): Promise<PlayRow | null> {
    const offset = index - (index % size);
    const { rows } = await this.#page(offset, size);
    return rows[index - offset] ?? null;
  }

  async #learnTotal(): Promise<void> {
    const { index, shuffle } = this.#state;
    if (shuffle === null) await this.#page(Math.max(0, index - (index % PAGE)), PAGE);
    else if (this.#total === 0) await this.#page(Math.max(0, index), 1);
  }

  async #page(offset: number, size: number): Promise<PlayRows> {
    // Pages of the two sizes never stand under one number.
    const name = size === 1 ? -1 - offset : offset;
    let page = this.#pages.get(name);
    if (page === undefined) {
      page = rowsOf(this.#client, this.#state.list, offset, size);
      this.#pages.set(name, page);
      page.catch(() => this.#pages.delete(name));
      const oldest = this.#pages.keys().next();
      if (this.#pages.size > (size === 1 ? PAGES_KEPT * PAGE : PAGES_KEPT) && oldest.done !== true)
        this.#pages.delete(oldest.value);
    }
    const answer = await page;
    this.#total = answer.total;
    return answer;
  }
}
