/** What may be written into files, under which policy, and what was written. */
import type { WireError } from '../errors.ts';

/** Fields that the editors can write. What is proposed is `proposedFields`. */
export const tagFields = ['genre', 'mood', 'grouping', 'bpm', 'initialKey', 'energy'] as const;
export type TagField = (typeof tagFields)[number];

/** Fields that an analysis has values for now. */
export const proposedFields = ['genre', 'mood', 'grouping'] as const;
export type ProposedField = (typeof proposedFields)[number];

/** off: never; empty: only where the file says nothing; append: after what is there; replace: instead of it. */
export const fieldModes = ['off', 'empty', 'append', 'replace'] as const;
export type FieldMode = (typeof fieldModes)[number];

export interface FieldPolicy {
  readonly mode: FieldMode;
  /** From this confidence on, 0..1. */
  readonly minimumConfidence: number;
  /** At most so many values. */
  readonly most: number;
}

/** Which level of the tree of genres is written. */
export const genreLevels = ['styles', 'families', 'both'] as const;
export type GenreLevel = (typeof genreLevels)[number];

/** How several values stand in formats that have no way of their own: ID3v2.3 and v2.2, RIFF INFO, ID3v1. */
export const separators = ['/', '; ', ', ', 'repeat'] as const;
export type Separator = (typeof separators)[number];

/** How files are written; what the editors and the writer heed. */
export interface WritePolicy {
  /** null: true multiple values where the format has them; else one value, joined with this. */
  readonly joinWith: string | null;
  /** For formats without multiple values. 'repeat': a frame or chunk for each (against ID3v2.3, but some programs do). */
  readonly separator: Separator;
  /** ID3v1 and APEv2 tags that stand in an MP3 beside ID3v2: written too, or left as they are. They are never added. */
  readonly secondaryTags: 'in-step' | 'leave';
  /** The file keeps its time of modification. */
  readonly keepModifiedTime: boolean;
  /** Writes inside the padding where the new tag fits (birth time and hard links stay); else always a new file. */
  readonly preferInPlace: boolean;
}

export interface TagPolicy extends WritePolicy {
  readonly fields: { readonly [Field in ProposedField]: FieldPolicy };
  readonly genreLevel: GenreLevel;
  /** What is written as grouping. */
  readonly groupingFrom: 'families' | 'moods';
  /** Our name to the user's: { "Drum & Bass": "D&B" }. Without an entry: as the library already spells it, else ours. */
  readonly names: Readonly<Record<string, string>>;
}

/** open: waits for a decision; accepted: to be written; written: it stands in the file. */
export const proposalStates = ['open', 'accepted', 'rejected', 'written'] as const;
export type ProposalState = (typeof proposalStates)[number];

/** One field of one track: what the file says, and what would stand there instead. */
export interface TagProposal {
  readonly id: number;
  readonly trackId: number;
  readonly field: ProposedField;
  readonly old: readonly string[];
  /** All values the file would hold, those kept included. */
  readonly proposed: readonly string[];
  /** Of the least sure value that is new, 0..1; 1 for what the user typed. */
  readonly confidence: number;
  /** Each new value with its own confidence, under the name it is written with. */
  readonly evidence: readonly {
    readonly value: string;
    readonly label: string;
    readonly confidence: number;
  }[];
  readonly state: ProposalState;
  /** The user changed what is proposed. */
  readonly edited: boolean;
  /** Why it could not be written at the last attempt. */
  readonly problem: WireError | null;
}

/** What the policy means for one field of a track: what would be proposed, or why nothing is. */
export interface FieldExample {
  readonly field: ProposedField;
  readonly old: readonly string[];
  readonly proposed: readonly string[] | null;
  /** unknown: nothing fits well enough; nothing-to-do: the file says it already, or the policy leaves it alone. */
  readonly why: 'unknown' | 'nothing-to-do' | null;
}

/** The policy shown by a track of the library; fields that are off are left out. */
export interface TagExample {
  readonly trackId: number;
  readonly title: string | null;
  readonly artist: string | null;
  /** Absolute, for display. */
  readonly path: string;
  readonly fields: readonly FieldExample[];
}

export const reviewGroupings = ['none', 'album', 'artist', 'folder'] as const;
export type ReviewGrouping = (typeof reviewGroupings)[number];

/** Proposals by state. */
export type ReviewCounts = Readonly<Record<ProposalState, number>>;

