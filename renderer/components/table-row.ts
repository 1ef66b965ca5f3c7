/** What a list of tracks shows in one row. */
import type { Track } from '#shared/domain.ts';

export interface TableRow {
  /** Names the row within its list; a playlist may hold a track twice. */
  readonly key: number;
  readonly track: Track;
  /** 0-based place in a playlist. */
  readonly position?: number;
  /** Cosine similarity to the seed. */
  readonly score?: number;
  readonly reason?: string;
}

export interface TableSelection {
  readonly keys: ReadonlySet<number>;
  /** Position of the row the keyboard is at, -1 for none. */
  readonly focus: number;
}

/** What was chosen: this row alone, this one too (or no longer), or everything up to it. */
export type SelectionMode = 'only' | 'toggle' | 'extend';
