/**
 * What a splice editor gives and takes. An editor parses a container only as far as needed to find the target fields
 * and describes the new file as pieces: stretches of the old one, and new bytes. It never touches the disk itself.
 */
import type { TagField, TagItemChange, WritePolicy } from '#shared/domain.ts';

/** Any part of a file. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** `length` bytes from `start`; fewer only at the end of the file. Rejects with what the file system throws. */
  read(start: number, length: number): Promise<Uint8Array>;
  /** The same into memory that is used again and again: for going through whole files. Returns how many bytes it read. */
  readInto?(into: Uint8Array, start: number): Promise<number>;
}

/**
 * A stretch of the new file; `end` is not part of it. `made` is worked out of the old file while it is written, for
 * stretches too long for memory that differ a little all along (Ogg pages with new numbers): `make` gives exactly
 * `length` bytes, the same ones at each call, or rejects with AppError tags-damaged or what the file system throws.
 */
export type Piece =
  | { readonly from: 'old'; readonly start: number; readonly end: number }
  | { readonly from: 'new'; readonly bytes: Uint8Array }
  | { readonly from: 'made'; readonly length: number; make(): AsyncIterable<Uint8Array> };

/** The tags of all containers. An MP3 may hold several at once. */
export const tagKinds = ['id3v2', 'id3v1', 'apev2', 'vorbis', 'mp4', 'riff-info'] as const;
export type TagKind = (typeof tagKinds)[number];

/** One frame, comment, item or atom exactly as it stands in the file, its header included. */
export interface RawItem {
  readonly tag: TagKind;
  /** Which of several tags of this kind (chained Ogg streams, a second ID3v2), from 0. */
  readonly tagIndex: number;
  /** As the format calls it: "TCON", "TXXX:MOOD", "GENRE", "©gen", "----:com.apple.iTunes:MOOD". */
  readonly key: string;
  /** Place among all items of its tag, from 0: where undo puts it back. */
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** What a file says of one field. */
export interface FieldState {
  readonly field: TagField;
  /** As the leading tag of the file says it; numeric ID3 genres ("(17)", "17") as their names. */
  readonly values: readonly string[];
  /** Every item that carries the field, in all tags of the file, in order. */
  readonly items: readonly RawItem[];
}

export type FieldEdit =
  /** These values and no others; an empty list takes the field away. */
  | { readonly kind: 'set'; readonly field: TagField; readonly values: readonly string[] }
  /** Exactly these items at their places, for undo; an empty list takes the field away. */
  | { readonly kind: 'restore'; readonly field: TagField; readonly items: readonly RawItem[] };

/** The new file, and what of it is new. */
export interface EditPlan {
  readonly pieces: readonly Piece[];
  /**
   * Where the new file has the length of the old one and differs only inside its tags: what to overwrite. Null: it
   * has to be written anew. Empty: nothing changes.
   */
  readonly patches: readonly { readonly start: number; readonly bytes: Uint8Array }[] | null;
  readonly changes: readonly TagItemChange[];
  readonly keptItems: number;
  readonly audioBytes: number;
  readonly sizeAfter: number;
}

export interface TagEditor {
  /** For people: "MP3, ID3v2.3". */
  readonly format: string;
  /** @throws AppError tags-damaged */
  read(fields: readonly TagField[]): Promise<readonly FieldState[]>;
  /**
   * What would have to change so that the file says this. Refuses rather than guess.
   * `wantedSize` is for undo, the size the file had: where padding has to be chosen and can be chosen so that the file
   * gets this size, it is, so that an undo gives back every byte although the file had grown. Else it has no effect.
   * @throws AppError tags-damaged, tags-unsupported (a value or layout this format cannot take)
   */
  plan(edits: readonly FieldEdit[], policy: WritePolicy, wantedSize?: number): Promise<EditPlan>;
}
