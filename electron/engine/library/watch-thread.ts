/**
 * Watches folders in a thread of its own, so that the first look at a large folder holds no request up. The thread
 * begins with the first watch and ends with the last one; one that dies is started again with what it watched.
 */
import { Worker } from 'node:worker_threads';
import type { FolderWatch, WatchOptions } from './watch.ts';
import type { FromWatchThread, ToWatchThread, WatchPlace } from './watch-messages.ts';

/** A thread that dies again and again should not take all of the processor. */
const RESTART_MS = 10_000;

export interface WatchThread {
  /** As `watchFolder` of watch.ts. */
  watch(options: WatchOptions): FolderWatch;
}

interface Watch {
  readonly options: WatchOptions;
  readonly closed: PromiseWithResolvers<void>;
  closing: boolean;
}

/** The bundle is one flat folder of scripts; from source the file itself is run. */
function threadFile(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './watch.worker.ts' : './watch-worker.js',
    import.meta.url,
  );
}

/** `file` and `restartMs` are for tests. */
export function createWatchThread(file: URL = threadFile(), restartMs = RESTART_MS): WatchThread {
  const watches = new Map<number, Watch>();
  let last = 0;
  let thread: Worker | null = null;
  let restart: NodeJS.Timeout | null = null;

  function post(message: ToWatchThread): void {
    thread?.postMessage(message);
  }

  function place({ root, poll, restMs, pollMs }: WatchOptions): WatchPlace {
    return {
      ...{ root, poll },
      ...(restMs === undefined ? {} : { restMs }),
      ...(pollMs === undefined ? {} : { pollMs }),
    };
  }

  function start(): void {
    const worker = new Worker(file);
    // A program that has nothing else to do may end.
    worker.unref();
    worker.on('message', hear);
    worker.on('error', (error) => {
      for (const { options } of watches.values()) options.onProblem({ limit: false, error });
    });
    worker.on('exit', () => {
      if (thread === worker) died();
    });
    thread = worker;
    for (const [watch, { options, closing }] of watches) {
      if (!closing) post({ kind: 'watch', watch, place: place(options) });
    }
  }

  function died(): void {
    thread = null;
    for (const [watch, { closing }] of watches) if (closing) gone(watch);
    if (watches.size === 0) return;
    restart = setTimeout(() => {
      restart = null;
      start();
    }, restartMs);
    restart.unref();
  }

  function hear(message: FromWatchThread): void {
    if (message.kind === 'closed') return gone(message.watch);
    const watch = watches.get(message.watch);
    if (watch === undefined || watch.closing) return;
    const { options } = watch;
    if (message.kind === 'sights') for (const sight of message.sights) options.onFirstSight(...sight);
    else if (message.kind === 'paths') options.onPaths(message.paths);
    else if (message.kind === 'ready') options.onReady();
    else options.onProblem({ limit: message.limit, error: new Error(message.error) });
  }

  function gone(watch: number): void {
    watches.get(watch)?.closed.resolve();
    watches.delete(watch);
    if ([...watches.values()].every(({ closing }) => !closing)) thread?.unref();
  }

  /** Ends the thread, which is quicker than taking every watch of it back. */
  async function end(worker: Worker | null): Promise<void> {
    thread = null;
    if (restart !== null) clearTimeout(restart);
    restart = null;
    await worker?.terminate();
    // A watch that began meanwhile has a thread of its own.
    for (const [watch, { closing }] of watches) if (closing) gone(watch);
  }

  return {
    watch(options) {
      last += 1;
      const watch = last;
      const begun: Watch = { options, closed: Promise.withResolvers(), closing: false };
      watches.set(watch, begun);
      if (thread !== null) post({ kind: 'watch', watch, place: place(options) });
      else if (restart === null) start();
      return {
        async close() {
          if (!watches.has(watch)) return;
          const first = !begun.closing;
          begun.closing = true;
          if (first && [...watches.values()].every(({ closing }) => closing)) await end(thread);
          else if (thread === null) gone(watch);
          else if (first) {
            // Whoever waits for it keeps the program running.
            thread.ref();
            post({ kind: 'close', watch });
          }
          await begun.closed.promise;
        },
      };
    },
  };
}
