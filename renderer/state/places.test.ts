import { describe, expect, it } from 'vitest';
import { tryParseSearch } from '#shared/search/parse.ts';
import { firstSort, hasList, queryOf, samePlace } from './places.ts';

const now = 1_800_000_000_000;

describe('queryOf', () => {
  it('sends only what is asked for', () => {
    expect(queryOf({ kind: 'all' }, '  ', null, now)).toEqual({});
    expect(queryOf({ kind: 'errors' }, '', null, now)).toEqual({ hasError: true });
    expect(queryOf({ kind: 'offline' }, '', null, now)).toEqual({ state: 'offline' });
    expect(queryOf({ kind: 'folder', folderId: 3 }, 'dub', null, now)).toEqual({ folderId: 3, text: 'dub' });
    expect(queryOf({ kind: 'recent' }, '', null, now)).toEqual({ addedAfter: now - 7 * 86_400_000 });
  });

  it('counts genres from the chosen confidence', () => {
    expect(queryOf({ kind: 'genre', genre: 'house' }, '', 0.7, now)).toEqual({
      genre: 'house',
      minimumConfidence: 0.7,
    });
  });

  it('asks for what came in and waits for a decision, also within a search of alternatives', () => {
    const { text } = queryOf({ kind: 'incoming' }, '', null, now) ?? {};
    expect(text).toContain('-has:rating');
    const searched = queryOf({ kind: 'incoming' }, 'dub | house', null, now)?.text ?? '';
    expect(searched).toBe(`${text} (dub | house)`);
    expect(tryParseSearch(searched).error).toBeNull();
  });

  it('lists the tracks of the genre that is open in the genre screen', () => {
    expect(queryOf({ kind: 'genres', genre: 'house' }, '', null, now)).toEqual({ genre: 'house' });
    expect(queryOf({ kind: 'genres', genre: null }, '', null, now)).toBeNull();
  });

  it('knows which places are no query', () => {
    expect(queryOf({ kind: 'similar', trackId: 1 }, 'x', 0.5, now)).toBeNull();
    expect(queryOf({ kind: 'settings' }, 'x', 0.5, now)).toBeNull();
  });
});

it('tells places apart', () => {
  expect(samePlace({ kind: 'genre', genre: 'a' }, { kind: 'genre', genre: 'b' })).toBe(false);
  expect(samePlace({ kind: 'folder', folderId: 1 }, { kind: 'playlist', playlistId: 1 })).toBe(false);
  expect(samePlace({ kind: 'similar', trackId: 1 }, { kind: 'similar', trackId: 1 })).toBe(true);
  expect(samePlace({ kind: 'similar', trackId: 1 }, { kind: 'track', trackId: 1 })).toBe(false);
  expect(hasList({ kind: 'similar', trackId: 1 })).toBe(true);
  expect(hasList({ kind: 'track', trackId: 1 })).toBe(false);
  expect(hasList({ kind: 'genres', genre: null })).toBe(false);
  expect(hasList({ kind: 'genres', genre: 'rock' })).toBe(true);
});

it('opens a genre with its surest tracks', () => {
  expect(firstSort({ kind: 'genre', genre: 'house' })).toEqual([{ field: 'confidence', descending: true }]);
});
