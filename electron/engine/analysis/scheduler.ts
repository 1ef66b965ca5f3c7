/**
 * Keeps the analyser busy with what the queue holds: hands out a bounded number of tracks, stores what comes
 * back, starts the process again when it dies, and singles out the file that killed it.
 */
import { existsSync } from 'node:fs';
import type { AnalysisStatus, Notice } from '#shared/domain.ts';
import type { ErrorCode, WireError } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import {
  answerTrack,
  countUnclaimed,
  isAnalysed,
  readKnown,
  storeAnalysis,
} from '#engine/storage/analysis/predictions.ts';
import { failQueued, markAlone } from '#engine/storage/library/queue.ts';
import type { QueuedTrack } from '#engine/storage/library/queue.ts';
import { readSettings } from '#engine/storage/library/settings.ts';
import type { Storage } from '#engine/storage/open.ts';
import { createAnalyserClient, explainDeath } from './client.ts';
import type { AnalyserClient, Death } from './client.ts';
import { createHandOut } from './hand-out.ts';
import type { ModelFolder } from './model-folder.ts';
import { createPace } from './pace.ts';
import type { ComputerState } from './pace.ts';
import { createProgressMeter } from './progress-meter.ts';
import { ANALYSIS_VERSION } from './protocol.ts';
import type { SpawnAnalyser } from './protocol.ts';
import { createResultWriter } from './result-writer.ts';

/** The process is ended when it had nothing to do for so long: its memory is worth more to others. */
const IDLE_MS = 30_000;
const FIRST_RESTART_MS = 200;
const LONGEST_RESTART_MS = 30_000;
/** So many deaths in a row without one answer: it is not the files. */
const HOPELESS_DEATHS = 6;

export interface SchedulerOptions {
  readonly storage: Storage;
  readonly modelFolder: ModelFolder;
  /** The model's row in analysis.models. */
  readonly modelId: number;
  readonly spawnAnalyser: SpawnAnalyser;
  readonly backend: 'auto' | 'wasm' | 'tensorflow';
  readonly clock: () => number;
  readonly log: Logger;
  /** Something that the status tells has changed. */
  readonly onStatus: () => void;
  /** Tracks have changed. */
  readonly onStored: () => void;
  readonly onNotice: (notice: Notice) => void;
  /** For this run, instead of the setting. */
  readonly workers?: number | undefined;
  /** Default: on the mains, and nobody looks. */
  readonly computer?: (() => ComputerState) | undefined;
  /** For tests: after how long a silent job counts as hanging. */
  readonly stallMs?: number | undefined;
}

export interface Scheduler {
  status(): AnalysisStatus;
  /** The queue, the settings or the folders changed. */
  wake(): void;
  /** What made the analyser unusable may be gone: tries again. */
  recover(): void;
  close(): Promise<void>;
}

interface Hand {
  readonly track: QueuedTrack;
  started: boolean;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { storage, log, clock } = options;
  const { database } = storage;
  const model = { id: options.modelId, genres: options.modelFolder.manifest.genres.map(({ id }) => id) };
  const meter = createProgressMeter();
  const writer = createResultWriter(storage, log, options.onNotice);
  const hands = new Map<number, Hand>();
  const handOut = createHandOut(database);
  let client: AnalyserClient | null = null;
  let backend: AnalysisStatus['backend'] = null;
  const pace = createPace(readSettings(database), options);
  let unusable: WireError | null = null;
  let unclaimed: number | null = null;
  let jobs = 0;
  let deaths = 0;
  let restart: NodeJS.Timeout | null = null;
  let idle: NodeJS.Timeout | null = null;
  let closed = false;
  let working = false;
  let done = 0;
  let failed = 0;

  function problem(): WireError | null {
    return unusable ?? writer.problem();
  }

