/**
 * One life of the analyser process, as the engine sees it: jobs go in, answers come out, and when it dies or
 * hangs the client tells which jobs may be to blame. Starting the next one is the scheduler's matter.
 */
import { basename } from 'node:path';
import type { ErrorCode, WireError } from '#shared/errors.ts';
import type {
  AnalyserOptions,
  FromAnalyser,
  SpawnAnalyser,
  ToAnalyser,
  TrackAnalysis,
  TrackEvidence,
} from './protocol.ts';

/** A job without a word for so long hangs: workers report twice a second, and no step takes seconds. */
const STALL_MS = 60_000;
/** From the start until it is ready: a large model on a slow disk, and TensorFlow itself. */
const START_MS = 60_000;
/** The watch counts its own ticks instead of time: a laptop that sleeps does not make a job hang. */
const TICKS_TO_STALL = 12;
/** When told to stop, the process gets this long before it is killed. */
const STOP_MS = 3000;

export type ClientJob = Extract<ToAnalyser, { readonly path: string }>;

/** How a process ended, and what the jobs in hand had to do with it. */
export interface Death {
  /** Why a job to blame has failed. */
  readonly code: 'analysis-crashed' | 'analysis-timeout' | 'analysis-out-of-memory';
  /** Jobs that a worker was busy with. */
  readonly suspects: readonly number[];
  /** All jobs that were not answered. */
  readonly inHand: readonly number[];
  /** It was told to stop, or had nothing in hand: nobody is to blame. */
  readonly expected: boolean;
}

export interface ClientEvents {
  onReady(backend: 'tensorflow' | 'wasm'): void;
  /** A worker has begun with the job, or goes on with it. */
  onProgress(job: number): void;
  onAnalysed(job: number, analysis: TrackAnalysis): void;
  onHashed(job: number, audioHash: Uint8Array): void;
  /** Only of a client that asks for it. */
  onExplained?(job: number, evidence: TrackEvidence): void;
  onFailed(job: number, failure: { readonly code: ErrorCode; readonly detail: string }): void;
  /** It cannot work at all; it will be stopped. */
  onUnusable(error: WireError): void;
  onDeath(death: Death): void;
}

export interface AnalyserClient {
  readonly options: AnalyserOptions;
  give(job: ClientJob): void;
  /** The job will answer 'cancelled' as soon as it can. */
  cancel(job: number): void;
  /** Ends the process, if need be by force. Resolves when it is gone. */
  stop(): Promise<void>;
}

interface Held {
  started: boolean;
  silentTicks: number;
}

/** Starts a process. `stallMs` is for tests. */
export function createAnalyserClient(
  spawn: SpawnAnalyser,
  options: AnalyserOptions,
  events: ClientEvents,
  stallMs = STALL_MS,
): AnalyserClient {
  const held = new Map<number, Held>();
  let ready = false;
  /** How long it has not begun with anything: while it starts, and when it sits on jobs. */
  let idleMs = 0;
  let stopping = false;
  let hung: readonly number[] | null = null;
  const analyser = spawn();
  const gone = Promise.withResolvers<null>();

  const watch = setInterval(() => {
    const begun = [...held.values()].some(({ started }) => started);
    idleMs = ready && (begun || held.size === 0) ? 0 : idleMs + stallMs / TICKS_TO_STALL;
    if (idleMs >= (ready ? stallMs : START_MS) && hung === null) {
      hung = [];
      analyser.kill();
    }
    for (const [job, state] of held) {
      if (!state.started) continue;
      state.silentTicks += 1;
      if (state.silentTicks < TICKS_TO_STALL || hung !== null) continue;
      hung = [job];
      analyser.kill();
    }
  }, stallMs / TICKS_TO_STALL);
  watch.unref();

  /** A late answer of a job that is no longer ours is left out. */
  function settle(job: number): boolean {
    return held.delete(job);
  }

  function receive(message: FromAnalyser): void {
    switch (message.kind) {
      case 'ready':
        ready = true;
        idleMs = 0;
        events.onReady(message.backend);
        break;
      case 'progress': {
        const state = held.get(message.job);
        if (state === undefined) break;
        idleMs = 0;
        state.started = true;
        state.silentTicks = 0;
        events.onProgress(message.job);
        break;
      }
      case 'analysed':
        if (settle(message.job)) events.onAnalysed(message.job, message.analysis);
        break;
      case 'hashed':
        if (settle(message.job)) events.onHashed(message.job, message.audioHash);
        break;
      case 'explained':
        if (settle(message.job)) events.onExplained?.(message.job, message.evidence);
        break;
      case 'failed':
        if (settle(message.job)) events.onFailed(message.job, message);
        break;
      case 'unusable':
        events.onUnusable({ code: message.code, detail: message.detail });
    }
  }

  analyser.onMessage(receive);
  analyser.onExit((exit) => {
    clearInterval(watch);
    const inHand = [...held.keys()];
    const started = inHand.filter((job) => held.get(job)?.started);
    held.clear();
    gone.resolve(null);
    events.onDeath({
      code:
        hung !== null
          ? 'analysis-timeout'
          : isOutOfMemory(exit)
            ? 'analysis-out-of-memory'
            : 'analysis-crashed',
      suspects: hung ?? started,
      inHand,
      // The exit code is no help: a process that was killed by order may well report 0.
      expected: stopping || (inHand.length === 0 && ready && hung === null),
    });
  });
  analyser.post({ kind: 'start', options });

  return {
    options,
    give(job) {
      held.set(job.job, { started: false, silentTicks: 0 });
      analyser.post(job);
    },
    cancel: (job) => analyser.post({ kind: 'cancel', job }),
    async stop() {
      if (!stopping) {
        stopping = true;
        analyser.post({ kind: 'stop' });
      }
      const timer = setTimeout(() => analyser.kill(), STOP_MS);
      await gone.promise;
      clearTimeout(timer);
    },
  };
}

/** The kernel kills what takes too much memory; we only kill what hangs. Codes: a shell's, and Chromium's on Windows. */
function isOutOfMemory({
  code,
  signal,
}: {
  readonly code: number | null;
  readonly signal: string | null;
}): boolean {
  return signal === 'SIGKILL' || code === 137 || code === 9 || code === -536870904;
}

/** The sentence for a file that the process died over a second time. */
export function explainDeath(code: Death['code'], path: string): string {
  const name = `“${basename(path)}”`;
  switch (code) {
    case 'analysis-timeout':
      return `Decoding ${name} did not get on any more, twice. The file is probably damaged: copy or download it again.`;
    case 'analysis-out-of-memory':
      return `There was not enough memory to analyse ${name}, twice. Close other programs and retry.`;
    case 'analysis-crashed':
      return `The decoder broke down over ${name}, twice. The file is probably damaged: copy or download it again.`;
  }
}
