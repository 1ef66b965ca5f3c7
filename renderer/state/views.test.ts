import { describe, expect, it } from 'vitest';
import { Views } from './views.svelte.ts';

function storageWith(stored: Record<string, string> = {}) {
  const kept = new Map(Object.entries(stored));
  return {
    kept,
    storage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    } as unknown as Storage,
  };
}
const ids = (views: Views, view: 'all' | 'playlist' | 'errors') => views.columns(view).map(({ id }) => id);

describe('Views', () => {
  it('remembers columns, widths and order of each kind of list by itself', () => {
    const { storage } = storageWith();
    const views = new Views(storage);
    const first = ids(views, 'all');
    expect(views.isOwn('all')).toBe(false);
    views.choose('all', 'path', true);
    views.choose('all', 'album', false);
    views.move('all', 'rating', 0);
    views.resize('all', new Map([['title', 240]]));
    views.setSort('all', [{ field: 'genre', descending: false }]);
    views.setBrowser('all', true);

    const again = new Views(storage);
    expect(ids(again, 'all')).toEqual([
      'rating',
      ...first.filter((id) => !['album', 'rating'].includes(id)),
      'path',
    ]);
    expect(again.columns('all').find(({ id }) => id === 'title')).toMatchObject({
      width: '240px',
      minimum: 240,
    });
    expect([again.isOwn('all'), again.hasBrowser('all')]).toEqual([true, true]);
    expect(again.sort('all')).toEqual([{ field: 'genre', descending: false }]);
    expect([again.isOwn('playlist'), again.sort('errors'), again.hasBrowser('genre')]).toEqual([
      false,
      null,
      false,
    ]);

    again.resetColumns('all');
    expect(ids(again, 'all')).toEqual(first);
    expect(again.sort('all')).not.toBeNull();
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[1, null]'],
    ['columns of another form', '{"all":{"columns":[7,{"id":"nonsense"},{"id":"year","width":"wide"}]}}'],
    ['an order of unknown fields', '{"all":{"sort":[{"field":"drop table"},3],"browser":"yes"},"errors":5}'],
  ])('starts afresh where %s was stored', (_name, stored) => {
    const views = new Views(storageWith({ 'cratewise.views': stored }).storage);
    expect(ids(views, 'all')[0]).toBe('title');
    expect([views.isOwn('all'), views.sort('all'), views.hasBrowser('all')]).toEqual([false, null, false]);
    expect(ids(views, 'errors')).toEqual(['title', 'error', 'path']);
  });

  it('works without a storage, and with one that is full', () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    } as unknown as Storage;
    for (const storage of [null, full]) {
      const views = new Views(storage);
      views.choose('playlist', 'year', false);
      expect(ids(views, 'playlist')).not.toContain('year');
    }
  });
});
