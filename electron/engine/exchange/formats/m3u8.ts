/**
 * M3U8: the playlist format that players and DJ software read, UTF-8 with one path a line.
 * Tags and paths are hostile text here: none of them may begin a line of its own.
 */
import path from 'node:path';

export interface M3u8Track {
  /** Absolute path as the file system has it. */
  readonly path: string;
  readonly title: string | null;
  readonly artist: string | null;
  readonly durationSeconds: number | null;
}

/** The path rules of a system: node:path's posix or win32. */
type PathRules = Pick<typeof path, 'relative' | 'basename' | 'extname' | 'isAbsolute' | 'sep'>;

const controlCharacters = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;
const allControlCharacters = new RegExp(controlCharacters.source, 'g');

/** Whether a path can stand on a line: it cannot when it holds a line break or another control character. */
export function fitsOnALine(filePath: string): boolean {
  return !controlCharacters.test(filePath);
}

/**
 * The file's text. `relativeTo` is the folder the playlist will lie in (null: absolute paths). Every
 * track's path must fit on a line. Separators are '/', which every system reads.
 */
export function formatM3u8(
  tracks: readonly M3u8Track[],
  relativeTo: string | null,
  rules: PathRules = path,
): string {
  const lines = ['#EXTM3U'];
  for (const track of tracks) {
    const seconds = track.durationSeconds === null ? -1 : Math.round(track.durationSeconds);
    lines.push(`#EXTINF:${seconds},${displayName(track, rules)}`, location(track.path, relativeTo, rules));
  }
  return `${lines.join('\n')}\n`;
}

/** "Artist - Title", or what there is of it, or the file's name. */
function displayName(track: M3u8Track, rules: PathRules): string {
  const name = rules.basename(track.path, rules.extname(track.path));
  const title = clean(track.title) || clean(name);
  const artist = clean(track.artist);
  return artist === '' ? title : `${artist} - ${title}`;
}

function clean(text: string | null): string {
  return (text ?? '').replaceAll(allControlCharacters, ' ').trim();
}

function location(filePath: string, relativeTo: string | null, rules: PathRules): string {
  const own = relativeTo === null ? filePath : rules.relative(relativeTo, filePath);
  const slashed = own.split(rules.sep).join('/');
  // A relative path that begins with '#' would be a comment, one with ':' might pass for an address;
  // on another drive of Windows there is no relative path.
  return relativeTo === null || rules.isAbsolute(own) || slashed.startsWith('../') ? slashed : `./${slashed}`;
}
