/** The demo library: every piece as a tagged file, in all the containers that Cratewise reads. */
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CodecName } from './encode.ts';
import { camelot, keyName } from './harmony.ts';
import { pieces as allPieces, type Piece } from './pieces.ts';
import { styles } from './styles.ts';
import type { AudioTags } from './wav.ts';

export interface DemoTrack {
  /** Absolute path. */
  readonly file: string;
  readonly title: string;
  readonly artist: string;
  readonly album: string;
  readonly year: number;
  /** As in the genre tag: "Deep House". */
  readonly style: string;
  readonly bpm: number;
  /** "Am", "F#". */
  readonly key: string;
  /** "8A". */
  readonly camelot: string;
  readonly durationSeconds: number;
}

export interface DemoOptions {
  /** Length of each piece; 30 by default. */
  readonly seconds?: number;
  /** All two dozen by default. */
  readonly pieces?: readonly Piece[];
  /** Endings to use in turn, for example ['wav']; all of them by default. */
  readonly endings?: readonly string[];
  /** Called when a file is written. */
  readonly onWritten?: (written: number, total: number) => void;
}

/** What a worker needs to write one file. */
export interface PieceJob {
  readonly piece: Piece;
  readonly seconds: number;
  readonly file: string;
  readonly tags: AudioTags;
  readonly codec?: CodecName;
}

const DEFAULT_SECONDS = 30;
/** m4a comes with AAC and with ALAC in turn. */
const DEFAULT_ENDINGS = ['mp3', 'flac', 'm4a', 'ogg', 'opus', 'wav', 'alac.m4a', 'aiff', 'wma', 'wv'];
/** A worker holds one piece of a minute in 60 MB; more than four gain little. */
const MOST_WORKERS = 4;

function jobFor(folder: string, piece: Piece, index: number, options: DemoOptions): PieceJob {
  const endings = options.endings ?? DEFAULT_ENDINGS;
  const ending = endings[index % endings.length] ?? 'wav';
  // Titles are file names here; none of ours has a character that a file system refuses.
  const name = `${piece.title}.${ending.replace('alac.', '')}`;
  return {
    piece,
    seconds: options.seconds ?? DEFAULT_SECONDS,
    file: path.resolve(folder, piece.artist, piece.album, name),
    tags: {
      ...{ title: piece.title, artist: piece.artist, album: piece.album, albumArtist: piece.artist },
      ...{ genre: styles[piece.style].name, year: piece.year, bpm: piece.bpm, key: keyName(piece.key) },
      comment: 'Synthesised by Cratewise',
    },
    ...(ending === 'alac.m4a' ? { codec: 'alac' as const } : {}),
  };
}

/** One worker thread writes files until there are none left. */
function runWorker(next: () => PieceJob | undefined, onWritten: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./piece.worker.ts', import.meta.url));
    const feed = (): void => {
      const job = next();
      if (job !== undefined) worker.postMessage(job);
      else worker.postMessage(null);
    };
    worker.on('message', () => {
      onWritten();
      feed();
    });
    worker.on('error', reject);
    worker.on('exit', () => resolve());
    feed();
  });
}

/**
 * Writes the demo library into a folder (made when it is not there) as Artist/Album/Title.ending, and says
 * what is in it. The same options give the same audio.
 */
export async function writeDemoLibrary(
  folder: string,
  options: DemoOptions = {},
): Promise<readonly DemoTrack[]> {
  const chosen = options.pieces ?? allPieces;
  const jobs = chosen.map((piece, index) => jobFor(folder, piece, index, options));
  for (const job of jobs) await mkdir(path.dirname(job.file), { recursive: true });

  const queue = jobs.values();
  let written = 0;
  const workers = Math.min(availableParallelism(), MOST_WORKERS, jobs.length);
  await Promise.all(
    Array.from({ length: workers }, () =>
      runWorker(
        () => queue.next().value,
        () => {
          written++;
          options.onWritten?.(written, jobs.length);
        },
      ),
    ),
  );
  if (written !== jobs.length) throw new Error(`Only ${written} of ${jobs.length} demo files were written.`);
  return jobs.map(({ piece, file, seconds }) => ({
    ...{ file, title: piece.title, artist: piece.artist, album: piece.album, year: piece.year },
    ...{
      style: styles[piece.style].name,
      bpm: piece.bpm,
      key: keyName(piece.key),
      camelot: camelot(piece.key),
    },
    durationSeconds: seconds,
  }));
}
