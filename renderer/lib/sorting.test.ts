import { describe, expect, it } from 'vitest';
import { toggledSort } from './sorting.ts';

describe('toggledSort', () => {
  it('sorts by one field and turns it at the second click', () => {
    const once = toggledSort([], 'title', false);
    expect(once).toEqual([{ field: 'title', descending: false }]);
    expect(toggledSort(once, 'title', false)).toEqual([{ field: 'title', descending: true }]);
  });

  it('starts with the newest and the best rated', () => {
    expect(toggledSort([], 'addedAt', false)).toEqual([{ field: 'addedAt', descending: true }]);
    expect(toggledSort([], 'rating', true)).toEqual([{ field: 'rating', descending: true }]);
  });

  it('adds, turns and takes out a further key with shift', () => {
    const artist = [{ field: 'artist', descending: false }] as const;
    const two = toggledSort(artist, 'year', true);
    expect(two).toEqual([...artist, { field: 'year', descending: false }]);
    const turned = toggledSort(two, 'year', true);
    expect(turned[1]).toEqual({ field: 'year', descending: true });
    expect(toggledSort(turned, 'year', true)).toEqual(artist);
  });

  it('keeps the only key when shift would take it out', () => {
    expect(toggledSort([{ field: 'year', descending: true }], 'year', true)).toEqual([
      { field: 'year', descending: false },
    ]);
  });

  it('a plain click on one of several keys leaves that one alone', () => {
    const keys = [{ field: 'artist' }, { field: 'year', descending: true }] as const;
    expect(toggledSort(keys, 'year', false)).toEqual([{ field: 'year', descending: false }]);
  });

  it('never sends more keys than the contract takes', () => {
    let keys = toggledSort([], 'title', false);
    for (const field of ['artist', 'album', 'year', 'genre', 'size'] as const) {
      keys = toggledSort(keys, field, true);
    }
    expect(keys).toHaveLength(5);
    expect(keys.at(-1)?.field).toBe('size');
  });
});
