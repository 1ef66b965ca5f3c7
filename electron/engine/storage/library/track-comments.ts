/** What the tags say as a comment; not part of a track's row in tables. */
import type { TrackId } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** Of those tracks that have one. */
export function readComments(database: Database, trackIds: readonly TrackId[]): ReadonlyMap<TrackId, string> {
  const rows = prepared(
    database,
    `SELECT tracks.id, tracks.comment FROM json_each(?) AS wanted
     CROSS JOIN main.tracks AS tracks ON tracks.id = wanted.value WHERE tracks.comment IS NOT NULL`,
  ).all(JSON.stringify([...new Set(trackIds)])) as { id: number; comment: string }[];
  return new Map(rows.map(({ id, comment }) => [id, comment]));
}
