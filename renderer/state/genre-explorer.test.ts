import { describe, expect, it } from 'vitest';
import type { GenreCompanions } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { GenreExplorer } from './genre-explorer.svelte.ts';
import { scriptedClient } from './scripted-client.fixture.ts';

const companionsOf = (genre: string): GenreCompanions => ({ genre, trackCount: 1, companions: [] });

describe('GenreExplorer', () => {
  it('asks at the confidence of the slider, and forgets when no genre is chosen', async () => {
    const client = scriptedClient({ 'genres.cooccurrence': ({ genre }) => companionsOf(genre) });
    const explorer = new GenreExplorer(client);
    await explorer.show('rock', null);
    await explorer.show('rock', 0.5);
    expect(client.inputsOf('genres.cooccurrence')).toEqual([
      { genre: 'rock' },
      { genre: 'rock', minimumConfidence: 0.5 },
    ]);
    expect(explorer.companions?.genre).toBe('rock');
    await explorer.show(null, 0.5);
    expect(explorer.companions).toBeNull();
  });

  it('a slow answer does not replace a newer one', async () => {
    const waiting: (() => void)[] = [];
    const client = scriptedClient({
      'genres.cooccurrence': ({ genre }) =>
        new Promise((resolve) => waiting.push(() => resolve(companionsOf(genre)))),
    });
    const explorer = new GenreExplorer(client);
    const both = [explorer.show('rock', null), explorer.show('pop', null)];
    for (const answer of waiting.toReversed()) answer();
    await Promise.all(both);
    expect(explorer.companions?.genre).toBe('pop');
  });

  it('says why it has no answer, and families open and close', async () => {
    const client = scriptedClient({
      'genres.cooccurrence': () => Promise.reject(new AppError('not-found', 'no such genre')),
    });
    const explorer = new GenreExplorer(client);
    await explorer.show('rock', null);
    expect(explorer.error?.code).toBe('not-found');
    explorer.toggle('rock');
    expect(explorer.isOpen('rock')).toBe(false);
    explorer.toggle('rock');
    expect(explorer.isOpen('rock')).toBe(true);
  });
});
