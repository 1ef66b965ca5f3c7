/** The rows of playlists and crates. Callers wrap changes in a recorded edit: playlists are the user's own work. */
import type { PlaylistId, TrackId } from '#shared/domain.ts';
import type { Database } from '../database.ts';

export interface EntryRow {
  readonly entryId: number;
  readonly trackId: TrackId;
}

/** Below this distance two rows have met: doubles hold no reliable middle, so all rows are numbered anew. */
const SMALLEST_GAP = 1e-6;

/** A slice of the rows, in order. */
export function readEntries(
  database: Database,
  playlistId: PlaylistId,
  offset: number,
  limit: number,
): readonly EntryRow[] {
  return database
    .prepare(
      `SELECT id AS entryId, track_id AS trackId FROM main.playlist_entries
       WHERE playlist_id = ? ORDER BY position, id LIMIT ? OFFSET ?`,
    )
    .all(playlistId, limit, offset) as EntryRow[];
}

export function countEntries(database: Database, playlistId: PlaylistId): number {
  return database
    .prepare('SELECT count(*) FROM main.playlist_entries WHERE playlist_id = ?')
    .pluck()
    .get(playlistId) as number;
}

/** The first of these ids that is no track of the library. */
export function findUnknownTrack(database: Database, trackIds: readonly TrackId[]): TrackId | undefined {
  return database
    .prepare(
      `SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM main.tracks WHERE id = value) LIMIT 1`,
    )
    .pluck()
    .get(JSON.stringify(trackIds)) as TrackId | undefined;
}

/** The first of these ids that is no row of the playlist. */
export function findUnknownEntry(
  database: Database,
  playlistId: PlaylistId,
  entryIds: readonly number[],
): number | undefined {
  return database
    .prepare(
      `SELECT value FROM json_each(?) WHERE NOT EXISTS
       (SELECT 1 FROM main.playlist_entries WHERE id = value AND playlist_id = ?) LIMIT 1`,
    )
    .pluck()
    .get(JSON.stringify(entryIds), playlistId) as number | undefined;
}

/** The rows (from 0) of a track in each list that holds it. */
export function placesOfTrack(
  database: Database,
  trackId: TrackId,
): ReadonlyMap<PlaylistId, readonly number[]> {
  const found = database
    .prepare(
      `SELECT own.playlist_id AS playlistId, (SELECT count(*) FROM main.playlist_entries AS other
         WHERE other.playlist_id = own.playlist_id AND (other.position, other.id) < (own.position, own.id)) AS place
       FROM main.playlist_entries AS own WHERE own.track_id = ? ORDER BY own.playlist_id, place`,
    )
    .all(trackId) as { playlistId: number; place: number }[];
  const places = new Map<PlaylistId, number[]>();
  for (const { playlistId, place } of found) {
    const known = places.get(playlistId);
    if (known === undefined) places.set(playlistId, [place]);
    else known.push(place);
  }
  return places;
}

/** Puts tracks before the row at `at` (at the end when it is past it), in the given order. */
export function insertEntries(
  database: Database,
  playlistId: PlaylistId,
  trackIds: readonly TrackId[],
  at: number,
): void {
  if (trackIds.length === 0) return;
  const { first, step } = makeRoom(database, playlistId, at, trackIds.length);
  // json_each keeps the order in `key`: one statement however many there are.
  database
    .prepare(
      `INSERT INTO main.playlist_entries (playlist_id, track_id, position)
       SELECT ?, value, ? + key * ? FROM json_each(?) ORDER BY key`,
    )
    .run(playlistId, first, step, JSON.stringify(trackIds));
}

/** Those of the tracks that the list does not hold yet, each once, in their order. */
export function withoutHeld(
  database: Database,
  playlistId: PlaylistId,
  trackIds: readonly TrackId[],
): readonly TrackId[] {
  return database
    .prepare(
      `SELECT value FROM json_each(?) WHERE NOT EXISTS (
         SELECT 1 FROM main.playlist_entries WHERE track_id = value AND playlist_id = ?)
       GROUP BY value ORDER BY min(key)`,
    )
    .pluck()
    .all(JSON.stringify(trackIds), playlistId) as TrackId[];
}

/** The rows of these tracks. */
export function entriesOfTracks(
  database: Database,
  playlistId: PlaylistId,
  trackIds: readonly TrackId[],
): readonly number[] {
  return database
    .prepare(
      `SELECT id FROM main.playlist_entries
       WHERE playlist_id = ? AND track_id IN (SELECT value FROM json_each(?))`,
    )
    .pluck()
    .all(playlistId, JSON.stringify(trackIds)) as number[];
}

