/** What an ID3v2 frame says of a field, and new frames that say it. */
import { constants, inflateSync } from 'node:zlib';
import type { TagField } from '#shared/domain.ts';
import { fieldOfKey, keysOf } from './field-keys.ts';
import { genreText, parseGenreText } from './id3-genres.ts';
import { resynchronise, unsynchronise } from './id3v2-body.ts';
import type { FrameForm, FramePlace } from './id3v2-frames.ts';
import { toSyncsafe } from './id3v2-header.ts';
import { decodeDescribed, decodeTexts, encodeTexts, encodingFor, isTextEncoding } from './id3v2-text.ts';
import type { TextEncoding } from './id3v2-text.ts';
import { joinBytes, unsupported, viewOf } from './reading.ts';

/** Longer texts in our fields are no genres but damage or attacks. */
export const MOST_TEXT_BYTES = 64 * 1024;

/** v2.2 names of the frames that can carry a field. */
const shortIds: Readonly<Record<string, string>> = {
  ...{ TCON: 'TCO', TIT1: 'TT1', GRP1: 'GP1', TBPM: 'TBP', TKEY: 'TKE', TXXX: 'TXX' },
};
const longIds = new Map(Object.entries(shortIds).map(([long, short]) => [short, long]));

/** The text of a frame that may carry a field. */
export interface FrameText {
  /** Of TXXX frames, else null. */
  readonly description: string | null;
  readonly texts: readonly string[];
  readonly encoding: TextEncoding;
}

/** Where a new frame takes the place of an old one: what it keeps of it. */
export interface FrameModel {
  readonly description: string | null;
  readonly encoding: TextEncoding;
  readonly flags: number;
  /** The byte of its group, if it has one. */
  readonly group: number | null;
}

/** By its name in v2.3 and v2.4, for tags of any version. */
export function longId(id: string): string {
  const name = id.replace(/[ \0]$/, '');
  return longIds.get(name) ?? name;
}

/** Whether the frame can carry a field, by its name; of TXXX frames the description decides. */
export function mayCarryField(id: string): boolean {
  return longId(id) === 'TXXX' || fieldOfKey('id3v2', longId(id)) !== null;
}

/**
 * The text of a frame; a sentence where it cannot be read. `bytes` is its content behind the header, as it stands in
 * the body of the tag.
 */
export function readFrameText(place: FramePlace, bytes: Uint8Array, form: FrameForm): FrameText | string {
  const content = plainContent(place, bytes, form);
  if (typeof content === 'string') return content;
  const name = longId(place.id);
  const encoding = content.length === 0 ? 0 : content[0];
  if (!isTextEncoding(encoding))
    return `The text of the frame ${name} is in an encoding that does not exist.`;
  if (name !== 'TXXX')
    return { description: null, texts: decodeTexts(content.subarray(1), encoding), encoding };
  const described = decodeDescribed(content.subarray(1), encoding);
  if (described === null) return 'The description of a TXXX frame does not end.';
  return { ...described, encoding };
}

/** Without what the flags of the frame add or have done to it; a sentence where that cannot be undone. */
function plainContent(place: FramePlace, bytes: Uint8Array, form: FrameForm): Uint8Array | string {
  const { flags } = place;
  const name = longId(place.id);
  if (form.version === 2 || (flags & 0xff) === 0) {
    if (
      form.version === 4 &&
      form.unsynchronised &&
      bytes.some((byte, at) => byte === 0xff && bytes[at + 1] === 0)
    )
      return `The frame ${name} may be unsynchronised or not: its flag and that of the tag disagree.`;
    return bytes;
  }
  const is = flagsOf(form.version, flags);
  if (is.encrypted) return `The frame ${name} is encrypted.`;
  if (is.unknown) return `The frame ${name} has flags that are not known.`;
  let at = 0;
  // v2.3: size, group; v2.4: group, size.
  if (form.version === 3 && is.compressed) at += 4;
  if (is.grouped) at++;
  if (form.version === 4 && is.sized) at += 4;
  if (at > bytes.length) return `The frame ${name} is shorter than its flags say.`;
  let content = bytes.subarray(at);
  if (is.unsynchronised) content = resynchronise(content).bytes;
  if (!is.compressed) return content;
  try {
    return inflateSync(content, { maxOutputLength: MOST_TEXT_BYTES, finishFlush: constants.Z_FINISH });
  } catch {
    return `The compressed frame ${name} cannot be read.`;
  }
}

