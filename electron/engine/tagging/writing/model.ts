/** What the writer is asked, and what it tells. */
import type { EventName, Events } from '#shared/contract.ts';
import type {
  BatchKind,
  TagBatch,
  TagField,
  TagPreview,
  TagWrite,
  TrackId,
  UndoSummary,
  WritePolicy,
} from '#shared/domain.ts';
import type { WireError } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import type { TrackFailure } from '#engine/storage/library/errors.ts';
import type { TrackTags } from '#engine/storage/library/tracks.ts';
import type { Storage } from '#engine/storage/open.ts';

/** One field as it was reviewed and as it is to be; `before` has to stand in the file still. */
export interface OrderedField {
  readonly field: TagField;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** All that is to be written into one file. */
export interface TagOrder {
  readonly trackId: TrackId;
  readonly fields: readonly OrderedField[];
}

/** What is to be taken back: fields (TagWrite.id), whole batches, all that was done to tracks, or everything. */
export type UndoSelection =
  | { readonly writeIds: readonly number[] }
  | { readonly batchId: number }
  | { readonly trackIds: readonly TrackId[] }
  | { readonly all: true };

/** How one file of a batch ended. */
export interface WriteOutcome {
  readonly batchId: number;
  readonly kind: BatchKind;
  readonly trackId: TrackId;
  readonly fields: readonly TagField[];
  /** Null: written. */
  readonly problem: WireError | null;
}

/** Which tracks are in the player's hands. */
export interface Holds {
  isHeld(trackId: TrackId): boolean;
  /** The listener is called when tracks were released. Returns the function that ends this. */
  onRelease(listener: () => void): () => void;
}

export interface TagWriterOptions {
  readonly storage: Storage;
  readonly holds: Holds;
  /** How the library reads tags (library/tags.ts): what the track's row says afterwards. */
  readonly readTags: (
    path: string,
  ) => Promise<{ readonly tags: TrackTags; readonly failure: TrackFailure | null }>;
  readonly tagReaderVersion: number;
  readonly publish: <Name extends EventName>(name: Name, payload: Events[Name]) => void;
  /** Rows that views show changed. */
  readonly changed: () => void;
  /** Called in the same transaction as the mark in the journal. */
  readonly settled?: (outcome: WriteOutcome) => void;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

export interface TagWriter {
  /**
   * What exactly would change in a file; reads it, writes nothing.
   * @throws AppError not-found, file-changed (since its tags were read), tags-damaged, tags-unsupported, file-*
   */
  preview(
    trackId: TrackId,
    fields: readonly { readonly field: TagField; readonly values: readonly string[] }[],
    policy: WritePolicy,
  ): Promise<TagPreview>;
  /**
   * Puts a batch on the disk and begins it in the background, after those before it. Fields that do not change are left
   * out.
   * @throws AppError conflict when nothing is left
   */
  apply(orders: readonly TagOrder[], policy: WritePolicy): Promise<TagBatch>;
  /** Stops what runs and what waits, after the files in hand: what is not written stays planned. */
  cancel(): void;
  /** What a stop, a crash or a failure left of a batch. @throws AppError not-found */
  continueBatch(batchId: number): TagBatch;
  /**
   * Resolves when everything is done but the files that play. With dryRun nothing is written, and all fields are
   * compared with the files. An abort stops it as `cancel` does.
   */
  undo(
    selection: UndoSelection,
    options?: { readonly dryRun?: boolean; readonly signal?: AbortSignal },
  ): Promise<UndoSummary>;
  /** Newest first. */
  batches(page: Page): { readonly total: number; readonly batches: readonly TagBatch[] };
  /** Of a batch in its order; of a track, or of all, newest first. */
  writes(
    of: { readonly batchId: number } | { readonly trackId: TrackId } | { readonly all: true },
    page: Page,
  ): { readonly total: number; readonly writes: readonly TagWrite[] };
  /** Resolves when a batch is done, stopped, or has only files left that play. @throws AppError not-found */
  settled(batchId: number): Promise<TagBatch>;
  /**
   * To be called once at the start: files that were in hand when the process died are looked at and put in order,
   * before anything is written. Batches that ran then are 'stopped' until somebody continues them.
   */
  recover(): Promise<void>;
  /** After the files in hand. */
  close(): Promise<void>;
}
