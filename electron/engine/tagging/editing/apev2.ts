/** APEv1 and APEv2 tags: https://wiki.hydrogenaud.io/index.php?title=APEv2_specification */
import type { TagField, WritePolicy } from '#shared/domain.ts';
import { fieldOfKey, keysOf, sameKey } from './field-keys.ts';
import { plainBody } from './id3v2-body.ts';
import type { ByteSource, FieldEdit, Piece } from './model.ts';
import { lengthOf, newPiece, oldPiece } from './pieces.ts';
import { damaged, joinBytes, latin1, readPart, sameBytes, unsupported, viewOf } from './reading.ts';
import { changesOf, joinedByPolicy } from './tag-parts.ts';
import type { ListedItem, TagPart } from './tag-parts.ts';
import { editItems } from './values.ts';

export const APE_EDGE_BYTES = 32;
const ITEM_HEADER_BYTES = 8;
const MOST_KEY_BYTES = 255;
const MOST_ITEMS = 10_000;
const MOST_TEXT_BYTES = 64 * 1024;
const HAS_HEADER = 0x8000_0000;
const IS_HEADER = 0x2000_0000;
const READ_ONLY = 1;

interface ApeItem {
  readonly key: string;
  readonly field: TagField | null;
  readonly values: readonly string[];
  readonly flags: number;
  readonly piece: Piece;
  /** Of items that carry a field. */
  readonly bytes: Uint8Array;
  readonly problem: string | null;
}

interface ApeTag {
  readonly version: 1000 | 2000;
  readonly start: number;
  readonly end: number;
  /** 32 bytes; null where the tag has none. */
  readonly header: Uint8Array | null;
  readonly footer: Uint8Array;
  readonly items: readonly ApeItem[];
}

/** Whether these 32 bytes are the edge of an APE tag. */
export function isApeEdge(bytes: Uint8Array): boolean {
  return bytes.length >= APE_EDGE_BYTES && latin1(bytes.subarray(0, 8)) === 'APETAGEX';
}

/**
 * The tag whose footer ends at `end`; `follows` where another tag of the file leads.
 * @throws AppError tags-damaged, tags-unsupported
 */
export async function openApePart(source: ByteSource, end: number, follows: boolean): Promise<TagPart> {
  return partOf(await readApeTag(source, end), follows);
}

/** A tag that is not there yet, and would stand at `at`. */
export function newApePart(at: number): TagPart {
  const [header, footer] = [newEdge(HAS_HEADER + IS_HEADER), newEdge(HAS_HEADER)];
  return partOf({ version: 2000, start: at, end: at, header, footer, items: [] }, false);
}

async function readApeTag(source: ByteSource, end: number): Promise<ApeTag> {
  const footer = await readPart(source, end - APE_EDGE_BYTES, APE_EDGE_BYTES, 'the APE tag');
  const view = viewOf(footer);
  const [version, size, count] = [
    view.getUint32(8, true),
    view.getUint32(12, true),
    view.getUint32(16, true),
  ];
  const flags = view.getUint32(20, true);
  if (version !== 1000 && version !== 2000)
    throw unsupported('The APE tag is of a version that is not known.');
  const hasHeader = version === 2000 && (flags & HAS_HEADER) !== 0;
  const itemsAt = end - size;
  const start = itemsAt - (hasHeader ? APE_EDGE_BYTES : 0);
  if (
    size < APE_EDGE_BYTES ||
    start < 0 ||
    (version === 2000 && (flags & IS_HEADER) !== 0) ||
    count > MOST_ITEMS
  )
    throw damaged('The footer of the APE tag is damaged.');
  const header = hasHeader ? await readPart(source, start, APE_EDGE_BYTES, 'the APE tag') : null;
  if (header !== null && !(isApeEdge(header) && sameBytes(header.subarray(8, 20), footer.subarray(8, 20))))
    throw damaged('The header and the footer of the APE tag contradict each other.');
  const body = plainBody(source, itemsAt, size - APE_EDGE_BYTES);
  const items: ApeItem[] = [];
  let at = 0;
  while (at < body.length && items.length < count) {
    const head = await body.read(at, Math.min(body.length - at, ITEM_HEADER_BYTES + MOST_KEY_BYTES + 1));
    const keyEnd = head.indexOf(0, ITEM_HEADER_BYTES);
    if (keyEnd < 0) throw damaged('The key of an item of the APE tag does not end.');
    const valueAt = at + keyEnd + 1;
    const itemEnd = valueAt + viewOf(head).getUint32(0, true);
    if (itemEnd > body.length) throw damaged('An item of the APE tag is longer than the tag.');
    const field = fieldOfKey('apev2', latin1(head.subarray(ITEM_HEADER_BYTES, keyEnd)));
    const isShort = itemEnd - at <= MOST_TEXT_BYTES;
    // Not a view of the window that is read through: items outlive it.
    const bytes = Uint8Array.from(await body.read(at, field !== null && isShort ? itemEnd - at : keyEnd + 1));
    const item = itemOfBytes(bytes, version, oldPiece(itemsAt + at, itemsAt + itemEnd));
    items.push(
      isShort || field === null ? item : { ...item, problem: `${item.key} is too long for a text.` },
    );
    at = itemEnd;
  }
  if (at !== body.length || items.length !== count)
    throw damaged('The APE tag does not hold as many items as it says.');
  return { version, start, end, header, footer, items };
}

