import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BrowseColumn, TrackQuery } from '#shared/domain.ts';
import { createRecordings } from '#engine/similarity/recordings.ts';
import type { Database } from '#engine/storage/database.ts';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { createCompileQuery } from '#engine/track-queries.ts';
import { createFindingHandlers } from './finding.handlers.ts';

const context = { signal: new AbortController().signal };
let library: FilledLibrary;
let revision = 1;
let handlers: ReturnType<typeof createFindingHandlers>;

beforeEach(() => {
  library = openFilledLibrary();
  const { storage } = library;
  const recordings = createRecordings(storage, 4);
  const compile = createCompileQuery(storage.database, Date.now);
  handlers = createFindingHandlers({
    storage,
    compile,
    recordings: () => recordings,
    revision: () => revision,
    clock: () => revision * 60_000,
  });
  add('one', 'Björk', 'Post', { electronic: 0.9, 'electronic/house': 0.8 });
  add('two', 'BJÖRK', 'Homogenic', { 'electronic/house': 0.8, 'electronic/techno': 0.7 });
  add('three', 'Orbital', 'In Sides', { 'electronic/techno': 0.9, rock: 0.55 });
  add('four', 'AC/DC', 'Back in Black', { rock: 0.9 });
  add('five', null, null, {});
  add('six', 'Orbital', '', null);
});
afterEach(() => library.remove());

function add(
  path: string,
  artist: string | null,
  album: string | null,
  genres: Record<string, number> | null,
): void {
  const id = library.add({
    path,
    title: `Title ${path}`,
    ...(genres === null ? { recording: null } : { genres }),
  });
  library.storage.database
    .prepare('UPDATE tracks SET artist = ?, album = ? WHERE id = ?')
    .run(artist, album, id);
  revision += 1;
}

/** How long the list of a query is. */
function countTracks(database: Database, query: TrackQuery): number {
  const { totals } = createCompileQuery(database, Date.now)(query, []);
  return (database.prepare(totals.sql).get(...totals.parameters) as { count: number }).count;
}

async function browse(
  column: BrowseColumn,
  query: TrackQuery = {},
): Promise<readonly (readonly [string | null, number])[]> {
  const { values } = await handlers['library.browse'](
    { query: query as never, column, offset: 0, limit: 100 },
    context,
  );
  return values.map(({ value, count }) => [value, count]);
}

describe('library.browse', () => {
  test('genres: a family counts a track once, tracks that nothing fits come last', async () => {
    expect(await browse('genre')).toEqual(
      [
        ['electronic', 3],
        ['electronic/house', 2],
        ['rock', 2],
        ['electronic/techno', 2],
        [null, 1],
      ].toSorted((a, b) => Number(a[0] === null) - Number(b[0] === null) || Number(b[1]) - Number(a[1])),
    );
  });

  test('genres under a query agree with the list of each', async () => {
    const narrowed = await browse('genre', { text: 'title' });
    expect(narrowed).toEqual(await browse('genre'));
    expect(await browse('genre', { text: 'artist:orbital' })).toEqual([
      ['electronic', 1],
      ['rock', 1],
      ['electronic/techno', 1],
    ]);
  });

  test('a genre that the user gave to a track that was never heard counts, once in its family', async () => {
    const { database } = library.storage;
    const six = database.prepare("SELECT id FROM tracks WHERE title = 'Title six'").pluck().get() as number;
    const give = database.prepare('INSERT INTO track_genre_corrections VALUES (?, ?, 1, 5)');
    give.run(six, 'electronic/house');
    give.run(six, 'electronic/techno');
    revision += 1;
    for (const query of [{}, { text: 'title' }, { text: 'artist:orbital' }]) {
      const counts = new Map(await browse('genre', query));
      const listed = (genre: string): number =>
        countTracks(database, { ...query, picks: { genre: [genre] } });
      for (const genre of ['electronic', 'electronic/house', 'electronic/techno']) {
        expect(counts.get(genre), genre).toBe(listed(genre));
      }
    }
  });

  test('artists by name whatever their capitals; tracks without one last', async () => {
    expect(await browse('artist')).toEqual([
      ['AC/DC', 1],
      ['BJÖRK', 1],
      ['Björk', 1],
      ['Orbital', 2],
      [null, 1],
    ]);
  });

  test('a column heeds the picks left of it, and no others', async () => {
    const picks = { genre: ['electronic'], artist: ['Orbital'], album: ['In Sides'] };
    expect(await browse('genre', { picks })).toEqual(await browse('genre'));
    expect(await browse('artist', { picks })).toEqual([
      ['BJÖRK', 1],
      ['Björk', 1],
      ['Orbital', 1],
    ]);
    expect(await browse('album', { picks })).toEqual([['In Sides', 1]]);
    expect(await browse('album', { picks: { artist: ['orbital'] } })).toEqual([
      ['In Sides', 1],
      [null, 1],
    ]);
    expect(await browse('album', { picks: { artist: [null] } })).toEqual([[null, 1]]);
    expect(await browse('artist', { picks: { genre: [null] } })).toEqual([[null, 1]]);
  });

  test('slices, and says how many there are', async () => {
    const slice = await handlers['library.browse'](
      { query: {}, column: 'artist', offset: 3, limit: 1 },
      context,
    );
    expect(slice).toMatchObject({
      total: 5,
      offset: 3,
      values: [{ value: 'Orbital', label: 'Orbital', count: 2 }],
    });
  });

  test('is never stale', async () => {
    await browse('artist');
    add('seven', 'Zapp', 'II', {});
    expect((await browse('artist')).map(([value]) => value)).toContain('Zapp');
  });
});

