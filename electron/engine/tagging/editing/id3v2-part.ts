/** ID3v2 tags as parts of a file: what they say, and the tag anew with other frames. */
import type { TagField, WritePolicy } from '#shared/domain.ts';
import { keysOf } from './field-keys.ts';
import { changedExtendedHeader } from './id3v2-extended.ts';
import { paddingPieces, unsynchronise } from './id3v2-body.ts';
import { frameBytes, newKey } from './id3v2-fields.ts';
import { frameHeaderBytes } from './id3v2-frames.ts';
import { ID3_HEADER_BYTES, toSyncsafe } from './id3v2-header.ts';
import { copiesIn, copiesOf, noCopies, withCopies } from './id3v2-copies.ts';
import type { Copies } from './id3v2-copies.ts';
import type { OldText } from './id3v1.ts';
import { crcOf, itemOfBytes, readId3Tag } from './id3v2.ts';
import type { Id3Item, Id3Tag } from './id3v2.ts';
import type { ByteSource, FieldEdit, Piece } from './model.ts';
import { lengthOf, newPiece, oldPiece } from './pieces.ts';
import { damaged, unsupported } from './reading.ts';
import { changesOf, joinedByPolicy } from './tag-parts.ts';
import type { ListedItem, TagPart } from './tag-parts.ts';
import { editItems } from './values.ts';

const MOST_BODY_BYTES = 0x0fffffff;
/**
 * A tag that has to grow gets at least one and at most three KiB of padding, up to a multiple of 2 KiB: nothing beside
 * the music, and room for the next edits, so that those are written in place and no file has to be made anew.
 */
const LEAST_NEW_PADDING = 1024;
const GROWS_BY = 2048;

/** A tag to be: v2.3, which every program reads, those of DJs' players and cars included; v2.4 some do not. */
function emptyTag(at: number): Id3Tag {
  return {
    header: { version: 3, revision: 0, flags: 0, bodySize: 0, totalSize: 0, hasFooter: false },
    headerBytes: Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1'),
    footerBytes: null,
    start: at,
    form: { version: 3, plainSizes: false, unsynchronised: false },
    ...{ extended: null, items: [], padding: 0, paddingEnd: at, tail: oldPiece(at, at) },
  };
}

export interface Id3PartOptions {
  /** Which of the ID3v2 tags of the file. */
  readonly tagIndex: number;
  /** Other data says where something behind this tag is: it must not change its length. */
  readonly keepsLength?: boolean;
  /** What an ID3v1 tag of the file says. */
  readonly oldTexts?: readonly OldText[];
}

type PartOptions = Pick<Id3PartOptions, 'tagIndex' | 'keepsLength'> & { readonly copies: Copies };

/** The tag at `start`. @throws AppError tags-damaged, tags-unsupported */
export async function openId3Part(
  source: ByteSource,
  start: number,
  options: Id3PartOptions,
): Promise<{ readonly tag: Id3Tag; readonly part: TagPart }> {
  const tag = await readId3Tag(source, start);
  const copies = looksOurs(tag) ? await copiesIn(source, tag.items, options.oldTexts ?? []) : noCopies;
  return { tag, part: partOf(source, tag, { ...options, copies }) };
}

/** A tag that is not there yet, and would stand at `at`. */
export function newId3Part(source: ByteSource, at: number, oldTexts: readonly OldText[] = []): TagPart {
  return partOf(source, emptyTag(at), { tagIndex: 0, copies: copiesOf(oldTexts) });
}

