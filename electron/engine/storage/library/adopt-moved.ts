/** A file that was renamed and retagged at once looks new to the scan; the hash of its audio tells who it is. */
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
  'duration_seconds',
  'container',
  'codec',
  'bitrate_kbps',
  'sample_rate_hz',
  'channels',
  'has_cover',
] as const;

function giveFile(database: Database, added: Candidate, old: Candidate): void {
  const file = prepared(database, `SELECT ${fileColumns.join(', ')} FROM main.tracks WHERE id = ?`).get(
    added.id,
  ) as Record<(typeof fileColumns)[number], unknown>;
  // What the user did with the new row meanwhile is kept too.
  prepared(database, 'UPDATE main.playlist_entries SET track_id = ? WHERE track_id = ?').run(
    old.id,
    added.id,
  );
  prepared(database, 'DELETE FROM main.track_errors WHERE track_id = ?').run(old.id);
  prepared(database, 'DELETE FROM main.analysis_queue WHERE track_id = ?').run(old.id);
  prepared(database, 'DELETE FROM main.tracks WHERE id = ?').run(added.id);
  const values = fileColumns.map((column) => `${column} = @${column}`).join(', ');
  prepared(
    database,
    `UPDATE main.tracks SET ${values}, rating = @rating, state = 'present', missing_since = NULL, hash_verified = 1 WHERE id = @id`,
  ).run({ ...file, id: old.id, rating: old.rating > 0 ? old.rating : added.rating });
}
