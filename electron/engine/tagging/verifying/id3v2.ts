/** Reads ID3v2 tags for the verifier: every frame as a part, by the specifications of v2.2, v2.3 and v2.4. */
import { crc32, inflateSync } from 'node:zlib';
import { comparableKey, ValueCollector } from './field-names.ts';
import { notVerified, type Part, type TagValues } from './parts.ts';
import type { Reader } from './reader.ts';

export interface Id3Reading {
  /** The whole tag's length in the file, its header and footer included. */
  readonly length: number;
  readonly parts: readonly Part[];
  readonly values: TagValues;
  readonly beyondOtherReader: boolean;
}

interface Frame {
  readonly id: string;
  readonly raw: Buffer;
  /** Without its header and all that flags put in front; null where it cannot be read (encrypted). */
  readonly content: Buffer | null;
  readonly compressed: boolean;
}

/** music-metadata takes seconds for tags beyond this size, or gives up. */
const OTHER_READER_BYTES = 16 * 1024 * 1024;
/** Texts of a frame are short; a compressed one that claims more is no text. */
const MOST_TEXT_BYTES = 1 << 20;

function synchsafe(bytes: Buffer, at: number): number {
  const size = bytes.readUInt32BE(at);
  if ((size & 0x8080_8080) !== 0) notVerified('The size of an ID3v2 tag is not what it has to be.');
  return ((size >> 24) << 21) | (((size >> 16) & 127) << 14) | (((size >> 8) & 127) << 7) | (size & 127);
}

/** Takes out the zeros behind 0xff. */
function resynchronised(bytes: Buffer): Buffer {
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    out[length++] = bytes[i]!;
    if (bytes[i] === 0xff && bytes[i + 1] === 0) i++;
  }
  return out.subarray(0, length);
}

/** Null: no tag starts here. `room`: bytes that the tag may take. */
export async function readId3v2(
  reader: Reader,
  start: number,
  room: number,
  index: number,
): Promise<Id3Reading | null> {
  if (room < 10 || (await reader.text(start, 3)) !== 'ID3') return null;
  const header = await reader.bytes(start, 10);
  const version = header[3]!;
  const flags = header[5]!;
  if (version < 2 || version > 4) notVerified(`An ID3v2.${version} tag is not known.`);
  const size = synchsafe(header, 6);
  const footer = version === 4 && (flags & 0x10) !== 0;
  const length = 10 + size + (footer ? 10 : 0);
  if (length > room) notVerified('An ID3v2 tag is longer than its place.');
  if (footer) {
    const mirrored = await reader.bytes(start + 10 + size, 10);
    if (mirrored.toString('latin1', 0, 3) !== '3DI' || !mirrored.subarray(3).equals(header.subarray(3)))
      notVerified('The footer of an ID3v2 tag does not say what its header says.');
  }
  const stored = await reader.bytes(start + 10, size);
  const whole = (flags & 0x80) !== 0 && version < 4;
  const body = whole ? resynchronised(stored) : stored;
  const extended = version > 2 && (flags & 0x40) !== 0 ? extendedLength(body, version) : 0;
  const { frames, end } = readFrames(body, extended, version);
  checkEnd(body, end, footer);
  const scope = `ID3v2.${version} tag ${index + 1}`;
  const holds = `id3v2 ${index}`;
  const parts: Part[] = [
    // Padding and checksum are not compared: they have to be right, which is checked.
    { scope, key: 'header', tag: null, content: Buffer.from([version, header[4]!, flags]), holds },
  ];
  if (extended > 0) {
    const own = Buffer.from(body.subarray(0, extended));
    checkExtended(own, body, end, version);
    parts.push({ scope, key: 'extended header', tag: null, content: own });
  }
  const collector = new ValueCollector('id3v2');
  for (const frame of frames) {
    const key = keyOf(frame);
    parts.push({ scope, key, tag: 'id3v2', content: frame.raw });
    if (frame.content !== null) collector.add(key, textsOf(frame.content, key));
  }
  const odd =
    frames.some(({ compressed, id }) => compressed || id === 'TXX') ||
    oldItunesSizes(body, extended, version);
  return {
    length,
    parts,
    values: collector.values(),
    beyondOtherReader: size > OTHER_READER_BYTES || whole || extended > 0 || odd || frames.some(brokenText),
  };
}