/** Tracks of the queue that belong together; every row of a page stands in one. */
export interface ReviewGroup {
  /** Names it in requests. */
  readonly key: string;
  /** Name of the album or artist, or the folder relative to the library's; null: the tags do not say. */
  readonly title: string | null;
  /** Album artist; the library's folder that a folder is in. */
  readonly detail: string | null;
  /** Tracks of the group under the filter, on whatever page. */
  readonly tracks: number;
  /** Place of its first track in the page. */
  readonly firstRow: number;
}

/** Tracks that were looked at, and why there is nothing to propose for some of them. */
export interface ProposeSummary {
  readonly tracks: number;
  /** New ones, and those that are not what they were. */
  readonly proposals: number;
  /** Proposals that are as they were, decided ones included. */
  readonly unchanged: number;
  /** Proposals that went because nothing is to be written there any more. */
  readonly withdrawn: number;
  readonly withoutProposal: {
    /** Their files are gone, or on a drive that is away. */
    readonly missing: number;
    readonly offline: number;
    readonly notAnalysed: number;
    /** Analysed, but nothing fits well enough. */
    readonly unknown: number;
    /** The file says all of it already, or the policy leaves alone what stands there. */
    readonly nothingToDo: number;
  };
}

/** What a decision about many came to, or would. */
export interface DecideSummary {
  readonly proposals: number;
  readonly tracks: number;
  /** Some of them, the least sure first: what to look at before saying yes to all. */
  readonly sample: readonly TagProposal[];
}

/** What of a file would change, said by the editor; everything that is not listed keeps its bytes. */
export interface TagPreview {
  readonly trackId: number;
  readonly path: string;
  /** For people: "MP3, ID3v2.3". */
  readonly format: string;
  /** in-place: inside the padding; rewrite: a new file takes the place of the old one. */
  readonly method: 'in-place' | 'rewrite' | 'nothing';
  readonly items: readonly TagItemChange[];
  /** Frames, comments, blocks, atoms and chunks that stay byte for byte. */
  readonly keptItems: number;
  readonly audioBytes: number;
  readonly sizeBefore: number;
  readonly sizeAfter: number;
}

export interface TagItemChange {
  /** "ID3v2.3", "APEv2", "Vorbis comment", "MP4", "RIFF INFO", … */
  readonly tag: string;
  /** As the format calls it: "TCON", "TXXX:MOOD", "GENRE", "©gen". */
  readonly key: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** As text; null where there was, or will be, nothing. */
  readonly before: string | null;
  readonly after: string | null;
}

export type BatchKind = 'write' | 'undo';
export type BatchState = 'running' | 'done' | 'stopped';

/** Files that were written with one order. */
export interface TagBatch {
  readonly id: number;
  readonly at: number;
  readonly kind: BatchKind;
  readonly state: BatchState;
  readonly files: number;
  readonly written: number;
  /** Files that could not be written; each is listed with its reason. */
  readonly failed: number;
  /** Of `written`, files of which everything was undone since. */
  readonly undone: number;
}

/** planned: ordered, not yet done (also after a stop); waiting: in the player's hands; undone: our value is gone again. */
export const writeStates = ['planned', 'waiting', 'written', 'failed', 'undone'] as const;
export type WriteState = (typeof writeStates)[number];

/** One field that was written into one file. */
export interface TagWrite {
  readonly id: number;
  readonly batchId: number;
  readonly trackId: number;
  /** Where the file was when it was written. */
  readonly path: string;
  readonly at: number;
  readonly field: TagField;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly state: WriteState;
  readonly problem: WireError | null;
}

/** A field that undo leaves alone, because the file no longer holds what was written. */
export interface UndoConflict {
  readonly writeId: number;
  readonly trackId: number;
  readonly path: string;
  readonly field: TagField;
  /** Before Cratewise wrote. */
  readonly before: readonly string[];
  /** What Cratewise wrote. */
  readonly written: readonly string[];
  /** What stands there now. */
  readonly now: readonly string[];
}

export interface UndoSummary {
  /** Null when only asked what would happen. */
  readonly batchId: number | null;
  /** Fields that went back, or would. */
  readonly restored: number;
  readonly files: number;
  readonly conflicts: readonly UndoConflict[];
  readonly failed: readonly {
    readonly trackId: number;
    readonly path: string;
    readonly problem: WireError;
  }[];
}

export interface TaggingProgress {
  readonly batchId: number;
  readonly kind: BatchKind;
  readonly done: number;
  readonly failed: number;
  readonly files: number;
  readonly secondsLeft: number | null;
  readonly finished: boolean;
}
