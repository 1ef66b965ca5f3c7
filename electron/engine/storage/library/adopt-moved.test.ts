import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { answerTrack } from '../analysis/predictions.ts';
import { hashOf, openFilledLibrary } from '../filled-library.fixture.ts';
import type { FilledLibrary } from '../filled-library.fixture.ts';
import { insertEntries, readEntries } from './playlist-entries.ts';
import { insertNode } from './playlists.ts';
import { enqueue, nextInQueue } from './queue.ts';
import { readTracks } from './track-rows.ts';
import { emptyTags, moveTrack, setRating, updateFile } from './tracks.ts';

let library: FilledLibrary;
/** A track whose file went, and that was given another file of the same size, time and name. */
let id: number;
let playlist: number;

beforeEach(() => {
  library = openFilledLibrary();
  const { database } = library.storage;
  id = library.add({ path: 'one/kick.wav', title: 'Kick' });
  setRating(database, [id], 5);
  playlist = insertNode(
    database,
    { name: 'Friday', kind: 'playlist', parentId: null, position: 0, rules: null },
    1,
  );
  insertEntries(database, playlist, [id], 1000);
  moveTrack(database, id, 1, 'two/kick.wav', null);
});
afterEach(() => library.remove());

/** The analysis has found out which audio a track's file holds. */
function hear(trackId: number, recording: string): void {
  const { storage } = library;
  enqueue(storage.database, [trackId], 'verify', { now: 1 });
  const [request] = nextInQueue(storage.database, 1);
  storage.write(() => answerTrack(storage.database, request!, hashOf(recording), 7));
}

const tracks = (...ids: number[]) => readTracks(library.storage.database, ids);
const audioOf = (trackId: number) =>
  library.storage.database.prepare('SELECT audio_hash FROM tracks WHERE id = ?').pluck().get(trackId);

it('gives a file of other audio a row of its own, and the track keeps what it had', () => {
  hear(id, 'another kick');
  expect(tracks(id, id + 1)).toMatchObject([
    { id, state: 'missing', rating: 5, title: 'Kick', analysis: 'done' },
    { id: id + 1, state: 'present', rating: 0, path: join('/music', 'two/kick.wav'), analysis: 'done' },
  ]);
  expect(audioOf(id)).toEqual(hashOf('one/kick.wav'));
  expect(audioOf(id + 1)).toEqual(hashOf('another kick'));
  const entries = readEntries(library.storage.database, playlist, 0, 9);
  expect(entries.map((entry) => entry.trackId)).toEqual([id]);
  // The track finds its own file when that comes back, under whatever name.
  const back = library.add({ path: 'somewhere.wav', recording: null });
  hear(back, 'one/kick.wav');
  expect(tracks(id, back)).toMatchObject([
    { id, state: 'present', path: join('/music', 'somewhere.wav'), rating: 5 },
  ]);
});

it('leaves what was moved truly as it is', () => {
  hear(id, 'one/kick.wav');
  expect(tracks(id)).toMatchObject([{ state: 'present', path: join('/music', 'two/kick.wav'), rating: 5 }]);
  expect(tracks(id + 1)).toEqual([]);
});

it('tells nothing from the audio of a file that was changed since', () => {
  const tags = { ...emptyTags, title: 'Remastered' };
  updateFile(library.storage.database, id, { sizeBytes: 77, modifiedAt: 77, inode: null }, tags, 1);
  hear(id, 'the remaster');
  expect(tracks(id)).toMatchObject([{ state: 'present', rating: 5, title: 'Remastered' }]);
  expect(audioOf(id)).toEqual(hashOf('the remaster'));
});
