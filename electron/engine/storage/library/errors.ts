/** The track_errors table: a failed file is a row, not a log line. */
import type { ErrorCode } from '#shared/errors.ts';
import type { ErrorCount, TrackId } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** Which step failed; a later step that succeeds says nothing about an earlier one. */
export type ErrorStage = 'scan' | 'tags' | 'analysis';

export interface TrackFailure {
  readonly stage: ErrorStage;
  readonly code: ErrorCode;
  /** A sentence: what happened, to which file, what to do. */
  readonly detail: string;
}

/** Records a failure; the same one again counts another attempt. Call it inside a transaction. */
export function recordTrackError(
  database: Database,
  trackId: TrackId,
  failure: TrackFailure,
  now: number,
): void {
  prepared(
    database,
    `INSERT INTO main.track_errors (track_id, stage, code, detail, at) VALUES (@trackId, @stage, @code, @detail, @now)
       ON CONFLICT (track_id) DO UPDATE SET
         attempts = CASE WHEN stage = excluded.stage AND code = excluded.code THEN attempts + 1 ELSE 1 END,
         stage = excluded.stage, code = excluded.code, detail = excluded.detail, at = excluded.at`,
  ).run({ trackId, stage: failure.stage, code: failure.code, detail: failure.detail, now });
}

/** Forgets the failure of a track, or only one of the named stages. Call it inside a transaction. */
export function clearTrackError(
  database: Database,
  trackId: TrackId,
  stages: readonly ErrorStage[] = ['scan', 'tags', 'analysis'],
): void {
  prepared(
    database,
    `DELETE FROM main.track_errors WHERE track_id = ? AND stage IN (SELECT value FROM json_each(?))`,
  ).run(trackId, JSON.stringify(stages));
}

/** How many files of a folder could not be listed properly (their analysis is another matter). */
export function countScanErrors(database: Database, folderId: number): number {
  const row = prepared(
    database,
    `SELECT count(*) AS count FROM main.track_errors AS errors CROSS JOIN main.tracks AS tracks ON tracks.id = errors.track_id
       WHERE tracks.folder_id = ? AND tracks.state = 'present' AND errors.stage IN ('scan', 'tags')`,
  ).get(folderId) as { count: number };
  return row.count;
}

/** Failed files by the reason, most common first. */
export function countErrors(database: Database): readonly ErrorCount[] {
  return prepared(
    database,
    'SELECT code, count(*) AS count FROM main.track_errors GROUP BY code ORDER BY count DESC, code',
  ).all() as ErrorCount[];
}
