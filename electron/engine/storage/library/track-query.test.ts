import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SortKey, TrackQuery } from '#shared/domain.ts';
import { searchFields } from '#shared/search/fields.ts';
import type { Storage } from '../open.ts';
import { everyTrack, labels, searches, tracks, without } from './track-query.cases.ts';
import { closeTestLibrary, now, openTestLibrary } from './track-query.fixture.ts';
import { compileTrackQuery } from './track-query.ts';
import type { QueryContext } from './track-query.ts';

let storage: Storage;

beforeAll(() => {
  storage = openTestLibrary();
});
afterAll(() => {
  closeTestLibrary(storage);
});

function find(query: TrackQuery, sort: readonly SortKey[] = [], context: QueryContext = { now }): number[] {
  const { ids, totals } = compileTrackQuery(query, sort, context);
  const found = storage.database
    .prepare(ids.sql)
    .pluck()
    .all(...ids.parameters, -1, 0) as number[];
  const total = storage.database.prepare(totals.sql).get(...totals.parameters) as {
    count: number;
    seconds: number;
  };
  const seconds = tracks
    .filter(({ id }) => found.includes(id))
    .reduce((sum, track) => sum + (track.duration_seconds ?? 0), 0);
  expect(total.count).toBe(found.length);
  expect(total.seconds).toBeCloseTo(seconds);
  return found;
}

describe('searches', () => {
  test.each(searches)('%s', (text, ids) => {
    expect(find({ text })).toEqual(ids);
  });

  test('asked of a single track, each says the same as its list', () => {
    for (const [text, ids] of searches) {
      const { from } = compileTrackQuery({ text }, [], { now, single: true });
      const one = storage.database.prepare(`SELECT 1 ${from.sql} AND t.id = ?`);
      const found = tracks.filter(({ id }) => one.get(...from.parameters, id) !== undefined);
      expect(found.map(({ id }) => id).sort(), text).toEqual([...ids].sort());
    }
  });

  test('a mistake says where it is', () => {
    expect(() => compileTrackQuery({ text: 'blue gerne:x' }, [])).toThrow(
      expect.objectContaining({ code: 'query-invalid', offset: 5, length: 5 }) as Error,
    );
  });

  test('with the labels at hand, a genre that is not there is a mistake', () => {
    const context = { now, labels };
    expect(find({ text: 'genre:HOUSE' }, [], context)).toEqual([1, 2]);
    expect(find({ text: 'genre:"drum and bass"' }, [], context)).toEqual([3]);
    expect(() => compileTrackQuery({ text: 'x genre:huose' }, [], context)).toThrow(
      'did you mean genre:"House"?',
    );
    expect(() => compileTrackQuery({ text: 'genre:dru' }, [], context)).toThrow(
      'did you mean genre:"Drum & Bass"?',
    );
    expect(() => compileTrackQuery({ text: 'genre:zzzzz' }, [], context)).toThrow(
      'look at the list of genres',
    );
  });

  test('every field, and whatever is typed, gives SQL that runs or a query error', () => {
    const piece = fc.constantFrom(
      ...searchFields.map((field) => field.example),
      ...searchFields.flatMap((field) =>
        Object.keys(field.choices ?? {}).map((choice) => `${field.name}:${choice}`),
      ),
      ...[
        '-',
        '(',
        ')',
        '|',
        '"a"',
        '*',
        '^',
        'AND',
        'OR',
        'NOT',
        'NEAR(a b)',
        '東京',
        '🔥',
        '\u0000',
        '\ud83d',
        "'",
        '%',
        '{title}:a',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.string({ unit: 'binary' }), (pieces, tail) => {
        try {
          find({ text: `${pieces.join(' ')}${tail}` });
        } catch (error) {
          expect(error).toMatchObject({ code: 'query-invalid' });
        }
      }),
      { numRuns: 400 },
    );
  });

  test('the hardest query that the grammar lets through', () => {
    const text = `${'-('.repeat(30)}${'a 東 year:1 '.repeat(33)}${')'.repeat(30)}`;
    expect(find({ text })).toEqual([]);
  });
});

