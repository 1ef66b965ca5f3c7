import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEdits } from '#engine/edits.ts';
import { createRecordings } from '#engine/similarity/recordings.ts';
import { hashOf, openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { readHistory } from '#engine/storage/library/history.ts';
import { compileTrackQuery } from '#engine/storage/library/track-query.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import { createGenreHandlers } from './genres.handlers.ts';

const context = { signal: new AbortController().signal };
let library: FilledLibrary;
let handlers: ReturnType<typeof createGenreHandlers>;
let house: number;
let copy: number;
let metal: number;
let unheard: number;

beforeEach(() => {
  library = openFilledLibrary();
  const { storage } = library;
  house = library.add({ path: 'house', genres: { electronic: 0.9, 'electronic/house': 0.8 } });
  copy = library.add({ path: 'copy', recording: 'house' });
  metal = library.add({ path: 'metal', genres: { 'rock/metal': 0.9, 'electronic/house': 0.45 } });
  unheard = library.add({ path: 'unheard', recording: null });
  const recordings = createRecordings(storage, 4);
  const edits = createEdits({ storage, publish: () => {}, changed: () => {}, clock: () => 5 });
  handlers = createGenreHandlers({
    storage,
    recordings: () => recordings,
    edits,
    changed: () => {},
    clock: () => 5,
  });
});
afterEach(() => library.remove());

function listOf(genre: string, minimumConfidence?: number): readonly number[] {
  const { ids } = compileTrackQuery({ genre, minimumConfidence }, [
    { field: 'confidence', descending: true },
  ]);
  return library.storage.database
    .prepare(ids.sql)
    .pluck()
    .all(...ids.parameters, -1, 0) as number[];
}
async function countOf(genre: string, minimumConfidence?: number): Promise<number | undefined> {
  const list = await handlers['genres.list']({ minimumConfidence }, context);
  return list.genres.find(({ id }) => id === genre)?.count;
}
const correct = (trackIds: number[], genre: string, value: 'yes' | 'no' | 'clear') =>
  handlers['genres.correct']({ trackIds, genre, value }, context);
const genresOf = (id: number) => readTracks(library.storage.database, [id])[0]?.genres;

/** The tree and the table say the same, at every confidence. */
async function expectList(genre: string, ids: readonly number[]): Promise<void> {
  for (const minimum of [undefined, 0.95]) {
    expect(await countOf(genre, minimum)).toBe(listOf(genre, minimum).length);
  }
  expect([...listOf(genre)].sort()).toEqual([...ids].sort());
}

test('a “yes” counts as certain, for every copy of the recording', async () => {
  expect(correct([metal], 'Punk', 'yes')).toEqual({ changed: 1 });
  await expectList('rock/punk', [metal]);
  expect(genresOf(metal)?.[0]).toEqual({ genre: 'Punk', confidence: 1, corrected: true });
  void correct([house], 'techno', 'yes');
  await expectList('electronic/techno', [house, copy]);
});

test('a “no” takes a genre away; to a family, its styles too, but not those with a “yes”', async () => {
  void correct([house], 'electronic/house', 'no');
  await expectList('electronic/house', [metal]);
  await expectList('electronic', [house, copy, metal]);
  void correct([house, metal], 'Electronic', 'no');
  await expectList('electronic', []);
  await expectList('electronic/house', []);
  void correct([house], 'electronic/techno', 'yes');
  await expectList('electronic', [house, copy]);
  await expectList('electronic/techno', [house, copy]);
});

test('cleared, it is as the model says', async () => {
  const before = genresOf(house);
  void correct([house], 'House', 'no');
  void correct([house], 'Rock', 'yes');
  void correct([house], 'House', 'clear');
  expect(correct([house], 'Rock', 'clear')).toEqual({ changed: 1 });
  expect(correct([house], 'Rock', 'clear')).toEqual({ changed: 0 });
  expect(genresOf(house)?.map(({ genre }) => genre)).toEqual(before?.map(({ genre }) => genre));
  await expectList('rock', [metal]);
});

test('a track that was never heard can have a genre, and keeps it when it is', async () => {
  void correct([unheard], 'House', 'yes');
  await expectList('electronic/house', [house, copy, metal, unheard]);
  await expectList('electronic', [house, copy, metal, unheard]);
  expect(genresOf(unheard)).toEqual([{ genre: 'House', confidence: 1, corrected: true }]);
  const { database } = library.storage;
  database
    .prepare(`UPDATE tracks SET audio_hash = ?, analysis = 'done' WHERE id = ?`)
    .run(hashOf('new'), unheard);
  expect(database.prepare('SELECT count(*) FROM track_genre_corrections').pluck().get()).toBe(0);
  expect(database.prepare('SELECT hex(audio_hash) FROM genre_corrections').pluck().all()).toEqual([
    hashOf('new').toString('hex').toUpperCase(),
  ]);
});

test('history tells who said what', () => {
  void correct([house], 'House', 'no');
  expect(readHistory(library.storage.database, copy)).toContainEqual({
    kind: 'corrected',
    at: 5,
    genre: 'House',
    value: 'no',
  });
});

test('what goes together: also by the user’s word on a track that was never heard', async () => {
  void correct([unheard], 'House', 'yes');
  void correct([unheard], 'Rock', 'yes');
  const { trackCount, companions } = await handlers['genres.cooccurrence']({ genre: 'electronic' }, context);
  expect(trackCount).toBe(4);
  expect(companions.find(({ id }) => id === 'rock')).toMatchObject({ count: 2, share: 0.5 });
});

test('what goes together: counted once a track, without its own family', async () => {
  library.add({ path: 'both', genres: { 'electronic/house': 0.9, rock: 0.9, 'rock/metal': 0.9 } });
  expect(await handlers['genres.cooccurrence']({ genre: 'electronic' }, context)).toEqual({
    genre: 'electronic',
    trackCount: 4,
    companions: [
      { id: 'rock/metal', name: 'Metal', count: 2, share: 0.5 },
      { id: 'rock', name: 'Rock', count: 2, share: 0.5 },
    ],
  });
  expect(
    await handlers['genres.cooccurrence']({ genre: 'House', minimumConfidence: 0.85 }, context),
  ).toMatchObject({
    trackCount: 1,
  });
  await expect(handlers['genres.cooccurrence']({ genre: 'Polka' }, context)).rejects.toThrow(
    /no genre “Polka”/,
  );
});

test('what is not there is refused and changes nothing', () => {
  expect(() => correct([house], 'Polka', 'yes')).toThrow(/no genre/);
  expect(() => correct([house, 999], 'House', 'no')).toThrow(/no track 999/);
  expect(genresOf(house)?.map(({ genre }) => genre)).toContain('House');
});