function partOf(source: ByteSource, tag: Id3Tag, options: PartOptions): TagPart {
  const { tagIndex, copies } = options;
  const label = `ID3v2.${tag.header.version}`;
  const ownItems = (field: TagField): readonly Id3Item[] => tag.items.filter((item) => item.field === field);
  return {
    ...{ kind: 'id3v2', tagIndex, start: tag.start, end: tag.start + tag.header.totalSize, follows: false },
    ...{ label, itemCount: tag.items.length },
    can: () => true,
    carries: (field) => ownItems(field).length > 0,
    state(field) {
      const own = ownItems(field);
      checkReadable(own);
      const leading = keysOf('id3v2', field)
        .map((key) => own.filter((item) => item.longKey === key.toUpperCase()))
        .find((items) => items.some(({ values }) => values.length > 0));
      return {
        field,
        values: [...new Set(leading?.flatMap(({ values }) => values))],
        items: tag.items.flatMap((item, position) =>
          item.field === field
            ? [{ tag: 'id3v2' as const, tagIndex, key: item.key, position, bytes: item.bytes }]
            : [],
        ),
      };
    },
    edit(edits, policy) {
      const after = withCopies(tag.items, editedItems(tag, tagIndex, edits, policy), edits, copies);
      const fields = new Set(edits.map(({ field }) => field));
      const listed = (items: readonly Id3Item[]): readonly ListedItem[] =>
        items
          .filter((item) => (item.field !== null && fields.has(item.field)) || copies.items.has(item))
          .map(listedItem);
      return {
        changes: changesOf(label, listed(tag.items), listed(after)),
        keptItems: tag.items.filter((item) => after.includes(item)).length,
        pieces: (wantedLength) => rebuilt(source, tag, after, wantedLength, options),
      };
    },
  };
}

/** A tag with nothing but padding behind its frames, as those made here are. */
function looksOurs({ header }: Id3Tag): boolean {
  return header.version === 3 && header.flags === 0 && header.totalSize % GROWS_BY === 0;
}

function listedItem({ key, values, bytes }: Id3Item): ListedItem {
  return { key, text: values.join('; '), bytes };
}

function checkReadable(items: readonly Id3Item[]): void {
  const problem = items.find((item) => item.problem !== null)?.problem;
  if (problem != null) throw damaged(problem);
}

function editedItems(
  tag: Id3Tag,
  tagIndex: number,
  edits: readonly FieldEdit[],
  policy: WritePolicy,
): readonly Id3Item[] {
  const after = editItems(tag.items, edits, {
    ...{ tag: 'id3v2', tagIndex },
    carries: (item, field) => {
      if (item.field !== field) return false;
      checkReadable([item]);
      return true;
    },
    restored: ({ bytes }) =>
      tag.items.find((item) => item.field !== null && Buffer.compare(item.bytes, bytes) === 0) ??
      itemOfBytes(bytes, tag.form),
    set: (items, field, values) => setField(tag, items, field, framesOf(tag, values, policy)),
  });
  const has = (items: readonly Id3Item[], key: string): boolean =>
    items.some(({ longKey }) => longKey === key);
  if (has(tag.items, 'GRP1') && !has(after, 'GRP1') && has(after, 'TIT1'))
    throw unsupported('Without its grouping (GRP1), programs would show the name of the work (TIT1) as one.');
  return after;
}

/** The values of each frame that is to be: v2.4 holds several in one, before that the policy says how. */
function framesOf(
  tag: Id3Tag,
  values: readonly string[],
  policy: WritePolicy,
): readonly (readonly string[])[] {
  if (values.length === 0) return [];
  if (tag.header.version === 4) return [joinedByPolicy(values, policy)];
  return policy.separator === 'repeat' ? values.map((value) => [value]) : [[values.join(policy.separator)]];
}

/** Every synonym that is there gets the new frames in the place of its first one; without any, they come last. */
function setField(
  tag: Id3Tag,
  items: readonly Id3Item[],
  field: TagField,
  frames: readonly (readonly string[])[],
): readonly Id3Item[] {
  const own = items.filter((item) => item.field === field);
  checkReadable(own);
  const make = (key: string, model: Id3Item['model']): readonly Id3Item[] =>
    frames.map((values) => itemOfBytes(frameBytes(tag.form, key, field, values, model), tag.form));
  if (own.length === 0) return [...items, ...make(newKey(field, tag.header.version), null)];
  const byKey = Map.groupBy(own, (item) => item.longKey);
  return items.flatMap((item) => {
    const group = item.field === field ? byKey.get(item.longKey) : undefined;
    if (group === undefined) return [item];
    const isRight =
      group.length === frames.length &&
      group.every((frame, index) => sameValues(frame.values, frames[index]!));
    if (isRight) return [item];
    return group[0] === item ? make(item.longKey, item.model) : [];
  });
}

