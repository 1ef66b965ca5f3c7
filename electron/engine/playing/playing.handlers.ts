/** What the player bar asks of the engine: waveforms. */
import type { Handlers } from '#shared/contract.ts';
import type { Waveform } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { WAVEFORM_VERSION } from '#engine/analysis/protocol.ts';
import type { WaveformPeaks } from '#engine/analysis/protocol.ts';
import { readAudioHash } from '#engine/storage/analysis/scores.ts';
import { readWaveform } from '#engine/storage/analysis/waveforms.ts';
import type { Storage } from '#engine/storage/open.ts';

export type PlayingHandlers = Pick<Handlers, 'tracks.waveform'>;

export function createPlayingHandlers({ database }: Pick<Storage, 'database'>): PlayingHandlers {
  return {
    'tracks.waveform'({ trackId }) {
      const audioHash = readAudioHash(database, trackId);
      if (audioHash === undefined)
        throw new AppError('not-found', `There is no track ${trackId} in the library.`);
      const stored = audioHash === null ? null : readWaveform(database, audioHash, WAVEFORM_VERSION);
      if (stored === null) throw new AppError('not-found', `Track ${trackId} has no waveform yet.`);
      return toWaveform(trackId, 'ready', 'overview', stored);
    },
  };
}

function toWaveform(
  trackId: number,
  state: Waveform['state'],
  level: Waveform['level'],
  { secondsPerPoint, peaks }: WaveformPeaks,
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
