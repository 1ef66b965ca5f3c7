/** Reading parts of a file that have to be there. */
import { AppError } from '#shared/errors.ts';
import type { ByteSource } from './model.ts';

/** @throws AppError tags-damaged, with the sentence that says what was being read */
export function damaged(what: string): AppError {
  return new AppError('tags-damaged', what);
}

/** @throws AppError tags-unsupported */
export function unsupported(what: string): AppError {
  return new AppError('tags-unsupported', what);
}

/**
 * Exactly `length` bytes. The bound is checked before anything is allocated.
 * @throws AppError tags-damaged where the file ends before
 */
export async function readPart(
  source: ByteSource,
  start: number,
  length: number,
  what: string,
): Promise<Uint8Array> {
  if (start + length > source.size) throw damaged(`The file ends inside ${what}.`);
  const bytes = await source.read(start, length);
  if (bytes.length !== length) throw damaged(`The file ends inside ${what}.`);
  return bytes;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Text whose every byte is one character: keys of formats that predate Unicode. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
