/** Music to measure with: synthesised once, kept beside the results. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeDemoLibrary } from '../demo/library.ts';
import { pieces } from '../demo/pieces.ts';

const endings = /\.(mp3|flac|m4a|mp4|ogg|oga|opus|wav|aiff|aif|wma|wv|ape)$/i;

/** Every music file below a folder, in the order of their names. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => endings.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

/** `count` pieces of this length in all containers. They are made on the first call only. */
export async function madeMusic(cache: string, count: number, seconds: number): Promise<readonly string[]> {
  const folder = path.join(cache, `${count}-of-${seconds}-seconds`);
  if (!existsSync(folder)) {
    console.log(`Synthesising ${count} pieces of ${seconds} s …`);
    // Renamed when complete: a run that was stopped half-way leaves nothing that looks finished.
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    const chosen = Array.from({ length: count }, (_, index) => {
      const piece = pieces[index % pieces.length];
      if (piece === undefined) throw new Error('There are no pieces.');
      const round = Math.floor(index / pieces.length);
      return round === 0
        ? piece
        : { ...piece, title: `${piece.title} ${round + 1}`, seed: piece.seed + 100 * round };
    });
    await writeDemoLibrary(unfinished, { pieces: chosen, seconds });
    renameSync(unfinished, folder);
  }
  return filesBelow(folder);
}

/** Copies files until there are `count` of them, 25 a folder. */
export function manyCopies(files: readonly string[], count: number, folder: string): void {
  for (let index = 0; index < count; index++) {
    const source = files[index % files.length];
    if (source === undefined) throw new Error('There is nothing to copy.');
    const album = path.join(folder, `Album ${Math.floor(index / 25)}`);
    if (index % 25 === 0) mkdirSync(album, { recursive: true });
    copyFileSync(source, path.join(album, `${String(index).padStart(4, '0')}${path.extname(source)}`));
  }
}
