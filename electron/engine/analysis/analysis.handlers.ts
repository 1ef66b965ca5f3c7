/** The analysis as a feature of the engine: requests, events, and the check at the start of what is still to do. */
import type { Events, Handlers } from '#shared/contract.ts';
import type { Logger } from '#shared/log.ts';
import { prioritiseQueued, queueUnanalysed, retryFailed } from '#engine/storage/library/queue.ts';
import { writeSettings } from '#engine/storage/library/settings.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { ModelFolder } from './model-folder.ts';
import { ANALYSIS_VERSION, SOUND_VERSION } from './protocol.ts';
import type { SpawnAnalyser } from './protocol.ts';
import { createScheduler } from './scheduler.ts';
import type { ComputerState } from './pace.ts';

/** Progress is told four times a second at most. */
const PROGRESS_MS = 250;

export interface AnalysisOptions {
  readonly storage: Storage;
  readonly modelFolder: ModelFolder;
  /** What useModel returned for this model. */
  readonly modelId: number;
  readonly spawnAnalyser: SpawnAnalyser;
  /** Default: the native TensorFlow where it has been set up, else WASM. */
  readonly backend?: 'auto' | 'wasm' | 'tensorflow' | undefined;
  /** Threads for this run, instead of the setting. */
  readonly workers?: number | undefined;
  readonly publish: <Name extends 'analysis.progress' | 'notice'>(name: Name, event: Events[Name]) => void;
  /** Tracks have changed. */
  readonly changed: () => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly log: Logger;
  /** Whether it may work, and how hard. Tell of changes by `wake`. */
  readonly computer?: (() => ComputerState) | undefined;
  /** For tests: after how many ms a silent job counts as hanging. */
  readonly stallMs?: number;
}

export interface Analysis {
  readonly handlers: Pick<
    Handlers,
    'analysis.status' | 'analysis.pause' | 'analysis.resume' | 'analysis.retry' | 'analysis.prioritise'
  >;
  /** Something was queued, a folder came back, or the settings changed. Cheap. */
  wake(): void;
  /** Ends the analyser process; what it had in hand stays queued. Resolves when all results are stored. */
  close(): Promise<void>;
}

/** Begins at once with what the queue holds. */
export function createAnalysis(options: AnalysisOptions): Analysis {
  const { storage, clock, publish } = options;
  const { database } = storage;
  let timer: NodeJS.Timeout | null = null;
  let stale = false;
  let closed = false;

  /** The first change is told at once, those that follow together. */
  function tell(): void {
    if (timer !== null) {
      stale = true;
      return;
    }
    publish('analysis.progress', scheduler.status());
    timer = setTimeout(() => {
      timer = null;
      if (!stale || closed) return;
      stale = false;
      tell();
    }, PROGRESS_MS);
    timer.unref();
  }

  const scheduler = createScheduler({
    storage,
    modelFolder: options.modelFolder,
    modelId: options.modelId,
    spawnAnalyser: options.spawnAnalyser,
    backend: options.backend ?? 'auto',
    workers: options.workers,
    clock,
    log: options.log,
    onStatus: tell,
    onStored: options.changed,
    onNotice: (notice) => publish('notice', notice),
    computer: options.computer,
    stallMs: options.stallMs,
  });

  /** A new model, a new version of the analysis, or tracks that a crash left without a place in the queue. */
  async function queueWhatIsMissing(): Promise<void> {
    const wanted = {
      modelId: options.modelId,
      analysisVersion: ANALYSIS_VERSION,
      soundVersion: SOUND_VERSION,
    };
    for (let next: number | null = 0, total = 0; next !== null && !closed;) {
      const after: number = next;
      const page = storage.write(() => queueUnanalysed(database, wanted, clock(), after));
      next = page.next;
      total += page.queued;
      if (page.queued > 0) scheduler.wake();
      if (next === null && total > 0)
        options.log.info({ tracks: total }, 'Tracks without a result were queued');
      // Requests go first.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  function setPaused(analysisPaused: boolean): null {
    storage.write(() => writeSettings(database, { analysisPaused }));
    scheduler.wake();
    if (!analysisPaused) scheduler.recover();
    tell();
    return null;
  }

  scheduler.wake();
  queueWhatIsMissing().catch((error: unknown) =>
    options.log.error({ error }, 'The queue could not be completed'),
  );

  return {
    handlers: {
      'analysis.status': () => scheduler.status(),
      'analysis.pause': () => setPaused(true),
      'analysis.resume': () => setPaused(false),
      'analysis.retry'({ trackIds }) {
        const queued = storage.write(() => retryFailed(database, trackIds ?? null, clock()));
        options.changed();
        scheduler.recover();
        scheduler.wake();
        return { queued };
      },
      'analysis.prioritise'({ trackIds }) {
        storage.write(() => prioritiseQueued(database, trackIds));
        scheduler.wake();
        return null;
      },
    },
    wake: () => scheduler.wake(),
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await scheduler.close();
    },
  };
}
