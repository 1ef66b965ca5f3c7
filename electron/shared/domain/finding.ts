/** What helps to find tracks: the column browser, suggestions, genres that go together; and what happened to a track. */
import type { ErrorCode } from '../errors.ts';
import type { PlaylistId, PlaylistKind } from './lists.ts';
import type { TagField } from './tagging.ts';

export const browseColumns = ['genre', 'artist', 'album'] as const;
export type BrowseColumn = (typeof browseColumns)[number];

/**
 * What is picked in the column browser: any of the values of a column, and in every column. Null stands for tracks
 * without one. Genres are ids of the tree, artists and albums the text as it stands in the table.
 */
export type BrowsePicks = { readonly [Column in BrowseColumn]?: readonly (string | null)[] | undefined };

export interface BrowseValue {
  /** What to pick; null: tracks without one. */
  readonly value: string | null;
  /** What to show: a genre's name, the value itself. Empty for null. */
  readonly label: string;
  readonly count: number;
}

export interface BrowseList {
  readonly column: BrowseColumn;
  /** All values there are; `values` may be a slice of them. */
  readonly total: number;
  readonly offset: number;
  /** Genres by count, artists and albums by name; tracks without one come last. */
  readonly values: readonly BrowseValue[];
  readonly revision: number;
}

/** field: a name with its colon; value: of the field before the caret; text: a title, artist or album. */
export interface SearchSuggestion {
  readonly kind: 'field' | 'value' | 'text';
  /** What the person sees. */
  readonly label: string;
  /** What it means, or an example. */
  readonly hint: string;
  /** What stands in the box instead of the characters from `from` to `to`. */
  readonly insert: string;
  /** Tracks; null where counting means nothing. */
  readonly count: number | null;
}

export interface SearchSuggestions {
  /** The characters that a suggestion takes the place of. */
  readonly from: number;
  readonly to: number;
  readonly suggestions: readonly SearchSuggestion[];
}

/** How often another genre fits tracks of this one. */
export interface GenreCompanion {
  /** Id of the tree. */
  readonly id: string;
  readonly name: string;
  readonly count: number;
  /** Part of the tracks of the genre, 0..1. */
  readonly share: number;
}

export interface GenreCompanions {
  readonly genre: string;
  readonly trackCount: number;
  /** Most common first. Its own family and styles are left out. */
  readonly companions: readonly GenreCompanion[];
}

/** The user's own word on a genre of a track: it always wins over the model. */
export interface GenreCorrection {
  /** Id of the tree. */
  readonly id: string;
  readonly genre: string;
  readonly value: 'yes' | 'no';
  readonly at: number;
}

/** A list that holds a track. */
export interface HoldingPlaylist {
  readonly id: PlaylistId;
  readonly name: string;
  readonly kind: PlaylistKind;
  /** Its rows in an ordered playlist, from 0; empty elsewhere. */
  readonly positions: readonly number[];
}

/** One thing that happened to a track, newest first in a history. */
export type TrackEvent =
  | { readonly kind: 'added'; readonly at: number }
  | { readonly kind: 'analysed'; readonly at: number; readonly modelVersion: string | null }
  /** Path inside its folder, or the whole path where the folder changed. */
  | { readonly kind: 'moved'; readonly at: number; readonly from: string }
  | { readonly kind: 'missing'; readonly at: number }
  | { readonly kind: 'changed'; readonly at: number }
  | { readonly kind: 'rated'; readonly at: number; readonly from: number; readonly to: number }
  | {
      readonly kind: 'corrected';
      readonly at: number;
      readonly genre: string;
      readonly value: 'yes' | 'no' | 'clear';
    }
  | { readonly kind: 'failed'; readonly at: number; readonly code: ErrorCode; readonly detail: string }
  /** Cratewise wrote into the file, or took back what it had written. */
  | {
      readonly kind: 'tagged';
      readonly at: number;
      readonly batchId: number;
      readonly undo: boolean;
      readonly fields: readonly {
        readonly field: TagField;
        readonly before: readonly string[];
        readonly after: readonly string[];
      }[];
    };

/** Failed files by the reason. */
export interface ErrorCount {
  readonly code: ErrorCode;
  readonly count: number;
}

export interface LibraryBackup {
  readonly file: string;
  readonly sizeBytes: number;
  readonly tracks: number;
  readonly playlists: number;
  /** When the copy was made, or of a restored file, when it was last written. */
  readonly at: number;
}

export interface RestoredLibrary extends LibraryBackup {
  /** Where the library as it is now will be. */
  readonly keptFile: string;
  /** The engine starts again with it at once; false: it takes its place when Cratewise is started the next time. */
  readonly restarting: boolean;
}