function sameValues(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

/** The whole tag with these frames; nothing at all where it was ours and nothing is left in it. */
async function rebuilt(
  source: ByteSource,
  tag: Id3Tag,
  items: readonly Id3Item[],
  wantedLength: number | null,
  { keepsLength = false }: PartOptions,
): Promise<readonly Piece[]> {
  const { header, tail, form } = tag;
  const frames = items.map(({ piece }) => piece);
  const isBare = items.length === 0 && tag.extended === null && lengthOf([tail]) === 0;
  // An empty tag is against the specification. One that looks like those made here was not there before us.
  if (isBare && (wantedLength === 0 || (wantedLength === null && looksOurs(tag)))) return [];

  const around = ID3_HEADER_BYTES * (header.hasFooter ? 2 : 1);
  const tailLength = lengthOf([tail]);
  // Readers take the tail for frames if no empty frame header is in front of it.
  const least = tailLength > 0 ? frameHeaderBytes(form.version) : 0;
  const content = around + lengthOf(frames) + tailLength;
  // Unsynchronised, the extended header may change its own length with the numbers in it.
  let extended: readonly Piece[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    const fixed = content + lengthOf(extended);
    const padding = choosePadding(header.totalSize, fixed, least, wantedLength, header.hasFooter);
    const pads = paddingPieces(padding, tag.paddingEnd, tag.padding);
    const checked = form.version === 4 ? [...frames, ...pads, tail] : frames;
    const sizes = { padding: padding + tailLength, oldPadding: tag.padding + tailLength };
    const own = await extendedPieces(source, tag, checked, sizes);
    const isSettled = lengthOf(own) === lengthOf(extended);
    extended = own;
    if (!isSettled) continue;
    const total = fixed + padding;
    if (total !== header.totalSize) checkMayChange(tag, items, total, keepsLength);
    const size = toSyncsafe(total - around);
    const edge = (bytes: Uint8Array): Piece => newPiece(Buffer.concat([bytes.subarray(0, 6), size]));
    const footer = tag.footerBytes === null ? [] : [edge(tag.footerBytes)];
    return [edge(tag.headerBytes), ...extended, ...frames, ...pads, tail, ...footer];
  }
  throw unsupported('The extended header of the ID3v2 tag cannot be brought in step with it.');
}

function choosePadding(
  oldTotal: number,
  fixed: number,
  least: number,
  wantedLength: number | null,
  hasFooter: boolean,
): number {
  // A tag with a footer has no padding (v2.4 §3.4).
  if (hasFooter) return 0;
  if (wantedLength !== null && wantedLength - fixed >= least) return wantedLength - fixed;
  if (oldTotal - fixed >= least) return oldTotal - fixed;
  return Math.ceil((fixed + LEAST_NEW_PADDING) / GROWS_BY) * GROWS_BY - fixed;
}

function checkMayChange(tag: Id3Tag, items: readonly Id3Item[], total: number, keepsLength: boolean): void {
  if (total > MOST_BODY_BYTES) throw unsupported('The ID3v2 tag would become longer than 256 MB.');
  if (tag.extended?.isRestricted === true && total > tag.header.totalSize)
    throw unsupported('The ID3v2.4 tag forbids, by its restrictions, that it becomes longer.');
  if (keepsLength || items.some(({ longKey }) => longKey === 'ASPI'))
    throw unsupported('The ID3v2 tag points at places in the file, so that its length must not change.');
}

async function extendedPieces(
  source: ByteSource,
  tag: Id3Tag,
  checked: readonly Piece[],
  sizes: { readonly padding: number; readonly oldPadding: number },
): Promise<readonly Piece[]> {
  const { extended, form } = tag;
  if (extended === null || form.version === 2) return [];
  const crc = extended.crc === null ? 0 : await crcOf(source, tag, checked);
  const bytes = changedExtendedHeader(extended, form.version, { crc, ...sizes });
  return [newPiece(form.unsynchronised && form.version === 3 ? unsynchronise(bytes) : bytes)];
}
