/**
 * Serato crates: chunks of a four-letter name, a length (32 bits, big endian) and a value; texts are UTF-16, big endian.
 * vrsn, osrt (order), ovct (columns), then an otrk with a ptrk for each track: its path on its volume, without the root.
 */
import { isWindowsPath, slashed } from '../paths.ts';

const columns = ['song', 'artist', 'album', 'bpm', 'key', 'genre', 'length', 'comment', 'added'] as const;

export const SERATO_VERSION = '1.0/Serato ScratchLive Crate';

/** The bytes of a crate, in pieces. */
export function* formatSeratoCrate(paths: readonly string[]): Generator<Uint8Array> {
  yield chunk('vrsn', text(SERATO_VERSION));
  yield chunk('osrt', Buffer.concat([chunk('tvcn', text('#')), chunk('brev', Buffer.from([0]))]));
  for (const column of columns)
    yield chunk('ovct', Buffer.concat([chunk('tvcn', text(column)), chunk('tvcw', text('0'))]));
  for (const path of paths) yield chunk('otrk', chunk('ptrk', text(pathOnVolume(path))));
}

/** "C:/Music/a.mp3", "/Volumes/USB/Music/a.mp3" and "/Music/a.mp3" are all "Music/a.mp3". */
export function pathOnVolume(path: string): string {
  const own = slashed(path);
  if (isWindowsPath(path)) return own.replace(/^[A-Za-z]:\//, '').replace(/^\/\/[^/]*\/[^/]*\//, '');
  return own.replace(/^\/Volumes\/[^/]+\//, '').replace(/^\//, '');
}

function text(value: string): Buffer {
  return Buffer.from(value, 'utf16le').swap16();
}

function chunk(name: string, value: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 0, 'latin1');
  head.writeUInt32BE(value.length, 4);
  return Buffer.concat([head, value]);
}
