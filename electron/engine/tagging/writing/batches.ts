/** Runs batches in the background, one file after another; tells how far they are. */
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { TagBatch } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import {
  isTemporaryInHand,
  nextFile,
  readBatchPolicy,
  setBatchState,
} from '#engine/storage/library/tag-journal.ts';
import type { FileWrite, FileWriteState } from '#engine/storage/library/tag-journal.ts';
import { countFiles, readBatch } from '#engine/storage/library/tag-journal-lists.ts';
import { removeAbandoned } from './new-file.ts';
import { MustStop, writeFile } from './write-file.ts';
import type { WriteContext } from './write-file.ts';

/** Progress is told that often at most. */
const TELL_MS = 250;
/** The time left is guessed from what was done in this run, once that means something. */
const GUESS_AFTER_FILES = 5;

export interface Batches {
  /** The batch is on the disk; it begins after those before it. */
  start(batchId: number): void;
  /** All, or one: after the file in hand. */
  stop(batchId?: number): void;
  settled(batchId: number): Promise<TagBatch>;
  close(): Promise<void>;
}

export function createBatches(context: WriteContext): Batches {
  const { storage } = context;
  const queue: number[] = [];
  /** Only files are left of them that play. */
  const parked = new Set<number>();
  const stopped = new Set<number>();
  const listeners = new Map<number, ((batch: TagBatch) => void)[]>();
  let work: Promise<void> = Promise.resolve();
  let draining = false;
  let current: number | null = null;
  let closed = false;

  const endListening = context.holds.onRelease(() => {
    for (const batchId of parked) begin(batchId);
    parked.clear();
  });

  function begin(batchId: number): void {
    if (closed || queue.includes(batchId) || current === batchId) return;
    queue.push(batchId);
    if (!draining) work = drain();
  }

  async function drain(): Promise<void> {
    draining = true;
    for (let batchId = queue.shift(); batchId !== undefined; batchId = queue.shift()) {
      current = batchId;
      try {
        await run(batchId);
      } catch (error) {
        reportStop(error);
        stopped.add(batchId);
      }
      current = null;
      end(batchId);
    }
    draining = false;
  }

  function reportStop(error: unknown): void {
    const cause = error instanceof MustStop ? (error.cause ?? error) : error;
    context.log.error({ err: cause }, 'writing tags had to stop');
    context.publish('notice', {
      code: cause instanceof AppError ? cause.code : 'internal',
      detail: `Writing tags had to stop: ${cause instanceof AppError ? cause.detail : String(cause)} No file is damaged; continue when that is mended.`,
    });
  }

  async function run(batchId: number): Promise<void> {
    const policy = readBatchPolicy(storage.database, batchId);
    if (policy === undefined) return;
    const meter = createMeter(context, batchId);
    const sweep = createSweep(context);
    // Waiting ones first: the player may take them up again.
    for (const state of ['waiting', 'planned'] as const) {
      for (const write of filesOf(batchId, state)) {
        if (stopped.has(batchId)) return;
        if (state === 'waiting' && context.holds.isHeld(write.trackId)) continue;
        await sweep(dirname(write.path));
        const problem = await writeFile(context, write, policy);
        meter();
        // The next ones would fail like this one.
        if (problem?.code === 'disk-full') {
          stopped.add(batchId);
          return;
        }
        await setImmediate();
      }
    }
  }

  function* filesOf(batchId: number, state: FileWriteState): Generator<FileWrite> {
    let after = 0;
    for (;;) {
      const write = nextFile(storage.database, batchId, state, after);
      if (write === undefined) return;
      after = write.id;
      yield write;
    }
  }

  function end(batchId: number): void {
    const waits = !stopped.has(batchId) && countFiles(storage.database, batchId, 'waiting') > 0;
    if (waits && !closed) {
      parked.add(batchId);
      // Released between the look at the file and now.
      if (anyReleased(batchId)) {
        parked.delete(batchId);
        begin(batchId);
        return;
      }
    } else mark(batchId, stopped.has(batchId) || closed ? 'stopped' : 'done');
    stopped.delete(batchId);
    tell(batchId);
  }

  function anyReleased(batchId: number): boolean {
    for (const write of filesOf(batchId, 'waiting')) if (!context.holds.isHeld(write.trackId)) return true;
    return false;
  }

  function mark(batchId: number, state: 'done' | 'stopped'): void {
    try {
      storage.durably(() => setBatchState(storage.database, batchId, state));
    } catch (error) {
      context.log.error({ err: error, batchId }, 'the end of a batch could not be stored');
    }
  }

  function tell(batchId: number): void {
    const batch = readBatch(storage.database, batchId);
    if (batch === undefined) return;
    publishProgress(context, batch, null);
    for (const listener of listeners.get(batchId) ?? []) listener(batch);
    listeners.delete(batchId);
  }

  function stop(batchId?: number): void {
    const all = [...(current === null ? [] : [current]), ...queue, ...parked];
    for (const id of batchId === undefined ? all : all.filter((each) => each === batchId)) {
      stopped.add(id);
      if (id === current) continue;
      parked.delete(id);
      if (queue.includes(id)) queue.splice(queue.indexOf(id), 1);
      end(id);
    }
  }

  return {
    start(batchId) {
      stopped.delete(batchId);
      begin(batchId);
    },
    stop,
    settled(batchId) {
      const batch = readBatch(storage.database, batchId);
      if (batch === undefined)
        throw new AppError('not-found', `There is no batch ${batchId} of written tags.`);
      if (current !== batchId && !queue.includes(batchId)) return Promise.resolve(batch);
      return new Promise((resolve) => {
        listeners.set(batchId, [...(listeners.get(batchId) ?? []), resolve]);
      });
    },
    async close() {
      closed = true;
      endListening();
      stop();
      await work;
    },
  };
}

function publishProgress(context: WriteContext, batch: TagBatch, secondsLeft: number | null): void {
  context.publish('tags.progress', {
    batchId: batch.id,
    kind: batch.kind,
    done: batch.written + batch.failed,
    failed: batch.failed,
    files: batch.files,
    secondsLeft,
    finished: batch.state !== 'running',
  });
}

/** Called after each file. */
function createMeter(context: WriteContext, batchId: number): () => void {
  const startedAt = context.clock();
  let files = 0;
  let toldAt = 0;
  return () => {
    files += 1;
    const now = context.clock();
    if (now - toldAt < TELL_MS) return;
    toldAt = now;
    const batch = readBatch(context.storage.database, batchId);
    if (batch === undefined) return;
    const open = batch.files - batch.written - batch.failed;
    const secondsLeft =
      files < GUESS_AFTER_FILES ? null : Math.round(((now - startedAt) / 1000 / files) * open);
    publishProgress(context, batch, secondsLeft);
  };
}

/** Looks once through each folder that is written to, for what a library that is no more left there. */
function createSweep(context: WriteContext): (folder: string) => Promise<void> {
  const swept = new Set<string>();
  return async (folder) => {
    if (swept.has(folder)) return;
    swept.add(folder);
    const isInHand = (path: string): boolean => isTemporaryInHand(context.storage.database, path);
    const removed = await removeAbandoned(folder, isInHand, context.clock());
    if (removed.length > 0) context.log.info({ folder, removed }, 'removed what a writing that ended left');
  };
}
