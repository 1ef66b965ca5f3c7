/** Extended headers: https://id3.org/id3v2.3.0 §3.2, https://id3.org/id3v2.4.0-structure §3.2 */
import type { Id3Body } from './id3v2-body.ts';
import { syncsafe, toSyncsafe } from './id3v2-header.ts';
import { damaged, viewOf } from './reading.ts';

export interface ExtendedHeader {
  /** In the body, without unsynchronisation. */
  readonly length: number;
  readonly bytes: Uint8Array;
  readonly crc: number | null;
  /** v2.3: the padding as it is declared there. */
  readonly declaredPadding: number | null;
  /** v2.4: the tag says how long it may become. */
  readonly isRestricted: boolean;
}

/** @throws AppError tags-damaged where it is none that the specification allows */
export async function readExtendedHeader(body: Id3Body, version: 3 | 4): Promise<ExtendedHeader> {
  if (body.length < 6) throw damaged('The extended header of the ID3v2 tag is cut off.');
  const sizeBytes = await body.read(0, 4);
  const size = version === 3 ? viewOf(sizeBytes).getUint32(0) : syncsafe(sizeBytes, 0);
  // v2.3 leaves the four bytes of the size out.
  const length = size === null ? Infinity : version === 3 ? size + 4 : size;
  if (length > body.length || length > 64 || length < 6)
    throw damaged('The extended header of the ID3v2 tag is damaged.');
  const bytes = Uint8Array.from(await body.read(0, length));
  return version === 3 ? readOld(bytes) : readNew(bytes);
}

function readOld(bytes: Uint8Array): ExtendedHeader {
  const { length } = bytes;
  const view = viewOf(bytes);
  const flags = view.getUint16(4);
  const hasCrc = flags === 0x8000;
  if ((flags & 0x7fff) !== 0 || length !== (hasCrc ? 14 : 10))
    throw damaged('The extended header of the ID3v2.3 tag is damaged.');
  const crc = hasCrc ? view.getUint32(10) : null;
  return { length, bytes, crc, declaredPadding: view.getUint32(6), isRestricted: false };
}

function readNew(bytes: Uint8Array): ExtendedHeader {
  const { length } = bytes;
  const flags = bytes[5]!;
  let at = 6;
  const content = (mask: number, expected: number): Uint8Array | null => {
    if ((flags & mask) === 0) return null;
    const own = bytes.subarray(at + 1, at + 1 + expected);
    if (bytes[at] !== expected || own.length !== expected || own.some((byte) => byte > 0x7f && mask !== 0x10))
      throw damaged('The extended header of the ID3v2.4 tag is damaged.');
    at += 1 + expected;
    return own;
  };
  content(0x40, 0);
  const crc = content(0x20, 5);
  const restrictions = content(0x10, 1);
  if (bytes[4] !== 1 || (flags & 0x8f) !== 0 || at !== length)
    throw damaged('The extended header of the ID3v2.4 tag is damaged.');
  return {
    ...{ length, bytes, declaredPadding: null, isRestricted: restrictions !== null },
    // 35 bits in five bytes, of which a CRC needs 32.
    crc: crc === null ? null : ((crc[0]! << 28) | syncsafe(crc, 1)!) >>> 0,
  };
}

/** The same header for a tag that has changed; `padding` is what the tag has, `oldPadding` what it had. */
export function changedExtendedHeader(
  header: ExtendedHeader,
  version: 3 | 4,
  facts: { readonly crc: number; readonly padding: number; readonly oldPadding: number },
): Uint8Array {
  const bytes = Uint8Array.from(header.bytes);
  const view = viewOf(bytes);
  // A declaration that was wrong before says nothing, and stays.
  if (header.declaredPadding === facts.oldPadding) view.setUint32(6, facts.padding);
  if (header.crc === null) return bytes;
  if (version === 3) view.setUint32(10, facts.crc);
  else {
    // Behind the flag of an update, if there is one, and the length of the CRC.
    const at = 6 + ((bytes[5]! & 0x40) !== 0 ? 1 : 0) + 1;
    bytes[at] = facts.crc >>> 28;
    bytes.set(toSyncsafe(facts.crc & 0x0fffffff), at + 1);
  }
  return bytes;
}
