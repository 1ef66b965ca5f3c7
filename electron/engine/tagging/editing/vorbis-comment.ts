/**
 * Vorbis comments (xiph.org/vorbis/doc/v-comment.html), as FLAC and Ogg hold them: a vendor's name and `KEY=value` in
 * UTF-8. Keys are ASCII, their case means nothing, and a key may stand there several times. Comments that are none of
 * this are kept as they are.
 */
import type { TagField, TagItemChange } from '#shared/domain.ts';
import { keysOf } from './field-keys.ts';
import type { FieldEdit, FieldState, RawItem } from './model.ts';
import { damaged, joinBytes, latin1, sameBytes, unsupported, viewOf } from './reading.ts';
import { editItems } from './values.ts';

const LENGTH_BYTES = 4;
const EQUALS = 0x3d;
const OUR_VENDOR = 'Cratewise';

export interface VorbisComments {
  /** With its length in front, as each comment. */
  readonly vendor: Uint8Array;
  readonly comments: readonly Uint8Array[];
  /** What stands behind the last comment: the framing bit of Vorbis, padding of Opus. */
  readonly tail: Uint8Array;
}

/** @throws AppError tags-damaged where a length leaves the block */
export function parseVorbisComments(bytes: Uint8Array): VorbisComments {
  const view = viewOf(bytes);
  let at = 0;
  const numberAt = (place: number): number => {
    if (place + LENGTH_BYTES > bytes.length) throw damaged('The Vorbis comments are cut off.');
    return view.getUint32(place, true);
  };
  const next = (): Uint8Array => {
    const end = at + LENGTH_BYTES + numberAt(at);
    if (end > bytes.length) throw damaged('A Vorbis comment is longer than the block it stands in.');
    const item = bytes.subarray(at, end);
    at = end;
    return item;
  };
  const vendor = next();
  const count = numberAt(at);
  at += LENGTH_BYTES;
  const comments: Uint8Array[] = [];
  // Each takes at least the bytes of its length, so a made-up count ends with the block.
  for (let index = 0; index < count; index++) comments.push(next());
  return { vendor, comments, tail: bytes.subarray(at) };
}

/** The block again; byte for byte what was parsed where nothing was changed. */
export function vorbisCommentBytes({ vendor, comments, tail }: VorbisComments): Uint8Array {
  const count = new Uint8Array(LENGTH_BYTES);
  viewOf(count).setUint32(0, comments.length, true);
  return joinBytes([vendor, count, ...comments, tail]);
}

/** Text with its length in front: a comment, or the vendor. */
export function vorbisText(text: string): Uint8Array {
  const content = new TextEncoder().encode(text);
  const length = new Uint8Array(LENGTH_BYTES);
  viewOf(length).setUint32(0, content.length, true);
  return joinBytes([length, content]);
}

/** For files without any. */
export function emptyVorbisComments(): VorbisComments {
  return { vendor: vorbisText(OUR_VENDOR), comments: [], tail: new Uint8Array(0) };
}

/** Whether `emptyVorbisComments` began these: encoders give their own name as the vendor. */
export function madeHere({ vendor, tail }: VorbisComments): boolean {
  return tail.length === 0 && sameBytes(vendor, vorbisText(OUR_VENDOR));
}

/** What these comments say of a field. With several synonyms, the values of the one that is listed first. */
export function vorbisFieldState(
  { comments }: VorbisComments,
  field: TagField,
  tagIndex: number,
): FieldState {
  const keys = keysOf('vorbis', field);
  const items: RawItem[] = [];
  comments.forEach((bytes, position) => {
    const key = keyOf(bytes);
    if (key !== null && keys.includes(key.toUpperCase()))
      items.push({ tag: 'vorbis', tagIndex, key, position, bytes });
  });
  const leading = keys.find((key) => items.some((item) => item.key.toUpperCase() === key));
  const values = items
    .filter((item) => item.key.toUpperCase() === leading)
    .map((item) => valueOf(item.bytes))
    .filter((value) => value !== '');
  return { field, values, items };
}

/**
 * The comments after the edits. Existing synonyms are all set, none is added beside them; each comment keeps its
 * place, its spelling of the key, and where its value is right already, every byte.
 * @throws AppError tags-unsupported where a comment to be restored is none
 */
