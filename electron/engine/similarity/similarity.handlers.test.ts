import { afterEach, expect, test } from 'vitest';
import type { Input } from '#shared/contract.ts';
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
  const idOf = (path: string): number => ids.get(path) ?? 999;
  const ask = async (path: string, more: Omit<Partial<Input<'similar.find'>>, 'trackId'> = {}) =>
    await handlers['similar.find'](
      { limit: 10, ...more, trackId: idOf(path) },
      { signal: new AbortController().signal },
    );
  return { ids, idOf, find, ask };
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

test('several seeds: what is near all of them; what is not wanted pushes the other way', async () => {
  const { ask, idOf } = setUp([
    { path: 'east', embedding: [1, 0] },
    { path: 'north', embedding: [0, 1] },
    { path: 'between', embedding: [1, 1] },
    { path: 'south-east', embedding: [1, -1] },
  ]);
  expect(pathsOf(await ask('east', { more: [idOf('north')] }))).toEqual([
    '/music/between',
    '/music/south-east',
  ]);
  const less = await ask('east', { less: [idOf('north')] });
  expect(pathsOf(less)).toEqual(['/music/south-east', '/music/between']);
  // Wanted and not wanted at once: the wish counts.
  const both = await ask('east', { less: [idOf('east')] });
  expect(pathsOf(both)).toEqual(['/music/between', '/music/south-east', '/music/north']);
});

test('an example that is not analysed is refused by its own name', async () => {
  const { ask, idOf } = setUp([
    { path: 'seed', embedding: [1, 0] },
    { path: 'waiting', recording: null },
  ]);
  await expect(ask('seed', { more: [idOf('waiting')] })).rejects.toThrow(
    '“/music/waiting” has not been analysed',
  );
  await expect(ask('seed', { less: [idOf('waiting')] })).rejects.toMatchObject({ code: 'conflict' });
});

const house = { 'electronic/house': 0.9 };
const metal = { 'rock/metal': 0.9 };
const [dark, happy] = [
  [0.9, 0.1, 0.9, 0.1],
  [0.1, 0.9, 0.1, 0.9],
];

test('each axis orders by itself, and says its own score', async () => {
  const { ask } = setUp([
    { path: 'seed', embedding: [1, 0], genres: house, tags: dark },
    { path: 'sound', embedding: [1, 0.1], genres: metal, tags: happy },
    { path: 'genre', embedding: [0, 1], genres: house, tags: happy },
    { path: 'mood', embedding: [0, 1], genres: metal, tags: dark },
  ]);
  const first = async (sound: number, genres: number, mood: number) =>
    (await ask('seed', { weights: { sound, genres, mood } }))[0]!;
  expect((await first(1, 0, 0)).track.path).toBe('/music/sound');
  const genre = await first(0, 1, 0);
  expect([genre.track.path, genre.score]).toEqual(['/music/genre', 1]);
  const mood = await first(0, 0, 1);
  expect(mood.track.path).toBe('/music/mood');
  expect(mood.axes.map(({ axis, score }) => [axis, Math.round(score * 100) / 100])).toEqual([
    ['sound', 0],
    ['genres', 0],
    ['mood', 1],
  ]);
  expect(mood.reason).toBe(
    'Not close in sound, from another genre: Metal beside House. Both are dark, with piano.',
  );
  const mixed = await ask('seed', { weights: { sound: 1, genres: 0.5, mood: 0 } });
  for (const { score, axes } of mixed) {
    const of = (wanted: string) => axes.find(({ axis }) => axis === wanted)!.score;
    expect(score).toBeCloseTo((of('sound') + 0.5 * of('genres')) / 1.5, 6);
  }
});

test('an axis of which nothing is known is left out, and does not weigh', async () => {
  const { ask } = setUp([
    { path: 'seed', embedding: [1, 0] },
    { path: 'a', embedding: [1, 1], genres: house, tags: dark },
  ]);
  const [found] = await ask('seed', { weights: { sound: 1, genres: 1, mood: 1 } });
  expect(found!.axes.map(({ axis }) => axis)).toEqual(['sound']);
  expect(found!.score).toBeCloseTo(Math.SQRT1_2, 6);
  const [none] = await ask('seed', { weights: { sound: 0, genres: 0, mood: 0 } });
  expect(none!.score).toBeCloseTo(Math.SQRT1_2, 6);
});

test('from other genres: the further the slider, the less in common; what is of no genre is not from another', async () => {
  const { ask } = setUp([
    { path: 'seed', embedding: [1, 0], genres: house },
    { path: 'same', embedding: [1, 0.1], genres: house },
    { path: 'half', embedding: [1, 0.2], genres: { 'electronic/house': 0.7, 'rock/metal': 0.7 } },
    { path: 'trace', embedding: [1, 0.25], genres: { 'electronic/house': 0.3, 'rock/metal': 0.7 } },
    { path: 'other', embedding: [1, 0.3], genres: metal },
    { path: 'none', embedding: [1, 0.05], genres: { 'rock/metal': 0.1 } },
  ]);
  const paths = async (acrossGenres: number) => pathsOf(await ask('seed', { acrossGenres }));
  expect(await paths(0)).toEqual([
    '/music/none',
    '/music/same',
    '/music/half',
    '/music/trace',
    '/music/other',
  ]);
  expect(await paths(0.2)).toEqual(['/music/half', '/music/trace', '/music/other']);
  expect(await paths(1)).toEqual(['/music/trace', '/music/other']);
});

test('at most so many of one artist, whatever the case; the next ones move up', async () => {
  const tracks = Array.from({ length: 40 }, (_, i) => ({
    path: `t${String(i).padStart(2, '0')}`,
    embedding: [1, i / 50],
    artist: i < 30 ? ['Orbital', 'ORBITAL', 'orbital '][i % 3]! : `Artist ${i}`,
  }));
  const { ask } = setUp([
    ...tracks,
    { path: 'nobody', embedding: [1, 0.9] },
    { path: 'nobody 2', embedding: [1, 1] },
  ]);
  expect(pathsOf(await ask('t00', { perArtist: 2, limit: 3 }))).toEqual([
    '/music/t01',
    '/music/t02',
    '/music/t30',
  ]);
  const all = await ask('t00', { perArtist: 1, limit: 50 });
  expect(all).toHaveLength(1 + 10 + 2);
});

test('of a seed that no genre fits, every genre is another one', async () => {
  const { ask } = setUp([
    { path: 'seed', embedding: [1, 0], genres: { 'electronic/house': 0.1 } },
    { path: 'house', embedding: [1, 0.1], genres: house },
    { path: 'none', embedding: [1, 0.2] },
  ]);
  expect(pathsOf(await ask('seed', { acrossGenres: 1 }))).toEqual(['/music/house']);
});
