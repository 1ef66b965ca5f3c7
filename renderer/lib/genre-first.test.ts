import { expect, test } from 'vitest';
import type { GenreCount, GenreScore } from '#shared/domain.ts';
import { carriedGenres, createGenreFirst, namesOfGenre } from './genre-first.ts';

const genre = (id: string, name: string, parent: string | null): GenreCount => ({
  ...{ id, name, parent, count: 1, known: 'well', threshold: 0.5 },
});
const tree = [genre('rock', 'Rock', null), genre('rock/punk', 'Punk', 'rock'), genre('pop', 'Pop', null)];
const withGenres = (...genres: GenreScore[]) => ({ genres });
const score = (name: string, confidence: number) => ({ genre: name, confidence });

test('the surest of a family and its styles comes first, the others keep their order', () => {
  const first = createGenreFirst(namesOfGenre(tree, 'rock'));
  const row = { key: 1, track: withGenres(score('Pop', 0.9), score('Jazz', 0.8), score('Punk', 0.6)) };
  expect(first(row).track.genres.map((one) => one.genre)).toEqual(['Punk', 'Pop', 'Jazz']);
  expect(first(row)).toBe(first(row));
  const other = { key: 2, track: withGenres(score('Pop', 0.9)) };
  expect(first(other)).toBe(other);
});

test('how many tracks a genre fits', () => {
  const tracks = [{ genres: [score('Pop', 0.9), score('Rock', 0.8)] }, { genres: [score('Pop', 0.6)] }];
  expect([...carriedGenres(tracks)]).toEqual([
    ['Pop', 2],
    ['Rock', 1],
  ]);
});
