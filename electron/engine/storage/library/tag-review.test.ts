import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFilledLibrary } from '../filled-library.fixture.ts';
import type { FilledLibrary } from '../filled-library.fixture.ts';
import {
  countReview,
  countReviewTracks,
  fitsReview,
  readReviewGroups,
  readReviewTracks,
} from './tag-review.ts';
import type { ReviewFilter } from './tag-review.ts';

let library: FilledLibrary;
/** Track by the name of its file. */
let ids: Record<string, number>;

/** path, artist, album, album artist, confidence */
const tracks = [
  ['b/1.mp3', 'Bee', 'Best Of', 'Bee', 0.9],
  ['b/cd 2/2.mp3', 'bee', 'best of', 'BEE', 0.8],
  ['b/3.mp3', 'Bee', 'Best Of', 'Bee', 0.4],
  ['a/4.mp3', 'Ay', 'Best Of', 'Ay', 0.7],
  ['a_/5.mp3', 'Ay', null, null, 0.6],
  ['6.mp3', null, null, null, 0.5],
] as const;

beforeEach(() => {
  library = openFilledLibrary(4, []);
  const { database } = library.storage;
  ids = {};
  for (const [path, artist, album, albumArtist, confidence] of tracks) {
    const id = library.add({ path, recording: null });
    ids[path] = id;
    database
      .prepare('UPDATE tracks SET artist = ?, album = ?, album_artist = ? WHERE id = ?')
      .run(artist, album, albumArtist, id);
    propose(id, 'genre', confidence);
  }
  propose(ids['6.mp3']!, 'mood', 0.95);
});
afterEach(() => library.remove());

function propose(trackId: number, field: string, confidence: number, state = 'open'): void {
  library.storage.database
    .prepare(
      `INSERT INTO tag_proposals (track_id, field, old, proposed, confidence, evidence, state, at)
       VALUES (?, ?, '[]', '["House"]', ?, '[]', ?, 1)`,
    )
    .run(trackId, field, confidence, state);
}

const open: ReviewFilter = { state: 'open' };
/** As if the queue were long, it is read in the order of an index. */
const far = 10_000;

function pathsOf(
  filter: ReviewFilter,
  by: 'none' | 'album' | 'artist' | 'folder',
  total = 0,
): readonly string[] {
  const found = readReviewTracks(library.storage.database, filter, by, { offset: 0, limit: 100, total });
  return found.map((id) => tracks.find(([path]) => ids[path] === id)?.[0] ?? '');
}

test('without groups, the surest first', () => {
  expect(pathsOf(open, 'none')).toEqual([
    '6.mp3',
    'b/1.mp3',
    'b/cd 2/2.mp3',
    'a/4.mp3',
    'a_/5.mp3',
    'b/3.mp3',
  ]);
  expect(pathsOf({ ...open, field: 'genre', minimumConfidence: 0.7 }, 'none')).toEqual([
    'b/1.mp3',
    'b/cd 2/2.mp3',
    'a/4.mp3',
  ]);
});

test.each([
  ['album', ['a/4.mp3', 'b/1.mp3', 'b/cd 2/2.mp3', 'b/3.mp3', 'a_/5.mp3', '6.mp3']],
  ['artist', ['a/4.mp3', 'a_/5.mp3', 'b/1.mp3', 'b/cd 2/2.mp3', 'b/3.mp3', '6.mp3']],
  ['folder', ['6.mp3', 'a/4.mp3', 'a_/5.mp3', 'b/1.mp3', 'b/3.mp3', 'b/cd 2/2.mp3']],
] as const)('by %s, whether the queue is short or long', (by, expected) => {
  for (const total of [0, far]) expect(new Set(pathsOf(open, by, total))).toEqual(new Set(expected));
  expect(pathsOf(open, by, far)).toEqual(pathsOf(open, by, 0));
  const groups = (paths: readonly string[]) =>
    readReviewGroups(
      library.storage.database,
      open,
      by,
      paths.map((path) => ids[path]!),
    );
  expect(groups(pathsOf(open, by)).map(({ key }) => key)).toEqual(groups(expected).map(({ key }) => key));
});

