/** One ID3v2 tag of any version, opened: its extended header, its frames, its padding. https://id3.org/Developer_Information */
import { crc32 } from 'node:zlib';
import type { TagField } from '#shared/domain.ts';
import { fieldOfKey } from './field-keys.ts';
import type { Id3Body } from './id3v2-body.ts';
import { plainBody, resynchronise, unsynchronisedBody } from './id3v2-body.ts';
import {
  groupOf,
  longId,
  mayCarryField,
  MOST_TEXT_BYTES,
  readFrameText,
  valuesOfTexts,
} from './id3v2-fields.ts';
import type { FrameModel } from './id3v2-fields.ts';
import { frameAt, listFrames } from './id3v2-frames.ts';
import type { FrameForm, FramePlace } from './id3v2-frames.ts';
import { ID3_HEADER_BYTES, id3HeaderAt } from './id3v2-header.ts';
import type { Id3Header } from './id3v2-header.ts';
import { readExtendedHeader } from './id3v2-extended.ts';
import type { ExtendedHeader } from './id3v2-extended.ts';
import type { ByteSource, Piece } from './model.ts';
import { newPiece, streamPieces } from './pieces.ts';
import { damaged, latin1, readPart, unsupported } from './reading.ts';

/** A frame with what it says, if it is one of ours. */
export interface Id3Item {
  /** As people know it: "TCON", "TXXX:MOOD", "TCO". */
  readonly key: string;
  /** The same by its name in v2.3 and v2.4, in capitals. */
  readonly longKey: string;
  readonly field: TagField | null;
  readonly values: readonly string[];
  /** With its header, as it stands in the file. */
  readonly piece: Piece;
  /** The bytes of `piece`; only of frames that carry a field. */
  readonly bytes: Uint8Array;
  readonly model: FrameModel | null;
  /** Why what it says cannot be read. */
  readonly problem: string | null;
}

export interface Id3Tag {
  readonly header: Id3Header;
  readonly headerBytes: Uint8Array;
  /** Of v2.4, where there is one. */
  readonly footerBytes: Uint8Array | null;
  readonly start: number;
  readonly form: FrameForm;
  readonly extended: ExtendedHeader | null;
  readonly items: readonly Id3Item[];
  /** Zero bytes behind the frames, ending here in the file. */
  readonly padding: number;
  readonly paddingEnd: number;
  /** What other programs left behind the padding: kept. */
  readonly tail: Piece;
}

const NO_BYTES = new Uint8Array(0);

/**
 * Reads the tag that begins at `start` as far as needed: headers of frames, and frames that may carry a field.
 * @throws AppError tags-damaged, tags-unsupported
 */
export async function readId3Tag(source: ByteSource, start: number): Promise<Id3Tag> {
  const headerBytes = await readPart(source, start, ID3_HEADER_BYTES, 'the header of the ID3v2 tag');
  const header = id3HeaderAt(headerBytes);
  if (header === null || start + header.totalSize > source.size)
    throw damaged('The header of the ID3v2 tag is damaged.');
  const { version, flags, bodySize } = header;
  if (version === 2 && (flags & 0x40) !== 0) throw unsupported('The ID3v2.2 tag is compressed as a whole.');
  if ((flags & { 2: 0x3f, 3: 0x1f, 4: 0x0f }[version]) !== 0)
    throw unsupported('The header of the ID3v2 tag has flags that are not known.');
  const bodyStart = start + ID3_HEADER_BYTES;
  const unsynchronised = (flags & 0x80) !== 0;
  const body =
    unsynchronised && version < 4
      ? await unsynchronisedBody(source, bodyStart, bodySize)
      : plainBody(source, bodyStart, bodySize);
  const extended = version !== 2 && (flags & 0x40) !== 0 ? await readExtendedHeader(body, version) : null;
  const list = await listFrames(body, extended?.length ?? 0, version, unsynchronised);
  const items: Id3Item[] = [];
  for (const place of list.places) items.push(await itemAt(source, body, place, list.form));
  const paddingAt = body.piece(0, list.end);
  const tail = body.piece(list.end + list.padding, body.length);
  if (paddingAt.from !== 'old' || tail.from !== 'old') throw damaged('The ID3v2 tag cannot be laid out.');
  const room = list.padding + (tail.end - tail.start);
  const footerBytes = header.hasFooter ? await readFooter(source, start, header, room) : null;
  const tag: Id3Tag = {
    ...{ header, headerBytes, footerBytes, start, form: list.form, extended, items: withoutWorks(items) },
    ...{ padding: tail.start - paddingAt.end, paddingEnd: tail.start, tail },
  };
  if (extended?.crc != null && extended.crc !== (await crcOf(source, tag, piecesOf(tag))))
    throw damaged('The checksum of the ID3v2 tag does not fit its frames.');
  return tag;
}

