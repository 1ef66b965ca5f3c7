/** What the player bar asks of the engine: waveforms, and why something does not play. */
import type { Events, Handlers } from '#shared/contract.ts';
import type { Track, Waveform } from '#shared/domain.ts';
import { AppError, toWire } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import { readAudioHash } from '#engine/storage/analysis/scores.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { Storage } from '#engine/storage/open.ts';
import { createPlayer } from './player.ts';
import type { Player } from './player.ts';
import type { SpawnPlayer } from './protocol.ts';
import { createWaveforms } from './waveforms.ts';
import type { FoundWaveform } from './waveforms.ts';

/** Enough to know that it can be decoded: a third of a second. */
const TRIED_BYTES = 64 * 1024;

export interface PlayingOptions {
  readonly storage: Pick<Storage, 'database' | 'write'>;
  readonly spawnPlayer: SpawnPlayer;
  readonly publish: (name: 'waveform.ready', event: Events['waveform.ready']) => void;
  readonly log: Logger;
}

export interface Playing {
  readonly handlers: Pick<Handlers, 'tracks.waveform' | 'tracks.playProblem'>;
  /** Ends the decoder process. */
  close(): void;
}

export function createPlaying({ storage, spawnPlayer, publish, log }: PlayingOptions): Playing {
  const { database } = storage;
  let player: Player | null = null;
  const getPlayer = (): Player => (player ??= createPlayer(spawnPlayer));
  const waveforms = createWaveforms({
    storage,
    player: getPlayer,
    onReady: (trackId) => publish('waveform.ready', { trackId }),
    log,
  });

  function requireTrack(trackId: number): Track {
    const [track] = readTracks(database, [trackId]);
    if (track === undefined) throw new AppError('not-found', `There is no track ${trackId} in the library.`);
    return track;
  }

  return {
    handlers: {
      async 'tracks.waveform'({ trackId, level = 'overview' }, { signal }) {
        const track = requireTrack(trackId);
        const audioHash = readAudioHash(database, trackId) ?? null;
        try {
          return toWaveform(trackId, level, await waveforms.find(track, audioHash, level, signal));
        } catch (error) {
          throw explained(track, error);
        }
      },

      async 'tracks.playProblem'({ trackId }, { signal }) {
        const track = requireTrack(trackId);
        try {
          const wav = await getPlayer().openWav(track.path, track.durationSeconds, signal);
          await wav.read(0, TRIED_BYTES).finally(() => wav.close());
          return null;
        } catch (error) {
          signal.throwIfAborted();
          return toWire(explained(track, error));
        }
      },
    },
    close() {
      waveforms.close();
      player?.close();
    },
  };
}

/** A file that is not there, because its drive is not, or because its name cannot be written. */
function explained(track: Track, error: unknown): unknown {
  const gone = error instanceof AppError && error.code === 'file-not-found';
  if (gone && track.state === 'offline') {
    return new AppError(
      'folder-offline',
      `${track.path} is on a drive that is away. Connect it and try again.`,
    );
  }
  if (gone && track.error?.code === 'file-name-not-utf8') {
    return new AppError(track.error.code, track.error.detail);
  }
  return error;
}

function toWaveform(
  trackId: number,
  level: Waveform['level'],
  { state, peaks: { secondsPerPoint, peaks } }: FoundWaveform,
): Waveform {
  return {
    trackId,
    state,
    level,
    secondsPerPoint,
    points: peaks.length / 3,
    peaks: Buffer.from(peaks.buffer, peaks.byteOffset, peaks.byteLength).toString('base64'),
  };
}
