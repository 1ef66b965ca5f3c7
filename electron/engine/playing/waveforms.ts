/**
 * Waveforms of tracks: stored ones at once; of recordings analysed before there were any, and for the detail of a
 * track that is loaded, the file is decoded by the player's process. What comes of it is stored with the analysis.
 */
import type { Track, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import { readWaveform, storeWaveform } from '#engine/storage/analysis/waveforms.ts';
import type { Storage } from '#engine/storage/open.ts';
import { WAVEFORM_VERSION } from '../analysis/protocol.ts';
import type { WaveformPeaks } from '../analysis/protocol.ts';
import type { Player } from './player.ts';
import type { FullWaveform } from './protocol.ts';

/** Details are 200 KB each: the tracks around the one that plays. */
const MOST_KEPT = 16;

export interface FoundWaveform {
  readonly state: 'ready' | 'quick';
  readonly peaks: WaveformPeaks;
}

export interface WaveformsOptions {
  readonly storage: Pick<Storage, 'database' | 'write'>;
  readonly player: () => Player;
  /** There is a better one than the quick one that was given. */
  readonly onReady: (trackId: TrackId) => void;
  readonly log: Logger;
}

export interface Waveforms {
  /** @throws AppError with a file-* code when the file cannot be decoded, 'cancelled' */
  find(
    track: Track,
    audioHash: Uint8Array | null,
    level: 'overview' | 'detail',
    signal: AbortSignal,
  ): Promise<FoundWaveform>;
  close(): void;
}

interface Making {
  readonly whole: Promise<FullWaveform>;
  /** The guess, or the whole if that is there first. */
  readonly first: Promise<FoundWaveform>;
  readonly abort: AbortController;
  waiting: number;
  /** Somebody got the guess. */
  guessGiven: boolean;
}

export function createWaveforms({ storage, player, onReady, log }: WaveformsOptions): Waveforms {
  const { database } = storage;
  const making = new Map<string, Making>();
  /** Newest last. */
  const kept = new Map<string, FullWaveform>();

  function keep(key: string, waveform: FullWaveform): void {
    kept.delete(key);
    kept.set(key, waveform);
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break;
      kept.delete(oldest);
    }
  }

  /** A track that nobody waits for any more makes room for the one that is wanted now. */
  function stopUnwanted(): void {
    for (const { waiting, abort } of making.values()) if (waiting === 0) abort.abort();
  }

  function make(key: string, track: Track): Making {
    stopUnwanted();
    const abort = new AbortController();
    const guess = Promise.withResolvers<FoundWaveform>();
    const whole = player().waveform(
      track.path,
      track.durationSeconds,
      (peaks) => guess.resolve({ state: 'quick', peaks }),
      abort.signal,
    );
    const made: Making = {
      whole,
      first: Promise.race([
        guess.promise,
        whole.then(({ overview }): FoundWaveform => ({ state: 'ready', peaks: overview })),
      ]),
      abort,
      waiting: 0,
      guessGiven: false,
    };
    making.set(key, made);
    whole
      .then((waveform) => {
        keep(key, waveform);
        storage.write(() => storeWaveform(database, waveform.audioHash, WAVEFORM_VERSION, waveform.overview));
      })
      .catch((error: unknown) => {
        // Whoever waits is told; a full disk costs only the next decoding.
        log.info({ trackId: track.id, error: String(error) }, 'A waveform was not made or not stored');
      })
      .finally(() => {
        making.delete(key);
        if (made.guessGiven && kept.has(key)) onReady(track.id);
      });
    made.first.catch(() => {});
    return made;
  }

  return {
    async find(track, audioHash, level, signal) {
      const stored =
        level === 'overview' && audioHash !== null
          ? readWaveform(database, audioHash, WAVEFORM_VERSION)
          : null;
      if (stored !== null) return { state: 'ready', peaks: stored };
      const key = `${track.id} ${track.sizeBytes} ${track.modifiedAt}`;
      const known = kept.get(key);
      if (known !== undefined) {
        keep(key, known);
        return { state: 'ready', peaks: known[level] };
      }
      const made = making.get(key) ?? make(key, track);
      made.waiting += 1;
      try {
        const found = await Promise.race([
          level === 'overview'
            ? made.first
            : made.whole.then(({ detail }): FoundWaveform => ({ state: 'ready', peaks: detail })),
          whenAborted(signal),
        ]);
        if (found.state === 'quick') made.guessGiven = true;
        return found;
      } finally {
        made.waiting -= 1;
        if (signal.aborted && made.waiting === 0 && !made.guessGiven) made.abort.abort();
      }
    },
    close() {
      for (const { abort } of making.values()) abort.abort();
    },
  };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(new AppError('cancelled'));
    signal.addEventListener('abort', () => reject(new AppError('cancelled')), { once: true });
  });
}
