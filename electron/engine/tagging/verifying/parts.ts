/**
 * What the verifier sees in a file: its parts in order, however they are packed. Two files are alike but for some
 * fields when their parts are, those fields left out.
 */
import type { TagField } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { TagKind } from '../editing/model.ts';

/** A stretch that is not held in memory; `end` is not part of it. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface Part {
  /** Where it stands, for people and for comparing: "ID3v2.3 tag", "FLAC", "MP4 moov/udta". */
  readonly scope: string;
  /** As the format calls it: "TCON", "TXXX:MOOD", "SEEKTABLE", "stbl". */
  readonly key: string;
  /** The tag that it is an item of; null for all that is no item. */
  readonly tag: TagKind | null;
  readonly content: Uint8Array | Stretch;
  /**
   * The part only holds a tag up (a list's name, the writer's name): it comes and goes with that tag. Of parts with
   * the same name here.
   */
  readonly holds?: string;
}

/** One tag with the values it gives to fields. */
export interface TagValues {
  readonly tag: TagKind;
  /**
   * For each key that carries the field (TMOO, TXXX:MOOD) its texts: several where the tag has several. Numbers of
   * genres ("(17)", "17") are not made names.
   */
  readonly values: ReadonlyMap<TagField, readonly (readonly string[])[]>;
}

export interface Layout {
  readonly parts: readonly Part[];
  /** The tag that readers believe first comes first. */
  readonly tags: readonly TagValues[];
  /** Something that music-metadata is known not to read (a checksum in an ID3v2.3 header, RF64, …). */
  readonly beyondOtherReader: boolean;
}

/** @throws AppError tags-not-verified: always */
export function notVerified(what: string): never {
  throw new AppError('tags-not-verified', `${what} The file was left as it was.`);
}
