/** Ogg pages (RFC 3533): read with their checksum, written again, and given other numbers along a whole stream. */
import type { ByteSource } from './model.ts';
import { damaged, latin1, readPart, viewOf } from './reading.ts';

const HEADER_BYTES = 27;
export const MOST_SEGMENTS = 255;
/** A segment shorter than this ends its packet. */
export const FULL_SEGMENT = 255;
const MOST_PAGE_BYTES = HEADER_BYTES + MOST_SEGMENTS + MOST_SEGMENTS * FULL_SEGMENT;
const SEQUENCE_AT = 18;
const CHECKSUM_AT = 22;
const SEGMENTS_AT = 26;
export const CONTINUED = 1;
export const FIRST_PAGE = 2;
export const LAST_PAGE = 4;
/** Read at once while a stream gets new numbers. */
const CHUNK_BYTES = 1 << 20;

export interface OggPage {
  readonly start: number;
  readonly end: number;
  readonly flags: number;
  readonly serial: number;
  readonly sequence: number;
  readonly lacing: Uint8Array;
  readonly body: Uint8Array;
  /** All of it. */
  readonly bytes: Uint8Array;
}

/** By the byte and by how many zeros follow it (0 to 3): four bytes are taken in at once. */
const checksums = Array.from({ length: 4 }, () => new Uint32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let value = byte << 24;
  for (let bit = 0; bit < 32; bit++) {
    value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
    if (bit % 8 === 7) checksums[(bit - 7) / 8]![byte] = value;
  }
}
const [after0, after1, after2, after3] = checksums as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];

/** Of a page, with zeros where the checksum stands. */
function checksumOf(page: Uint8Array): number {
  const front = page.slice(0, CHECKSUM_AT + 4).fill(0, CHECKSUM_AT);
  return checksum(checksum(0, front), page.subarray(CHECKSUM_AT + 4)) >>> 0;
}

function checksum(start: number, bytes: Uint8Array): number {
  let value = start;
  let at = 0;
  for (const fours = bytes.length - 3; at < fours; at += 4) {
    value ^= (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    value =
      after3[value >>> 24]! ^
      after2[(value >>> 16) & 0xff]! ^
      after1[(value >>> 8) & 0xff]! ^
      after0[value & 0xff]!;
  }
  for (; at < bytes.length; at++) value = (value << 8) ^ after0[(value >>> 24) ^ bytes[at]!]!;
  return value;
}

/**
 * The page that begins here.
 * @throws AppError tags-damaged where none does, it is cut off, or its checksum is wrong
 */
export async function readPage(source: ByteSource, start: number): Promise<OggPage> {
  const length = Math.min(MOST_PAGE_BYTES, source.size - start);
  const page = parsePage(await readPart(source, start, length, 'an Ogg page'), start);
  if (page === null) throw damaged('The file ends inside an Ogg page.');
  return page;
}

/** Null where `bytes` end before the page does. */
function parsePage(bytes: Uint8Array, start: number): OggPage | null {
  if (bytes.length < HEADER_BYTES) return null;
  if (latin1(bytes.subarray(0, 4)) !== 'OggS' || bytes[4] !== 0)
    throw damaged('There is something between the Ogg pages that is no page.');
  const segments = bytes[SEGMENTS_AT]!;
  const lacing = bytes.subarray(HEADER_BYTES, HEADER_BYTES + segments);
  const bodyAt = HEADER_BYTES + segments;
  let length = bodyAt;
  for (const size of lacing) length += size;
  if (bytes.length < length) return null;
  const page = bytes.subarray(0, length);
  const view = viewOf(page);
  if (view.getUint32(CHECKSUM_AT, true) !== checksumOf(page))
    throw damaged('The checksum of an Ogg page is wrong.');
  return {
    start,
    end: start + length,
    flags: page[5]!,
    serial: view.getUint32(14, true),
    sequence: view.getUint32(SEQUENCE_AT, true),
    lacing,
    body: page.subarray(bodyAt),
    bytes: page,
  };
}

/** A page like this one, with other content, flags and number. `endless`: no packet ends on it. */
export function pageLike(
  page: OggPage,
  change: {
    readonly lacing: Uint8Array;
    readonly body: Uint8Array;
    readonly flags: number;
    readonly sequence: number;
    readonly endless: boolean;
  },
): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + change.lacing.length + change.body.length);
  bytes.set(page.bytes.subarray(0, HEADER_BYTES));
  bytes[5] = change.flags;
  if (change.endless) bytes.fill(0xff, 6, 14);
  bytes[SEGMENTS_AT] = change.lacing.length;
  bytes.set(change.lacing, HEADER_BYTES);
  bytes.set(change.body, HEADER_BYTES + change.lacing.length);
  number(bytes, change.sequence);
  return bytes;
}

function number(page: Uint8Array, sequence: number): void {
  const view = viewOf(page);
  view.setUint32(SEQUENCE_AT, sequence >>> 0, true);
  view.setUint32(CHECKSUM_AT, checksumOf(page), true);
}

/**
 * Where the stream ends whose pages begin at `start`: behind its last page, before the first page of the next stream,
 * or at the end of the file. Reads all of it.
 * @throws AppError tags-damaged, also for pages of another stream in between
 */
export async function endOfStream(source: ByteSource, start: number, serial: number): Promise<number> {
  let end = start;
  for await (const pages of chunksOfPages(source, start, source.size)) {
    for (const page of pages) {
      if (page.serial !== serial) {
        if ((page.flags & FIRST_PAGE) !== 0) return end;
        throw damaged('Pages of several Ogg streams lie among each other.');
      }
      end = page.end;
      if ((page.flags & LAST_PAGE) !== 0) return end;
    }
  }
  return end;
}

/** The pages from `start` to `end` with their numbers moved by `by`; the packets in them are the same. */
export async function* renumbered(
  source: ByteSource,
  start: number,
  end: number,
  by: number,
): AsyncGenerator<Uint8Array> {
  for await (const pages of chunksOfPages(source, start, end)) {
    const first = pages[0]?.start ?? 0;
    const chunk = new Uint8Array((pages.at(-1)?.end ?? first) - first);
    for (const page of pages) {
      const at = page.start - first;
      chunk.set(page.bytes, at);
      number(chunk.subarray(at, at + page.bytes.length), page.sequence + by);
    }
    yield chunk;
  }
}

/** About a megabyte of pages at a time. */
async function* chunksOfPages(
  source: ByteSource,
  start: number,
  end: number,
): AsyncGenerator<readonly OggPage[]> {
  let at = start;
  while (at < end) {
    const bytes = await readPart(source, at, Math.min(CHUNK_BYTES, end - at), 'the Ogg pages');
    const pages: OggPage[] = [];
    for (let from = 0; from < bytes.length;) {
      const page = parsePage(bytes.subarray(from), at + from);
      if (page === null) break;
      pages.push(page);
      from += page.bytes.length;
    }
    const last = pages.at(-1);
    if (last === undefined) throw damaged('The file ends inside an Ogg page.');
    at = last.end;
    yield pages;
  }
}
