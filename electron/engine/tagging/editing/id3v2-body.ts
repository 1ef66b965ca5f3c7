/** What lies between the header of an ID3v2 tag and its end, unsynchronisation undone: https://id3.org/id3v2.3.0 §5 */
import type { ByteSource, Piece } from './model.ts';
import { newPiece, oldPiece } from './pieces.ts';
import { readPart, unsupported } from './reading.ts';

/** Enough for the heads of many frames; a longer frame is stepped over. */
const WINDOW_BYTES = 64 * 1024;
/** A tag that is unsynchronised as a whole has to be held. */
const MOST_HELD_BYTES = 64 << 20;

/** Places count from the end of the tag's header, in bytes as they are without unsynchronisation. */
export interface Id3Body {
  readonly length: number;
  read(at: number, length: number): Promise<Uint8Array>;
  /** The same stretch as it stands in the file. */
  piece(from: number, to: number): Piece;
}

/** The body as it is, read as far as it is asked for. */
export function plainBody(source: ByteSource, start: number, length: number): Id3Body {
  let window = { at: 0, bytes: new Uint8Array(0) as Uint8Array };
  return {
    length,
    async read(at, wanted) {
      if (at < window.at || at + wanted > window.at + window.bytes.length) {
        const size = Math.min(length - at, Math.max(wanted, WINDOW_BYTES));
        window = { at, bytes: await readPart(source, start + at, size, 'the ID3v2 tag') };
      }
      return window.bytes.subarray(at - window.at, at - window.at + wanted);
    },
    piece: (from, to) => oldPiece(start + from, start + to),
  };
}

/** A body that is unsynchronised as a whole (v2.2 and v2.3). */
export async function unsynchronisedBody(
  source: ByteSource,
  start: number,
  length: number,
): Promise<Id3Body> {
  if (length > MOST_HELD_BYTES)
    throw unsupported('An ID3v2 tag over 64 MB that is unsynchronised as a whole is not written.');
  const { bytes, removed } = resynchronise(await readPart(source, start, length, 'the ID3v2 tag'));
  // A zero that was put in belongs to the 0xff before it, and so to the stretch that ends there.
  const inFile = (at: number): number => start + at + countUpTo(removed, at);
  return {
    length: bytes.length,
    read: (at, wanted) => Promise.resolve(bytes.subarray(at, at + wanted)),
    piece: (from, to) => oldPiece(from === 0 ? start : inFile(from), inFile(to)),
  };
}

/** Without the zero behind each 0xff; `removed` holds the places, in the result, before which one was taken out. */
export function resynchronise(encoded: Uint8Array): {
  readonly bytes: Uint8Array;
  readonly removed: readonly number[];
} {
  const bytes = new Uint8Array(encoded.length);
  const removed: number[] = [];
  let length = 0;
  for (let at = 0; at < encoded.length; at++) {
    bytes[length++] = encoded[at]!;
    if (encoded[at] === 0xff && encoded[at + 1] === 0) {
      at++;
      removed.push(length);
    }
  }
  return { bytes: bytes.subarray(0, length), removed };
}

/** With a zero behind each 0xff that could be taken for the beginning of an MPEG frame, or that is the last byte. */
export function unsynchronise(bytes: Uint8Array): Uint8Array {
  const encoded: number[] = [];
  bytes.forEach((byte, at) => {
    encoded.push(byte);
    const next = bytes[at + 1];
    if (byte === 0xff && (next === undefined || next === 0 || next >= 0xe0)) encoded.push(0);
  });
  return Uint8Array.from(encoded);
}

/** How many zero bytes stand from `at` on. */
export async function zerosFrom(body: Id3Body, at: number): Promise<number> {
  for (let place = at; place < body.length; place += WINDOW_BYTES) {
    const bytes = await body.read(place, Math.min(WINDOW_BYTES, body.length - place));
    const other = bytes.findIndex((byte) => byte !== 0);
    if (other >= 0) return place + other - at;
  }
  return body.length - at;
}

/** Zeros for `length` bytes, those of the old file that end at `oldEnd` as far as there are `oldLength` of them. */
export function paddingPieces(length: number, oldEnd: number, oldLength: number): readonly Piece[] {
  const kept = Math.min(length, oldLength);
  return [newPiece(new Uint8Array(length - kept)), oldPiece(oldEnd - kept, oldEnd)];
}

/** How many of these ascending numbers are at most `limit`. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