function extendedLength(body: Buffer, version: number): number {
  if (body.length < 6) notVerified('The extended header of an ID3v2 tag is longer than the tag.');
  // v2.3 leaves its own four bytes out.
  const length = version === 3 ? body.readUInt32BE(0) + 4 : synchsafe(body, 0);
  if (length < 6 || length > body.length)
    notVerified('The extended header of an ID3v2 tag is longer than the tag.');
  return length;
}

/** Checks the numbers in it that may change, and sets them to zero. */
function checkExtended(extended: Buffer, body: Buffer, end: number, version: number): void {
  if (version === 3) {
    if (extended.length >= 14 && (extended[4]! & 0x80) !== 0) {
      const wanted = crc32(body.subarray(extended.length, end));
      if (extended.readUInt32BE(10) !== wanted) notVerified('The checksum of an ID3v2.3 tag is wrong.');
      extended.fill(0, 10, 14);
    }
    if (extended.length >= 10) {
      if (extended.readUInt32BE(6) !== body.length - end)
        notVerified('An ID3v2.3 tag says a wrong size of its padding.');
      extended.fill(0, 6, 10);
    }
    return;
  }
  const flags = extended[5]!;
  let at = 6;
  // Each flag is followed by its own length and data.
  if ((flags & 0x40) !== 0) at += 1 + (extended[at] ?? 0);
  if ((flags & 0x20) !== 0 && at + 6 <= extended.length) {
    const stored = extended[at + 1]! * 2 ** 28 + synchsafe(extended, at + 2);
    if (stored !== crc32(body.subarray(extended.length)))
      notVerified('The checksum of an ID3v2.4 tag is wrong.');
    extended.fill(0, at + 1, at + 6);
  }
}

const frameName = /^[A-Z0-9]{3,4}$/;

function idAt(body: Buffer, at: number, length: number): string {
  return body.toString('latin1', at, at + length);
}

/** Programs that wrote plain sizes into v2.4: only one of the two readings leads to a next frame. */
function frameSize(body: Buffer, at: number): number {
  const plain = body.readUInt32BE(at + 4);
  if (plain < 128) return plain;
  const leads = (size: number): boolean => {
    const next = at + 10 + size;
    if (next === body.length) return true;
    if (next + 10 > body.length) return next < body.length && body.subarray(next).every((byte) => byte === 0);
    return body.readUInt32BE(next) === 0 || frameName.test(idAt(body, next, 4));
  };
  if ((plain & 0x8080_8080) !== 0) return plain;
  const safe = synchsafe(body, at + 4);
  return leads(safe) || !leads(plain) ? safe : plain;
}

function oldItunesSizes(body: Buffer, start: number, version: number): boolean {
  if (version < 4) return false;
  for (let at = start; at + 10 <= body.length && body[at] !== 0;) {
    const size = frameSize(body, at);
    const plain = body.readUInt32BE(at + 4);
    if (plain >= 128 && plain === size) return true;
    at += 10 + size;
  }
  return false;
}

function readFrames(body: Buffer, start: number, version: number): { frames: Frame[]; end: number } {
  const head = version === 2 ? 6 : 10;
  const frames: Frame[] = [];
  let at = start;
  while (at + head <= body.length && body[at] !== 0) {
    const id = idAt(body, at, version === 2 ? 3 : 4);
    if (!frameName.test(id)) notVerified('There is something in an ID3v2 tag that is no frame.');
    const size =
      version === 2
        ? body.readUIntBE(at + 3, 3)
        : version === 3
          ? body.readUInt32BE(at + 4)
          : frameSize(body, at);
    const end = at + head + size;
    if (end > body.length) notVerified(`The frame ${id} is longer than its tag.`);
    const raw = body.subarray(at, end);
    const flags = version === 2 ? 0 : body.readUInt16BE(at + 8);
    frames.push({
      id,
      raw,
      content: contentOf(raw.subarray(head), version, flags),
      compressed: version === 3 ? (flags & 0x80) !== 0 : version === 4 && (flags & 0x08) !== 0,
    });
    at = end;
  }
  return { frames, end: at };
}

