/** Which lists hold a track. */
import { setImmediate } from 'node:timers/promises';
import type { HoldingPlaylist, SmartRules, TrackId, TrackQuery } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Database } from '#engine/storage/database.ts';
import { findUnknownTrack, placesOfTrack } from '#engine/storage/library/playlist-entries.ts';
import { readTree } from '#engine/storage/library/playlists.ts';
import type { CompileQuery } from '#engine/track-queries.ts';

/** In the order of the tree. Smart playlists are asked one by one, with turns for others in between. */
export async function listsOfTrack(
  database: Database,
  compile: CompileQuery,
  trackId: TrackId,
): Promise<readonly HoldingPlaylist[]> {
  if (findUnknownTrack(database, [trackId]) !== undefined) {
    throw new AppError('not-found', `There is no track ${trackId} in the library.`);
  }
  const places = placesOfTrack(database, trackId);
  const holding: HoldingPlaylist[] = [];
  for (const { id, name, kind, rules } of readTree(database)) {
    const positions = places.get(id);
    if (positions !== undefined) {
      holding.push({ id, name, kind, positions: kind === 'playlist' ? positions : [] });
    }
    if (kind !== 'smart') continue;
    if (holdsByRules(database, compile, id, rules, trackId)) holding.push({ id, name, kind, positions: [] });
    await setImmediate();
  }
  return holding;
}

function holdsByRules(
  database: Database,
  compile: CompileQuery,
  playlistId: number,
  rules: SmartRules | null,
  trackId: TrackId,
): boolean {
  const holds = (query: TrackQuery): boolean => {
    const { from } = compile(query, [], true);
    const sql = `SELECT 1 ${from.sql} AND t.id = ?`;
    return database.prepare(sql).get(...from.parameters, trackId) !== undefined;
  };
  try {
    // The first of many are known only by listing them all: that is left to tracks that fit.
    if (rules?.limit !== undefined && !holds({ rules: { ...rules, limit: undefined } })) return false;
    return holds({ playlistId });
  } catch (error) {
    // Rules that this version cannot follow hold no track.
    if (error instanceof AppError) return false;
    throw error;
  }
}
