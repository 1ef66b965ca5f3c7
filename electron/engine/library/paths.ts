/** Names of files: which are music, which are hidden, how bytes become text. */
import { isUtf8 } from 'node:buffer';
import { extname } from 'node:path';

/** Audio by its name; whether it is audio, the analysis finds out. */
const audioEndings: ReadonlySet<string> = new Set([
  ...['.mp3', '.flac', '.m4a', '.mp4', '.aac', '.ogg', '.oga', '.opus', '.wav', '.wave'],
  ...['.aif', '.aiff', '.aifc', '.wma', '.wv', '.ape'],
]);

/** What network drives, recycle bins and file managers leave lying about. */
const foreignFolders: ReadonlySet<string> = new Set([
  '@eadir',
  '#recycle',
  '#snapshot',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '__macosx',
]);

export function isAudioName(name: string): boolean {
  return audioEndings.has(extname(name).toLowerCase());
}

/**
 * Hidden files and folders (also the ._ files of macOS and .Trash) and folders of the system. A dot before a digit or
 * another dot is no mark of hiding: ".38 Special" and "...And Justice for All" are music.
 */
export function isHiddenName(name: string): boolean {
  return /^\.(?![.\d])/.test(name) || foreignFolders.has(name.toLowerCase());
}

/** True when a part of the path, relative to a library folder, is hidden. */
export function isHiddenPath(relativePath: string): boolean {
  return relativePath.split('/').some((part) => isHiddenName(part));
}

/** A name as text: bytes that are not UTF-8 become \xHH, and `valid` is false then. */
export function decodeName(bytes: Buffer): { readonly text: string; readonly valid: boolean } {
  if (isUtf8(bytes)) return { text: bytes.toString('utf8'), valid: true };
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      text += `\\x${(bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
      at += 1;
    } else {
      text += bytes.toString('utf8', at, at + length);
      at += length;
    }
  }
  return { text, valid: false };
}

/** Length of the UTF-8 sequence that begins at `at`, 0 if none does. */
function sequenceLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length += 1) {
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}

/** True when `path` is `folder` or lies inside it; both absolute and normalised. */
export function isInside(folder: string, path: string, separator: string): boolean {
  if (path === folder) return true;
  return path.startsWith(folder.endsWith(separator) ? folder : folder + separator);
}
