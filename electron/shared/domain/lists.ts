/** Playlists, crates, folders and smart playlists; and what of the user's work can be undone. */
import type { FieldName } from '../search/fields.ts';
import type { SortKey } from './sorting.ts';

export type PlaylistId = number;

/**
 * playlist: ordered rows, the same track as often as one likes. crate: a set, each track once. smart: what fits its
 * rules at the moment. folder: holds any of them, also folders.
 */
export const playlistKinds = ['playlist', 'crate', 'smart', 'folder'] as const;
export type PlaylistKind = (typeof playlistKinds)[number];

/** A node of the tree of lists. */
export interface Playlist {
  readonly id: PlaylistId;
  /** Unique among lists (not folders), whatever the case. */
  readonly name: string;
  readonly kind: PlaylistKind;
  /** The folder it stands in; null at the top. */
  readonly parentId: PlaylistId | null;
  /** Place among its siblings, from 0. */
  readonly position: number;
  /** Rows; of a folder the tracks in any list in it, each once. */
  readonly trackCount: number;
  readonly durationSeconds: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Of a smart playlist only. */
  readonly rules: SmartRules | null;
}

/**
 * contains: words of a text. is: a value (tempo: half and double count; a date: then). exactly: the whole text, the very
 * number. less, atMost, greater, atLeast, between: numbers, lengths and dates; an age ("7d") is "within the last" with
 * less, "longer ago than" with greater. near: harmonic keys, tempos within 6 %.
 */
export const ruleOperators = [
  'contains',
  'is',
  'exactly',
  'less',
  'atMost',
  'greater',
  'atLeast',
  'between',
  'near',
] as const;
export type RuleOperator = (typeof ruleOperators)[number];

/** One line of the editor. 'text' is free text: any of the fields that the search box looks in. */
export interface RuleCondition {
  readonly field: FieldName | 'text';
  readonly operator: RuleOperator;
  /** As it is written in a search: "House", "120", "4:30", "2024-05", "7d", "8A", "untagged". */
  readonly value: string;
  /** The other end of 'between'. */
  readonly to?: string | undefined;
  /** Holds where the condition does not. */
  readonly not?: boolean | undefined;
}

/** all: every one holds; any: at least one; none: not one of them. An empty group holds for every track. */
export interface RuleGroup {
  readonly match: 'all' | 'any' | 'none';
  readonly rules: readonly (RuleCondition | RuleGroup)[];
}

export interface SmartRules {
  readonly where: RuleGroup;
  /** How it is ordered, and which tracks come first where there is a limit. */
  readonly sort?: readonly SortKey[] | undefined;
  /** At most so many tracks. */
  readonly limit?: number | undefined;
}

/** At most so many conditions and groups inside each other. */
export const ruleLimits = { conditions: 100, depth: 10, tracks: 100_000 } as const;

export type EditAction =
  | 'create'
  | 'rename'
  | 'delete'
  | 'place'
  | 'kind'
  | 'rules'
  | 'add'
  | 'remove'
  | 'move'
  | 'order'
  | 'rate'
  | 'correct'
  | 'sound'
  | 'review'
  | 'import';

/** One step of the user's work. */
export interface Edit {
  readonly id: number;
  readonly at: number;
  readonly action: EditAction;
  /** What was worked on: name of the playlist or genre, stars; of a review what was decided. */
  readonly subject: string;
  /** Tracks, rows or lists that were touched. */
  readonly count: number;
  /** For people: Move 3 tracks in “Friday”. */
  readonly label: string;
}

/** What Undo and Redo would do now; null: nothing. */
export interface EditsState {
  readonly undo: Edit | null;
  readonly redo: Edit | null;
}
