import { expect, test } from 'vitest';
import { formatSearch } from '#shared/search/format.ts';
import { searchOfRules } from '#shared/search/rules.ts';
import type { Place } from './places.ts';
import { rulesOfView } from './search-rules.ts';

const names = {
  folder: (id: number) => (id === 1 ? { path: '/music/new' } : undefined),
  playlist: (id: number) => (id === 1 ? { name: 'Friday' } : undefined),
};

test.each<[Place, string, string]>([
  [{ kind: 'all' }, 'deep genre:house', 'deep genre:house'],
  [{ kind: 'all' }, 'deep | house', 'deep | house'],
  [{ kind: 'genre', genre: 'electronic/house' }, 'year:1999', 'genre:electronic/house year:1999'],
  [{ kind: 'genres', genre: 'rock' }, 'a | b', 'genre:rock (a | b)'],
  [{ kind: 'errors' }, 'deep', 'has:error deep'],
  [{ kind: 'missing' }, '-deep', 'is:missing -deep'],
  [{ kind: 'folder', folderId: 1 }, 'deep', 'path:/music/new deep'],
  [{ kind: 'playlist', playlistId: 1 }, 'deep', 'playlist:=Friday deep'],
])('%j with “%s”', (place, text, meant) => {
  const rules = rulesOfView({ place, text, sort: [{ field: 'artist' }, { field: 'position' }] }, names);
  expect(formatSearch(searchOfRules(rules!.where))).toBe(meant);
  expect(rules!.sort).toEqual([{ field: 'artist' }]);
});

test('a search with a mistake makes no rules', () => {
  expect(rulesOfView({ place: { kind: 'all' }, text: 'genre:', sort: [] }, names)).toBeNull();
});
