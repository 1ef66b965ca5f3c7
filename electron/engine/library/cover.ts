/** Cover art, read from the file when somebody looks at it. */
import { parse } from './tags.ts';

/** Larger pictures are refused: they travel as text in one message. */
const MAXIMUM_COVER_BYTES = 20 * 1024 * 1024;

/** The type is told by the bytes, never by the tag: it goes into a page. Null: no picture that a browser shows. */
export async function readCover(
  path: string,
): Promise<{ readonly mimeType: string; readonly base64: string } | null> {
  const metadata = (await parse(path, true)) ?? (await parse(path, false));
  const { selectCover } = await import('music-metadata');
  const picture = selectCover(metadata?.common.picture);
  if (picture === null || picture.data.length > MAXIMUM_COVER_BYTES) return null;
  const mimeType = imageTypeOf(picture.data);
  if (mimeType === null) return null;
  const { buffer, byteOffset, length } = picture.data;
  return { mimeType, base64: Buffer.from(buffer, byteOffset, length).toString('base64') };
}

const signatures: readonly { readonly mimeType: string; readonly matches: (bytes: Uint8Array) => boolean }[] =
  [
    { mimeType: 'image/jpeg', matches: (bytes) => has(bytes, 0, [0xff, 0xd8, 0xff]) },
    {
      mimeType: 'image/png',
      matches: (bytes) => has(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    },
    { mimeType: 'image/gif', matches: (bytes) => has(bytes, 0, [0x47, 0x49, 0x46, 0x38]) },
    {
      mimeType: 'image/webp',
      matches: (bytes) => has(bytes, 0, [0x52, 0x49, 0x46, 0x46]) && has(bytes, 8, [0x57, 0x45, 0x42, 0x50]),
    },
  ];

/** The media type of a picture by its first bytes; null for anything else. */
export function imageTypeOf(bytes: Uint8Array): string | null {
  return signatures.find((signature) => signature.matches(bytes))?.mimeType ?? null;
}

function has(bytes: Uint8Array, at: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[at + index] === byte);
}
