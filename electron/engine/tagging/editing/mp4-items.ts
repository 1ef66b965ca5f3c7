/**
 * The list of tags of iTunes (`ilst`): each item is an atom with one `data` atom a value; free ones (`----`) say their
 * owner and name first. What is not asked for is only told apart, not understood.
 */
import type { TagField, TagItemChange } from '#shared/domain.ts';
import { keysOf, sameKey } from './field-keys.ts';
import { genreName } from './id3-genres.ts';
import type { FieldEdit, FieldState } from './model.ts';
import { atomBytes, childrenOf, type ReadAtom } from './mp4-atoms.ts';
import { damaged, joinBytes, sameBytes, unsupported, viewOf } from './reading.ts';
import { editItems } from './values.ts';

const FREE_ITEM = '----';
const NUMBERED_GENRE = 'gnre';
const GENRE = '©gen';
const TEMPO = 'tmpo';
/** Types of values; 0 leaves it to the item. */
const IMPLICIT = 0;
const UTF8 = 1;
const UTF16 = 2;
const SIGNED = 21;
const UNSIGNED = 22;
/** Of a data atom's content: type and locale. */
const DATA_HEADER_BYTES = 8;
/** Of `mean` and `name`: version and flags. */
const FULL_BYTES = 4;

export interface Mp4Item {
  /** "©gen", "----:com.apple.iTunes:MOOD". */
  readonly key: string;
  /** The whole atom. */
  readonly bytes: Uint8Array;
}

/** @throws AppError tags-damaged where the items do not fill the list */
export function parseItems(list: ReadAtom): readonly Mp4Item[] {
  return childrenOf(list).map((atom) =>
    itemOf(list.bytes.subarray(atom.start - list.content, atom.end - list.content)),
  );
}

function itemOf(bytes: Uint8Array): Mp4Item {
  const atom = rootOf(bytes);
  return { key: atom.name === FREE_ITEM ? freeKey(atom) : atom.name, bytes };
}

/** Items whose insides are broken go by `----` alone: they are none of ours, and stay. */
function freeKey(atom: ReadAtom): string {
  const text = (name: string): string | null => {
    const part = partsOrNone(atom).find((child) => child.name === name);
    return part === undefined ? null : new TextDecoder().decode(part.bytes.subarray(FULL_BYTES));
  };
  const mean = text('mean');
  const name = text('name');
  return mean === null || name === null ? FREE_ITEM : `${FREE_ITEM}:${mean}:${name}`;
}

function partsOrNone(atom: ReadAtom): readonly ReadAtom[] {
  try {
    return childrenOf(atom);
  } catch {
    return [];
  }
}

/** The one atom that these bytes are. @throws AppError tags-damaged */
function rootOf(bytes: Uint8Array): ReadAtom {
  const [atom, more] = childrenOf({ name: '', start: 0, content: 0, end: bytes.length, sizeBytes: 4, bytes });
  if (atom === undefined || more !== undefined) throw damaged('An MP4 item is broken.');
  return atom;
}

/**
 * What the items say of a field: the values of the key that is listed first, of those that are there.
 * @throws AppError tags-damaged where an item of the field is broken
 */
export function mp4FieldState(items: readonly Mp4Item[], field: TagField): FieldState {
  const keys = keysOf('mp4', field);
  const raw = items.flatMap(({ key, bytes }, position) =>
    keyAmong(keys, key) === null ? [] : [{ tag: 'mp4' as const, tagIndex: 0, key, position, bytes }],
  );
  const leading = keys.find((key) => raw.some((item) => sameKey(item.key, key)));
  const values = raw.filter(({ key }) => leading !== undefined && sameKey(key, leading)).flatMap(valuesOf);
  return { field, values: values.filter((value) => value !== ''), items: raw };
}

/**
 * The items after the edits: synonyms that are there are all set, a numbered genre becomes one in words.
 * @throws AppError tags-damaged, tags-unsupported
 */
export function editMp4Items(items: readonly Mp4Item[], edits: readonly FieldEdit[]): readonly Mp4Item[] {
  return editItems(items, edits, {
    tag: 'mp4',
    tagIndex: 0,
    carries: ({ key }, field) => keyAmong(keysOf('mp4', field), key) !== null,
    restored: ({ bytes }) => itemOf(bytes),
    set: (list, field, values) => setField(list, field, values),
  });
}

