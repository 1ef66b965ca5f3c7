/** The rows on screen of a list of any length: pages asked for by position, the old ones kept until new ones come. */
import { AppError, toWire, type WireError } from '#shared/errors.ts';

/** Rows of one request: more than two screens of 28 px rows, and still a small answer. */
export const PAGE_ROWS = 100;
/** Rows asked for before they come into view: a wheel that turns steadily meets no outlines. */
const ROWS_AHEAD = 40;
/** Pages kept beside the visible ones, so that scrolling back is instant and memory stays bounded. */
const PAGES_KEPT = 40;

export interface Page<Row> {
  readonly total: number;
  readonly totalSeconds: number;
  readonly rows: readonly Row[];
}
export type LoadPage<Row> = (offset: number, limit: number, signal: AbortSignal) => Promise<Page<Row>>;

export class RowWindow<Row> {
  #pages = $state.raw<ReadonlyMap<number, readonly Row[]>>(new Map());
  #total = $state(0);
  #totalSeconds = $state(0);
  #error = $state.raw<WireError | null>(null);
  /** Whether anything has been answered since the start: before that, nothing is known, not even "empty". */
  #answered = $state(false);
  #load: LoadPage<Row> | null = null;
  #visible = { first: 0, last: PAGE_ROWS - 1 };
  #renewal: AbortController | null = null;
  #again = false;
  #asked = new Map<number, AbortController>();
  #onRows: () => void;

  /** `onRows` is told whenever rows came or changed places. */
  constructor(onRows: () => void = () => undefined) {
    this.#onRows = onRows;
  }

  get total(): number {
    return this.#total;
  }
  get totalSeconds(): number {
    return this.#totalSeconds;
  }
  get error(): WireError | null {
    return this.#error;
  }
  get answered(): boolean {
    return this.#answered;
  }

  /** The row at a position, undefined while it is not loaded. */
  rowAt(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** All loaded rows with their positions. */
  *loaded(): Generator<readonly [number, Row]> {
    for (const [page, rows] of this.#pages) {
      for (const [offset, row] of rows.entries()) yield [page * PAGE_ROWS + offset, row];
    }
  }

  /** Shows another list. What is on screen stays until its first rows are there. */
  show(load: LoadPage<Row>): Promise<void> {
    this.#load = load;
    this.#visible = { first: 0, last: PAGE_ROWS - 1 };
    this.#renewal?.abort();
    this.#renewal = null;
    this.#again = false;
    return this.#renew();
  }

  /** Asks again for what is on screen. While an answer is under way, once more after it. */
  async reload(): Promise<void> {
    if (this.#renewal !== null) this.#again = true;
    else await this.#renew();
  }

  /** Says which rows are on screen; missing ones are asked for. */
  ensure(first: number, last: number): void {
    this.#visible = { first, last };
    this.#ask(ROWS_AHEAD);
  }

  #ask(ahead: number): void {
    if (this.#renewal !== null || this.#load === null) return;
    const wanted = this.#wantedPages(ahead);
    for (const [page, controller] of this.#asked) {
      // Scrolled past before the answer came.
      if (wanted.includes(page)) continue;
      controller.abort();
      this.#asked.delete(page);
    }
    for (const page of wanted) {
      if (!this.#pages.has(page) && !this.#asked.has(page)) void this.#fetch(page, this.#load);
    }
  }

  #wantedPages(ahead = 0): number[] {
    const first = Math.floor(Math.max(0, this.#visible.first - ahead) / PAGE_ROWS);
    const below = this.#visible.last + ahead;
    const end = Math.max(0, this.#answered ? Math.min(below, this.#total - 1) : below);
    const last = Math.max(first, Math.floor(end / PAGE_ROWS));
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  }

  async #renew(): Promise<void> {
    const load = this.#load;
    if (load === null) return;
    for (const controller of this.#asked.values()) controller.abort();
    this.#asked.clear();
    const controller = new AbortController();
    this.#renewal = controller;
    try {
      const wanted = this.#wantedPages();
      const pages = await Promise.all(
        wanted.map((page) => load(page * PAGE_ROWS, PAGE_ROWS, controller.signal)),
      );
      if (this.#renewal !== controller) return;
      const [first] = pages;
      this.#pages = new Map(pages.map(({ rows }, index) => [wanted[index] ?? 0, rows]));
      this.#total = first?.total ?? 0;
      this.#totalSeconds = first?.totalSeconds ?? 0;
      this.#error = null;
      this.#answered = true;
      this.#onRows();
    } catch (error) {
      if (this.#renewal !== controller) return;
      this.#fail(error);
    }
    this.#renewal = null;
    if (this.#again) {
      this.#again = false;
      await this.#renew();
    } else {
      this.#ask(0);
    }
  }

  async #fetch(page: number, load: LoadPage<Row>): Promise<void> {
    const controller = new AbortController();
    this.#asked.set(page, controller);
    try {
      const { rows, total } = await load(page * PAGE_ROWS, PAGE_ROWS, controller.signal);
      if (controller.signal.aborted || this.#load !== load) return;
      const pages = new Map(this.#pages).set(page, rows);
      const farthestFirst = [...pages.keys()].toSorted((a, b) => Math.abs(b - page) - Math.abs(a - page));
      for (const far of farthestFirst.slice(0, Math.max(0, pages.size - PAGES_KEPT))) pages.delete(far);
      this.#pages = pages;
      this.#total = total;
      this.#onRows();
    } catch (error) {
      if (!controller.signal.aborted && this.#load === load) this.#fail(error);
    } finally {
      if (this.#asked.get(page) === controller) this.#asked.delete(page);
    }
  }

  #fail(error: unknown): void {
    if (error instanceof AppError && error.code === 'cancelled') return;
    this.#error = toWire(error);
  }
}
