/**
 * Which model's values count now. Temporary tables `current_model (id)`, `current_labels` (genres) and `current_tags`
 * (moods, instruments, voice) let every query join them, so that values of two versions never meet. `held_recordings`
 * says by numbers which recording a track holds: looking up 20,000 hashes takes three times as long.
 */
import type { ModelManifest } from '#engine/analysis/model-manifest.ts';
import type { Database } from '../database.ts';
import { createBestGenres, forgetBestGenres } from './best-genres.ts';

/** Empty until `useModel`: then no genre fits anything. */
export function createCurrentModelTables(database: Database): void {
  database.exec(`
    CREATE TEMP TABLE IF NOT EXISTS current_model (id INTEGER PRIMARY KEY);
    CREATE TEMP TABLE IF NOT EXISTS current_labels (
      id TEXT PRIMARY KEY,        -- of a genre: 'electronic', 'electronic/house'
      name TEXT NOT NULL,
      parent TEXT,                -- id of the family, null for a family
      threshold REAL NOT NULL,    -- confidence from which the genre counts
      known TEXT NOT NULL,
      position INTEGER NOT NULL   -- index in the model's vectors
    ) WITHOUT ROWID;
    CREATE TEMP TABLE IF NOT EXISTS current_tags (
      id TEXT PRIMARY KEY,        -- 'mood/dark', 'instrument/piano', 'voice/female'
      name TEXT NOT NULL,
      threshold REAL NOT NULL,
      position INTEGER NOT NULL
    ) WITHOUT ROWID;
  `);
}

/**
 * Made once when the library is opened, then kept in step by triggers, whoever makes the change. Both sides are read in
 * the order of the hashes: then looking one up after the other stays on a few pages, and no track row is read at all.
 */
export function createHeldRecordings(database: Database): void {
  database.exec(`
    CREATE TEMP TABLE held_recordings (
      track_id INTEGER PRIMARY KEY,
      recording_id INTEGER NOT NULL,
      genre TEXT,                 -- the best that fits, by name: see best-genres.ts
      confidence REAL
    );
    INSERT INTO held_recordings (track_id, recording_id)
      SELECT tracks.id, recordings.id FROM main.tracks AS tracks INDEXED BY tracks_by_hash
      CROSS JOIN analysis.recordings AS recordings ON recordings.audio_hash = tracks.audio_hash
      WHERE tracks.audio_hash IS NOT NULL;
    CREATE INDEX temp.held_by_recording ON held_recordings (recording_id);

    CREATE TEMP TRIGGER held_track_added AFTER INSERT ON main.tracks WHEN new.audio_hash IS NOT NULL BEGIN
      INSERT INTO held_recordings (track_id, recording_id)
      SELECT new.id, id FROM analysis.recordings WHERE audio_hash = new.audio_hash;
    END;
    CREATE TEMP TRIGGER held_track_removed AFTER DELETE ON main.tracks BEGIN
      DELETE FROM held_recordings WHERE track_id = old.id;
    END;
    CREATE TEMP TRIGGER held_track_changed AFTER UPDATE OF audio_hash ON main.tracks
    WHEN old.audio_hash IS NOT new.audio_hash BEGIN
      DELETE FROM held_recordings WHERE track_id = old.id;
      INSERT INTO held_recordings (track_id, recording_id)
      SELECT new.id, id FROM analysis.recordings WHERE audio_hash = new.audio_hash;
    END;
    CREATE TEMP TRIGGER held_recording_added AFTER INSERT ON analysis.recordings BEGIN
      INSERT INTO held_recordings (track_id, recording_id)
      SELECT id, new.id FROM main.tracks WHERE audio_hash = new.audio_hash;
    END;
    CREATE TEMP TRIGGER held_recording_removed AFTER DELETE ON analysis.recordings BEGIN
      DELETE FROM held_recordings WHERE recording_id = old.id;
    END;
  `);
  createBestGenres(database);
}

/** Registers the model and makes it the current one; returns its row id in `analysis.models`. */
export function useModel(database: Database, manifest: ModelManifest): number {
  createCurrentModelTables(database);
  const labels = JSON.stringify({
    genres: manifest.genres.map((label) => label.id),
    tags: manifest.tags.map((label) => label.id),
  });
  return database
    .transaction(() => {
      const id = registerModel(database, manifest.version, labels);
      database.exec('DELETE FROM current_model; DELETE FROM current_labels; DELETE FROM current_tags;');
      database.prepare('INSERT INTO current_model (id) VALUES (?)').run(id);
      const insert = database.prepare(
        'INSERT INTO current_labels (id, name, parent, threshold, known, position) VALUES (?, ?, ?, ?, ?, ?)',
      );
      manifest.genres.forEach((label, position) => {
        insert.run(label.id, label.name, familyOf(label.id), label.threshold, label.known, position);
      });
      const insertTag = database.prepare(
        'INSERT INTO current_tags (id, name, threshold, position) VALUES (?, ?, ?, ?)',
      );
      manifest.tags.forEach((label, position) => {
        insertTag.run(label.id, label.name, label.threshold, position);
      });
      forgetBestGenres(database);
      return id;
    })
    .immediate();
}

/** The id of the family of a style, null for a family itself. */
export function familyOf(genreId: string): string | null {
  const slash = genreId.indexOf('/');
  return slash === -1 ? null : genreId.slice(0, slash);
}

function registerModel(database: Database, version: string, labels: string): number {
  const known = database.prepare('SELECT id, labels FROM analysis.models WHERE version = ?').get(version) as
    { id: number; labels: string } | undefined;
  if (known?.labels === labels) return known.id;
  if (known !== undefined) {
    // The same version with other labels: its vectors can no longer be read. They are derived, so they go.
    database.prepare('DELETE FROM analysis.genre_scores WHERE model_id = ?').run(known.id);
    database.prepare('DELETE FROM analysis.models WHERE id = ?').run(known.id);
  }
  const added = database
    .prepare('INSERT INTO analysis.models (version, labels) VALUES (?, ?)')
    .run(version, labels);
  return Number(added.lastInsertRowid);
}
