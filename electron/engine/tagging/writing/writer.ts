/** The writer of tags as the rest of the engine knows it. */
import { extname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { BatchKind, TagBatch, UndoSummary, WritePolicy } from '#shared/domain.ts';
import { AppError, toWire } from '#shared/errors.ts';
import {
  addFileWrite,
  createBatch,
  planAgain,
  readBatchPolicy,
  setBatchState,
  stopRunningBatches,
} from '#engine/storage/library/tag-journal.ts';
import type { NewFileWrite } from '#engine/storage/library/tag-journal.ts';
import {
  batchOfField,
  listBatches,
  listWrites,
  locateFile,
  readBatch,
  readPaths,
} from '#engine/storage/library/tag-journal-lists.ts';
import { createBatches } from './batches.ts';
import { explainFileError } from './file-errors.ts';
import type { TagWriter, TagWriterOptions } from './model.ts';
import { openFile } from './open-file.ts';
import { locate, planFile } from './plan-file.ts';
import { recoverFiles } from './recover.ts';
import { realTools } from './tools.ts';
import type { WriterTools } from './tools.ts';
import { planUndo } from './undo.ts';
import type { WriteContext } from './write-file.ts';

/** A transaction of so many takes some milliseconds. */
const FILES_A_TRANSACTION = 200;

/** Begins nothing by itself: call `recover` first. `tools` are for tests. */
export function createTagWriter(options: TagWriterOptions, tools: WriterTools = realTools): TagWriter {
  const context: WriteContext = { ...options, tools };
  const { storage, clock } = context;
  const { database } = storage;
  const batches = createBatches(context);

  function requireBatch(batchId: number): TagBatch {
    const batch = readBatch(database, batchId);
    if (batch === undefined) throw new AppError('not-found', `There is no batch ${batchId} of written tags.`);
    return batch;
  }

  async function store(
    kind: BatchKind,
    files: readonly NewFileWrite[],
    policy: WritePolicy,
  ): Promise<number> {
    const batchId = storage.durably(() => createBatch(database, { at: clock(), kind, policy }));
    for (let at = 0; at < files.length; at += FILES_A_TRANSACTION) {
      storage.write(() => {
        for (const file of files.slice(at, at + FILES_A_TRANSACTION))
          addFileWrite(database, batchId, file, clock());
      });
      await setImmediate();
    }
    storage.durably(() => setBatchState(database, batchId, 'running'));
    return batchId;
  }

  async function explained<Result>(
    file: { readonly trackId: number; readonly path: string },
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const located = locateFile(database, { ...file, audioHash: null });
      throw await explainFileError(error, located?.path ?? file.path, located?.root ?? '/');
    }
  }

  return {
    async preview(trackId, fields, policy) {
      const order = { trackId, audioHash: null, path: `Track ${trackId}` };
      return explained(order, async () => {
        const located = locate(database, order);
        const before = await readFields(located.path, fields);
        const planned = await planFile(
          database,
          tools,
          { ...order, kind: 'write', path: located.path, fields: before },
          policy,
        );
        await planned.file.close();
        const { plan, method, file } = planned;
        return {
          trackId,
          path: located.path,
          format: planned.format,
          method,
          items: plan.changes,
          keptItems: plan.keptItems,
          audioBytes: plan.audioBytes,
          sizeBefore: file.source.size,
          sizeAfter: plan.sizeAfter,
        };
      });
    },

    async apply(orders, policy) {
      const files: NewFileWrite[] = [];
      for (let at = 0; at < orders.length; at += FILES_A_TRANSACTION) {
        const slice = orders.slice(at, at + FILES_A_TRANSACTION);
        const paths = readPaths(
          database,
          slice.map(({ trackId }) => trackId),
        );
        for (const { trackId, fields } of slice) {
          const changing = fields.filter(({ before, after }) => !isSameList(before, after));
          const path = paths.get(trackId);
          if (changing.length === 0 || path === undefined) continue;
          const ordered = changing.map((field) => ({ ...field, restoreItems: null, undoes: [] }));
          files.push({ trackId, path, fields: ordered });
        }
        await setImmediate();
      }
      if (files.length === 0)
        throw new AppError('conflict', 'There is nothing to write: the files say all of it already.');
      const batchId = await store('write', files, policy);
      batches.start(batchId);
      return requireBatch(batchId);
    },

    cancel: () => batches.stop(),

    continueBatch(batchId) {
      const { state } = requireBatch(batchId);
      if (state !== 'running') {
        storage.durably(() => {
          planAgain(database, batchId, clock());
          setBatchState(database, batchId, 'running');
        });
        batches.start(batchId);
      }
      return requireBatch(batchId);
    },

    async undo(selection, { dryRun = false, signal = new AbortController().signal } = {}) {
      const plan = await planUndo(context, selection, signal);
      const { files, conflicts, failed } = plan;
      const asked: UndoSummary = {
        batchId: null,
        restored: files.reduce((sum, file) => sum + file.fields.length, 0),
        files: files.length,
        conflicts,
        failed,
      };
      if (dryRun || files.length === 0 || plan.newestField === null) return asked;
      const policy = readBatchPolicy(database, batchOfField(database, plan.newestField));
      if (policy === undefined) return asked;
      // Whatever was preferred then: padding gives way to padding, and the birth time stays.
      const batchId = await store('undo', files, { ...policy, preferInPlace: true });
      const stop = (): void => batches.stop(batchId);
      signal.addEventListener('abort', stop, { once: true });
      batches.start(batchId);
      await batches.settled(batchId).finally(() => signal.removeEventListener('abort', stop));
      return { ...asked, ...summaryOf(batchId), failed: [...failed, ...problemsOf(batchId)] };
    },

    batches: (page) => listBatches(database, page),
    writes: (of, page) => listWrites(database, of, page),
    settled: (batchId) => batches.settled(batchId),

    async recover() {
      try {
        const { resolved, left } = await recoverFiles(context);
        const stopped = storage.durably(() => stopRunningBatches(database));
        if (resolved + left + stopped > 0)
          context.log.info({ resolved, left, stopped }, 'tags that were being written were put in order');
      } catch (error) {
        // The library opens all the same: what is in hand stays so, and is looked at again at the next start.
        context.log.error({ err: error }, 'tags that were being written could not be put in order');
        context.publish('notice', {
          code: toWire(error).code,
          detail: `Files that were being written when Cratewise ended could not all be looked at: ${toWire(error).detail} They are looked at again at the next start.`,
        });
      }
    },

    close: () => batches.close(),
  };

  async function readFields(
    path: string,
    fields: Parameters<TagWriter['preview']>[1],
  ): Promise<Parameters<typeof planFile>[2]['fields']> {
    const file = await openFile(path);
    try {
      const editor = await tools.openEditor(file.source, extname(path));
      const states = await editor.read(fields.map(({ field }) => field));
      return fields.map(({ field, values }, id) => ({
        id,
        field,
        before: states.find((state) => state.field === field)?.values ?? [],
        after: values,
        oldItems: null,
        restoreItems: null,
        undoes: [],
      }));
    } finally {
      await file.close();
    }
  }

  /** Of a batch that ran. */
  function summaryOf(batchId: number): Pick<UndoSummary, 'batchId' | 'restored' | 'files'> {
    const { writes } = listWrites(database, { batchId }, { offset: 0, limit: -1 });
    const restored = writes.filter(({ state }) => state === 'written');
    return { batchId, restored: restored.length, files: new Set(restored.map(({ path }) => path)).size };
  }

  function problemsOf(batchId: number): UndoSummary['failed'] {
    const { writes } = listWrites(database, { batchId }, { offset: 0, limit: -1 });
    const byPath = new Map(
      writes.flatMap(({ trackId, path, problem }) =>
        problem === null ? [] : [[path, { trackId, path, problem }] as const],
      ),
    );
    return [...byPath.values()];
  }
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
