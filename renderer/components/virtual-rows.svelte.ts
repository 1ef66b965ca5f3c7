/** Which rows of a long list are to be drawn: TanStack Virtual as state. */
import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';

/** Rows drawn above and below the visible ones, so that a fast wheel meets no gap. */
const OVERSCAN = 12;

export interface VirtualRowsOptions {
  /** Pixels of one row. */
  readonly rowHeight: number;
  /** Pixels of the header that stays on top. */
  readonly headerHeight: number;
  readonly onVisible: (first: number, last: number) => void;
}

export class VirtualRows {
  #items = $state.raw<readonly VirtualItem[]>([]);
  #height = $state(0);
  #options: VirtualRowsOptions;
  #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #element: HTMLElement | null = null;
  #count = 0;
  /** A row that is always drawn: the one with the keyboard. */
  #kept = -1;

  constructor(options: VirtualRowsOptions) {
    this.#options = options;
    this.#virtualizer = new Virtualizer(this.#settings());
  }

  /** Rows to draw. `start` counts from the top of the scrolled content, header included. */
  get items(): readonly VirtualItem[] {
    return this.#items;
  }
  /** Pixels of all rows together. */
  get height(): number {
    return this.#height;
  }

  /** Follows an element that scrolls. Returns what ends it. */
  mount(element: HTMLElement): () => void {
    this.#element = element;
    const unmount = this.#virtualizer._didMount();
    this.#update();
    return () => {
      unmount();
      this.#element = null;
    };
  }

  /** The list is so long, and the keyboard is at this row (-1: none). */
  set(count: number, kept: number): void {
    this.#count = count;
    this.#kept = kept;
    this.#update();
  }

  scrollToRow(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: 'auto' });
  }

  scrollToTop(): void {
    this.#virtualizer.scrollToOffset(0);
  }

  /** Rows that fit on the screen. */
  get rowsPerScreen(): number {
    const height = this.#element?.clientHeight ?? 0;
    return Math.max(1, Math.floor((height - this.#options.headerHeight) / this.#options.rowHeight) - 1);
  }

  #settings(): VirtualizerOptions<HTMLElement, HTMLElement> {
    const { rowHeight, headerHeight } = this.#options;
    return {
      count: this.#count,
      getScrollElement: () => this.#element,
      estimateSize: () => rowHeight,
      overscan: OVERSCAN,
      paddingStart: headerHeight,
      scrollPaddingStart: headerHeight,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      rangeExtractor: (range) => {
        const rows = defaultRangeExtractor(range);
        const kept = this.#kept;
        if (kept >= 0 && kept < range.count && !rows.includes(kept)) rows.push(kept);
        return rows;
      },
      onChange: () => this.#take(),
    };
  }

  #update(): void {
    this.#virtualizer.setOptions(this.#settings());
    this.#virtualizer._willUpdate();
    this.#take();
  }

  #take(): void {
    this.#items = this.#virtualizer.getVirtualItems();
    this.#height = this.#virtualizer.getTotalSize() - this.#options.headerHeight;
    const { range } = this.#virtualizer;
    if (range !== null && this.#count > 0) {
      this.#options.onVisible(range.startIndex, Math.min(this.#count - 1, range.endIndex));
    }
  }
}
