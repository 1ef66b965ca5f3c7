/** What a list of tracks shows in one row, and what can be done with it. */
import type { SimilarTrack, SortField, SortKey, Track, Transition } from '#shared/domain.ts';
import type { Column, ColumnId } from '../lib/columns.ts';
import type { DragPayload, PointerDrag } from '../lib/pointer-drag.svelte.ts';

export interface TableRow {
  /** Names the row within its list; a playlist may hold a track twice. */
  readonly key: number;
  readonly track: Track;
  /** 0-based place in a playlist. */
  readonly position?: number;
  /** Likeness to the seeds, and on each axis by itself. */
  readonly score?: number;
  readonly axes?: SimilarTrack['axes'];
  readonly reason?: string;
  /** How it follows the row before. */
  readonly transition?: RowTransition;
}

export interface RowTransition {
  readonly from: Track;
  readonly transition: Transition;
}

export interface TableSelection {
  readonly keys: ReadonlySet<number>;
  /** Position of the row the keyboard is at, -1 for none. */
  readonly focus: number;
}

/** What was chosen: this row alone, this one too (or no longer), or everything up to it. */
export type SelectionMode = 'only' | 'toggle' | 'extend';

/** The columns in the user's hands. Positions count all columns of the view, shown or not. */
export interface TableLayout {
  readonly choices: readonly { readonly id: ColumnId; readonly fixed: boolean }[];
  readonly choose: (id: ColumnId, shown: boolean) => void;
  readonly move: (id: ColumnId, before: number) => void;
  /** Pixels; null gives a column its own width again. */
  readonly resize: (widths: ReadonlyMap<ColumnId, number | null>) => void;
  readonly reset: () => void;
}

export interface TrackTableProps {
  readonly label: string;
  readonly total: number;
  readonly columns: readonly Column[];
  /** Whether columns that have no room are left out; otherwise the list scrolls sideways. */
  readonly fit?: boolean;
  readonly layout?: TableLayout;
  readonly sort: readonly SortKey[];
  readonly rowAt: (index: number) => TableRow | undefined;
  readonly selection: TableSelection;
  /** Changes when another list is shown: it starts at its top. */
  readonly generation: number;
  readonly playingTrackId: number | null;
  /** Rows can be dragged to another place of this list. */
  readonly reorderable: boolean;
  /** Rows can be taken out of this list; as `reorderable` when absent. */
  readonly removable?: boolean;
  /** Where dragged rows go; without it rows cannot be dragged. */
  readonly drag?: PointerDrag;
  /** What is dragged with the row at `index`, selected before. */
  readonly payloadOf?: (index: number) => DragPayload | null;
  readonly onvisible: (first: number, last: number) => void;
  readonly onsort: (field: SortField, additional: boolean) => void;
  readonly onselect: (index: number, mode: SelectionMode) => void;
  readonly onmove: (index: number, extend: boolean) => void;
  /** The keyboard goes to a row that is not selected by that. */
  readonly onpoint?: (index: number) => void;
  readonly onselectall: () => void;
  readonly onopen: (index: number) => void;
  readonly onplay: (index: number) => void;
  readonly onrate: (trackId: number, stars: number) => void;
  readonly onremove: () => void;
  /** Moves the selected rows by one, or (`ondropbefore`) before another row. */
  readonly onnudge: (by: 1 | -1) => void;
  readonly ondropbefore: (index: number) => void;
  /** The key that finds within the list. */
  readonly onfind?: () => void;
}
