/**
 * Which scan runs when: one at a time (two would fight for the drive and could both claim a moved file), whole
 * folders joined by whoever asks for the same, and what the watcher saw gathered into small scans.
 */
import type { FolderId, ScanSummary } from '#shared/domain.ts';
import { AppError, toWire } from '#shared/errors.ts';
import type { LibraryContext } from './context.ts';
import { touchesLink } from './links.ts';
import { findFolder } from './presence.ts';
import type { PresentFolder } from './presence.ts';
import { scanFolder } from './scan-folder.ts';
import type { ScanCounts, ScanResult } from './scan-folder.ts';

/** Four a second: feels live, and leaves the window time to draw. */
const PROGRESS_MS = 250;
/** Files of one copy or one rename arrive together. */
const GATHER_MS = 300;
/** Until a file that is still being copied is looked at again. */
const UNSETTLED_MS = 5000;
/** More paths than this at once: looking at the whole folder is quicker. */
const MAXIMUM_PATHS = 5000;

export interface Scans {
  /** Resolves with the sum when all are scanned; joins scans that are running or waiting. */
  scan(folderIds: readonly FolderId[], signal: AbortSignal): Promise<ScanSummary>;
  /** A whole folder in the background. `announce`: its summary belongs to whoever asks for a scan next. */
  begin(folderId: FolderId, announce?: boolean): void;
  /** Looks at these files and folders soon. Paths relative to the folder, with '/'. */
  touch(folderId: FolderId, paths: readonly string[]): void;
  /** Ends every scan that runs or waits; who asked for one hears that it was cancelled. */
  cancel(): void;
  /** Ends a folder's scans: it is no longer watched. Resolves when none of them runs. */
  forget(folderId: FolderId): Promise<void>;
  close(): Promise<void>;
}

interface Job {
  readonly folderId: FolderId;
  readonly only: readonly string[] | null;
  readonly controller: AbortController;
  readonly done: Promise<ScanSummary | null>;
  readonly finish: (summary: Promise<ScanSummary | null>) => void;
  announce: boolean;
  /** Requests that wait for it; it ends when the last of them is cancelled. */
  waiting: number;
}