test('groups have names, counts that go beyond the page, and filters of their own', () => {
  const { database } = library.storage;
  const groupsOf = (by: 'album' | 'artist' | 'folder', ...paths: readonly string[]) =>
    readReviewGroups(
      database,
      open,
      by,
      paths.map((path) => ids[path]!),
    );
  const [ay, bee, none] = groupsOf('album', 'a/4.mp3', 'b/1.mp3', 'b/cd 2/2.mp3', '6.mp3');
  expect(ay).toMatchObject({ title: 'Best Of', detail: 'Ay', tracks: 1, firstRow: 0 });
  expect(bee).toMatchObject({ title: 'Best Of', detail: 'Bee', tracks: 3, firstRow: 1 });
  expect(none).toMatchObject({ title: null, detail: null, tracks: 2, firstRow: 3 });
  const inBee = { ...open, group: { by: 'album' as const, key: bee!.key } };
  expect(pathsOf(inBee, 'album')).toHaveLength(3);
  expect(countReview(database, inBee).open).toBe(3);

  const folders = groupsOf('folder', '6.mp3', 'a/4.mp3', 'a_/5.mp3', 'b/1.mp3', 'b/cd 2/2.mp3');
  expect(folders.map(({ title, detail, tracks: count }) => [title, detail, count])).toEqual([
    ['', '/music', 1],
    ['a', '/music', 1],
    ['a_', '/music', 1],
    ['b', '/music', 2],
    ['b/cd 2', '/music', 1],
  ]);
  const artists = groupsOf('artist', 'a/4.mp3', 'b/1.mp3', '6.mp3');
  expect(artists.map(({ title, tracks: count }) => [title, count])).toEqual([
    ['Ay', 2],
    ['Bee', 3],
    [null, 1],
  ]);
});

test.each(['', 'null', '{}', '[1]', '["x",2]', 'no json'])(
  'a key that is none of ours finds nothing: %s',
  (key) => {
    expect(countReviewTracks(library.storage.database, { ...open, group: { by: 'folder', key } })).toBe(0);
  },
);

test('counts are of every state, under the rest of the filter', () => {
  const { database } = library.storage;
  propose(ids['a/4.mp3']!, 'mood', 0.9, 'rejected');
  propose(ids['b/1.mp3']!, 'mood', 0.9, 'written');
  expect(countReview(database, open)).toEqual({ open: 7, accepted: 0, rejected: 1, written: 1 });
  expect(countReview(database, { ...open, field: 'genre' })).toEqual({
    open: 6,
    accepted: 0,
    rejected: 0,
    written: 0,
  });
  expect(countReviewTracks(database, open)).toBe(6);
  expect(countReviewTracks(database, { ...open, trackIds: [ids['6.mp3']!] })).toBe(1);
});

test('the hot queries read an index and nothing else', () => {
  const { database } = library.storage;
  const planOf = (sql: string, parameters: readonly unknown[]): string =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...parameters)
      .map((row) => (row as { detail: string }).detail)
      .join('\n');
  const where = fitsReview({ ...open, field: 'genre', minimumConfidence: 0.5 });
  expect(
    planOf(
      `SELECT count(DISTINCT p.track_id) FROM main.tag_proposals AS p WHERE ${where.sql}`,
      where.parameters,
    ),
  ).toMatch(/USING COVERING INDEX tag_proposals_by_state/);
  const walk = planOf(
    `SELECT t.id FROM main.tracks AS t INDEXED BY tracks_by_whole_album
     WHERE EXISTS (SELECT 1 FROM main.tag_proposals AS p WHERE p.track_id = t.id AND (${where.sql}))
     ORDER BY t.album COLLATE NOCASE NULLS LAST, t.album_artist COLLATE NOCASE, t.disc_number, t.track_number, t.id`,
    where.parameters,
  );
  expect(walk).toMatch(/USING COVERING INDEX tracks_by_whole_album/);
  expect(walk).not.toMatch(/TEMP B-TREE/);
});
