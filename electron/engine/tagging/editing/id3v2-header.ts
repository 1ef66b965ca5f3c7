/** The ten bytes an ID3v2 tag begins with: https://id3.org/id3v2.4.0-structure */
import { AppError } from '#shared/errors.ts';
import { latin1 } from './reading.ts';
import type { ByteSource } from './model.ts';

export const ID3_HEADER_BYTES = 10;
/** Files with several tags in front have two or three. */
const MOST_TAGS = 16;

export interface Id3Header {
  readonly version: 2 | 3 | 4;
  readonly revision: number;
  readonly flags: number;
  /** Of all between the header and the footer, in bytes: at most 256 MB. */
  readonly bodySize: number;
  /** Header, body and footer. */
  readonly totalSize: number;
  readonly hasFooter: boolean;
}

/** Four bytes of seven bits; null when one has an eighth. */
export function syncsafe(bytes: Uint8Array, at: number): number | null {
  const [a, b, c, d] = bytes.subarray(at, at + 4);
  if (d === undefined || (a! | b! | c! | d) > 0x7f) return null;
  return (a! << 21) | (b! << 14) | (c! << 7) | d;
}

/** A number below 2^28 as four bytes of seven bits. */
export function toSyncsafe(value: number): Buffer {
  return Buffer.from([(value >> 21) & 0x7f, (value >> 14) & 0x7f, (value >> 7) & 0x7f, value & 0x7f]);
}

/** What stands there as the head of a tag ("ID3") or its foot ("3DI"); null when it is none. */
export function id3HeaderAt(bytes: Uint8Array, at = 0, mark: 'ID3' | '3DI' = 'ID3'): Id3Header | null {
  if (bytes.length < at + ID3_HEADER_BYTES) return null;
  if (Buffer.from(bytes.subarray(at, at + 3)).toString('latin1') !== mark) return null;
  const [version, revision, flags] = bytes.subarray(at + 3, at + 6);
  const bodySize = syncsafe(bytes, at + 6);
  if (bodySize === null || revision === 0xff || (version !== 2 && version !== 3 && version !== 4))
    return null;
  // Only v2.4 has footers; in v2.3 this bit is not defined.
  const hasFooter = version === 4 && (flags! & 0x10) !== 0;
  const totalSize = ID3_HEADER_BYTES + bodySize + (hasFooter ? ID3_HEADER_BYTES : 0);
  return { version, revision: revision!, flags: flags!, bodySize, totalSize, hasFooter };
}

/**
 * Where the tags in front of the file end and its own format begins: 0 without any.
 * @throws AppError tags-damaged when a tag is longer than the file
 */
export async function audioStartOf(source: ByteSource): Promise<number> {
  let start = 0;
  for (let count = 0; count < MOST_TAGS; count++) {
    const bytes = await source.read(start, ID3_HEADER_BYTES);
    const header = id3HeaderAt(bytes);
    if (header === null) {
      if (bytes.length === ID3_HEADER_BYTES && latin1(bytes.subarray(0, 3)) === 'ID3')
        throw notReadable(bytes);
      return start;
    }
    start += header.totalSize;
    if (start > source.size)
      throw new AppError('tags-damaged', 'The ID3v2 tag says that it is longer than the whole file.');
  }
  throw new AppError('tags-damaged', `More than ${MOST_TAGS} ID3v2 tags stand one after another.`);
}

/** Of ten bytes that begin like a tag and are none that is known. */
function notReadable(bytes: Uint8Array): AppError {
  const version = bytes[3]!;
  return version < 2 || version > 4
    ? new AppError('tags-unsupported', `The file has a tag of ID3v2.${version}, a version that is not known.`)
    : new AppError('tags-damaged', 'The header of the ID3v2 tag is damaged.');
}