function contentOf(stored: Buffer, version: number, flags: number): Buffer | null {
  if (version === 2) return stored;
  const [compressed, encrypted, grouped] =
    version === 3 ? [flags & 0x80, flags & 0x40, flags & 0x20] : [flags & 0x08, flags & 0x04, flags & 0x40];
  if (encrypted !== 0) return null;
  let at = 0;
  if (version === 3 && compressed !== 0) at += 4;
  if (grouped !== 0) at += 1;
  if (version === 4 && (flags & 0x01) !== 0) at += 4;
  let content = stored.subarray(Math.min(at, stored.length));
  if (version === 4 && (flags & 0x02) !== 0) content = resynchronised(content);
  if (compressed === 0) return content;
  try {
    return inflateSync(content, { maxOutputLength: MOST_TEXT_BYTES });
  } catch {
    return null;
  }
}

/** Behind the last frame there are only zeros, and none before a footer. */
function checkEnd(body: Buffer, end: number, footer: boolean): void {
  if (footer && end !== body.length) notVerified('An ID3v2 tag with a footer has padding.');
  if (!body.subarray(end).every((byte) => byte === 0))
    notVerified('There is something behind the frames of an ID3v2 tag.');
}

function textEnd(content: Buffer, start: number, wide: boolean): number {
  for (let at = start; at < content.length; at += wide ? 2 : 1)
    if (content[at] === 0 && (!wide || content[at + 1] === 0)) return at;
  return content.length;
}

function keyOf(frame: Frame): string {
  const id = frame.id;
  if ((id !== 'TXXX' && id !== 'TXX') || frame.content === null || frame.content.length === 0) return id;
  const wide = frame.content[0] === 1 || frame.content[0] === 2;
  const end = textEnd(frame.content, 1, wide);
  return `${id}:${decode(frame.content.subarray(1, end), frame.content[0]!)}`;
}

/** As programs mean it: without its mark UTF-16 is little-endian (v2.3) where the text says nothing else. */
function decode(bytes: Buffer, encoding: number): string {
  if (encoding === 0) return bytes.toString('latin1');
  if (encoding === 3) return bytes.toString('utf8').replace(/^\ufeff/, '');
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const bigEndian = encoding === 2 || (even[0] === 0xfe && even[1] === 0xff);
  const text = (bigEndian ? Buffer.from(even).swap16() : even).toString('utf16le');
  return text.replace(/^\ufeff/, '');
}

/** The texts of a text frame; behind its description where it has one. */
function textsOf(content: Buffer, key: string): readonly string[] {
  if (content.length === 0) return [];
  const encoding = content[0]!;
  const wide = encoding === 1 || encoding === 2;
  const texts: string[] = [];
  let at = 1;
  if (comparableKey('id3v2', key).startsWith('id3v2 TXXX')) at = textEnd(content, 1, wide) + (wide ? 2 : 1);
  // A mark counts for all texts behind it that have none of their own.
  const mark = content.subarray(at, at + 2);
  const big = encoding === 2 || (encoding === 1 && mark[0] === 0xfe && mark[1] === 0xff);
  while (at < content.length) {
    const end = textEnd(content, at, wide);
    const bytes = content.subarray(at, end);
    const text = decode(bytes, wide && big && bytes[0] !== 0xff ? 2 : encoding);
    if (text !== '') texts.push(text);
    at = end + (wide ? 2 : 1);
  }
  return texts;
}

/** UTF-16 that ends in the middle of a letter: other readers give up on the whole file. */
function brokenText(frame: Frame): boolean {
  const content = frame.content;
  return content !== null && /^[TC]/.test(frame.id) && content[0] === 1 && content.length % 2 === 0;
}