describe('search.suggest', () => {
  async function suggest(text: string, caret = text.length) {
    const { from, to, suggestions } = await handlers['search.suggest']({ text, caret }, context);
    return {
      replaced: text.slice(from, to),
      inserts: suggestions.map(({ insert }) => insert),
      suggestions,
    };
  }

  test.each([
    ['artist:bj', 'artist:bj', ['artist:BJÖRK', 'artist:Björk']],
    ['artist:BJÖ', 'artist:BJÖ', ['artist:BJÖRK', 'artist:Björk']],
    ['love -artist:or', 'artist:or', ['artist:Orbital']],
    ['artist:dc', 'artist:dc', ['artist:AC/DC']],
    ['album:"in s', 'album:"in s', ['album:"In Sides"']],
    ['album:sid', 'album:sid', ['album:"In Sides"']],
    ['genre:te', 'genre:te', ['genre:Techno']],
    ['genre:rock|ho', 'ho', ['genre:House', 'album:Homogenic']],
    ['is:un', 'is:un', ['is:untagged', 'is:unknown']],
    ['added:7', 'added:7', ['added:7d']],
    ['~key:8', '~key:8', ['~key:8A', '~key:8B']],
    ['title:thr', 'title:thr', ['title:"Title three"']],
    ['artist:nobody', 'artist:nobody', []],
  ])('%s replaces %s by %j', async (text, replaced, inserts) => {
    expect(await suggest(text)).toMatchObject({ replaced, inserts });
  });

  test('an empty box names the fields; a word may be anything', async () => {
    const { suggestions } = await suggest('');
    expect(suggestions).toHaveLength(20);
    expect(suggestions[0]).toMatchObject({ kind: 'field', insert: 'title:' });
    const { inserts } = await suggest('or');
    expect(inserts).toEqual(['artist:Orbital']);
    expect((await suggest('ge')).inserts[0]).toBe('genre:');
    expect((await suggest('rock')).suggestions).toMatchObject([
      { insert: 'genre:Rock', hint: 'Genre', count: 2 },
    ]);
  });

  test('works in the middle of a text, and at any caret', async () => {
    const { replaced, inserts } = await suggest('artist:orb year:1990', 10);
    expect([replaced, inserts]).toEqual(['artist:orb', ['artist:Orbital']]);
    for (let caret = 0; caret <= 30; caret++) {
      const { from, to } = await handlers['search.suggest'](
        { text: '-(artist:"a b" | ~key:8A)', caret },
        context,
      );
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeGreaterThanOrEqual(from);
      expect(to).toBeLessThanOrEqual(25);
    }
  });

  test('values are quoted so that they are read as they are', async () => {
    add('odd', 'Who? "Me" (feat. You)', 'X', {});
    const { inserts } = await suggest('artist:who');
    expect(inserts).toEqual(['artist:"Who? ""Me"" (feat. You)"']);
  });
});