export function editVorbisComments(
  before: VorbisComments,
  edits: readonly FieldEdit[],
  tagIndex: number,
): VorbisComments {
  const comments = editItems(before.comments, edits, {
    tag: 'vorbis',
    tagIndex,
    carries: (item, field) => carries(item, keysOf('vorbis', field)),
    restored: ({ bytes }) => {
      if (bytes.length < LENGTH_BYTES || viewOf(bytes).getUint32(0, true) !== bytes.length - LENGTH_BYTES)
        throw unsupported('What is to be put back is not a Vorbis comment.');
      return bytes;
    },
    set: (items, field, values) => setField(items, keysOf('vorbis', field), values),
  });
  return { ...before, comments };
}

function setField(
  items: readonly Uint8Array[],
  keys: readonly string[],
  values: readonly string[],
): readonly Uint8Array[] {
  const left = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item)?.toUpperCase();
    if (key !== undefined && keys.includes(key)) left.set(key, (left.get(key) ?? 0) + 1);
  }
  if (left.size === 0) return [...items, ...values.map((value) => vorbisText(`${keys[0]}=${value}`))];
  const done = new Map<string, number>();
  return items.flatMap((item) => {
    const spelled = keyOf(item);
    const key = spelled?.toUpperCase();
    if (spelled === null || key === undefined || !left.has(key)) return [item];
    const place = done.get(key) ?? 0;
    done.set(key, place + 1);
    const value = values[place];
    const own =
      value === undefined ? [] : [valueOf(item) === value ? item : vorbisText(`${spelled}=${value}`)];
    if (place + 1 < (left.get(key) ?? 0)) return own;
    return [...own, ...values.slice(place + 1).map((more) => vorbisText(`${spelled}=${more}`))];
  });
}

/** What differs between two states of the comments, by key, in the order of the keys' first appearance. */
export function vorbisChanges(
  before: VorbisComments,
  after: VorbisComments,
  fields: readonly TagField[],
): readonly TagItemChange[] {
  const keys = new Set(fields.flatMap((field) => keysOf('vorbis', field)));
  const groups = new Map<string, { key: string; old: Uint8Array[]; new: Uint8Array[] }>();
  const collect = (comments: readonly Uint8Array[], side: 'old' | 'new'): void => {
    for (const comment of comments) {
      const key = keyOf(comment);
      if (key === null || !keys.has(key.toUpperCase())) continue;
      const group = groups.get(key.toUpperCase()) ?? { key, old: [], new: [] };
      groups.set(key.toUpperCase(), group);
      group[side].push(comment);
    }
  };
  collect(before.comments, 'old');
  collect(after.comments, 'new');
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.max(group.old.length, group.new.length) }, (_, index) => {
      const [old, now] = [group.old[index], group.new[index]];
      if (old !== undefined && now !== undefined && sameBytes(old, now)) return [];
      return [
        {
          tag: 'Vorbis comment',
          key: group.key,
          change: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
          before: old === undefined ? null : valueOf(old),
          after: now === undefined ? null : valueOf(now),
        } as const,
      ];
    }).flat(),
  );
}

/** Comments that the edit leaves as they are. */
export function keptComments(before: VorbisComments, after: VorbisComments): number {
  const now = new Set(after.comments);
  return before.comments.filter((comment) => now.has(comment)).length;
}

function carries(item: Uint8Array, keys: readonly string[]): boolean {
  const key = keyOf(item);
  return key !== null && keys.includes(key.toUpperCase());
}

/** As it is spelled there; null for what is no comment by the specification. */
function keyOf(item: Uint8Array): string | null {
  const end = item.indexOf(EQUALS, LENGTH_BYTES);
  if (end <= LENGTH_BYTES) return null;
  const key = item.subarray(LENGTH_BYTES, end);
  return key.every((byte) => byte >= 0x20 && byte <= 0x7d) ? latin1(key) : null;
}

/** Broken UTF-8 is shown with replacement characters. */
function valueOf(item: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    item.subarray(item.indexOf(EQUALS, LENGTH_BYTES) + 1),
  );
}
