import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Output } from '#shared/contract.ts';
import { createEvents } from '#engine/events.ts';
import { createRecordings } from '#engine/similarity/recordings.ts';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { createEdits } from '#engine/edits.ts';
import { createCompileQuery } from '#engine/track-queries.ts';
import { createPlaylists } from './playlists.handlers.ts';
import type { Playlists } from './playlists.handlers.ts';

let library: FilledLibrary;
let ids: number[];
let playlists: Playlists;
let handlers: Playlists['handlers'];
let changed: (number | null)[];
let now = 1000;
const context = { signal: new AbortController().signal };

beforeEach(() => {
  library = openFilledLibrary();
  ids = ['a', 'b', 'c', 'd', 'e'].map((path) =>
    library.add({ path, embedding: [1], durationSeconds: 60, genres: {} }),
  );
  const events = createEvents();
  changed = [];
  events.subscribe('playlists.changed', ({ playlistId }) => changed.push(playlistId));
  const recordings = createRecordings(library.storage, 4);
  const { storage } = library;
  const clock = (): number => now++;
  playlists = createPlaylists({
    storage,
    edits: createEdits({ storage, publish: events.publish, changed: () => {}, clock }),
    compile: createCompileQuery(storage.database, clock),
    recordings: () => recordings,
    changed: () => {},
    revision: () => 1,
    events,
    clock,
  });
  ({ handlers } = playlists);
});
afterEach(() => {
  playlists.close();
  library.remove();
});

type Entries = Output<'playlists.entries'>;
async function entriesOf(playlistId: number, offset = 0, limit = 5000): Promise<Entries> {
  return await handlers['playlists.entries']({ playlistId, offset, limit }, context);
}
async function lettersOf(playlistId: number): Promise<string> {
  const { entries } = await entriesOf(playlistId);
  return entries.map(({ track }) => track.path.slice('/music/'.length)).join('');
}
async function make(letters: string, name = 'Set'): Promise<number> {
  const trackIds = [...letters].map((letter) => ids['abcde'.indexOf(letter)]!);
  return (await handlers['playlists.create']({ name, trackIds }, context)).id;
}
async function entryIdsOf(playlistId: number, ...rows: number[]): Promise<number[]> {
  const { entries } = await entriesOf(playlistId);
  return rows.map((row) => entries[row]!.entryId);
}

test('a playlist keeps its order and the same track as often as it was put in', async () => {
  const id = await make('cabbab');
  expect(await lettersOf(id)).toBe('cabbab');
  expect(await handlers['playlists.list']({}, context)).toMatchObject([
    { id, name: 'Set', trackCount: 6, durationSeconds: 360 },
  ]);
  const slice = await entriesOf(id, 2, 2);
  expect(slice.total).toBe(6);
  expect(slice.entries.map(({ position, track }) => [position, track.id])).toEqual([
    [2, ids[1]],
    [3, ids[1]],
  ]);
  expect(changed).toEqual([null]);
});

test.each([
  ['abc', 'de', 0, 'deabc'],
  ['abc', 'de', 1, 'adebc'],
  ['abc', 'de', 3, 'abcde'],
  ['abc', 'de', 99, 'abcde'],
  ['abc', 'de', undefined, 'abcde'],
  ['', 'de', 4, 'de'],
])('adding to %s: %s at %s gives %s', async (before, added, position, after) => {
  const id = await make(before);
  const trackIds = [...added].map((letter) => ids['abcde'.indexOf(letter)]!);
  await handlers['playlists.add']({ playlistId: id, trackIds, position }, context);
  expect(await lettersOf(id)).toBe(after);
});

test.each([
  [[0], 2, 'bcade'],
  [[4], 0, 'eabcd'],
  [[3, 1], 0, 'bdace'],
  [[0, 4], 3, 'bcdae'],
  [[1, 2], 1, 'abcde'],
  [[0], 99, 'bcdea'],
  [[0, 1, 2, 3, 4], 2, 'abcde'],
])('moving rows %j to %i gives %s', async (rows, position, after) => {
  const id = await make('abcde');
  await handlers['playlists.move'](
    { playlistId: id, entryIds: await entryIdsOf(id, ...rows), position },
    context,
  );
  expect(await lettersOf(id)).toBe(after);
});

test('hundreds of moves into the same gap keep the order (positions are numbered anew when they meet)', async () => {
  const id = await make('abcde');
  let expected = 'abcde';
  for (let i = 0; i < 300; i++) {
    const [last] = await entryIdsOf(id, 4);
    await handlers['playlists.move']({ playlistId: id, entryIds: [last!], position: 1 }, context);
    expected = expected[0]! + expected[4]! + expected.slice(1, 4);
    if (i % 50 === 0) expect(await lettersOf(id)).toBe(expected);
  }
  expect(await lettersOf(id)).toBe(expected);
});