  function fill(): void {
    if (closed || problem() !== null || restart !== null) return;
    if (pace.isPaused()) {
      rest();
      return;
    }
    if (client !== null && client.options.workers !== pace.workers()) {
      // The number of threads is fixed for a process: it ends when its hands are empty, the next one has the new number.
      if (hands.size === 0) void client.stop();
      return;
    }
    while (hands.size < pace.mostHands()) {
      if ([...hands.values()].some(({ track }) => track.alone)) return;
      const track = handOut.next();
      if (track === null) break;
      if (track.alone && hands.size > 0) {
        handOut.putBack(track);
        return;
      }
      begin(track);
    }
    rest();
  }

  function begin(track: QueuedTrack): void {
    if (idle !== null) clearTimeout(idle);
    idle = null;
    if (!working) {
      working = true;
      done = failed = 0;
      meter.begin(clock());
    }
    unclaimed ??= countUnclaimed(database, model.id, ANALYSIS_VERSION);
    give(track, track.task === 'verify' || unclaimed > 0 ? 'hash' : 'analyse');
  }

  function give(track: QueuedTrack, kind: 'analyse' | 'hash'): void {
    jobs += 1;
    hands.set(jobs, { track, started: false });
    client ??= connect();
    const known = kind === 'hash' ? {} : readKnown(database, model.id, ANALYSIS_VERSION, track.audioHash);
    client.give({ job: jobs, kind, path: track.path, ...known });
  }

  /** Nothing more can be begun. */
  function rest(): void {
    if (hands.size > 0) return;
    if (working && !handOut.isBusy()) {
      working = false;
      options.onStatus();
    }
    if (client === null || idle !== null) return;
    idle = setTimeout(() => {
      idle = null;
      if (hands.size === 0) void client?.stop();
    }, IDLE_MS);
    idle.unref();
  }

  function connect(): AnalyserClient {
    const { stallMs, modelFolder, spawnAnalyser } = options;
    return createAnalyserClient(
      spawnAnalyser,
      { modelDir: modelFolder.path, workers: pace.workers(), backend: options.backend },
      {
        onReady(loaded) {
          backend = loaded;
          options.onStatus();
        },
        onProgress(job) {
          const hand = hands.get(job);
          if (hand === undefined || hand.started) return;
          hand.started = true;
          options.onStatus();
        },
        onAnalysed(job, analysis) {
          const hand = release(job);
          if (hand)
            finish(hand.track, () => storeAnalysis(database, model, hand.track, analysis, clock()), null);
        },
        onHashed(job, audioHash) {
          const hand = release(job);
          if (hand) known(hand.track, audioHash);
        },
        onFailed(job, failure) {
          const hand = release(job);
          if (hand) reject(hand.track, failure);
        },
        onUnusable: (error) => giveUp(error),
        onDeath: bury,
      },
      ...(stallMs === undefined ? [] : ([stallMs] as const)),
    );
  }

  function release(job: number): Hand | undefined {
    const hand = hands.get(job);
    hands.delete(job);
    deaths = 0;
    return hand;
  }

  /** The recording of a track is known: is there a result of it already? */
  function known(track: QueuedTrack, audioHash: Uint8Array): void {
    if (isAnalysed(database, model.id, ANALYSIS_VERSION, audioHash)) {
      unclaimed = Math.max(0, (unclaimed ?? 0) - 1);
      finish(track, () => answerTrack(database, track, audioHash, clock()), null);
    } else if (pace.isPaused()) {
      handOut.release(track.trackId);
    } else {
      give(track, 'analyse');
    }
  }

  function reject(track: QueuedTrack, failure: { readonly code: ErrorCode; readonly detail: string }): void {
    const { code, detail } = failure;
    const unreachable = code === 'file-not-found' || code === 'file-not-readable';
    if (code === 'cancelled') {
      handOut.release(track.trackId);
    } else if (unreachable && !existsSync(track.folderPath)) {
      handOut.leaveOut(track.folderId);
      handOut.release(track.trackId);
    } else if ((code === 'analysis-out-of-memory' || code === 'analysis-crashed') && !track.alone) {
      again([track]);
    } else {
      fail(track, code, detail);
    }
    fill();
  }

