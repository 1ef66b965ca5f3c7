/** What an import needs to know of all tracks to find those of a file. */
import type { TrackId } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

export interface MatchableRow {
  readonly id: TrackId;
  readonly root: string;
  readonly relativePath: string;
  readonly title: string | null;
  readonly artist: string | null;
  readonly durationSeconds: number | null;
  readonly isPresent: boolean;
}

/** The next tracks in the order of their ids. */
export function pageForMatching(database: Database, after: TrackId, limit: number): readonly MatchableRow[] {
  const rows = prepared(
    database,
    `SELECT tracks.id, folders.path AS root, tracks.relative_path AS relativePath, tracks.title, tracks.artist,
       tracks.duration_seconds AS durationSeconds, tracks.state = 'present' AS isPresent
     FROM main.tracks AS tracks JOIN main.folders AS folders ON folders.id = tracks.folder_id
     WHERE tracks.id > ? ORDER BY tracks.id LIMIT ?`,
  ).all(after, limit) as (Omit<MatchableRow, 'isPresent'> & { readonly isPresent: number })[];
  return rows.map((row) => ({ ...row, isPresent: row.isPresent === 1 }));
}
