/** LIST INFO of RIFF files: texts by four letters, each ending with a zero. */
import type { TagField, WritePolicy } from '#shared/domain.ts';
import { fieldOfKey, keysOf } from './field-keys.ts';
import type { Chunk } from './iff-chunks.ts';
import { CHUNK_HEADER_BYTES, chunkPieces, listChunks } from './iff-chunks.ts';
import type { ByteSource, FieldEdit, Piece } from './model.ts';
import { newPiece, oldPiece } from './pieces.ts';
import { damaged, joinBytes, latin1, readPart, sameBytes, unsupported, viewOf } from './reading.ts';
import { changesOf } from './tag-parts.ts';
import type { ListedItem, TagPart } from './tag-parts.ts';
import { editItems } from './values.ts';

const MOST_TEXT_BYTES = 64 * 1024;
const LABEL = 'RIFF INFO';
/** "INFO". */
const TYPE_BYTES = 4;

interface InfoItem {
  readonly key: string;
  readonly field: TagField | null;
  readonly values: readonly string[];
  readonly piece: Piece;
  readonly bytes: Uint8Array;
}

/** The list in this chunk, "INFO" included. @throws AppError tags-damaged */
export async function openInfoPart(source: ByteSource, chunk: Chunk, tagIndex: number): Promise<TagPart> {
  const list = await listChunks(source, chunk.contentAt + TYPE_BYTES, chunk.contentEnd, 'little-endian');
  const before: InfoItem[] = [];
  for (const { id, start, end } of list.chunks) {
    const field = fieldOfKey('riff-info', id);
    if (field !== null && end - start > MOST_TEXT_BYTES)
      throw damaged(`${id} in LIST INFO is too long for a text.`);
    const piece = oldPiece(start, end);
    const bytes =
      field === null ? new Uint8Array(0) : await readPart(source, start, end - start, 'LIST INFO');
    before.push(field === null ? { key: id, field, values: [], piece, bytes } : itemOfBytes(bytes, piece));
  }
  const own = (field: TagField): readonly InfoItem[] => before.filter((item) => item.field === field);
  return {
    ...{ kind: 'riff-info', tagIndex, start: chunk.contentAt, end: chunk.contentEnd, follows: false },
    ...{ label: LABEL, itemCount: before.length },
    can: (field) => keysOf('riff-info', field).length > 0,
    carries: (field) => own(field).length > 0,
    state: (field) => ({
      field,
      values: own(field).flatMap(({ values }) => values),
      items: before.flatMap(({ key, bytes, field: its }, position) =>
        its === field ? [{ tag: 'riff-info' as const, tagIndex, key, position, bytes }] : [],
      ),
    }),
    edit(edits, policy) {
      const after = edited(before, tagIndex, edits, policy);
      const fields = new Set(edits.map(({ field }) => field));
      const listed = (items: readonly InfoItem[]): readonly ListedItem[] =>
        items
          .filter(({ field }) => field !== null && fields.has(field))
          .map(({ key, values, bytes }) => ({ key, text: values.join('; '), bytes }));
      return {
        changes: changesOf(LABEL, listed(before), listed(after)),
        keptItems: before.filter((item) => after.includes(item)).length,
        pieces: () => Promise.resolve(rebuilt(chunk, after)),
      };
    },
  };
}

function rebuilt(chunk: Chunk, items: readonly InfoItem[]): readonly Piece[] {
  const isLast = (index: number): boolean => index === items.length - 1;
  return [
    oldPiece(chunk.contentAt, chunk.contentAt + TYPE_BYTES),
    // One that was last may lack its byte of padding.
    ...items.flatMap(({ piece, bytes }, index) => {
      const length = piece.from === 'old' ? piece.end - piece.start : bytes.length;
      return length % 2 === 1 && !isLast(index) ? [piece, newPiece(new Uint8Array(1))] : [piece];
    }),
  ];
}

function itemOfBytes(bytes: Uint8Array, piece: Piece): InfoItem {
  const key = latin1(bytes.subarray(0, 4));
  const size = viewOf(bytes).getUint32(4, true);
  const content = bytes.subarray(CHUNK_HEADER_BYTES, CHUNK_HEADER_BYTES + size);
  const end = content.indexOf(0);
  const text = decode(end < 0 ? content : content.subarray(0, end)).trim();
  return { key, field: fieldOfKey('riff-info', key), values: text === '' ? [] : [text], piece, bytes };
}

/** Nothing says which letters these are: UTF-8 where it can be, which others write, else Latin-1 as Windows has it. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function edited(
  before: readonly InfoItem[],
  tagIndex: number,
  edits: readonly FieldEdit[],
  policy: WritePolicy,
): readonly InfoItem[] {
  return editItems(before, edits, {
    ...{ tag: 'riff-info', tagIndex },
    carries: (item, field) => item.field === field,
    restored: ({ bytes }) => {
      const known = before.find((item) => item.field !== null && sameBytes(item.bytes, bytes));
      if (known !== undefined) return known;
      if (
        bytes.length < CHUNK_HEADER_BYTES ||
        viewOf(bytes).getUint32(4, true) + CHUNK_HEADER_BYTES > bytes.length
      )
        throw unsupported('What is to be put back is no item of LIST INFO.');
      return itemOfBytes(bytes, newPiece(bytes));
    },
    set: (items, field, values) => setField(items, field, values, policy),
  });
}

function setField(
  items: readonly InfoItem[],
  field: TagField,
  values: readonly string[],
  policy: WritePolicy,
): readonly InfoItem[] {
  const texts = policy.separator === 'repeat' || values.length < 2 ? values : [values.join(policy.separator)];
  const own = items.filter((item) => item.field === field);
  const make = (key: string): readonly InfoItem[] => texts.map((text) => newItem(key, text));
  if (own.length === 0) return [...items, ...make(keysOf('riff-info', field)[0]!)];
  const byKey = Map.groupBy(own, ({ key }) => key);
  return items.flatMap((item) => {
    const group = item.field === field ? byKey.get(item.key) : undefined;
    if (group === undefined) return [item];
    const isRight =
      group.length === texts.length && group.every((each, index) => each.values[0] === texts[index]);
    if (isRight) return [item];
    return group[0] === item ? make(item.key) : [];
  });
}

function newItem(key: string, text: string): InfoItem {
  const content = Buffer.from(`${text}\0`, 'latin1');
  // The standard means Latin-1; what other letters become differs from program to program.
  if (decode(content.subarray(0, -1)) !== text)
    throw unsupported(`LIST INFO of WAV files cannot take all letters of “${text}”.`);
  if (content.length > MOST_TEXT_BYTES / 2) throw unsupported('A value is too long for a tag.');
  const parts = chunkPieces(key, [newPiece(content)], 'little-endian');
  const bytes = joinBytes(parts.flatMap((part) => (part.from === 'new' ? [part.bytes] : [])));
  return itemOfBytes(bytes, newPiece(bytes));
}