  function fail(track: QueuedTrack, code: ErrorCode, detail: string): void {
    log.info({ trackId: track.trackId, code }, 'A file could not be analysed');
    finish(track, () => failQueued(database, track, { code, detail }, clock()), code);
  }

  /** Each of these is tried once more, with nothing beside it. */
  function again(tracks: readonly QueuedTrack[]): void {
    const ids = tracks.map(({ trackId }) => trackId);
    writer.add({
      store: () => markAlone(database, ids),
      stored() {
        ids.forEach(handOut.release);
        fill();
      },
    });
  }

  function finish(track: QueuedTrack, store: () => void, failure: ErrorCode | null): void {
    writer.add({
      store,
      stored() {
        handOut.release(track.trackId);
        handOut.countDown();
        if (failure === null) done += 1;
        else failed += 1;
        meter.count(clock());
        options.onStored();
        options.onStatus();
        fill();
      },
    });
    fill();
  }

  function bury(death: Death): void {
    client = null;
    if (!death.expected) log.warn({ death }, 'The analyser process died');
    const lost = [...hands.entries()];
    hands.clear();
    const suspects = new Set(death.expected ? [] : death.suspects);
    const blamed = lost.filter(([job]) => suspects.has(job)).map(([, { track }]) => track);
    for (const [job, { track }] of lost) if (!suspects.has(job)) handOut.release(track.trackId);
    // A track that was alone when the process died a second time is the culprit.
    const guilty = blamed.filter(({ alone }) => alone);
    const doubtful = blamed.filter(({ alone }) => !alone);
    if (doubtful.length > 0) again(doubtful);
    for (const track of guilty) fail(track, death.code, explainDeath(death.code, track.path));
    if (closed) return;
    if (death.expected) {
      fill();
      return;
    }
    deaths += 1;
    if (deaths >= HOPELESS_DEATHS && guilty.length === 0) {
      giveUp({
        code: death.code,
        detail: 'The part of Cratewise that listens to files keeps failing. Start Cratewise again.',
      });
      return;
    }
    restart = setTimeout(
      () => {
        restart = null;
        fill();
      },
      Math.min(FIRST_RESTART_MS * 2 ** (deaths - 1), LONGEST_RESTART_MS),
    );
  }

  function giveUp(error: WireError): void {
    if (unusable !== null) return;
    unusable = error;
    log.error({ error }, 'The analyser cannot work');
    options.onNotice(error);
    options.onStatus();
    void client?.stop();
  }

  return {
    status() {
      const now = clock();
      const queued = handOut.count(now);
      const rate = working ? meter.tracksPerMinute(now) : null;
      return {
        queued,
        active: [...hands.values()]
          .filter(({ started }) => started)
          .map(({ track }) => ({ trackId: track.trackId, path: track.path })),
        done,
        failed,
        tracksPerMinute: rate === null ? null : Math.round(rate * 10) / 10,
        secondsLeft: rate === null ? null : Math.round((queued * 60) / rate),
        paused: pace.isStopped(),
        onBattery: pace.waitsForMains(),
        problem: problem(),
        workers: pace.workers(),
        backend,
      };
    },
    wake() {
      if (closed) return;
      pace.heed(readSettings(database));
      // Once more for those that were cancelled before does no harm.
      if (pace.isPaused()) for (const job of hands.keys()) client?.cancel(job);
      handOut.refresh();
      fill();
    },
    recover() {
      unusable = null;
      deaths = 0;
      fill();
    },
    async close() {
      closed = true;
      if (restart !== null) clearTimeout(restart);
      if (idle !== null) clearTimeout(idle);
      await client?.stop();
      writer.flush();
    },
  };
}