function flagsOf(version: 3 | 4, flags: number) {
  const bit = (mask: number): boolean => (flags & mask) !== 0;
  return version === 3
    ? {
        ...{ compressed: bit(0x80), encrypted: bit(0x40), grouped: bit(0x20), unknown: bit(0x1f) },
        ...{ unsynchronised: false, sized: false },
      }
    : {
        ...{ compressed: bit(0x08), encrypted: bit(0x04), grouped: bit(0x40), unknown: bit(0xb0) },
        ...{ unsynchronised: bit(0x02), sized: bit(0x01) },
      };
}

/** The byte of the group that a frame belongs to; null where it belongs to none. */
export function groupOf(place: FramePlace, bytes: Uint8Array, version: 2 | 3 | 4): number | null {
  if (version === 2 || !flagsOf(version, place.flags).grouped) return null;
  return bytes[version === 3 && flagsOf(version, place.flags).compressed ? 4 : 0] ?? null;
}

/** As a person reads them: numbered genres by their names, without empty ones. */
export function valuesOfTexts(
  field: TagField,
  texts: readonly string[],
  version: 2 | 3 | 4,
): readonly string[] {
  const values = field === 'genre' ? texts.flatMap((text) => parseGenreText(text, version)) : texts;
  return values.map((value) => value.trim()).filter((value) => value !== '');
}

/** The name, and for TXXX the description, under which a tag of this version gets a field that it does not have. */
export function newKey(field: TagField, version: 2 | 3 | 4): string {
  const keys = keysOf('id3v2', field);
  // v2.2 has no frame for moods.
  return keys.find((key) => version !== 2 || key.startsWith('TXXX:') || key in shortIds) ?? keys[0]!;
}

/** A whole frame as it stands in a tag of this form. `key` is of v2.3 and v2.4: "TCON", "TXXX:MOOD". */
export function frameBytes(
  form: FrameForm,
  key: string,
  field: TagField,
  values: readonly string[],
  model: FrameModel | null,
): Uint8Array {
  const texts = field === 'genre' ? values.map((value) => writableGenre(value, form.version)) : values;
  const [name, described] = key.startsWith('TXXX:') ? ['TXXX', key.slice(5)] : [key, null];
  const all = described === null ? texts : [model?.description ?? described, ...texts];
  const encoding = encodingFor(all, form.version, model?.encoding ?? null);
  const text = joinBytes([Uint8Array.of(encoding), encodeTexts(all, encoding)]);
  if (text.length > MOST_TEXT_BYTES) throw unsupported('A value is too long for a tag.');
  if (form.version === 2)
    return inFile(form, [Buffer.from(shortIds[name]!, 'latin1'), uint24(text.length), text]);
  // What the frame says of itself to other programs stays; how its content was packed does not.
  const group = model?.group ?? null;
  const groupFlag = group === null ? 0 : form.version === 3 ? 0x20 : 0x40;
  const ownFlag = form.version === 4 && form.unsynchronised ? 0x02 : 0;
  const content = ownFlag === 0 ? text : unsynchronise(text);
  const flags = ((model?.flags ?? 0) & 0xff00) | groupFlag | ownFlag;
  const size = content.length + (group === null ? 0 : 1);
  return inFile(form, [
    Buffer.from(name, 'latin1'),
    form.version === 4 && !form.plainSizes ? toSyncsafe(size) : uint32(size),
    Uint8Array.of(flags >> 8, flags & 0xff),
    Uint8Array.from(group === null ? [] : [group]),
    content,
  ]);
}

function writableGenre(value: string, version: 2 | 3 | 4): string {
  const text = genreText(value, version);
  if (text === null)
    throw unsupported(`“${value}” cannot be written as a genre: ID3v2 would take it for the number of one.`);
  return text;
}

function inFile(form: FrameForm, parts: readonly Uint8Array[]): Uint8Array {
  const bytes = joinBytes(parts);
  return form.version < 4 && form.unsynchronised ? unsynchronise(bytes) : bytes;
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  return bytes;
}

function uint24(value: number): Uint8Array {
  return uint32(value).subarray(1);
}
