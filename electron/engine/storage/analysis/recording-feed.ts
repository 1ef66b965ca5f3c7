/**
 * Which recordings changed, for what the engine keeps in memory of them (genre counts, similarity).
 * Temporary triggers note the hash with every change of a track or a prediction, whoever made it, so
 * nobody has to remember to tell. There is one connection that writes; it is the one that has the triggers.
 */
import type { Database } from '../database.ts';

export interface RecordingFeed {
  /** The hashes (32 bytes) of up to `limit` changed recordings; they are then forgotten. */
  take(limit: number): readonly Uint8Array[];
  isEmpty(): boolean;
}

export function createRecordingFeed(database: Database): RecordingFeed {
  database.exec(`
    CREATE TEMP TABLE IF NOT EXISTS changed_recordings (audio_hash BLOB PRIMARY KEY) WITHOUT ROWID;

    CREATE TEMP TRIGGER IF NOT EXISTS feed_track_added AFTER INSERT ON main.tracks
    WHEN new.audio_hash IS NOT NULL BEGIN
      INSERT OR IGNORE INTO changed_recordings VALUES (new.audio_hash);
    END;
    CREATE TEMP TRIGGER IF NOT EXISTS feed_track_removed AFTER DELETE ON main.tracks
    WHEN old.audio_hash IS NOT NULL BEGIN
      INSERT OR IGNORE INTO changed_recordings VALUES (old.audio_hash);
    END;
    CREATE TEMP TRIGGER IF NOT EXISTS feed_track_changed AFTER UPDATE OF audio_hash, state ON main.tracks
    WHEN old.audio_hash IS NOT new.audio_hash OR old.state <> new.state BEGIN
      INSERT OR IGNORE INTO changed_recordings SELECT old.audio_hash WHERE old.audio_hash IS NOT NULL;
      INSERT OR IGNORE INTO changed_recordings SELECT new.audio_hash WHERE new.audio_hash IS NOT NULL;
    END;

    CREATE TEMP TRIGGER IF NOT EXISTS feed_prediction_added AFTER INSERT ON analysis.predictions BEGIN
      INSERT OR IGNORE INTO changed_recordings
      SELECT audio_hash FROM analysis.recordings WHERE id = new.recording_id;
    END;
    CREATE TEMP TRIGGER IF NOT EXISTS feed_prediction_changed AFTER UPDATE ON analysis.predictions BEGIN
      INSERT OR IGNORE INTO changed_recordings
      SELECT audio_hash FROM analysis.recordings WHERE id = new.recording_id;
    END;
    CREATE TEMP TRIGGER IF NOT EXISTS feed_recording_removed BEFORE DELETE ON analysis.recordings BEGIN
      INSERT OR IGNORE INTO changed_recordings VALUES (old.audio_hash);
    END;
  `);
  const some = database.prepare('SELECT audio_hash FROM temp.changed_recordings LIMIT ?').pluck();
  const forget = database.prepare('DELETE FROM temp.changed_recordings WHERE audio_hash = ?');

  return {
    take: database.transaction((limit: number) => {
      const hashes = some.all(limit) as Uint8Array[];
      for (const hash of hashes) forget.run(hash);
      return hashes;
    }),
    isEmpty: () => some.get(1) === undefined,
  };
}