/** Keeps the first row of each track. */
export function deleteRepeated(database: Database, playlistId: PlaylistId): void {
  database
    .prepare(
      `DELETE FROM main.playlist_entries WHERE id IN (
         SELECT id FROM (
           SELECT id, row_number() OVER (PARTITION BY track_id ORDER BY position, id) AS number
           FROM main.playlist_entries WHERE playlist_id = ?)
         WHERE number > 1)`,
    )
    .run(playlistId);
}

/** Rows of other playlists are left alone. Returns how many went. */
export function deleteEntries(
  database: Database,
  playlistId: PlaylistId,
  entryIds: readonly number[],
): number {
  return database
    .prepare(
      'DELETE FROM main.playlist_entries WHERE playlist_id = ? AND id IN (SELECT value FROM json_each(?))',
    )
    .run(playlistId, JSON.stringify(entryIds)).changes;
}

/** Moves rows, keeping their order among themselves, so that the first of them lands at `at` of the result. */
export function moveEntries(
  database: Database,
  playlistId: PlaylistId,
  entryIds: readonly number[],
  at: number,
): void {
  const inOrder = database
    .prepare(
      `SELECT id FROM main.playlist_entries WHERE playlist_id = ?
       AND id IN (SELECT value FROM json_each(?)) ORDER BY position, id`,
    )
    .pluck()
    .all(playlistId, JSON.stringify(entryIds)) as number[];
  if (inOrder.length === 0) return;
  const ids = JSON.stringify(inOrder);
  // Out of the way first (before the first row), so that `at` counts only the rows that stay.
  database
    .prepare(
      `UPDATE main.playlist_entries SET position = -1e300
       WHERE id IN (SELECT value FROM json_each(?))`,
    )
    .run(ids);
  const { first, step } = makeRoom(database, playlistId, at, inOrder.length);
  database
    .prepare(
      `UPDATE main.playlist_entries SET position = ? + moved.key * ?
       FROM json_each(?) AS moved WHERE playlist_entries.id = moved.value`,
    )
    .run(first, step, ids);
}

/** Puts the rows in the order of `entryIds`, which are all of them. */
export function orderEntries(database: Database, playlistId: PlaylistId, entryIds: readonly number[]): void {
  database
    .prepare(
      `UPDATE main.playlist_entries SET position = ordered.key + 1
       FROM json_each(?) AS ordered
       WHERE playlist_entries.id = ordered.value AND playlist_entries.playlist_id = ?`,
    )
    .run(JSON.stringify(entryIds), playlistId);
}

/** Rows that are being moved wait here, before all others. */
const WAITING = -1e299;

/** The place of the first of `count` new rows before row `at`, and the distance between them. */
function makeRoom(
  database: Database,
  playlistId: PlaylistId,
  at: number,
  count: number,
): { readonly first: number; readonly step: number } {
  const room = findRoom(database, playlistId, at, count);
  if (room.step >= SMALLEST_GAP) return room;
  renumber(database, playlistId);
  return findRoom(database, playlistId, at, count);
}

function findRoom(
  database: Database,
  playlistId: PlaylistId,
  at: number,
  count: number,
): { readonly first: number; readonly step: number } {
  const around = database
    .prepare(
      `SELECT position FROM main.playlist_entries WHERE playlist_id = ? AND position > ${WAITING}
       ORDER BY position, id LIMIT ? OFFSET ?`,
    )
    .pluck()
    .all(playlistId, at === 0 ? 1 : 2, Math.max(0, at - 1)) as number[];
  const before = at === 0 ? undefined : around[0];
  const after = at === 0 ? around[0] : around[1];
  if (before === undefined && after === undefined) return { first: endOf(database, playlistId) + 1, step: 1 };
  if (before === undefined) return { first: after! - count, step: 1 };
  if (after === undefined) return { first: before + 1, step: 1 };
  const step = (after - before) / (count + 1);
  return { first: before + step, step };
}

/** Position of the last row; 0 when there is none. */
function endOf(database: Database, playlistId: PlaylistId): number {
  return database
    .prepare(
      `SELECT coalesce(max(position), 0) FROM main.playlist_entries
       WHERE playlist_id = ? AND position > ${WAITING}`,
    )
    .pluck()
    .get(playlistId) as number;
}

/** Whole numbers again, in the same order. Distances that grow with `count` rows between two still fit a double. */
function renumber(database: Database, playlistId: PlaylistId): void {
  database
    .prepare(
      `UPDATE main.playlist_entries SET position = numbered.number
       FROM (SELECT id, row_number() OVER (ORDER BY position, id) AS number
             FROM main.playlist_entries WHERE playlist_id = ? AND position > ${WAITING}) AS numbered
       WHERE playlist_entries.id = numbered.id`,
    )
    .run(playlistId);
}