/** What the checksum of the extended header is of, as the tag stands. */
function piecesOf(tag: Id3Tag): readonly Piece[] {
  const padding: Piece = { from: 'old', start: tag.paddingEnd - tag.padding, end: tag.paddingEnd };
  return [...tag.items.map(({ piece }) => piece), ...(tag.header.version === 4 ? [padding, tag.tail] : [])];
}

/** The checksum over these pieces: v2.3 of frames without unsynchronisation, v2.4 of all as it is written. */
export async function crcOf(source: ByteSource, tag: Id3Tag, pieces: readonly Piece[]): Promise<number> {
  let crc = 0;
  // Such a body is bounded by unsynchronisedBody.
  if (tag.form.unsynchronised && tag.form.version < 4)
    for (const piece of pieces) {
      const parts: Uint8Array[] = [];
      for await (const part of streamPieces(source, [piece])) parts.push(part);
      crc = crc32(resynchronise(Buffer.concat(parts)).bytes, crc);
    }
  else for await (const part of streamPieces(source, pieces)) crc = crc32(part, crc);
  return crc;
}

async function itemAt(
  source: ByteSource,
  body: Id3Body,
  place: FramePlace,
  form: FrameForm,
): Promise<Id3Item> {
  const piece = body.piece(place.at, place.end);
  const key = place.id.replace(/[ \0]$/, '');
  if (!mayCarryField(place.id)) return { ...plainItem(key, piece), longKey: longId(place.id).toUpperCase() };
  const length = place.end - place.contentAt;
  const content = await body.read(place.contentAt, Math.min(length, MOST_TEXT_BYTES));
  const long = length > MOST_TEXT_BYTES ? `The frame ${key} is too long for a text.` : null;
  const item = textItem(place, content, form, piece, long);
  if (item.field === null || piece.from !== 'old' || long !== null) return item;
  const bytes = await readPart(source, piece.start, piece.end - piece.start, 'a frame of the ID3v2 tag');
  return { ...item, bytes };
}

function plainItem(key: string, piece: Piece): Id3Item {
  return { key, longKey: key, field: null, values: [], piece, bytes: NO_BYTES, model: null, problem: null };
}

function textItem(
  place: FramePlace,
  content: Uint8Array,
  form: FrameForm,
  piece: Piece,
  long: string | null,
): Id3Item {
  const name = longId(place.id);
  const shown = place.id.replace(/[ \0]$/, '');
  const text = readFrameText(place, content, form);
  if (typeof text === 'string')
    // The description of a TXXX frame that cannot be read might be any: it is kept like all that is not ours.
    return { ...plainItem(shown, piece), longKey: name, field: fieldOfKey('id3v2', name), problem: text };
  const suffix = text.description === null ? '' : `:${text.description}`;
  const field = fieldOfKey('id3v2', name + suffix);
  return {
    ...{ key: shown + suffix, longKey: (name + suffix).toUpperCase(), field, piece, bytes: NO_BYTES },
    values: field === null ? [] : valuesOfTexts(field, text.texts, form.version),
    model: {
      ...{ description: text.description, encoding: text.encoding, flags: place.flags },
      group: groupOf(place, content, form.version),
    },
    problem: long,
  };
}

/**
 * A frame out of bytes as they stood in a tag, for undo.
 * @throws AppError tags-unsupported when they are no frame of a tag of this form: another program has converted it
 */
export function itemOfBytes(bytes: Uint8Array, form: FrameForm): Id3Item {
  const plain = form.version < 4 && form.unsynchronised ? resynchronise(bytes).bytes : bytes;
  const place = frameAt(plain, 0, form);
  if (place === null || place.end !== plain.length || !mayCarryField(place.id))
    throw unsupported(
      'The ID3v2 tag has been converted since, so that the old frames do not fit it. Set the values by hand.',
    );
  const item = textItem(place, plain.subarray(place.contentAt), form, newPiece(bytes), null);
  return { ...item, bytes };
}

/** Where iTunes wrote a grouping of its own (GRP1), TIT1 holds the name of the work: not ours then. */
function withoutWorks(items: readonly Id3Item[]): readonly Id3Item[] {
  if (!items.some(({ longKey }) => longKey === 'GRP1')) return items;
  return items.map((item) => (item.longKey === 'TIT1' ? { ...item, field: null, problem: null } : item));
}

async function readFooter(
  source: ByteSource,
  start: number,
  header: Id3Header,
  padding: number,
): Promise<Uint8Array> {
  const at = start + ID3_HEADER_BYTES + header.bodySize;
  const bytes = await readPart(source, at, ID3_HEADER_BYTES, 'the footer of the ID3v2 tag');
  const footer = id3HeaderAt(bytes, 0, '3DI');
  if (footer === null || footer.bodySize !== header.bodySize || footer.flags !== header.flags)
    throw damaged(
      `The ID3v2 tag has no footer although its header says so (${latin1(bytes.subarray(0, 3))}).`,
    );
  if (padding > 0) throw damaged('The ID3v2 tag has padding in front of its footer, which is not allowed.');
  return bytes;
}
