/**
 * How long an Ogg file plays, from its last page (RFC 3533, section 6): the tag reader would walk through all pages
 * of the file for that.
 */
import { open } from 'node:fs/promises';

/** The longest page: 27 bytes of header, 255 of table, 255 × 255 of data. */
const LONGEST_PAGE = 65_307;
const HEADER_BYTES = 27;
const capture = Buffer.from('OggS\0');

/**
 * Seconds; null when there is no page with a position. `ticksPerSecond`: the sample rate, but 48,000 for Opus
 * (RFC 7845, section 4). Throws what the file system throws.
 */
export async function readOggDuration(path: string, ticksPerSecond: number): Promise<number | null> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const end = Buffer.alloc(Math.min(size, 2 * LONGEST_PAGE));
    const { bytesRead } = await file.read(end, 0, end.length, size - end.length);
    const position = lastPosition(end.subarray(0, bytesRead));
    return position === null ? null : position / ticksPerSecond;
  } finally {
    await file.close();
  }
}

/** The granule position of the last page that has one. */
function lastPosition(bytes: Buffer): number | null {
  for (
    let at = bytes.lastIndexOf(capture);
    at !== -1;
    at = at === 0 ? -1 : bytes.lastIndexOf(capture, at - 1)
  ) {
    if (at + HEADER_BYTES > bytes.length) continue;
    const position = bytes.readBigInt64LE(at + 6);
    // -1: no packet ends on this page. Absurd ones are chance finds of the four letters.
    if (position > 0n && position < 1n << 48n) return Number(position);
  }
  return null;
}
