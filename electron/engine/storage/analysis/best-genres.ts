/**
 * The best genre of each track, ready to order by: asking the scores of 100,000 tracks takes ten times as long. Columns
 * `genre` (a name) and `confidence` of `held_recordings`, with the user's corrections, as the index of scores has them.
 *
 * Triggers note which recordings' scores changed, whoever changed them; the columns are brought up to date before they
 * are read, and behind after the start, when all of them are to be found out.
 */
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** Looked at in one go: some milliseconds. */
const RECORDINGS_A_PAGE = 200;

/** Needs `held_recordings` (see current-model.ts), whose rows are all taken for changed. */
export function createBestGenres(database: Database): void {
  database.exec(`
    CREATE TEMP TABLE changed_genres (recording_id INTEGER PRIMARY KEY);
    CREATE TEMP TRIGGER best_of_new_track AFTER INSERT ON held_recordings BEGIN
      INSERT OR IGNORE INTO changed_genres VALUES (new.recording_id);
    END;
    CREATE TEMP TRIGGER best_of_new_score AFTER INSERT ON analysis.genre_scores BEGIN
      INSERT OR IGNORE INTO changed_genres VALUES (new.recording_id);
    END;
    CREATE TEMP TRIGGER best_without_score AFTER DELETE ON analysis.genre_scores BEGIN
      INSERT OR IGNORE INTO changed_genres VALUES (old.recording_id);
    END;
    CREATE TEMP TRIGGER best_of_changed_score AFTER UPDATE ON analysis.genre_scores BEGIN
      INSERT OR IGNORE INTO changed_genres VALUES (old.recording_id), (new.recording_id);
    END;
  `);
  forgetBestGenres(database);
}

/** Other labels or thresholds count from now on. */
export function forgetBestGenres(database: Database): void {
  database.exec(
    'INSERT OR IGNORE INTO temp.changed_genres SELECT recording_id FROM temp.held_recordings ORDER BY recording_id',
  );
}

/** Of the recordings in a JSON array. The model is a value, no table to join: so the index gives the best score first. */
export const findBestGenresSql = `
  UPDATE temp.held_recordings SET (genre, confidence) = (
    SELECT labels.name, scores.confidence FROM analysis.genre_scores AS scores
    CROSS JOIN temp.current_labels AS labels
      ON labels.id = scores.genre AND scores.confidence >= labels.threshold
    WHERE scores.recording_id = held_recordings.recording_id
      AND scores.model_id = (SELECT id FROM temp.current_model)
    ORDER BY scores.confidence DESC, scores.genre LIMIT 1)
  WHERE recording_id IN (SELECT value FROM json_each(?))`;

/** Brings the next few up to date. Returns whether there may be more. */
export function freshenSomeBestGenres(database: Database): boolean {
  const ids = prepared(database, 'SELECT recording_id FROM temp.changed_genres LIMIT ?')
    .pluck()
    .all(RECORDINGS_A_PAGE) as number[];
  if (ids.length === 0) return false;
  const wanted = JSON.stringify(ids);
  prepared(database, findBestGenresSql).run(wanted);
  prepared(
    database,
    'DELETE FROM temp.changed_genres WHERE recording_id IN (SELECT value FROM json_each(?))',
  ).run(wanted);
  return ids.length === RECORDINGS_A_PAGE;
}

/** Brings all of them up to date: before a query that orders by them. */
export function freshenBestGenres(database: Database): void {
  while (freshenSomeBestGenres(database));
}
