/**
 * The analysis queue: what is still to be analysed, with what the user waits for first. A row goes when its
 * result is stored, so a crash of anything loses nothing. Writing functions are called inside a transaction.
 */
import type { FolderId, TrackId } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import { recordTrackError } from './errors.ts';
import type { TrackFailure } from './errors.ts';

/** Looked at in one go: a few milliseconds. */
const TRACKS_A_PAGE = 250;

/** analyse: decode and run the model. verify: hash the audio, analyse only if the recording is news. */
export type QueueTask = 'analyse' | 'verify';

export interface QueuedTrack {
  readonly trackId: TrackId;
  readonly task: QueueTask;
  /** Was in hand when an analyser died: it is retried with nothing beside it. */
  readonly alone: boolean;
  readonly attempts: number;
  /** Names this request: a file that changes while it is analysed is queued again with a later one. */
  readonly queuedAt: number;
  /** Absolute. */
  readonly path: string;
  readonly folderId: FolderId;
  readonly folderPath: string;
  readonly audioHash: Uint8Array | null;
}

export interface EnqueueOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Higher goes first; default 0. */
  readonly priority?: number;
}

/**
 * Queues tracks whose file is new or changed ('analyse'), or was taken for a moved one ('verify'). A track that
 * is queued already is queued anew: what is being computed for it no longer counts. 'analyse' also makes the
 * tracks pending and forgets why their analysis failed. Tracks that are no more (purged, joined with another) are
 * left out. Call it inside the transaction that stores the tracks.
 */
export function enqueue(
  database: Database,
  trackIds: readonly TrackId[],
  task: QueueTask,
  options: EnqueueOptions,
): void {
  if (trackIds.length === 0) return;
  const ids = JSON.stringify(trackIds);
  prepared(
    database,
    `INSERT INTO main.analysis_queue (track_id, task, priority, queued_at)
       SELECT tracks.id, @task, @priority, @now FROM json_each(@ids) AS wanted
       CROSS JOIN main.tracks AS tracks ON tracks.id = wanted.value WHERE true
       ON CONFLICT (track_id) DO UPDATE SET
         task = CASE WHEN task = 'analyse' THEN task ELSE excluded.task END,
         priority = max(priority, excluded.priority),
         queued_at = max(queued_at + 1, excluded.queued_at),
         alone = 0, attempts = 0`,
  ).run({ task, priority: options.priority ?? 0, now: options.now, ids });
  if (task === 'verify') return;
  setPending(database, ids);
  prepared(
    database,
    `DELETE FROM main.track_errors WHERE stage = 'analysis' AND track_id IN (SELECT value FROM json_each(?))`,
  ).run(ids);
}

function setPending(database: Database, ids: string): void {
  prepared(
    database,
    `UPDATE main.tracks SET analysis = 'pending'
       WHERE analysis <> 'pending' AND id IN (SELECT value FROM json_each(?))`,
  ).run(ids);
}

type RawQueued = Omit<QueuedTrack, 'alone' | 'path'> & {
  readonly alone: number;
  readonly relativePath: string;
};

/**
 * The next tracks to work on whose files are there, best first; those to be retried alone come last.
 * @param without folders to leave out for now.
 */
export function nextInQueue(
  database: Database,
  limit: number,
  without: readonly FolderId[] = [],
): readonly QueuedTrack[] {
  const rows = prepared(
    database,
    `SELECT queue.track_id AS trackId, queue.task, queue.alone, queue.attempts, queue.queued_at AS queuedAt,
       folders.id AS folderId, folders.path AS folderPath, tracks.relative_path AS relativePath, tracks.audio_hash AS audioHash
     FROM main.analysis_queue AS queue
     CROSS JOIN main.tracks AS tracks ON tracks.id = queue.track_id
     CROSS JOIN main.folders AS folders ON folders.id = tracks.folder_id
     WHERE tracks.state = 'present' AND tracks.folder_id NOT IN (SELECT value FROM json_each(?))
     ORDER BY queue.alone, queue.priority DESC, queue.queued_at DESC, queue.track_id DESC
     LIMIT ?`,
  ).all(JSON.stringify(without), limit) as RawQueued[];
  return rows.map(({ relativePath, ...row }) => ({
    ...row,
    alone: row.alone === 1,
    path: joinPath(row.folderPath, relativePath),
  }));
}

function joinPath(folder: string, relative: string): string {
  return folder.endsWith('/') || folder.endsWith('\\') ? `${folder}${relative}` : `${folder}/${relative}`;
}

/** How many tracks wait whose files are there. */
export function countQueued(database: Database, without: readonly FolderId[] = []): number {
  const row = prepared(
    database,
    `SELECT count(*) AS count FROM main.analysis_queue AS queue
       CROSS JOIN main.tracks AS tracks ON tracks.id = queue.track_id
       WHERE tracks.state = 'present' AND tracks.folder_id NOT IN (SELECT value FROM json_each(?))`,
  ).get(JSON.stringify(without)) as { count: number };
  return row.count;
}

