/**
 * The hash of the audio tells who a file is where the scan could not: one that was renamed and retagged at once looks
 * new to it, and one that it took for a moved file (same size, time and name) may be another.
 */
import { posix } from 'node:path';
import type { TrackId } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

interface Candidate {
  readonly id: number;
  readonly relativePath: string;
  readonly rating: number;
}

/**
 * Call it inside a transaction when the audio of a track becomes known, before the hash is stored. If the track was
 * never identified before and a missing track has the same audio, the file is given to that track, which keeps its id,
 * playlists and rating; the new row goes. Returns the id under which the result is to be stored.
 */
export function adoptMoved(database: Database, newTrackId: TrackId, audioHash: Uint8Array): TrackId {
  const added = prepared(
    database,
    `SELECT id, relative_path AS relativePath, rating FROM main.tracks
     WHERE id = ? AND state = 'present' AND audio_hash IS NULL`,
  ).get(newTrackId) as Candidate | undefined;
  if (added === undefined) return newTrackId;
  const gone = prepared(
    database,
    `SELECT id, relative_path AS relativePath, rating FROM main.tracks
     WHERE audio_hash = ? AND state = 'missing' AND id <> ? ORDER BY missing_since DESC, id`,
  ).all(audioHash, newTrackId) as Candidate[];
  const name = posix.basename(added.relativePath);
  const old = gone.find((track) => posix.basename(track.relativePath) === name) ?? gone[0];
  if (old === undefined) return newTrackId;
  giveFile(database, added, old);
  return old.id;
}

/**
 * Call it inside a transaction when the audio of a track becomes known, before the hash is stored. If the track was
 * taken for a moved one, and the file holds other audio, the file gets a row of its own; the track is missing again and
 * keeps its rating, playlists and what is known of its audio. Returns the id under which the result is to be stored.
 */
export function releaseMistaken(
  database: Database,
  trackId: TrackId,
  audioHash: Uint8Array,
  now: number,
): TrackId {
  const path = prepared(
    database,
    `SELECT relative_path FROM main.tracks
     WHERE id = ? AND hash_verified = 0 AND audio_hash IS NOT NULL AND audio_hash <> ?`,
  )
    .pluck()
    .get(trackId, audioHash) as string | undefined;
  if (path === undefined) return trackId;
  const file = readFile(database, trackId);
  prepared(
    database,
    `UPDATE main.tracks SET relative_path = ?, inode = NULL, state = 'missing', missing_since = ?, analysis = 'done',
       hash_verified = 1 WHERE id = ?`,
  ).run(`${path} (replaced, ${trackId})`, now, trackId);
  const columns = fileColumns.join(', ');
  const values = fileColumns.map((column) => `@${column}`).join(', ');
  const insert = prepared(
    database,
    `INSERT INTO main.tracks (${columns}, added_at) VALUES (${values}, @now)`,
  );
  const added = Number(insert.run({ ...file, now }).lastInsertRowid);
  prepared(database, 'UPDATE main.track_errors SET track_id = ? WHERE track_id = ?').run(added, trackId);
  return added;
}

/** What of a row describes its file; the rest of the row is the user's. */
const fileColumns = [
  'folder_id',
  'relative_path',
  'size_bytes',
  'modified_at',
  'inode',
  'tags_read',
  'title',
  'artist',
  'album',
  'album_artist',
  'comment',
  'year',
  'track_number',
  'disc_number',
  'genre_tags',
  'mood_tags',
  'grouping_tags',
  'duration_seconds',
  'container',
  'codec',
  'bitrate_kbps',
  'sample_rate_hz',
  'channels',
  'has_cover',
  'track_gain_db',
  'track_peak',
  'album_gain_db',
  'album_peak',
] as const;

function readFile(database: Database, id: TrackId): Record<(typeof fileColumns)[number], unknown> {
  return prepared(database, `SELECT ${fileColumns.join(', ')} FROM main.tracks WHERE id = ?`).get(
    id,
  ) as Record<(typeof fileColumns)[number], unknown>;
}

function giveFile(database: Database, added: Candidate, old: Candidate): void {
  const file = readFile(database, added.id);
  // What the user did with the new row meanwhile is kept too.
  prepared(database, 'UPDATE main.playlist_entries SET track_id = ? WHERE track_id = ?').run(
    old.id,
    added.id,
  );
  prepared(
    database,
    `INSERT INTO main.genre_corrections (audio_hash, genre, fits, at)
     SELECT tracks.audio_hash, words.genre, words.fits, words.at
     FROM main.track_genre_corrections AS words JOIN main.tracks AS tracks ON tracks.id = @old
     WHERE words.track_id = @added
     ON CONFLICT (audio_hash, genre) DO UPDATE SET fits = excluded.fits, at = excluded.at`,
  ).run({ old: old.id, added: added.id });
  prepared(
    database,
    `INSERT INTO main.sound_words (audio_hash, bpm, locked, beat_seconds, bar_seconds, key, energy, at)
     SELECT tracks.audio_hash, words.bpm, words.locked, words.beat_seconds, words.bar_seconds, words.key, words.energy,
       words.at
     FROM main.track_sound_words AS words JOIN main.tracks AS tracks ON tracks.id = @old
     WHERE words.track_id = @added AND tracks.audio_hash IS NOT NULL
     ON CONFLICT (audio_hash) DO UPDATE SET bpm = coalesce(excluded.bpm, bpm), locked = max(excluded.locked, locked),
       beat_seconds = coalesce(excluded.beat_seconds, beat_seconds),
       bar_seconds = coalesce(excluded.bar_seconds, bar_seconds), key = coalesce(excluded.key, key),
       energy = coalesce(excluded.energy, energy), at = excluded.at`,
  ).run({ old: old.id, added: added.id });
  // Where an import told of both, the old row keeps what it has.
  prepared(database, 'UPDATE OR IGNORE main.track_marks SET track_id = ? WHERE track_id = ?').run(
    old.id,
    added.id,
  );
  // What was written into the file since it came under its new name can still be taken back.
  prepared(database, 'UPDATE main.tag_writes SET track_id = ? WHERE track_id = ?').run(old.id, added.id);
  prepared(database, 'DELETE FROM main.track_errors WHERE track_id = ?').run(old.id);
  prepared(database, 'DELETE FROM main.analysis_queue WHERE track_id = ?').run(old.id);
  prepared(database, 'DELETE FROM main.tracks WHERE id = ?').run(added.id);
  const values = fileColumns.map((column) => `${column} = @${column}`).join(', ');
  prepared(
    database,
    `UPDATE main.tracks SET ${values}, rating = @rating, state = 'present', missing_since = NULL, hash_verified = 1 WHERE id = @id`,
  ).run({ ...file, id: old.id, rating: old.rating > 0 ? old.rating : added.rating });
}
