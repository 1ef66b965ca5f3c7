/**
 * What an earlier model said of recordings that the current one has not heard yet. Its genres stay findable: its
 * calibrated confidences of the labels that both know are indexed as the current model's until that one has heard the
 * recording (docs/decisions/0007). Its embeddings, moods and timelines are never used: they mean nothing beside others.
 */
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** Recordings of one page: some 15 ms of writing at most. */
const RECORDINGS_A_PAGE = 50;

/** SQL of the model that says most of a recording: the current one, else the newest that heard it; null: none did. */
export function bestModelOf(recordingId: string): string {
  return `(SELECT model_id FROM analysis.predictions WHERE recording_id = ${recordingId}
    ORDER BY model_id = (SELECT id FROM temp.current_model) DESC, model_id DESC LIMIT 1)`;
}

/** The version of the earlier model whose genres are shown of a recording; null: the current one's are, or none. */
export function readEarlierModel(database: Database, audioHash: Uint8Array): string | null {
  const version = prepared(
    database,
    `SELECT models.version FROM analysis.recordings AS recordings
     JOIN analysis.models AS models ON models.id = ${bestModelOf('recordings.id')}
     WHERE recordings.audio_hash = ? AND models.id <> (SELECT id FROM temp.current_model)`,
  )
    .pluck()
    .get(audioHash) as string | undefined;
  return version ?? null;
}

/**
 * Recordings of which only an earlier model said anything, and which are not indexed yet; in pages.
 * @param after the id after which to look; 0 at first
 * @returns their hashes (32 bytes), and where the next page begins; null after the last
 */
export function nextUnindexed(
  database: Database,
  after: number,
): { readonly hashes: readonly Uint8Array[]; readonly next: number | null } {
  const last = prepared(
    database,
    'SELECT max(id) FROM (SELECT id FROM analysis.recordings WHERE id > ? ORDER BY id LIMIT ?)',
  )
    .pluck()
    .get(after, RECORDINGS_A_PAGE) as number | null;
  if (last === null) return { hashes: [], next: null };
  const hashes = prepared(
    database,
    `SELECT recordings.audio_hash FROM analysis.recordings AS recordings CROSS JOIN temp.current_model AS model
     WHERE recordings.id > @after AND recordings.id <= @last
     AND NOT EXISTS (SELECT 1 FROM analysis.predictions
       WHERE recording_id = recordings.id AND model_id = model.id)
     AND NOT EXISTS (SELECT 1 FROM analysis.genre_scores
       WHERE recording_id = recordings.id AND model_id = model.id)
     AND EXISTS (SELECT 1 FROM analysis.predictions WHERE recording_id = recordings.id)`,
  )
    .pluck()
    .all({ after, last }) as Uint8Array[];
  return { hashes, next: last };
}

/** Whether any model but the current one wrote here: else there is nothing to look for. */
export function hasEarlierModels(database: Database): boolean {
  const sql = 'SELECT 1 FROM analysis.models WHERE id NOT IN (SELECT id FROM temp.current_model)';
  return prepared(database, sql).get() !== undefined;
}

/**
 * A vector of another model in the order of the current labels; 0 for labels that it does not know.
 * @param labels what `models.labels` holds: JSON { genres: [ids] }
 */
export function inOrderOf(genres: readonly string[], labels: string, vector: Float32Array): Float32Array {
  const { genres: own = [] } = JSON.parse(labels) as { genres?: readonly string[] };
  const positions = new Map(own.map((id, position) => [id, position]));
  return Float32Array.from(genres, (id) => vector[positions.get(id) ?? -1] ?? 0);
}