/** `onLooked` hears after each scan where the folder is, or that it is away. */
export function createScans(
  context: LibraryContext,
  onLooked: (folderId: FolderId, present: PresentFolder | null) => void,
): Scans {
  const queue: Job[] = [];
  let current: Job | null = null;
  let running: Promise<void> = Promise.resolve();
  let closed = false;
  const touched = new Map<FolderId, Set<string>>();
  const announced = new Map<FolderId, ScanSummary>();
  const timers = new Set<NodeJS.Timeout>();
  /** Came back and were not looked through to the end since: tracks anywhere in them are still marked offline. */
  const returned = new Set<FolderId>();

  function later(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, milliseconds);
    timer.unref();
    timers.add(timer);
  }

  function add(folderId: FolderId, only: readonly string[] | null): Job {
    const { promise, resolve } = Promise.withResolvers<ScanSummary | null>();
    promise.catch(() => undefined); // who waits hears of it; a background scan logs it
    const job: Job = {
      folderId,
      only,
      controller: new AbortController(),
      done: promise,
      finish: resolve,
      announce: false,
      waiting: 0,
    };
    queue.push(job);
    if (current === null) running = run();
    return job;
  }

  async function run(): Promise<void> {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      current = job;
      const outcome = runJob(job);
      job.finish(outcome);
      try {
        const summary = await outcome;
        if (job.announce && summary !== null && job.waiting === 0) announced.set(job.folderId, summary);
      } catch (error) {
        report(job, error);
      }
    }
    current = null;
  }

  function report(job: Job, error: unknown): void {
    if (job.controller.signal.aborted) return;
    const { code, detail } = toWire(error);
    context.log.error({ folderId: job.folderId, code, error }, 'scan failed');
    if (job.waiting === 0) context.publish('notice', { code, detail });
  }

  async function runJob(job: Job): Promise<ScanSummary | null> {
    const { folderId, controller } = job;
    controller.signal.throwIfAborted();
    const present = await findFolder(context, folderId);
    if (present === null) {
      onLooked(folderId, null);
      return null;
    }
    if (present.returned) returned.add(folderId);
    const isPart =
      job.only !== null && !returned.has(folderId) && !(await touchesLink(present.folder.path, job.only));
    const only = isPart ? job.only : null;
    const tell = only === null ? createProgress(context, folderId) : null;
    try {
      const result = await scanFolder(context, {
        folder: present.folder,
        only,
        signal: controller.signal,
        onProgress: (counts) => tell?.(counts),
      });
      if (only === null) returned.delete(folderId);
      follow(folderId, only === null, result);
      onLooked(folderId, present);
      return result.summary;
    } catch (error) {
      const wentAway = error instanceof AppError && error.code === 'folder-offline';
      if (!wentAway || (await findFolder(context, folderId)) !== null) throw error;
      onLooked(folderId, null);
      return null;
    } finally {
      tell?.(null);
    }
  }

  function follow(folderId: FolderId, whole: boolean, { unsettled, unreadable }: ScanResult): void {
    if (unsettled.length > 0) later(UNSETTLED_MS, () => touch(folderId, unsettled));
    const [first] = unreadable;
    if (!whole || first === undefined) return;
    const others = unreadable.length - 1;
    const more =
      others === 0 ? '' : ` ${others} more ${others === 1 ? 'folder' : 'folders'} could not be read.`;
    context.publish('notice', { code: 'folder-not-readable', detail: first.detail + more });
  }

  function touch(folderId: FolderId, paths: readonly string[]): void {
    if (closed || paths.length === 0) return;
    const waiting = touched.get(folderId);
    if (waiting !== undefined) {
      for (const path of paths) waiting.add(path);
      return;
    }
    touched.set(folderId, new Set(paths));
    later(GATHER_MS, () => {
      const gathered = touched.get(folderId);
      touched.delete(folderId);
      if (gathered === undefined || isWaiting(folderId)) return;
      const only = outermost(gathered);
      add(folderId, only.length > MAXIMUM_PATHS || only.includes('') ? null : only);
    });
  }

  /** A whole scan that has not begun yet will see everything. */
  function isWaiting(folderId: FolderId): boolean {
    return queue.some((job) => job.folderId === folderId && job.only === null);
  }

  function whole(folderId: FolderId): Job {
    const jobs = current === null ? queue : [current, ...queue];
    const open = jobs.find(
      (job) => job.folderId === folderId && job.only === null && !job.controller.signal.aborted,
    );
    return open ?? add(folderId, null);
  }

  async function waitFor(folderId: FolderId, signal: AbortSignal): Promise<ScanSummary | null> {
    signal.throwIfAborted();
    const job = whole(folderId);
    const before = announced.get(folderId);
    announced.delete(folderId);
    job.waiting += 1;
    const cancelled = Promise.withResolvers<never>();
    const onAbort = (): void => cancelled.reject(new AppError('cancelled', 'The scan was cancelled.'));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const summary = await Promise.race([job.done, cancelled.promise]);
      return summary === null || before === undefined ? summary : together(before, summary);
    } finally {
      signal.removeEventListener('abort', onAbort);
      job.waiting -= 1;
      if (signal.aborted && job.waiting === 0)
        job.controller.abort(new AppError('cancelled', 'The scan was cancelled.'));
    }
  }

  function abortAll(fits: (job: Job) => boolean): void {
    const reason = new AppError('cancelled', 'The scan was ended.');
    for (const job of current === null ? queue : [current, ...queue]) {
      if (fits(job)) job.controller.abort(reason);
    }
  }

  return {
    async scan(folderIds, signal) {
      const summaries = await Promise.all(
        [...new Set(folderIds)].map((folderId) => waitFor(folderId, signal)),
      );
      return summaries.reduce<ScanSummary>(
        (sum, each) => (each === null ? sum : plus(sum, each)),
        emptySummary,
      );
    },
    begin(folderId, announce = false) {
      if (closed) return;
      const job = whole(folderId);
      if (announce) job.announce = true;
    },
    touch,
    cancel: () => abortAll(() => true),
    async forget(folderId) {
      touched.delete(folderId);
      announced.delete(folderId);
      abortAll((job) => job.folderId === folderId);
      if (current?.folderId === folderId) await current.done.catch(() => null);
    },
    async close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      abortAll(() => true);
      await running;
    },
  };
}

const emptySummary: ScanSummary = {
  files: 0,
  new: 0,
  changed: 0,
  moved: 0,
  missing: 0,
  unchanged: 0,
  errors: 0,
  seconds: 0,
};

function plus(a: ScanSummary, b: ScanSummary): ScanSummary {
  return {
    files: a.files + b.files,
    new: a.new + b.new,
    changed: a.changed + b.changed,
    moved: a.moved + b.moved,
    missing: a.missing + b.missing,
    unchanged: a.unchanged + b.unchanged,
    errors: a.errors + b.errors,
    seconds: a.seconds + b.seconds,
  };
}

/** What the scan that followed the adding of a folder did and the one just asked for, as one. */
function together(first: ScanSummary, second: ScanSummary): ScanSummary {
  const sum = plus(first, second);
  return {
    ...sum,
    files: second.files,
    unchanged: Math.max(0, second.files - sum.new - sum.changed - sum.moved),
    errors: second.errors,
  };
}

/** Paths without those that lie below another one. */
function outermost(paths: ReadonlySet<string>): readonly string[] {
  if (paths.has('')) return [''];
  return [...paths].filter((path) => {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (paths.has(path.slice(0, slash))) return false;
    }
    return true;
  });
}

/** Publishes at most four times a second, and the last state with null. */
function createProgress(context: LibraryContext, folderId: FolderId): (counts: ScanCounts | null) => void {
  let toldAt = 0;
  let last: ScanCounts = { phase: 'walking', filesFound: 0, filesRead: 0, errors: 0 };
  return (counts) => {
    if (counts === null) {
      context.publish('scan.progress', { ...last, phase: 'done', folderId });
      return;
    }
    last = counts;
    const now = performance.now();
    if (now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    context.publish('scan.progress', { ...counts, folderId });
  };
}