/** Of bytes that begin with the item's header and key; with its value, where the key is one of ours. */
function itemOfBytes(bytes: Uint8Array, version: 1000 | 2000, piece: Piece): ApeItem {
  const keyEnd = bytes.indexOf(0, ITEM_HEADER_BYTES);
  const key = latin1(bytes.subarray(ITEM_HEADER_BYTES, keyEnd));
  const flags = viewOf(bytes).getUint32(4, true);
  const field = fieldOfKey('apev2', key);
  const none = { key, field, flags, piece, values: [], bytes, problem: null };
  if (field === null) return none;
  if (version === 2000 && ((flags >> 1) & 3) !== 0)
    return { ...none, problem: `${key} of the APE tag is no text.` };
  const value = bytes.subarray(keyEnd + 1);
  const text = version === 1000 ? latin1(value) : new TextDecoder('utf-8').decode(value);
  const values = text
    .split('\0')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return { ...none, values };
}

function partOf(tag: ApeTag, follows: boolean): TagPart {
  const label = tag.version === 1000 ? 'APEv1' : 'APEv2';
  const own = (field: TagField): readonly ApeItem[] => tag.items.filter((item) => item.field === field);
  return {
    ...{
      kind: 'apev2',
      tagIndex: 0,
      start: tag.start,
      end: tag.end,
      follows,
      label,
      itemCount: tag.items.length,
    },
    can: (field) => keysOf('apev2', field).length > 0,
    carries: (field) => own(field).length > 0,
    state(field) {
      own(field).forEach(checkReadable);
      const leading = keysOf('apev2', field)
        .map((key) => own(field).filter((item) => sameKey(item.key, key)))
        .find((items) => items.some(({ values }) => values.length > 0));
      const items = tag.items.flatMap(({ key, bytes, field: its }, position) =>
        its === field ? [{ tag: 'apev2' as const, tagIndex: 0, key, position, bytes }] : [],
      );
      return { field, values: leading?.flatMap(({ values }) => values) ?? [], items };
    },
    edit(edits, policy) {
      const after = editedItems(tag, edits, policy);
      const fields = new Set(edits.map(({ field }) => field));
      const listed = (items: readonly ApeItem[]): readonly ListedItem[] =>
        items
          .filter(({ field }) => field !== null && fields.has(field))
          .map(({ key, values, bytes }) => ({ key, text: values.join('; '), bytes }));
      return {
        changes: changesOf(label, listed(tag.items), listed(after)),
        keptItems: tag.items.filter((item) => after.includes(item)).length,
        pieces: (wantedLength) => Promise.resolve(rebuilt(tag, after, wantedLength)),
      };
    },
  };
}

function checkReadable(item: ApeItem): void {
  if (item.problem !== null) throw damaged(item.problem);
}

