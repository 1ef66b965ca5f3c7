/** Which clips there are: a folder a genre, as GTZAN is unpacked, or the rows of a tracks.csv. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseTable } from '../corpus.ts';

export interface Clip {
  /** As the published lists call it, without the ending: blues.00012. Elsewhere the file's name. */
  readonly name: string;
  readonly genre: string;
  readonly path: string;
}

const audioFile = /\.(wav|au|mp3|flac|ogg|oga|opus|m4a|aiff?)$/i;
const gtzanName = /^([a-z-]+)\.(\d{5})\./;

/** The name in the lists: 'blues/blues.00012.wav' → 'blues.00012'. */
export function clipName(path: string): string {
  return basename(path.trim()).replace(/\.[^.]+$/, '');
}

/**
 * Clips of a folder, sorted by name. With a tracks.csv (columns file, set, genre) these are its rows of GTZAN sets, or
 * all rows with a genre if it names no such set. Throws a sentence if there is nothing to learn from.
 */
export async function findClips(folder: string): Promise<Clip[]> {
  const table = await readFile(join(folder, 'tracks.csv'), 'utf8').catch(() => null);
  const clips = table === null ? await clipsOfFolders(folder) : clipsOfTable(folder, table);
  if (new Set(clips.map(({ genre }) => genre)).size < 2)
    throw new Error(
      `${folder} holds no clips of at least two genres: --data wants a folder for each genre (blues/blues.00000.wav …), or a tracks.csv with the columns file and genre.`,
    );
  return clips.sort((left, right) => (left.name < right.name ? -1 : 1));
}

export function clipsOfTable(folder: string, table: string): Clip[] {
  const rows = parseTable(table).filter(({ file, genre }) => file && genre);
  const ours = rows.filter(({ set }) => set?.startsWith('gtzan'));
  return (ours.length > 0 ? ours : rows).map(({ file = '', genre = '' }) => ({
    name: clipName(file),
    genre,
    path: join(folder, file),
  }));
}

async function clipsOfFolders(folder: string): Promise<Clip[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && audioFile.test(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const [, named] = gtzanName.exec(entry.name) ?? [];
      return { name: clipName(path), genre: named ?? basename(dirname(path)), path };
    });
}
