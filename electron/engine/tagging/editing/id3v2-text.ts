/** Texts of ID3v2 frames: four encodings, several values with a NUL between. https://id3.org/id3v2.4.0-structure §4 */
import { joinBytes } from './reading.ts';

/** 0 Latin-1, 1 UTF-16 with a mark of its byte order, 2 UTF-16 big-endian (v2.4), 3 UTF-8 (v2.4). */
export type TextEncoding = 0 | 1 | 2 | 3;

export function isTextEncoding(value: number | undefined): value is TextEncoding {
  return value === 0 || value === 1 || value === 2 || value === 3;
}

/** Texts without the NULs between and behind them. Broken UTF-16 and UTF-8 are read with replacement characters. */
export function decodeTexts(bytes: Uint8Array, encoding: TextEncoding): readonly string[] {
  const parts = splitAtNul(bytes, encoding);
  while (parts.length > 1 && parts.at(-1)!.length === 0) parts.pop();
  const order = encoding === 1 ? byteOrder(parts) : 'utf-16be';
  return parts.map((part) => decode(part, encoding, order));
}

/** A description and the texts behind it (TXXX); null when the description does not end. */
export function decodeDescribed(
  bytes: Uint8Array,
  encoding: TextEncoding,
): { readonly description: string; readonly texts: readonly string[] } | null {
  const parts = splitAtNul(bytes, encoding);
  if (parts.length < 2) return null;
  const description = decode(parts[0]!, encoding, encoding === 1 ? byteOrder(parts) : 'utf-16be');
  return { description, texts: decodeTexts(bytes.subarray(parts[0]!.length + widthOf(encoding)), encoding) };
}

/** Texts with a NUL between them. */
export function encodeTexts(texts: readonly string[], encoding: TextEncoding): Uint8Array {
  const nul = new Uint8Array(widthOf(encoding));
  return joinBytes(
    texts.flatMap((text, index) => (index === 0 ? [encode(text, encoding)] : [nul, encode(text, encoding)])),
  );
}

/**
 * The encoding that is there if it can take the texts and the version allows it, else the plainest that can: Latin-1,
 * then UTF-8 in v2.4, UTF-16 before. v2.3 never gets UTF-8, which readers of that time show as rubbish.
 */
export function encodingFor(
  texts: readonly string[],
  version: 2 | 3 | 4,
  present: TextEncoding | null,
): TextEncoding {
  // What Latin-1 has between 0x7f and 0xa0 are other letters on Windows: not left to chance.
  const isLatin1 = texts.every((text) => /^[\n\r\t\u0020-\u007e\u00a0-\u00ff]*$/.test(text));
  if (present === 0 && isLatin1) return 0;
  if (present === 1 || (version === 4 && (present === 2 || present === 3))) return present;
  const isAscii = texts.every((text) => /^[\n\r\t\u0020-\u007e]*$/.test(text));
  if (version === 4) return isAscii ? 0 : 3;
  return isLatin1 ? 0 : 1;
}

function widthOf(encoding: TextEncoding): 1 | 2 {
  return encoding === 1 || encoding === 2 ? 2 : 1;
}

function splitAtNul(bytes: Uint8Array, encoding: TextEncoding): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const width = widthOf(encoding);
  let start = 0;
  // A last odd byte of UTF-16 is no character.
  for (let at = 0; at + width <= bytes.length; at += width) {
    if (bytes[at] !== 0 || (width === 2 && bytes[at + 1] !== 0)) continue;
    parts.push(bytes.subarray(start, at));
    start = at + width;
  }
  parts.push(bytes.subarray(start));
  return parts;
}

/** Of UTF-16 whose mark may be missing: that of the first text that has one, else where the zero bytes are. */
function byteOrder(parts: readonly Uint8Array[]): 'utf-16le' | 'utf-16be' {
  for (const part of parts) {
    if (part[0] === 0xff && part[1] === 0xfe) return 'utf-16le';
    if (part[0] === 0xfe && part[1] === 0xff) return 'utf-16be';
  }
  let [even, odd] = [0, 0];
  for (const part of parts)
    part.forEach((byte, index) => {
      if (byte !== 0) return;
      if (index % 2 === 0) even++;
      else odd++;
    });
  return even > odd ? 'utf-16be' : 'utf-16le';
}

function decode(bytes: Uint8Array, encoding: TextEncoding, order: 'utf-16le' | 'utf-16be'): string {
  if (encoding === 0) return Buffer.from(bytes).toString('latin1');
  if (encoding === 3) return new TextDecoder('utf-8').decode(bytes);
  // Each text may have a mark of its own.
  const marked = bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : order;
  const own = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : marked;
  return new TextDecoder(own).decode(bytes.subarray(0, bytes.length - (bytes.length % 2)));
}

function encode(text: string, encoding: TextEncoding): Uint8Array {
  switch (encoding) {
    case 0:
      return Buffer.from(text, 'latin1');
    case 1:
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 2:
      return Buffer.from(text, 'utf16le').swap16();
    case 3:
      return Buffer.from(text, 'utf8');
  }
}
