import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFilledLibrary } from '../filled-library.fixture.ts';
import type { FilledLibrary } from '../filled-library.fixture.ts';

let library: FilledLibrary;

beforeEach(() => {
  library = openFilledLibrary();
});
afterEach(() => library.remove());

/** What the table says, and what it has to say. */
function expectInStep(count: number): void {
  const { database } = library.storage;
  const held = database
    .prepare('SELECT track_id, recording_id FROM temp.held_recordings ORDER BY 1')
    .raw()
    .all();
  const truth = database
    .prepare(
      `SELECT tracks.id, recordings.id FROM main.tracks JOIN analysis.recordings
       ON recordings.audio_hash = tracks.audio_hash ORDER BY 1`,
    )
    .raw()
    .all();
  expect(held).toEqual(truth);
  expect(held).toHaveLength(count);
}

test('which recording a track holds is known whatever changes first', () => {
  const { database, write } = library.storage;
  const one = library.add({ path: 'one', genres: { rock: 0.9 } });
  const copy = library.add({ path: 'copy', recording: 'one' });
  const other = library.add({ path: 'other', genres: { rock: 0.8 } });
  library.add({ path: 'unheard', recording: null });
  expectInStep(3);

  // A file that was replaced: other audio, then none that is known, then audio that is heard only later.
  database
    .prepare('UPDATE tracks SET audio_hash = (SELECT audio_hash FROM tracks WHERE id = ?) WHERE id = ?')
    .run(one, other);
  expectInStep(3);
  database.prepare('UPDATE tracks SET audio_hash = NULL WHERE id = ?').run(copy);
  expectInStep(2);
  database.prepare('UPDATE tracks SET audio_hash = zeroblob(32) WHERE id = ?').run(copy);
  expectInStep(2);
  database
    .prepare(
      'INSERT INTO analysis.recordings (audio_hash, duration_seconds, analysed_at) VALUES (zeroblob(32), 1, 0)',
    )
    .run();
  expectInStep(3);

  // Deleted: the recording, the track, and neither where the work is taken back.
  database.prepare('DELETE FROM analysis.recordings WHERE audio_hash = zeroblob(32)').run();
  expectInStep(2);
  expect(() =>
    write(() => {
      database.prepare('DELETE FROM tracks WHERE id = ?').run(other);
      throw new Error('no');
    }),
  ).toThrow();
  expectInStep(2);
  database.prepare('DELETE FROM tracks WHERE id = ?').run(other);
  expectInStep(1);
});
