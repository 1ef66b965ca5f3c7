/** What sets are built by of every track, for the engine to keep in memory; and which tracks changed since. */
import { freshenSomeTrackSounds } from '../analysis/track-sounds.ts';
import type { Database } from '../database.ts';

export interface SetTrackRow {
  readonly id: number;
  readonly artist: string | null;
  readonly seconds: number | null;
  /** 1: its file is there. */
  readonly present: 0 | 1;
  readonly bpm: number | null;
  /** On the circle, from 0: 1A, 1B, 2A … */
  readonly keyPlace: number | null;
  readonly energy: number | null;
}

export interface SetTrackReader {
  /** The highest id there is; 0 for none. */
  lastId(): number;
  /** The next ones by id. */
  after(id: number, limit: number): readonly SetTrackRow[];
  /** Undefined when the track is gone. */
  ofId(id: number): SetTrackRow | undefined;
  /** Up to `limit` tracks that changed since the reader was made; they are then forgotten. */
  takeChanged(limit: number): readonly number[];
  /** Brings some measured values up to date. Returns whether there may be more. */
  freshen(): boolean;
  isUpToDate(): boolean;
}

const columns = `
  SELECT tracks.id, tracks.artist, tracks.duration_seconds AS seconds, tracks.state = 'present' AS present,
    sounds.bpm, sounds.key_place AS keyPlace, sounds.energy
  FROM main.tracks AS tracks LEFT JOIN temp.track_sounds AS sounds ON sounds.track_id = tracks.id`;

/** Temporary triggers note every change, whoever made it (as in recording-feed.ts). */
export function createSetTrackReader(database: Database): SetTrackReader {
  const note = (name: string, when: string, row: string): string => `
    CREATE TEMP TRIGGER IF NOT EXISTS set_${name} AFTER ${when} BEGIN
      INSERT INTO changed_set_tracks VALUES (${row}) ON CONFLICT DO NOTHING;
    END;`;
  database.exec(`
    CREATE TEMP TABLE IF NOT EXISTS changed_set_tracks (track_id INTEGER PRIMARY KEY);
    ${note('track_added', 'INSERT ON main.tracks', 'new.id')}
    ${note('track_removed', 'DELETE ON main.tracks', 'old.id')}
    ${note('track_changed', 'UPDATE OF state, artist, duration_seconds ON main.tracks', 'new.id')}
    ${note('sound_added', 'INSERT ON temp.track_sounds', 'new.track_id')}
    ${note('sound_changed', 'UPDATE ON temp.track_sounds', 'new.track_id')}
    ${note('sound_removed', 'DELETE ON temp.track_sounds', 'old.track_id')}
  `);
  const lastId = database.prepare('SELECT max(id) FROM main.tracks').pluck();
  const after = database.prepare(`${columns} WHERE tracks.id > ? ORDER BY tracks.id LIMIT ?`);
  const ofId = database.prepare(`${columns} WHERE tracks.id = ?`);
  const changed = database.prepare('SELECT track_id FROM temp.changed_set_tracks LIMIT ?').pluck();
  const forget = database.prepare('DELETE FROM temp.changed_set_tracks WHERE track_id = ?');
  const unmeasured = database.prepare('SELECT 1 FROM temp.changed_sounds LIMIT 1').pluck();

  return {
    lastId: () => (lastId.get() as number | null) ?? 0,
    after: (id, limit) => after.all(id, limit) as SetTrackRow[],
    ofId: (id) => ofId.get(id) as SetTrackRow | undefined,
    takeChanged: database.transaction((limit: number) => {
      const ids = changed.all(limit) as number[];
      for (const id of ids) forget.run(id);
      return ids;
    }),
    freshen: () => freshenSomeTrackSounds(database),
    isUpToDate: () => changed.get(1) === undefined && unmeasured.get() === undefined,
  };
}
