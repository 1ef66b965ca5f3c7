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

describe('Library.analysedShare', () => {
  it('counts the whole library, not this run: a run that stands still has not begun anew', async () => {
    const counts = { all: 700, missing: 0, offline: 0, errors: 3, recentlyAdded: 0, incoming: 0 };
    const client = scriptedClient({
      'library.folders': () => [],
      'library.counts': () => ({ ...counts, analysed: 259, pending: 441 }),
      'app.info': () => Promise.reject(new Error('none')),
      'genres.list': () => ({ genres: [], unknownCount: 0, analysedCount: 0, earlierCount: 0 }),
    });
    const library = new Library(client);
    expect(library.analysedShare).toBe(0);
    await library.refresh(null).catch(() => undefined);
    expect(library.analysedShare).toBeCloseTo(0.37, 6);
  });
});
