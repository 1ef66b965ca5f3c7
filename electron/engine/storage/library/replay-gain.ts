/** Loudness of a track as its tags say it. */
import type { ReplayGain, TrackId } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** Null when the tags say nothing of it, or there is no such track. */
export function readReplayGainOf(database: Database, trackId: TrackId): ReplayGain | null {
  const row = prepared(
    database,
    `SELECT track_gain_db AS trackGainDb, track_peak AS trackPeak, album_gain_db AS albumGainDb,
       album_peak AS albumPeak FROM main.tracks WHERE id = ?`,
  ).get(trackId) as ReplayGain | undefined;
  return row === undefined || Object.values(row).every((value) => value === null) ? null : row;
}
