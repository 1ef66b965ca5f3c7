/** What the first bytes of a file say it is, whatever its name says: words for errors, not a decision to decode. */

/** Bytes looked at. */
export const HEAD_BYTES = 4096;

export type FileKind =
  | { readonly kind: 'audio'; readonly name: string }
  | { readonly kind: 'other'; readonly name: string }
  | { readonly kind: 'text' | 'zeros' | 'unknown' };

interface Signature {
  readonly at: number;
  readonly bytes: string;
  readonly name: string;
  readonly audio: boolean;
}

function signature(name: string, audio: boolean, bytes: string, at = 0): Signature {
  return { name, audio, bytes, at };
}

const signatures: readonly Signature[] = [
  signature('MP3', true, 'ID3'),
  signature('FLAC', true, 'fLaC'),
  signature('Ogg', true, 'OggS'),
  signature('WAV', true, 'WAVE', 8),
  signature('AIFF', true, 'AIF', 8),
  signature('MP4', true, 'ftyp', 4),
  signature('WMA', true, '\x30\x26\xb2\x75\x8e\x66\xcf\x11'),
  signature('WavPack', true, 'wvpk'),
  signature('Monkey’s Audio', true, 'MAC '),
  signature('Matroska', true, '\x1a\x45\xdf\xa3'),
  signature('AVI video', true, 'AVI ', 8),
  signature('PDF document', false, '%PDF'),
  signature('ZIP archive', false, 'PK\x03\x04'),
  signature('gzip archive', false, '\x1f\x8b'),
  signature('RAR archive', false, 'Rar!'),
  signature('7-Zip archive', false, '7z\xbc\xaf\x27\x1c'),
  signature('PNG picture', false, '\x89PNG'),
  signature('JPEG picture', false, '\xff\xd8\xff'),
  signature('GIF picture', false, 'GIF8'),
  signature('WebP picture', false, 'WEBP', 8),
  signature('program', false, '\x7fELF'),
  signature('Windows program', false, 'MZ'),
  signature('SQLite database', false, 'SQLite format 3'),
];

/** Control characters that text holds: tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS = new Set([9, 10, 12, 13, 27]);

function isText(head: Uint8Array): boolean {
  if (head.some((byte) => (byte < 32 && !TEXT_CONTROLS.has(byte)) || byte === 127)) return false;
  // Text of an old code page is text too, if most of it is plain.
  const plain = head.reduce((count, byte) => count + (byte < 128 ? 1 : 0), 0);
  return plain >= head.length * 0.7;
}

/** @param head the first HEAD_BYTES of the file, or all of it. */
export function fileKind(head: Uint8Array): FileKind {
  if (head.every((byte) => byte === 0)) return { kind: 'zeros' };
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 64)).toString('latin1');
  const found = signatures.find(({ at, bytes }) => text.startsWith(bytes, at));
  if (found) return { kind: found.audio ? 'audio' : 'other', name: found.name };
  return { kind: isText(head) ? 'text' : 'unknown' };
}