function editedItems(tag: ApeTag, edits: readonly FieldEdit[], policy: WritePolicy): readonly ApeItem[] {
  if ((viewOf(tag.footer).getUint32(20, true) & READ_ONLY) !== 0)
    throw unsupported('The APE tag is marked as read-only.');
  return editItems(tag.items, edits, {
    ...{ tag: 'apev2', tagIndex: 0 },
    carries: (item, field) => item.field === field,
    restored: ({ bytes }) => {
      const known = tag.items.find((item) => item.field !== null && sameBytes(item.bytes, bytes));
      return known ?? restoredItem(bytes, tag.version);
    },
    set: (items, field, values) => setField(tag, items, field, joinedByPolicy(values, policy)),
  });
}

function restoredItem(bytes: Uint8Array, version: 1000 | 2000): ApeItem {
  const keyEnd = bytes.indexOf(0, ITEM_HEADER_BYTES);
  if (keyEnd < 0 || viewOf(bytes).getUint32(0, true) !== bytes.length - keyEnd - 1)
    throw unsupported('What is to be put back is no item of an APE tag.');
  return itemOfBytes(bytes, version, newPiece(bytes));
}

/** Every synonym that is there gets the values, in its place; without any, a new item comes last. */
function setField(
  tag: ApeTag,
  items: readonly ApeItem[],
  field: TagField,
  values: readonly string[],
): readonly ApeItem[] {
  const own = items.filter((item) => item.field === field);
  const make = (key: string, flags: number): readonly ApeItem[] =>
    values.length === 0 ? [] : [newItem(tag.version, key, flags, values)];
  if (own.length === 0) return [...items, ...make(keysOf('apev2', field)[0]!, 0)];
  const byKey = Map.groupBy(own, (item) => item.key.toUpperCase());
  return items.flatMap((item) => {
    const group = item.field === field ? byKey.get(item.key.toUpperCase()) : undefined;
    if (group === undefined) return [item];
    checkReadable(item);
    if (group.length === 1 && values.length > 0 && item.values.join('\0') === values.join('\0'))
      return [item];
    if (tag.version === 2000 && (item.flags & READ_ONLY) !== 0)
      throw unsupported(`${item.key} of the APE tag is marked as read-only.`);
    return group[0] === item ? make(item.key, item.flags) : [];
  });
}

function newItem(version: 1000 | 2000, key: string, flags: number, values: readonly string[]): ApeItem {
  const text = values.join('\0');
  // APEv1 says nothing of letters outside ASCII.
  if (version === 1000 && !/^[\u0020-\u007e\0]*$/.test(text))
    throw unsupported('The APEv1 tag of this file can only take letters of ASCII.');
  const value = new TextEncoder().encode(text);
  if (value.length > MOST_TEXT_BYTES / 2) throw unsupported('A value is too long for a tag.');
  const head = new Uint8Array(ITEM_HEADER_BYTES);
  viewOf(head).setUint32(0, value.length, true);
  viewOf(head).setUint32(4, flags, true);
  const bytes = joinBytes([head, Buffer.from(`${key}\0`, 'latin1'), value]);
  return itemOfBytes(bytes, version, newPiece(bytes));
}

/**
 * The whole tag with these items; nothing where none is left, as a tag without items says nothing. One that an undo could
 * not make anew (of version 1, without a header) stays empty.
 */
function rebuilt(tag: ApeTag, items: readonly ApeItem[], wantedLength: number | null): readonly Piece[] {
  const edges = APE_EDGE_BYTES * (tag.header === null ? 1 : 2);
  const isPlain = tag.header !== null && viewOf(tag.footer).getUint32(20, true) === HAS_HEADER;
  if (items.length === 0 && isPlain && wantedLength !== edges) return [];
  const pieces = items.map(({ piece }) => piece);
  const edge = (before: Uint8Array): Piece => {
    const bytes = Uint8Array.from(before);
    viewOf(bytes).setUint32(12, lengthOf(pieces) + APE_EDGE_BYTES, true);
    viewOf(bytes).setUint32(16, items.length, true);
    return newPiece(bytes);
  };
  return [...(tag.header === null ? [] : [edge(tag.header)]), ...pieces, edge(tag.footer)];
}

function newEdge(flags: number): Uint8Array {
  const bytes = new Uint8Array(APE_EDGE_BYTES);
  bytes.set(Buffer.from('APETAGEX', 'latin1'));
  viewOf(bytes).setUint32(8, 2000, true);
  viewOf(bytes).setUint32(20, flags, true);
  return bytes;
}
