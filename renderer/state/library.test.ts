import { describe, expect, it } from 'vitest';
import type { GenreCount, GenreList } from '#shared/domain.ts';
import { groupFamilies, Library } from './library.svelte.ts';
import { scriptedClient } from './scripted-client.fixture.ts';

const genre = (id: string, parent: string | null, count: number): GenreCount => ({
  id,
  name: id,
  parent,
  count,
  known: 'well',
  threshold: 0.5,
});

describe('groupFamilies', () => {
  it('puts styles into their families and leaves out what no track carries', () => {
    const families = groupFamilies([
      genre('electronic', null, 5),
      genre('house', 'electronic', 4),
      genre('techno', 'electronic', 0),
      genre('rock', null, 0),
      genre('jazz', null, 0),
      genre('bebop', 'jazz', 1),
    ]);
    expect(families.map(({ id, styles }) => [id, styles.map((style) => style.id)])).toEqual([
      ['electronic', ['house']],
      ['jazz', ['bebop']],
    ]);
  });
});

describe('Library.refreshGenres', () => {
  it('shows the answer to the newest question, whichever comes last', async () => {
    const waiting: ((list: GenreList) => void)[] = [];
    const client = scriptedClient({ 'genres.list': () => new Promise((resolve) => waiting.push(resolve)) });
    const library = new Library(client);
    const list = (analysedCount: number): GenreList => ({
      ...{ genres: [], unknownCount: 0, analysedCount, earlierCount: 0 },
    });
    const questions = [library.refreshGenres(0.3), library.refreshGenres(0.6)];
    waiting[1]?.(list(60));
    waiting[0]?.(list(30));
    await Promise.all(questions);
    expect(library.genres.analysedCount).toBe(60);
  });
});