function setField(items: readonly Mp4Item[], field: TagField, values: readonly string[]): readonly Mp4Item[] {
  const keys = keysOf('mp4', field);
  if (values.length === 0) return items.filter(({ key }) => keyAmong(keys, key) === null);
  const groups = new Map<string, Mp4Item[]>();
  for (const item of items) {
    const key = keyAmong(keys, item.key);
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  if (groups.size === 0) return [...items, newItem(keys[0]!, values)];
  return items.flatMap((item) => {
    const key = keyAmong(keys, item.key);
    const group = key === null ? undefined : groups.get(key);
    if (key === null || group === undefined) return [item];
    const now = group.flatMap(valuesOf);
    if (key === NUMBERED_GENRE) {
      // Most genres have no number, and a number that says something else would contradict the words.
      const agrees = now.length === 1 && now[0] === values[0];
      if (groups.has(GENRE) || item !== group[0]) return agrees ? [item] : [];
      return agrees && values.length === 1 ? [item] : [newItem(GENRE, values)];
    }
    if (now.length === values.length && now.every((value, index) => value === values[index])) return [item];
    return item === group[0] ? [withValues(item, values)] : [];
  });
}

/** The key of ours that an item goes by. */
function keyAmong(keys: readonly string[], key: string): string | null {
  return keys.find((each) => sameKey(each, key)) ?? null;
}

/** Each value as text; empty for what is no value. @throws AppError tags-damaged */
function valuesOf({ key, bytes }: Pick<Mp4Item, 'key' | 'bytes'>): readonly string[] {
  return childrenOf(rootOf(bytes))
    .filter(({ name }) => name === 'data')
    .map((data) => valueOf(data, key));
}

function valueOf(data: ReadAtom, key: string): string {
  if (data.bytes.length < DATA_HEADER_BYTES) throw damaged('A value of an MP4 item is cut off.');
  const type = typeOf(data);
  const content = data.bytes.subarray(DATA_HEADER_BYTES);
  if (sameKey(key, NUMBERED_GENRE))
    return content.length === 2 ? (genreName(viewOf(content).getUint16(0) - 1) ?? '') : '';
  if (sameKey(key, TEMPO) || type === SIGNED || type === UNSIGNED) {
    const number =
      content.length <= 6 && content.length > 0 ? Buffer.from(content).readUIntBE(0, content.length) : 0;
    return number === 0 ? '' : String(number);
  }
  if (type === UTF8 || type === IMPLICIT)
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
  return type === UTF16 ? new TextDecoder('utf-16be').decode(content) : '';
}

/** The set of types in the first byte is that of the well-known ones, 0. */
function typeOf(data: ReadAtom): number {
  return viewOf(data.bytes).getUint32(0);
}

function newItem(key: string, values: readonly string[]): Mp4Item {
  const data = values.map((value) => dataAtom(key, value, null));
  if (!key.startsWith(FREE_ITEM)) return { key, bytes: atomBytes(key, ...data) };
  const [, mean = '', name = ''] = key.split(':');
  const text = (atom: string, value: string): Uint8Array =>
    atomBytes(atom, new Uint8Array(FULL_BYTES), new TextEncoder().encode(value));
  return { key, bytes: atomBytes(FREE_ITEM, text('mean', mean), text('name', name), ...data) };
}

/** The item with other values; what else is in it stays, and so does each value that is right already. */
function withValues(item: Mp4Item, values: readonly string[]): Mp4Item {
  const root = rootOf(item.bytes);
  const parts = childrenOf(root);
  const data = parts.filter(({ name }) => name === 'data');
  const whole = (part: ReadAtom): Uint8Array => item.bytes.subarray(part.start, part.end);
  const written = values.map((value, index) => {
    const old = data[index];
    return old !== undefined && valueOf(old, item.key) === value
      ? whole(old)
      : dataAtom(item.key, value, old ?? data[0] ?? null);
  });
  const at = data[0] === undefined ? parts.length : parts.indexOf(data[0]);
  const others = (list: readonly ReadAtom[]): readonly Uint8Array[] =>
    list.filter((part) => !data.includes(part)).map(whole);
  const content = [...others(parts.slice(0, at)), ...written, ...others(parts.slice(at))];
  return { key: item.key, bytes: atomBytes(root.name, ...content) };
}

/** A value; with the locale of the one it takes the place of. */
function dataAtom(key: string, value: string, old: ReadAtom | null): Uint8Array {
  const header = new Uint8Array(DATA_HEADER_BYTES);
  if (old !== null) header.set(old.bytes.subarray(4, DATA_HEADER_BYTES), 4);
  const isTempo = sameKey(key, TEMPO);
  viewOf(header).setUint32(
    0,
    isTempo ? (old !== null && typeOf(old) === IMPLICIT ? IMPLICIT : SIGNED) : UTF8,
  );
  return atomBytes(
    'data',
    joinBytes([header, isTempo ? tempoBytes(value) : new TextEncoder().encode(value)]),
  );
}

function tempoBytes(value: string): Uint8Array {
  if (!/^[1-9]\d{0,4}$/.test(value) || Number(value) > 0xffff)
    throw unsupported(`MP4 files hold the tempo in whole beats a minute, and "${value}" is none.`);
  const bytes = new Uint8Array(2);
  viewOf(bytes).setUint16(0, Number(value));
  return bytes;
}

/** What differs, by key. */
export function mp4Changes(
  before: readonly Mp4Item[],
  after: readonly Mp4Item[],
  fields: readonly TagField[],
): readonly TagItemChange[] {
  const text = (items: readonly Mp4Item[]): string => items.flatMap(valuesOf).join('; ');
  return fields
    .flatMap((field) => keysOf('mp4', field))
    .flatMap((key): readonly TagItemChange[] => {
      const old = before.filter((item) => sameKey(item.key, key));
      const now = after.filter((item) => sameKey(item.key, key));
      const alike =
        old.length === now.length && old.every((item, index) => sameBytes(item.bytes, now[index]!.bytes));
      if (alike) return [];
      return [
        {
          tag: 'MP4',
          key: (old[0] ?? now[0])?.key ?? key,
          change: old.length === 0 ? 'added' : now.length === 0 ? 'removed' : 'changed',
          before: old.length === 0 ? null : text(old),
          after: now.length === 0 ? null : text(now),
        },
      ];
    });
}

/** The list with these items. */
export function listBytes(items: readonly Mp4Item[]): Uint8Array {
  return atomBytes('ilst', ...items.map(({ bytes }) => bytes));
}
