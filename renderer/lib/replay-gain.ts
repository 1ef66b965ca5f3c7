/** ReplayGain: how much louder or softer a track is played so that all are heard alike. */
import type { ReplayGain } from '#shared/domain.ts';

/** track: all tracks alike; album: a quiet track of an album stays quiet. */
export const gainModes = ['off', 'track', 'album'] as const;
export type GainMode = (typeof gainModes)[number];

/** Beyond this a tag is wrong rather than the music that quiet. dB. */
const MOST_GAIN_DB = 24;

/**
 * The factor for the samples, 1.0 where the tags say nothing. Never so large that the loudest sample would clip
 * (ReplayGain 2.0, "clipping prevention"): at most 1 / peak; without a peak, never above 1.0.
 */
export function gainFactor(gain: ReplayGain | null, mode: GainMode): number {
  if (gain === null || mode === 'off') return 1;
  const track = { db: gain.trackGainDb, peak: gain.trackPeak };
  const album = { db: gain.albumGainDb, peak: gain.albumPeak };
  const [wanted, other] = mode === 'album' ? [album, track] : [track, album];
  const used = wanted.db === null ? other : wanted;
  if (used.db === null || !Number.isFinite(used.db)) return 1;
  const factor = 10 ** (Math.min(MOST_GAIN_DB, Math.max(-MOST_GAIN_DB, used.db)) / 20);
  const peak = used.peak ?? gain.trackPeak ?? gain.albumPeak;
  return Math.min(factor, peak !== null && peak > 0 ? 1 / peak : 1);
}

/**
 * Volume of a media element, 0..1: the slider's square, which ears hear as even steps, times the gain. A quiet
 * track is raised as far as the slider leaves room: an element's volume ends at 1.0.
 */
export function elementVolume(slider: number, factor: number): number {
  return Math.min(1, Math.max(0, slider ** 2 * factor));
}