describe('filters', () => {
  const cases: readonly (readonly [query: TrackQuery, ids: readonly number[]])[] = [
    [{ genre: 'electronic' }, [1, 2, 3]],
    [{ genre: 'electronic/house' }, [1, 2]],
    [{ genre: 'electronic', minimumConfidence: 0.8 }, [1]],
    [{ genre: 'electronic', minimumConfidence: 0 }, [1, 2, 3, 4]],
    [{ genre: 'electronic', text: 'monday' }, [1]],
    [{ folderId: 2 }, [8]],
    [{ folderId: 9 }, []],
    [{ playlistId: 1 }, [3, 1]],
    [{ playlistId: 1, text: 'blue' }, [1]],
    [{ playlistId: 2 }, []],
    [{ state: 'missing' }, [2]],
    [{ state: 'present' }, without(2, 8)],
    [{ analysis: 'pending' }, [7]],
    [{ hasError: true }, [8]],
    [{ hasError: false }, without(8)],
    [{ addedAfter: now - 2.5 * 86_400_000 }, [1, 2]],
    [{ state: 'present', genre: 'electronic', addedAfter: 0 }, [1, 3]],
  ];
  test.each(cases)('%j', (query, ids) => {
    expect(find(query)).toEqual(ids);
  });
});

describe('orders', () => {
  const cases: readonly (readonly [sort: readonly SortKey[], ids: readonly number[], query?: TrackQuery])[] =
    [
      [[{ field: 'bpm' }], [2, 1, 7, 3, 4, 5, 6, 8]],
      [[{ field: 'bpm', descending: true }], [3, 7, 1, 2, 8, 6, 5, 4]],
      [[{ field: 'key' }], [1, 2, 3, 4, 5, 6, 7, 8]],
      [[{ field: 'key', descending: true }], [3, 2, 1, 8, 7, 6, 5, 4]],
      [[{ field: 'energy' }], [2, 1, 3, 4, 5, 6, 7, 8]],
      [[{ field: 'loudness', descending: true }], [3, 1, 2, 8, 7, 6, 5, 4]],
      // 6 "!!!", 7 "100% o'clock", 1 "Blue Monday", 5 "群青日和"; the others have no title
      [[{ field: 'title' }], [6, 7, 1, 5, 2, 3, 4, 8]],
      [[{ field: 'title', descending: true }], [5, 1, 7, 6, 8, 4, 3, 2]],
      // without an artist: by album, none first
      [[{ field: 'artist' }], [6, 4, 3, 1, 5, 7, 8, 2]],
      [[{ field: 'year', descending: true }], [3, 2, 1, 8, 7, 6, 5, 4]],
      [[{ field: 'year' }], [1, 2, 3, 4, 5, 6, 7, 8]],
      [
        [{ field: 'rating', descending: true }, { field: 'title' }],
        [3, 1, 2, 6, 7, 5, 4, 8],
      ],
      [[{ field: 'addedAt' }], [8, 7, 6, 5, 4, 3, 2, 1]],
      [[{ field: 'size', descending: true }], [8, 7, 6, 5, 4, 3, 2, 1]],
      [[{ field: 'duration' }], [3, 1, 2, 4, 5, 6, 7, 8]],
      [[{ field: 'genre' }], [3, 4, 1, 2, 5, 6, 7, 8]],
      [[{ field: 'confidence', descending: true }], [1, 4, 3, 2, 8, 7, 6, 5]],
      [[{ field: 'confidence', descending: true }], [1, 3, 2], { genre: 'electronic' }],
      [
        [{ field: 'confidence', descending: true }],
        [1, 3, 2, 4],
        { genre: 'electronic', minimumConfidence: 0.1 },
      ],
      [[{ field: 'path' }], [1, 2, 3, 5, 6, 7, 4, 8]],
      [[{ field: 'path', descending: true }], [8, 4, 7, 6, 5, 3, 2, 1]],
      [[{ field: 'position' }], [3, 1], { playlistId: 1 }],
      [[{ field: 'position', descending: true }], [1, 3], { playlistId: 1 }],
      [[{ field: 'position' }], everyTrack],
      [[{ field: 'path' }], [1, 3], { playlistId: 1 }],
      [[{ field: 'title' }], [1, 2], { text: 'blue' }],
    ];
  test.each(cases.map(([sort, ids, query = {}]) => [query, sort, ids] as const))(
    '%j %j',
    (query, sort, ids) => {
      expect(find(query, sort)).toEqual(ids);
    },
  );

  test('pages are slices of the whole', () => {
    const { ids } = compileTrackQuery({}, [{ field: 'title' }]);
    const statement = storage.database.prepare(ids.sql).pluck();
    const pages = [0, 3, 6].flatMap((offset) => statement.all(...ids.parameters, 3, offset));
    expect(pages).toEqual(statement.all(...ids.parameters, -1, 0));
  });
});
