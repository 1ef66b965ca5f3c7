import { afterEach, expect, test } from 'vitest';
import type { GenreList } from '#shared/domain.ts';
import { createEdits } from '#engine/edits.ts';
import { createRecordings } from '#engine/similarity/recordings.ts';
import { hashOf, openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary, FilledTrack } from '#engine/storage/filled-library.fixture.ts';
import { compileTrackQuery } from '#engine/storage/library/track-query.ts';
import { createGenreHandlers } from './genres.handlers.ts';

let library: FilledLibrary;
afterEach(() => library.remove());

const tracks: readonly FilledTrack[] = [
  { path: 'a', genres: { electronic: 0.9, 'electronic/house': 0.8 } },
  { path: 'b', genres: { 'electronic/house': 0.45, 'electronic/techno': 0.7, rock: 0.2 } },
  { path: 'c', genres: { 'rock/metal': 0.55, 'rock/punk': 0.35 } },
  { path: 'copy of a', recording: 'a' },
  { path: 'nothing fits', genres: { 'electronic/house': 0.1 } },
  { path: 'not analysed', recording: null },
  { path: 'gone', genres: { rock: 0.9 }, state: 'missing' },
  { path: 'away', genres: { 'rock/metal': 0.9 }, state: 'offline' },
];

function setUp(some = tracks) {
  library = openFilledLibrary(4, some);
  const recordings = createRecordings(library.storage, 4);
  const { storage } = library;
  const edits = createEdits({ storage, publish: () => {}, changed: () => {}, clock: () => 1 });
  const handlers = createGenreHandlers({
    storage,
    recordings: () => recordings,
    edits,
    changed: () => {},
    clock: () => 1,
  });
  const list = async (minimumConfidence?: number) =>
    await handlers['genres.list']({ minimumConfidence }, { signal: new AbortController().signal });
  return { list };
}

function countsOf({ genres }: GenreList): Record<string, number> {
  return Object.fromEntries(genres.map(({ id, count }) => [id, count]));
}

/** What the table shows for a genre: the tree must say the same. */
function countByQuery(genre: string, minimumConfidence?: number): number {
  const { totals } = compileTrackQuery({ genre, minimumConfidence }, []);
  return (library.storage.database.prepare(totals.sql).get(...totals.parameters) as { count: number }).count;
}

test('counts by each label’s own threshold; a family counts a track of two of its styles once', async () => {
  const { list } = setUp();
  const result = await list();
  expect(countsOf(result)).toEqual({
    electronic: 3,
    'electronic/house': 3,
    'electronic/techno': 1,
    rock: 3,
    'rock/metal': 1,
    'rock/punk': 1,
  });
  expect(result).toMatchObject({ unknownCount: 1, analysedCount: 7 });
  expect(result.genres[1]).toEqual({
    id: 'electronic/house',
    name: 'House',
    parent: 'electronic',
    count: 3,
    known: 'well',
    threshold: 0.4,
  });
});

test.each([undefined, 0.1, 0.3, 0.45, 0.55, 0.8, 0.9, 1])(
  'the tree agrees with the table at every confidence: %s',
  async (minimum) => {
    const { list } = setUp();
    const result = await list(minimum);
    for (const { id, count } of result.genres)
      expect({ id, count }).toEqual({ id, count: countByQuery(id, minimum) });
  },
);

test('counts follow new tracks, new predictions, changed audio and purged tracks', async () => {
  const { list } = setUp([{ path: 'a', genres: { rock: 0.9 } }]);
  const { database } = library.storage;
  const counts = async () => {
    const result = await list();
    return [countsOf(result)['rock'], countsOf(result)['electronic'], result.analysedCount];
  };
  expect(await counts()).toEqual([1, 0, 1]);
  const added = library.add({ path: 'b', recording: 'a' });
  expect(await counts()).toEqual([2, 0, 2]);
  library.predict('a', { electronic: 0.9 }, [1]);
  expect(await counts()).toEqual([0, 2, 2]);
  library.predict('x', { rock: 0.9, electronic: 0.9 }, [1]);
  expect(await counts()).toEqual([0, 2, 2]);
  database.prepare('UPDATE tracks SET audio_hash = ? WHERE id = ?').run(hashOf('x'), added);
  expect(await counts()).toEqual([1, 2, 2]);
  database.prepare('DELETE FROM tracks WHERE id = ?').run(added);
  expect(await counts()).toEqual([0, 1, 1]);
  database.exec('DELETE FROM analysis.recordings');
  expect(await counts()).toEqual([0, 0, 0]);
});
