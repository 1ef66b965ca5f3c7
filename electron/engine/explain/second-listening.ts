/**
 * Listens to files a second time, in an analyser process of its own: an explanation never waits behind the queue of
 * a scan, which runs at a lower priority, and a file that breaks the decoder breaks nothing else. The process starts with the first request, loads
 * the model (about a second) and ends when nobody asks for a while.
 */
import { AppError } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import { createAnalyserClient, explainDeath } from '#engine/analysis/client.ts';
import type { AnalyserClient } from '#engine/analysis/client.ts';
import type { ExplainRequest, SpawnAnalyser, TrackEvidence } from '#engine/analysis/protocol.ts';

/** Who looks at one explanation often asks for the next: kept for so long, its memory given back after that. */
const IDLE_MS = 30_000;

export interface SecondListening {
  /**
   * @throws AppError with a file-*, analysis-* or model-* code; 'cancelled' at once when the signal is aborted
   */
  listen(path: string, request: ExplainRequest, signal: AbortSignal): Promise<TrackEvidence>;
  close(): Promise<void>;
}

export interface SecondListeningOptions {
  readonly modelDir: string;
  readonly spawnAnalyser: SpawnAnalyser;
  readonly log: Logger;
  /** Default: the native TensorFlow where it has been set up, else WASM. */
  readonly backend?: 'auto' | 'wasm' | 'tensorflow' | undefined;
  /** For tests. */
  readonly idleMs?: number | undefined;
}

interface Waiting {
  readonly path: string;
  readonly resolve: (evidence: TrackEvidence) => void;
  readonly reject: (error: AppError) => void;
}

export function createSecondListening(options: SecondListeningOptions): SecondListening {
  const { modelDir, spawnAnalyser, log, backend = 'auto', idleMs = IDLE_MS } = options;
  const waiting = new Map<number, Waiting>();
  /** Of clients that are being stopped, too: closing waits for them. */
  const stopping = new Set<Promise<void>>();
  let client: AnalyserClient | null = null;
  let jobs = 0;
  let idle: NodeJS.Timeout | null = null;
  let closed = false;

  function connect(): AnalyserClient {
    const own: AnalyserClient = createAnalyserClient(
      spawnAnalyser,
      { modelDir, workers: 1, backend, urgent: true },
      {
        onReady() {},
        onProgress() {},
        onAnalysed() {},
        onHashed() {},
        onExplained: (job, evidence) => take(job)?.resolve(evidence),
        onFailed: (job, { code, detail }) => take(job)?.reject(new AppError(code, detail)),
        onUnusable({ code, detail }) {
          failAll(() => new AppError(code, detail));
          if (client === own) stop();
        },
        onDeath({ code, expected }) {
          if (client !== own) return;
          client = null;
          if (!expected) log.warn({ code }, 'The analyser process died over an explanation');
          failAll(({ path }) => new AppError(code, explainDeath(code, path)));
        },
      },
    );
    return own;
  }

  function take(job: number): Waiting | undefined {
    const found = waiting.get(job);
    waiting.delete(job);
    if (waiting.size === 0) rest();
    return found;
  }

  function failAll(errorOf: (one: Waiting) => AppError): void {
    const lost = [...waiting.values()];
    waiting.clear();
    for (const one of lost) one.reject(errorOf(one));
  }

  function rest(): void {
    if (idle !== null) clearTimeout(idle);
    idle = setTimeout(stop, idleMs);
    idle.unref();
  }

  function stop(): void {
    if (idle !== null) clearTimeout(idle);
    idle = null;
    const old = client;
    client = null;
    if (old === null) return;
    const gone = old.stop().finally(() => stopping.delete(gone));
    stopping.add(gone);
  }

  return {
    async listen(path, request, signal) {
      if (signal.aborted || closed) throw new AppError('cancelled');
      if (idle !== null) clearTimeout(idle);
      client ??= connect();
      jobs += 1;
      const job = jobs;
      const { promise, resolve, reject } = Promise.withResolvers<TrackEvidence>();
      waiting.set(job, { path, resolve, reject });
      const cancel = (): void => {
        client?.cancel(job);
        take(job)?.reject(new AppError('cancelled'));
      };
      signal.addEventListener('abort', cancel, { once: true });
      client.give({ kind: 'explain', job, path, request });
      try {
        return await promise;
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
    async close() {
      closed = true;
      failAll(() => new AppError('cancelled'));
      stop();
      await Promise.all(stopping);
    },
  };
}
