/**
 * Tempo, key, energy and loudness of each track, ready to search and order by, with the user's own word in the place of
 * what was measured: `temp.track_sounds`. Asking recordings, measurements and words of 100,000 tracks takes ten times as
 * long.
 *
 * Triggers note which tracks changed, whoever changed them; the rows are brought up to date before they are read, and
 * behind after the start, when all of them are to be found out (as in best-genres.ts).
 */
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** Looked at in one go: some milliseconds. */
const TRACKS_A_PAGE = 250;

const events = ['INSERT', 'UPDATE', 'DELETE'] as const;
type Event = (typeof events)[number];

/** Needs `held_recordings` (current-model.ts), whose tracks are all taken for changed. */
export function createTrackSounds(database: Database): void {
  // Not OR IGNORE: in a trigger, the word of the statement that fired it would count instead.
  const note = (event: Event, table: string, tracks: (row: 'old' | 'new') => string): string => `
    CREATE TEMP TRIGGER sound_of_${table.replace(/\W/g, '_')}_${event.toLowerCase()} AFTER ${event} ON ${table} BEGIN
      INSERT INTO changed_sounds ${tracks(event === 'DELETE' ? 'old' : 'new')} ON CONFLICT DO NOTHING;
    END;`;
  const ofRecording = (row: string): string =>
    `SELECT track_id FROM held_recordings WHERE recording_id = ${row}.recording_id`;
  const ofTrack = (row: string): string => `VALUES (${row}.track_id)`;
  const ofAudio = (row: string): string =>
    `SELECT id FROM main.tracks WHERE audio_hash IS NOT NULL AND audio_hash = ${row}.audio_hash`;
  database.exec(`
    CREATE TEMP TABLE track_sounds (
      track_id INTEGER PRIMARY KEY,
      bpm REAL,
      key_place INTEGER,          -- on the circle: 0 is 1A, 1 is 1B, 2 is 2A …
      energy REAL,
      lufs REAL
    );
    CREATE INDEX temp.track_sounds_by_bpm ON track_sounds (bpm);
    CREATE INDEX temp.track_sounds_by_key ON track_sounds (key_place);
    CREATE INDEX temp.track_sounds_by_energy ON track_sounds (energy);
    CREATE TEMP TABLE changed_sounds (track_id INTEGER PRIMARY KEY);
    INSERT INTO changed_sounds SELECT track_id FROM held_recordings;
    INSERT OR IGNORE INTO changed_sounds SELECT track_id FROM main.track_sound_words;
    ${events
      .flatMap((event) => [
        note(event, 'temp.held_recordings', ofTrack),
        note(event, 'analysis.sounds', ofRecording),
        note(event, 'main.sound_words', ofAudio),
        note(event, 'main.track_sound_words', ofTrack),
      ])
      .join('')}
  `);
}

const keyPlace = (key: string): string => `CAST(${key} AS INTEGER) * 2 - 2 + (${key} GLOB '*B')`;

/** Of the tracks in a JSON array. */
export const findTrackSoundsSql = `
  INSERT INTO temp.track_sounds (track_id, bpm, key_place, energy, lufs)
  SELECT wanted.value, coalesce(words.bpm, own.bpm, sounds.bpm),
    ${keyPlace('coalesce(words.key, own.key, sounds.key)')},
    coalesce(words.energy, own.energy, sounds.energy), sounds.lufs
  FROM json_each(?) AS wanted
  CROSS JOIN main.tracks AS tracks ON tracks.id = wanted.value
  LEFT JOIN temp.held_recordings AS held ON held.track_id = tracks.id
  LEFT JOIN analysis.sounds AS sounds ON sounds.recording_id = held.recording_id
  LEFT JOIN main.sound_words AS words ON words.audio_hash = tracks.audio_hash
  LEFT JOIN main.track_sound_words AS own ON own.track_id = tracks.id
  WHERE sounds.recording_id IS NOT NULL OR words.audio_hash IS NOT NULL OR own.track_id IS NOT NULL`;

/** Brings the next few up to date. Returns whether there may be more. */
export function freshenSomeTrackSounds(database: Database): boolean {
  const ids = prepared(database, 'SELECT track_id FROM temp.changed_sounds LIMIT ?')
    .pluck()
    .all(TRACKS_A_PAGE) as number[];
  if (ids.length === 0) return false;
  const wanted = JSON.stringify(ids);
  for (const table of ['track_sounds', 'changed_sounds']) {
    prepared(database, `DELETE FROM temp.${table} WHERE track_id IN (SELECT value FROM json_each(?))`).run(
      wanted,
    );
  }
  prepared(database, findTrackSoundsSql).run(wanted);
  return ids.length === TRACKS_A_PAGE;
}

/** Brings all of them up to date: before a query that reads them. */
export function freshenTrackSounds(database: Database): void {
  while (freshenSomeTrackSounds(database));
}

/** Whether a statement reads them. */
export function readsTrackSounds(statement: string): boolean {
  return statement.includes('temp.track_sounds');
}