/** Takes a track from the queue, unless it was queued anew since. Returns whether it was still that request. */
export function removeFromQueue(database: Database, trackId: TrackId, queuedAt: number): boolean {
  const sql = 'DELETE FROM main.analysis_queue WHERE track_id = ? AND queued_at = ?';
  return prepared(database, sql).run(trackId, queuedAt).changes === 1;
}

/** These tracks were in hand when an analyser died: each is tried once more, by itself. */
export function markAlone(database: Database, trackIds: readonly TrackId[]): void {
  prepared(
    database,
    `UPDATE main.analysis_queue SET alone = 1, attempts = attempts + 1
       WHERE track_id IN (SELECT value FROM json_each(?))`,
  ).run(JSON.stringify(trackIds));
}

/** The analysis of a track failed for good: it leaves the queue and gets a row that says why. */
export function failQueued(
  database: Database,
  track: Pick<QueuedTrack, 'trackId' | 'queuedAt'>,
  failure: Omit<TrackFailure, 'stage'>,
  now: number,
): void {
  if (!removeFromQueue(database, track.trackId, track.queuedAt)) return;
  prepared(database, `UPDATE main.tracks SET analysis = 'failed' WHERE id = ?`).run(track.trackId);
  recordTrackError(database, track.trackId, { ...failure, stage: 'analysis' }, now);
}

/** These first, in front of all that was asked for before. Tracks that are not queued are left alone. */
export function prioritiseQueued(database: Database, trackIds: readonly TrackId[]): void {
  prepared(
    database,
    `UPDATE main.analysis_queue
       SET priority = (SELECT max(priority) FROM main.analysis_queue) + 1
       WHERE track_id IN (SELECT value FROM json_each(?))`,
  ).run(JSON.stringify(trackIds));
}

/**
 * Queues failed tracks again: the named ones, or all. Returns how many. Their errors stay until they succeed. Files that
 * are still empty or whose names no program can open are left out: only the next scan can find them mended.
 */
export function retryFailed(database: Database, trackIds: readonly TrackId[] | null, now: number): number {
  const failed = prepared(
    database,
    `SELECT id FROM main.tracks AS tracks WHERE analysis = 'failed'
       AND NOT EXISTS (SELECT 1 FROM main.track_errors WHERE track_id = tracks.id
         AND stage = 'scan' AND code IN ('file-empty', 'file-name-not-utf8'))
       AND (@ids IS NULL OR id IN (SELECT value FROM json_each(@ids)))`,
  )
    .pluck()
    .all({ ids: trackIds === null ? null : JSON.stringify(trackIds) }) as TrackId[];
  const ids = JSON.stringify(failed);
  prepared(
    database,
    `INSERT OR REPLACE INTO main.analysis_queue (track_id, task, queued_at)
       SELECT value, 'analyse', @now FROM json_each(@ids)`,
  ).run({ now, ids });
  setPending(database, ids);
  return failed.length;
}

/**
 * Queues what ought to be analysed and is not queued: pending tracks that could be listed, and tracks whose
 * recording has no result of the current model and analysis version, or was measured otherwise. For the start of the engine, in pages, so
 * that a large library does not block it.
 * @param after the id after which to look; 0 at first.
 * @returns how many were queued, and where the next page begins; null after the last.
 */
export function queueUnanalysed(
  database: Database,
  wanted: { readonly modelId: number; readonly analysisVersion: number; readonly soundVersion: number },
  now: number,
  after: number,
): { readonly queued: number; readonly next: number | null } {
  const last = prepared(
    database,
    'SELECT max(id) FROM (SELECT id FROM main.tracks WHERE id > ? ORDER BY id LIMIT ?)',
  )
    .pluck()
    .get(after, TRACKS_A_PAGE) as number | null;
  if (last === null) return { queued: 0, next: null };
  const ids = prepared(
    database,
    `SELECT id FROM main.tracks AS tracks
       WHERE id > @after AND id <= @last
       AND NOT EXISTS (SELECT 1 FROM main.analysis_queue WHERE track_id = tracks.id)
       AND (
         (analysis = 'pending' AND NOT EXISTS (
           SELECT 1 FROM main.track_errors WHERE track_id = tracks.id AND stage = 'scan'
         ))
         OR (analysis <> 'failed' AND audio_hash IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM analysis.recordings AS recordings
           JOIN analysis.predictions AS predictions ON predictions.recording_id = recordings.id
           WHERE recordings.audio_hash = tracks.audio_hash
             AND predictions.model_id = @modelId AND analysis_version = @analysisVersion
             AND EXISTS (SELECT 1 FROM analysis.sounds WHERE recording_id = recordings.id AND version = @soundVersion)
         ))
       )`,
  )
    .pluck()
    .all({ ...wanted, after, last }) as TrackId[];
  enqueue(database, ids, 'analyse', { now });
  return { queued: ids.length, next: last };
}
