/** Which rows of a list are selected, by key, and which one the keyboard is at. */

export interface Rows {
  total(): number;
  /** The key of a row, undefined while it is not loaded. */
  keyAt(index: number): number | undefined;
  /** All keys in order: asked for only when a range reaches beyond the loaded rows. */
  allKeys(): Promise<readonly number[]>;
}

export class Selection {
  #keys = $state.raw<ReadonlySet<number>>(new Set());
  #focus = $state(-1);
  #anchor = -1;
  #focusKey = $state<number | undefined>();
  #rows: Rows;
  /** Counts what the user did, so that a slow answer does not undo something newer. */
  #turn = 0;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  get keys(): ReadonlySet<number> {
    return this.#keys;
  }
  get size(): number {
    return this.#keys.size;
  }
  /** Position of the row the keyboard is at, -1 for none. */
  get focus(): number {
    return this.#focus;
  }

  /** Key of that row, as it was when the keyboard reached it: rows may move under the focus. */
  get focusKey(): number | undefined {
    return this.#focusKey;
  }

  clear(): void {
    this.#turn += 1;
    this.#keys = new Set();
    this.#focus = -1;
    this.#focusKey = undefined;
    this.#anchor = -1;
  }

  /** Selects this row alone. */
  only(index: number): void {
    const key = this.#rows.keyAt(index);
    this.#turn += 1;
    this.#focus = index;
    this.#focusKey = key;
    this.#anchor = index;
    this.#keys = new Set(key === undefined ? [] : [key]);
  }

  /** The keyboard goes to this row; what is selected stays. */
  point(index: number): void {
    this.#turn += 1;
    this.#focus = index;
    this.#focusKey = this.#rows.keyAt(index);
  }

  /** Adds the row, or takes it out. */
  toggle(index: number): void {
    const key = this.#rows.keyAt(index);
    if (key === undefined) return;
    this.#turn += 1;
    this.#focus = index;
    this.#focusKey = key;
    this.#anchor = index;
    const keys = new Set(this.#keys);
    if (!keys.delete(key)) keys.add(key);
    this.#keys = keys;
  }

  /** Selects everything between the last row chosen by itself and this one. */
  async extendTo(index: number): Promise<void> {
    const anchor = this.#anchor < 0 ? index : this.#anchor;
    this.#anchor = anchor;
    this.#focus = index;
    this.#focusKey = this.#rows.keyAt(index);
    const turn = ++this.#turn;
    const [from, to] = anchor < index ? [anchor, index] : [index, anchor];
    const near = this.#loadedBetween(from, to);
    const keys = near ?? (await this.#rows.allKeys()).slice(from, to + 1);
    if (turn === this.#turn) this.#keys = new Set(keys);
  }

  async all(): Promise<void> {
    const turn = ++this.#turn;
    const keys = await this.#rows.allKeys();
    if (turn !== this.#turn) return;
    this.#keys = new Set(keys);
    if (this.#focus < 0 && keys.length > 0) {
      this.#focus = 0;
      this.#focusKey = keys[0];
    }
  }

  /** Moves the keyboard's row, by arrow keys: the selection follows, or reaches up to there. */
  async move(to: number, extend: boolean): Promise<void> {
    const last = this.#rows.total() - 1;
    if (last < 0) return;
    const index = Math.min(last, Math.max(0, to));
    if (extend) await this.extendTo(index);
    else this.only(index);
  }

  /**
   * Rows came or changed places; `position` says where a key is now, if it is loaded. The keyboard stays
   * with its row; one that was not loaded when it was reached is selected now.
   */
  follow(position: (key: number) => number | undefined): void {
    if (this.#focus < 0) return;
    if (this.#focusKey === undefined) {
      const key = this.#rows.keyAt(this.#focus);
      if (key === undefined) return;
      this.#focusKey = key;
      if (this.#anchor === this.#focus) this.#keys = new Set([key]);
      return;
    }
    const now = position(this.#focusKey) ?? this.#focus;
    const last = this.#rows.total() - 1;
    if (this.#anchor === this.#focus) this.#anchor = now;
    this.#focus = Math.min(now, last);
    this.#anchor = Math.min(this.#anchor, last);
  }

  #loadedBetween(from: number, to: number): readonly number[] | null {
    const keys: number[] = [];
    for (let index = from; index <= to; index += 1) {
      const key = this.#rows.keyAt(index);
      if (key === undefined) return null;
      keys.push(key);
    }
    return keys;
  }
}
