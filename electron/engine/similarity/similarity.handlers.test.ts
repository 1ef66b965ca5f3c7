import { afterEach, expect, test } from 'vitest';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary, FilledTrack } from '#engine/storage/filled-library.fixture.ts';
import { createRecordings } from './recordings.ts';
import { createSimilarityHandlers } from './similarity.handlers.ts';

let library: FilledLibrary;
afterEach(() => library.remove());

function setUp(tracks: readonly FilledTrack[], size = 4) {
  library = openFilledLibrary(size);
  const ids = new Map(tracks.map((track) => [track.path, library.add(track)]));
  const recordings = createRecordings(library.storage, size);
  const handlers = createSimilarityHandlers({
    storage: library.storage,
    recordings: () => recordings,
    embeddingSize: size,
  });
  const find = async (path: string, limit = 10, signal = new AbortController().signal) =>
    await handlers['similar.find']({ trackId: ids.get(path) ?? 999, limit }, { signal });
  return { ids, find };
}

const pathsOf = (found: readonly { track: { path: string } }[]) => found.map(({ track }) => track.path);

test('ranks by the cosine, without the seed, and says why', async () => {
  const { find } = setUp([
    { path: 'seed', embedding: [1, 0], genres: { 'electronic/house': 0.9 } },
    { path: 'far', embedding: [0, 1] },
    { path: 'near', embedding: [2, 1], genres: { 'electronic/house': 0.8 } },
    { path: 'opposite', embedding: [-1, 0] },
  ]);
  const found = await find('seed');
  expect(pathsOf(found)).toEqual(['/music/near', '/music/far', '/music/opposite']);
  expect(found[0]!.score).toBeCloseTo(2 / Math.hypot(2, 1), 6);
  expect(found[2]!.score).toBeCloseTo(-1, 6);
  expect(found[0]!.reason).toBe('Very close in sound; both are House.');
  expect(pathsOf(await find('seed', 1))).toEqual(['/music/near']);
});

test('copies of one recording are one row; copies of the seed are none; the file that is there stands for them', async () => {
  const { find, ids } = setUp([
    { path: 'seed', embedding: [1, 0] },
    { path: 'seed again', recording: 'seed' },
    { path: 'away', recording: 'x', embedding: [1, 1], state: 'offline' },
    { path: 'here', recording: 'x' },
    { path: 'gone copy', recording: 'x', state: 'missing' },
    { path: 'gone', embedding: [1, 0.1], state: 'missing' },
  ]);
  const found = await find('seed');
  expect(pathsOf(found)).toEqual(['/music/here']);
  expect(found[0]!.duplicates).toEqual([ids.get('away')]);
});

test('a track that is not there, or not analysed, is refused with a sentence', async () => {
  const { find } = setUp([
    { path: 'waiting', recording: null },
    { path: 'hashed', recording: 'no prediction' },
  ]);
  await expect(find('nowhere')).rejects.toMatchObject({ code: 'not-found' });
  for (const path of ['waiting', 'hashed']) {
    const refused = find(path);
    await expect(refused).rejects.toMatchObject({ code: 'conflict' });
    await expect(refused).rejects.toThrow(`“/music/${path}” has not been analysed yet`);
  }
});

test('follows what arrives, changes and goes while it runs', async () => {
  const { find } = setUp([{ path: 'seed', embedding: [1, 0] }]);
  expect(await find('seed')).toEqual([]);
  const id = library.add({ path: 'new', embedding: [1, 0.2] });
  expect(pathsOf(await find('seed'))).toEqual(['/music/new']);
  library.predict('new', {}, [-1, 0]);
  expect((await find('seed'))[0]!.score).toBeCloseTo(-1, 6);
  library.storage.database.prepare(`UPDATE tracks SET state = 'missing' WHERE id = ?`).run(id);
  expect(await find('seed')).toEqual([]);
  // More than the first capacity: the matrix grows and keeps what it had.
  for (let i = 1; i <= 1500; i++) library.add({ path: `t${i}`, embedding: [1, i / 100] });
  expect(pathsOf(await find('seed', 3))).toEqual(['/music/t1', '/music/t2', '/music/t3']);
});

test('can be cancelled', async () => {
  const { find } = setUp([
    { path: 'seed', embedding: [1, 0] },
    { path: 'b', embedding: [1, 1] },
  ]);
  await expect(find('seed', 10, AbortSignal.abort())).rejects.toThrow();
});
