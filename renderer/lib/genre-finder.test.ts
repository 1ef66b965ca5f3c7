import { expect, test } from 'vitest';
import type { GenreCount } from '#shared/domain.ts';
import { foundGenres } from './genre-finder.ts';

const genres = ['Electronic', 'House', 'Deep House', 'Hip-hop', 'R&B', 'Chill-out', 'Música'].map(
  (name): GenreCount => ({ id: name, name, parent: null, count: 0, known: 'well', threshold: 0.5 }),
);

test.each([
  ['', genres.map(({ name }) => name)],
  ['house', ['House', 'Deep House']],
  ['hip hop', ['Hip-hop']],
  ['hiphop', ['Hip-hop']],
  ['r&b', ['R&B']],
  ['musica', ['Música']],
  ['out', ['Chill-out']],
  ['tron', ['Electronic']],
  ['polka', []],
])('“%s”', (typed, names) => {
  expect(foundGenres(genres, typed).map(({ name }) => name)).toEqual(names);
});