test('removing takes the row, not every row of that track', async () => {
  const id = await make('abab');
  const after = await handlers['playlists.remove'](
    { playlistId: id, entryIds: await entryIdsOf(id, 2) },
    context,
  );
  expect(await lettersOf(id)).toBe('abb');
  expect(after.trackCount).toBe(3);
  expect(changed).toEqual([null, id]);
});

test('rows of another playlist are refused', async () => {
  const one = await make('ab', 'One');
  const two = await make('cd', 'Two');
  const entryIds = await entryIdsOf(two, 0);
  for (const name of ['playlists.remove', 'playlists.move'] as const) {
    expect(() => handlers[name]({ playlistId: one, entryIds, position: 0 }, context)).toThrow(/no row/);
  }
  expect(await lettersOf(two)).toBe('cd');
});

test('names are unique whatever the case, and can be changed', async () => {
  const one = await make('a', 'Älter');
  const two = await make('b', 'Two');
  expect(() => handlers['playlists.create']({ name: 'älter' }, context)).toThrow(/already/);
  expect(() => handlers['playlists.rename']({ playlistId: two, name: 'ÄLTER' }, context)).toThrow(/already/);
  expect(await handlers['playlists.rename']({ playlistId: one, name: 'ÄLTER' }, context)).toMatchObject({
    name: 'ÄLTER',
  });
});

test('what is not there is refused and changes nothing', async () => {
  const id = await make('ab');
  const gone = { playlistId: id + 1 };
  expect(() => handlers['playlists.delete'](gone, context)).toThrow(/no playlist/);
  expect(() => handlers['playlists.rename']({ ...gone, name: 'x' }, context)).toThrow(/no playlist/);
  expect(() => handlers['playlists.entries']({ ...gone, offset: 0, limit: 1 }, context)).toThrow(
    /no playlist/,
  );
  expect(() => handlers['playlists.add']({ playlistId: id, trackIds: [ids[0]!, 999] }, context)).toThrow(
    /no track 999/,
  );
  expect(() => handlers['playlists.create']({ name: 'New', trackIds: [999] }, context)).toThrow(
    /no track 999/,
  );
  expect(await lettersOf(id)).toBe('ab');
  expect(await handlers['playlists.list']({}, context)).toHaveLength(1);
});

test('deleting a playlist leaves the tracks; purging a track leaves the playlist', async () => {
  const one = await make('abc', 'One');
  const two = await make('ab', 'Two');
  await handlers['playlists.delete']({ playlistId: two }, context);
  library.storage.database.prepare('DELETE FROM tracks WHERE id = ?').run(ids[1]);
  expect(await lettersOf(one)).toBe('ac');
});

test('generating takes the tracks of a genre, most confident first, a family with its styles', async () => {
  const add = (path: string, genres: Record<string, number>, more = {}) =>
    library.add({ path, genres, ...more });
  add('x1', { 'electronic/house': 0.5 });
  add('x2', { 'electronic/house': 0.9 });
  add('x3', { 'electronic/techno': 0.7, electronic: 0.6 });
  add('x4', { 'electronic/house': 0.3 });
  add('x5', { 'electronic/house': 0.95 }, { state: 'missing' });
  add('x6', { 'electronic/house': 0.96 }, { state: 'offline' });
  const generate = async (input: object) => {
    const made = await handlers['playlists.generate']({ genre: 'electronic', ...input }, context);
    return [made.name, await lettersOf(made.id)];
  };
  expect(await generate({})).toEqual(['Electronic', 'x2x3x1']);
  expect(await generate({})).toEqual(['Electronic 2', 'x2x3x1']);
  expect(await generate({ genre: 'electronic/house' })).toEqual(['House', 'x2x1']);
  expect(await generate({ genre: 'house', minimumConfidence: 0.2, limit: 2 })).toEqual(['House 2', 'x2x1']);
  expect(await generate({ genre: 'HOUSE', name: 'Friday', minimumConfidence: 0.2 })).toEqual([
    'Friday',
    'x2x1x4',
  ]);
  await expect(generate({ name: 'friday' })).rejects.toThrow(/already/);
  await expect(generate({ genre: 'Polka' })).rejects.toThrow(/no genre “Polka”/);
  await expect(generate({ genre: 'rock/punk' })).rejects.toThrow(/No track/);
});
