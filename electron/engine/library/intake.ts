/** From found files to rows: reads tags a few files at a time and stores them in batches, soon and short. */
import { join } from 'node:path';
import type { FolderId, TrackId } from '#shared/domain.ts';
import { clearTrackError, recordTrackError } from '#engine/storage/library/errors.ts';
import type { TrackFailure } from '#engine/storage/library/errors.ts';
import {
  emptyTags,
  findByPath,
  insertTrack,
  setState,
  statesOf,
  updateFile,
  updateStamp,
} from '#engine/storage/library/tracks.ts';
import type { KnownTrack } from '#engine/storage/library/tracks.ts';
import type { Database } from '#engine/storage/database.ts';
import type { LibraryContext } from './context.ts';
import type { FoundFile } from './discover.ts';
import { readTags, TAG_READER_VERSION } from './tags.ts';
import type { TagReading } from './tags.ts';

/** Enough to keep a drive busy while parsing; more only makes a hard disk seek. */
const PARALLEL_READS = 8;
/** One transaction of so many rows takes about ten milliseconds: others get their turn. */
const BATCH_ROWS = 200;
/** A first row is seen that soon, even when the rest takes long. */
const BATCH_MS = 300;

export interface Intake {
  /** A file that no track has. */
  create(file: FoundFile): void;
  /** A track whose file is another version now, or whose tags are to be read again. */
  change(track: KnownTrack, file: FoundFile): void;
  /** Resolves when everything taken in is stored. Rejects when storing failed. */
  drain(): Promise<void>;
}

interface Job {
  readonly file: FoundFile;
  readonly track: KnownTrack | null;
}
interface Outcome extends Job {
  readonly reading: TagReading;
}

/** `onStored` gets how many files were dealt with, and how many of them failed. */
export function createIntake(
  context: LibraryContext,
  folder: { readonly id: FolderId; readonly path: string },
  signal: AbortSignal,
  onStored: (files: number, failed: number) => void,
): Intake {
  const waiting: Job[] = [];
  let outcomes: Outcome[] = [];
  let reading = 0;
  let timer: NodeJS.Timeout | null = null;
  let failure: Error | null = null;
  let wake: (() => void) | null = null;

  function take(job: Job): void {
    waiting.push(job);
    pump();
  }

  function pump(): void {
    while (reading < PARALLEL_READS && !signal.aborted) {
      const job = waiting.shift();
      if (job === undefined) break;
      reading += 1;
      void read(job, folder.path).then((outcome) => {
        reading -= 1;
        outcomes.push(outcome);
        if (outcomes.length >= BATCH_ROWS) flush();
        else timer ??= setTimeout(flush, BATCH_MS);
        pump();
      });
    }
    if (reading === 0) wake?.();
  }

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batch = outcomes;
    outcomes = [];
    if (batch.length === 0) return;
    try {
      context.storage.write(() => storeBatch(context, folder.id, batch));
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error));
      return;
    }
    onStored(batch.length, batch.filter((outcome) => outcome.reading.failure !== null).length);
    context.changed();
    context.wakeAnalysis();
  }

  return {
    create: (file) => take({ file, track: null }),
    change: (track, file) => take({ file, track }),
    async drain() {
      while (reading > 0 || (waiting.length > 0 && !signal.aborted)) {
        await new Promise<void>((resolve) => (wake = resolve));
        wake = null;
      }
      flush();
      if (failure !== null) throw failure;
    },
  };
}

async function read(job: Job, root: string): Promise<Outcome> {
  const { problem, relativePath } = job.file;
  if (problem !== null) {
    return { ...job, reading: { tags: emptyTags, failure: { stage: 'scan', ...problem } } };
  }
  return { ...job, reading: await readTags(join(root, relativePath)) };
}

function storeBatch(context: LibraryContext, folderId: FolderId, batch: readonly Outcome[]): void {
  const { database } = context.storage;
  const analyse: TrackId[] = [];
  const verify: TrackId[] = [];
  for (const outcome of batch) {
    // Gone again between the walk and the reading: the next look tells.
    if (outcome.reading.failure?.code === 'file-not-found') continue;
    // A track that was purged or joined with another one meanwhile: whoever has the file now, or a new one.
    const track = isThere(database, outcome.track)
      ? outcome.track
      : findByPath(database, folderId, outcome.file.relativePath);
    if (track === undefined) {
      const id = storeNew(context, folderId, outcome);
      if (outcome.reading.failure === null) analyse.push(id);
    } else {
      const task = storeChange(context, track, outcome);
      if (task === 'analyse') analyse.push(track.id);
      if (task === 'verify') verify.push(track.id);
    }
  }
  if (analyse.length > 0) context.enqueue(analyse, 'analyse');
  if (verify.length > 0) context.enqueue(verify, 'verify');
}

function isThere(database: Database, track: KnownTrack | null): track is KnownTrack {
  return track !== null && statesOf(database, [track.id]).size > 0;
}

function storeNew(context: LibraryContext, folderId: FolderId, { file, reading }: Outcome): TrackId {
  const { database } = context.storage;
  const now = context.clock();
  const id = insertTrack(database, {
    folderId,
    relativePath: file.relativePath,
    sizeBytes: file.sizeBytes,
    modifiedAt: file.modifiedAt,
    inode: file.inode,
    addedAt: now,
    analysis: reading.failure === null ? 'pending' : 'failed',
    tagsRead: tagsReadAfter(reading.failure),
    tags: reading.tags,
  });
  if (reading.failure !== null) recordTrackError(database, id, reading.failure, now);
  return id;
}

/** Returns what the analysis has to do about it: our hash decides whether the audio is news. */
function storeChange(
  context: LibraryContext,
  track: KnownTrack,
  { file, reading }: Outcome,
): 'analyse' | 'verify' | null {
  const { database } = context.storage;
  if (reading.failure !== null) {
    // What was read from it before is kept, and so is the stamp when we could not even look.
    if (reading.failure.code === 'file-not-readable') {
      setState(database, [track.id], 'present', context.clock());
    } else {
      updateStamp(database, track.id, file, tagsReadAfter(reading.failure));
    }
    recordTrackError(database, track.id, reading.failure, context.clock());
    return null;
  }
  updateFile(database, track.id, file, reading.tags, TAG_READER_VERSION);
  clearTrackError(database, track.id, ['scan', 'tags']);
  const sameBytes = track.sizeBytes === file.sizeBytes && track.modifiedAt === file.modifiedAt;
  // Only the tags were to be read again.
  if (sameBytes && (track.analysis === 'done' || track.tagsRead > 0)) return null;
  return track.hashed && track.analysis === 'done' ? 'verify' : 'analyse';
}

/** 0: look again at the next scan, even if the file looks the same. */
function tagsReadAfter(failure: TrackFailure | null): number {
  const passing = failure?.code === 'file-changing' || failure?.code === 'file-not-readable';
  return passing ? 0 : TAG_READER_VERSION;
}
