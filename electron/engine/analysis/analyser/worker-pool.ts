/** The worker threads of the analyser process: each has one job at a time, the rest waits in order. */
import { Worker } from 'node:worker_threads';
import { toWire } from '#shared/errors.ts';
import type { ErrorCode, WireError } from '#shared/errors.ts';
import type { FromAnalyser } from '../protocol.ts';
import type { Model } from './model.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-messages.ts';

export type Job = Extract<ToWorker, { readonly job: number }>;

export interface PoolOptions {
  readonly workers: number;
  readonly modelDir: string;
  /** Runs the network for all workers; null: each worker has its own. */
  readonly model: Model | null;
  readonly tell: (message: FromAnalyser) => void;
  /** A worker has loaded its network. */
  readonly onReady: () => void;
  /** A worker cannot work at all. */
  readonly onUnusable: (error: WireError) => void;
}

export interface Pool {
  add(job: Job): void;
  cancel(job: number): void;
  /** Ends every job at its next turn, then the threads. They are never terminated: that aborts native code midway. */
  end(): Promise<void>;
}

/**
 * The default lets 48 MiB of dead arrays pile up in each thread; with this the peak is 40 MiB lower and no step is
 * slower (docs/odd-input.md).
 */
const YOUNG_GENERATION_MB = 8;

interface Slot {
  readonly worker: Worker;
  readonly cancelled: Int32Array;
  job: Job | null;
}

/** The bundle is one flat folder of scripts; from source the file itself is run. */
function workerFile(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './analysis.worker.ts' : './analysis-worker.js',
    import.meta.url,
  );
}

export function createPool(options: PoolOptions): Pool {
  const queue: Job[] = [];
  const slots = new Set<Slot>();
  const exits: Promise<void>[] = [];
  let ending = false;

  function start(): void {
    const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const workerData: WorkerSettings = {
      modelDir: options.modelDir,
      network: options.model === null ? 'own' : 'process',
      cancelled: shared,
    };
    const worker = new Worker(workerFile(), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    const slot: Slot = { worker, cancelled: new Int32Array(shared), job: null };
    slots.add(slot);
    worker.on('message', (message: FromWorker) => onMessage(slot, message));
    worker.on('error', (error) => onError(slot, error));
    exits.push(
      new Promise((resolve) => {
        worker.on('exit', () => {
          slots.delete(slot);
          resolve();
        });
      }),
    );
  }

  function onMessage(slot: Slot, message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        options.onReady();
        return;
      case 'unusable':
        options.onUnusable(message);
        return;
      case 'predict':
        void predict(slot, message);
        return;
      case 'progress':
        options.tell(message);
        return;
      case 'analysed':
      case 'hashed':
      case 'explained':
      case 'failed':
        slot.job = null;
        options.tell(message);
        hand();
    }
  }

  async function predict(
    slot: Slot,
    { request, windows, count }: FromWorker & { kind: 'predict' },
  ): Promise<void> {
    let answer: ToWorker;
    try {
      if (options.model === null) throw new Error('There is no network in this process.');
      answer = { kind: 'predicted', request, outputs: await options.model.predict(windows, count) };
    } catch (error) {
      answer = { kind: 'not-predicted', request, ...toWire(error) };
    }
    slot.worker.postMessage(answer);
  }

  /** The thread is gone (its heap was full, or a defect): only its file is lost, another thread takes its place. */
  function onError(slot: Slot, error: Error): void {
    slots.delete(slot);
    const full = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
    const code: ErrorCode = full ? 'analysis-out-of-memory' : 'analysis-crashed';
    const detail = full
      ? 'There was not enough memory to analyse the file.'
      : `The analysis broke off: ${error.message}`;
    if (slot.job === null) {
      // It fell before it had anything to do: another one would, too.
      options.onUnusable({ code, detail });
      return;
    }
    options.tell({ kind: 'failed', job: slot.job.job, code, detail });
    if (!ending) {
      start();
      hand();
    }
  }

  function hand(): void {
    for (const slot of slots) {
      if (ending || slot.job !== null) continue;
      const job = queue.shift();
      if (job === undefined) return;
      slot.job = job;
      slot.worker.postMessage(job satisfies ToWorker);
    }
  }

  for (let count = 0; count < options.workers; count += 1) start();

  return {
    add(job) {
      queue.push(job);
      hand();
    },
    cancel(job) {
      const waits = queue.findIndex((queued) => queued.job === job);
      if (waits >= 0) {
        queue.splice(waits, 1);
        options.tell({ kind: 'failed', job, code: 'cancelled', detail: '' });
        return;
      }
      for (const slot of slots) if (slot.job?.job === job) Atomics.store(slot.cancelled, 0, job);
    },
    async end() {
      ending = true;
      for (const slot of slots) {
        if (slot.job !== null) Atomics.store(slot.cancelled, 0, slot.job.job);
        slot.worker.postMessage({ kind: 'end' } satisfies ToWorker);
      }
      await Promise.all(exits);
    },
  };
}
