import { describe, expect, it } from 'vitest';
import type { GenreCount, LibraryCounts } from '#shared/domain.ts';
import { FirstRun, firstGenres } from './first-run.svelte.ts';
import { Library } from './library.svelte.ts';
import { scriptedClient } from './scripted-client.fixture.ts';

const none: LibraryCounts = {
  ...{ all: 0, missing: 0, offline: 0, errors: 0, pending: 0, analysed: 0, recentlyAdded: 0, incoming: 0 },
};
const folder = { id: 1, path: '/music', online: true, trackCount: 0, addedAt: 0, lastScanAt: null };

function setUp() {
  const state = { counts: none, folders: [] as (typeof folder)[] };
  const client = scriptedClient({
    'app.info': () => ({
      ...{ version: '1', host: 'desktop', libraryFile: '/data/library.db', dataDir: '/data' },
      model: { name: 'm', version: '1', embeddingSize: 1, genreCount: 1, folder: '/model' },
    }),
    'library.folders': () => state.folders,
    'library.counts': () => state.counts,
    'genres.list': () => ({ genres: [], unknownCount: 0, analysedCount: 0, earlierCount: 0 }),
  });
  const library = new Library(client);
  const refresh = async (): Promise<void> => {
    await library.refresh(null);
    firstRun.look();
  };
  const firstRun = new FirstRun(library);
  return { firstRun, state, refresh };
}

describe('FirstRun', () => {
  it('asks for a folder once it is known that there is none, then tells what happens until it is hidden', async () => {
    const { firstRun, state, refresh } = setUp();
    expect(firstRun.empty).toBe(false);
    await refresh();
    expect([firstRun.empty, firstRun.telling]).toEqual([true, false]);
    state.folders = [folder];
    await refresh();
    expect([firstRun.empty, firstRun.telling, firstRun.done]).toEqual([false, true, false]);
    state.counts = { ...none, all: 90, analysed: 40, pending: 50 };
    await refresh();
    expect([firstRun.telling, firstRun.done]).toEqual([true, true]);
    firstRun.hide();
    expect(firstRun.telling).toBe(false);
  });

  it('says nothing to somebody whose library is there already', async () => {
    const { firstRun, state, refresh } = setUp();
    state.folders = [folder];
    state.counts = { ...none, all: 5 };
    await refresh();
    expect([firstRun.empty, firstRun.telling]).toEqual([false, false]);
  });
});

describe('firstGenres', () => {
  it('prefers styles to their family, the most common first', () => {
    const genre = (id: string, parent: string | null, count: number): GenreCount => ({
      ...{ id, name: id, parent, count, known: 'well', threshold: 0.5 },
    });
    const genres = [
      genre('Electronic', null, 9),
      genre('House', 'Electronic', 3),
      genre('Jazz', null, 5),
      genre('Folk', null, 0),
    ];
    expect(firstGenres(genres).map(({ id }) => id)).toEqual(['Jazz', 'House']);
  });
});
