/** Moods, instruments and voices of recordings, to search for. */
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import { readCurrentTags } from './scores.ts';

/**
 * Replaces what is found of a recording by the current model. Call it inside a transaction.
 * @param confidences of the model's tags, in its order; empty of a model that knows none
 */
export function writeHeardTags(
  database: Database,
  { recordingId, modelId }: { readonly recordingId: number; readonly modelId: number },
  confidences: Float32Array,
): void {
  const tags = readCurrentTags(database);
  prepared(
    database,
    `DELETE FROM analysis.heard_tags
     WHERE model_id = ? AND recording_id = ? AND tag IN (SELECT id FROM temp.current_tags)`,
  ).run(modelId, recordingId);
  const insert = prepared(
    database,
    'INSERT INTO analysis.heard_tags (model_id, tag, recording_id) VALUES (?, ?, ?)',
  );
  for (const { id, threshold, position } of tags) {
    if ((confidences[position] ?? 0) >= threshold) insert.run(modelId, id, recordingId);
  }
}
