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

const checksums = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

/** Of a page, with zeros where the checksum stands. */
function checksumOf(page: Uint8Array): number {
  let value = 0;
  for (let at = 0; at < page.length; at++) {
    const byte = at >= CHECKSUM_AT && at < CHECKSUM_AT + 4 ? 0 : page[at]!;
    value = (value << 8) ^ checksums[(value >>> 24) ^ byte]!;
  }
  return value >>> 0;
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
  const length = bodyAt + lacing.reduce((total, size) => total + size, 0);
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
