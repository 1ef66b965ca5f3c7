/**
 * The player's decoder process, as a host or the engine uses it: started when there is something to decode,
 * ended when there was nothing for a while, started again when it dies. What was in hand then fails with a code.
 */
import { basename } from 'node:path';
import { AppError, fromWire } from '#shared/errors.ts';
import type { WaveformPeaks } from '../analysis/protocol.ts';
import type {
  ConversionOrder,
  FromPlayer,
  FullWaveform,
  PlayerProcess,
  SpawnPlayer,
  ToPlayer,
} from './protocol.ts';
import { wavBytes } from './wav-format.ts';

/** Its memory is worth more to others. Starting it takes a fifth of a second. */
const IDLE_MS = 60_000;
/** Jobs report twice a second; reading a piece takes milliseconds. */
const STALL_MS = 20_000;

/** A recording as the bytes of a WAV file. */
export interface OpenWav {
  readonly sizeBytes: number;
  /** Any bytes, less than `length` only at the end. */
  read(start: number, length: number): Promise<Uint8Array>;
  close(): void;
}

export interface Player {
  /**
   * @param decodedSeconds how long the recording is when decoded; null while unknown
   * @throws AppError with a file-* code, or analysis-crashed, analysis-timeout
   */
  openWav(path: string, decodedSeconds: number | null, signal?: AbortSignal): Promise<OpenWav>;
  /** @param onQuick gets what excerpts let guess, when the whole takes longer than a moment */
  waveform(
    path: string,
    seconds: number | null,
    onQuick: (overview: WaveformPeaks) => void,
    signal?: AbortSignal,
  ): Promise<FullWaveform>;
  /** @throws AppError with a file-* code, disk-full, analysis-crashed, analysis-timeout, cancelled */
  convert(path: string, target: string, order: ConversionOrder, signal: AbortSignal): Promise<void>;
  /** Ends the process. */
  close(): void;
}

interface Job {
  readonly path: string;
  resolve(message: FromPlayer): void;
  reject(error: AppError): void;
  quick?: (overview: WaveformPeaks) => void;
  heardAt: number;
}

interface Life {
  readonly process: PlayerProcess;
  readonly jobs: Map<number, Job>;
  hung: boolean;
}

type Work = ToPlayer extends infer Message
  ? Message extends { readonly kind: 'open' | 'read' | 'waveform' | 'convert' }
    ? Omit<Message, 'job'>
    : never
  : never;

/** Starts nothing yet. The times are for tests. */
export function createPlayer(
  spawn: SpawnPlayer,
  { idleMs = IDLE_MS, stallMs = STALL_MS }: { readonly idleMs?: number; readonly stallMs?: number } = {},
): Player {
  let life: Life | null = null;
  let jobs = 0;
  let usedAt = 0;
  let timer: NodeJS.Timeout | null = null;

  function alive(): Life {
    if (life !== null) return life;
    const born: Life = { process: spawn(), jobs: new Map(), hung: false };
    born.process.onMessage((message) => receive(born, message));
    born.process.onExit(() => bury(born));
    timer = setInterval(() => look(born), Math.min(idleMs, stallMs) / 4);
    timer.unref();
    return (life = born);
  }

  function receive(from: Life, message: FromPlayer): void {
    const job = from.jobs.get(message.job);
    if (job === undefined) return;
    job.heardAt = performance.now();
    if (message.kind === 'progress') return;
    if (message.kind === 'quick-waveform') return job.quick?.(message.overview);
    from.jobs.delete(message.job);
    usedAt = performance.now();
    if (message.kind === 'failed') job.reject(fromWire(message));
    else job.resolve(message);
  }

  /** Ends it when it hangs, or has had nothing to do. */
  function look(at: Life): void {
    const now = performance.now();
    at.hung = [...at.jobs.values()].some(({ heardAt }) => now - heardAt > stallMs);
    if (at.hung || (at.jobs.size === 0 && now - usedAt > idleMs)) end(at);
  }

  function end(at: Life): void {
    if (timer !== null && life === at) clearInterval(timer);
    if (life === at) life = null;
    at.process.kill();
  }

  function bury(dead: Life): void {
    end(dead);
    for (const { path, reject } of dead.jobs.values()) {
      const name = `“${basename(path)}”`;
      reject(
        dead.hung
          ? new AppError(
              'analysis-timeout',
              `Decoding ${name} did not get on any more. The file is probably damaged: copy or download it again.`,
            )
          : new AppError(
              'analysis-crashed',
              `The decoder broke down over ${name}. The file is probably damaged: copy or download it again.`,
            ),
      );
    }
    dead.jobs.clear();
  }

  function ask<Kind extends FromPlayer['kind']>(
    to: Life,
    work: Work,
    path: string,
    options: { readonly signal?: AbortSignal | undefined; readonly quick?: Job['quick'] } = {},
  ): Promise<FromPlayer & { readonly kind: Kind }> {
    const { signal, quick } = options;
    if (signal?.aborted === true) return Promise.reject(new AppError('cancelled'));
    jobs += 1;
    const job = jobs;
    let cancel = (): void => {};
    const answered = new Promise<FromPlayer>((resolve, reject) => {
      cancel = () => {
        to.process.post({ kind: 'cancel', job });
        // What was opened has to be closed, so that answer is waited for; a waveform may come too late.
        if (work.kind === 'waveform') reject(new AppError('cancelled'));
      };
      to.jobs.set(job, { path, resolve, reject, heardAt: performance.now(), ...(quick && { quick }) });
      signal?.addEventListener('abort', cancel, { once: true });
      to.process.post({ ...work, job } as ToPlayer);
    });
    return answered.finally(() => signal?.removeEventListener('abort', cancel)) as Promise<
      FromPlayer & { readonly kind: Kind }
    >;
  }

  async function openWav(
    path: string,
    decodedSeconds: number | null,
    signal?: AbortSignal,
  ): Promise<OpenWav> {
    async function open(): Promise<{ readonly life: Life; readonly number: number; readonly size: number }> {
      const at = alive();
      const answer = await ask<'opened'>(at, { kind: 'open', path, decodedSeconds }, path, { signal });
      return { life: at, number: answer.job, size: wavBytes(answer.format) };
    }
    let source = await open();
    let closed = false;
    return {
      sizeBytes: source.size,
      async read(start, length) {
        // The process was ended meanwhile, because nobody read for a while (a pause).
        if (source.life !== life && !closed) source = await open();
        const answer = await ask<'bytes'>(
          source.life,
          { kind: 'read', open: source.number, start, length },
          path,
        );
        return answer.bytes;
      },
      close() {
        if (closed) return;
        closed = true;
        if (source.life === life) source.life.process.post({ kind: 'close', open: source.number });
      },
    };
  }

  return {
    openWav,
    async waveform(path, seconds, quick, signal) {
      const answer = await ask<'waveform'>(alive(), { kind: 'waveform', path, seconds }, path, {
        signal,
        quick,
      });
      return answer.waveform;
    },
    async convert(path, target, order, signal) {
      await ask<'converted'>(alive(), { kind: 'convert', path, target, order }, path, { signal });
    },
    close() {
      if (life === null) return;
      for (const { reject } of life.jobs.values()) reject(new AppError('cancelled'));
      life.jobs.clear();
      end(life);
    },
  };
}
