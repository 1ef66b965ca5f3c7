/** Playlists and their rows. Callers wrap changes in storage.durably: playlists are the user's own work. */
import type { Playlist, PlaylistId, TrackId } from '#shared/domain.ts';
import type { Database } from '../database.ts';

export interface EntryRow {
  readonly entryId: number;
  readonly trackId: TrackId;
}

/** Below this distance two rows have met: doubles hold no reliable middle, so all rows are numbered anew. */
const SMALLEST_GAP = 1e-6;

const playlistColumns = `
  playlists.id, playlists.name, playlists.created_at AS createdAt, playlists.updated_at AS updatedAt,
  (SELECT count(*) FROM playlist_entries WHERE playlist_id = playlists.id) AS trackCount,
  (SELECT coalesce(sum(tracks.duration_seconds), 0) FROM playlist_entries
   JOIN tracks ON tracks.id = playlist_entries.track_id
   WHERE playlist_entries.playlist_id = playlists.id) AS durationSeconds
FROM main.playlists`;

/** All, by name. */
export function readPlaylists(database: Database): readonly Playlist[] {
  return database
    .prepare(`SELECT ${playlistColumns} ORDER BY playlists.name COLLATE NOCASE, playlists.id`)
    .all() as Playlist[];
}

export function readPlaylist(database: Database, playlistId: PlaylistId): Playlist | undefined {
  return database.prepare(`SELECT ${playlistColumns} WHERE playlists.id = ?`).get(playlistId) as
    Playlist | undefined;
}

/** The names that are taken, as they are written. */
export function readPlaylistNames(
  database: Database,
): readonly { readonly id: number; readonly name: string }[] {
  return database.prepare('SELECT id, name FROM main.playlists').all() as { id: number; name: string }[];
}

export function insertPlaylist(database: Database, name: string, now: number): PlaylistId {
  const added = database
    .prepare('INSERT INTO main.playlists (name, created_at, updated_at) VALUES (?, ?, ?)')
    .run(name, now, now);
  return Number(added.lastInsertRowid);
}

export function renamePlaylist(database: Database, playlistId: PlaylistId, name: string, now: number): void {
  database
    .prepare('UPDATE main.playlists SET name = ?, updated_at = ? WHERE id = ?')
    .run(name, now, playlistId);
}

export function touchPlaylist(database: Database, playlistId: PlaylistId, now: number): void {
  database.prepare('UPDATE main.playlists SET updated_at = ? WHERE id = ?').run(now, playlistId);
}

export function deletePlaylist(database: Database, playlistId: PlaylistId): boolean {
  return database.prepare('DELETE FROM main.playlists WHERE id = ?').run(playlistId).changes > 0;
}

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
