/** Which rows of a long list are to be drawn: TanStack Virtual as state. */
import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';

/** Rows drawn above and below the visible ones, so that a fast wheel meets no gap. */
const OVERSCAN = 12;
/** Slots come by so many, so that a window that grows a little keeps its elements. */
const SLOT_STEP = 32;

export interface VirtualRow {
  readonly index: number;
  /** Pixels from the top of the first row. */
  readonly top: number;
  /** Names the element that draws the row: a row scrolled out gives its element to one that comes in. */
  readonly slot: number;
}

export interface VirtualRowsOptions {
  /** Pixels of one row. */
  readonly rowHeight: number;
  /** Pixels of the header that stays on top. */
  readonly headerHeight: number;
  readonly onVisible: (first: number, last: number) => void;
}

export class VirtualRows {
  #items = $state.raw<readonly VirtualRow[]>([]);
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

  /** Rows to draw, in order; the one with the keyboard may stand apart, at the end. */
  get items(): readonly VirtualRow[] {
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
    const items = this.#virtualizer.getVirtualItems();
    const slots = Math.ceil((items.length + 1) / SLOT_STEP) * SLOT_STEP;
    const first = items[0]?.index ?? 0;
    this.#items = items.map(({ index, start }, place) => ({
      index,
      top: start - this.#options.headerHeight,
      slot: index === first + place ? index % slots : -1,
    }));
    this.#height = this.#virtualizer.getTotalSize() - this.#options.headerHeight;
    const { range } = this.#virtualizer;
    if (range !== null && this.#count > 0) {
      this.#options.onVisible(range.startIndex, Math.min(this.#count - 1, range.endIndex));
    }
  }
}
