import { describe, expect, it } from 'vitest';
import type { Playlist } from '#shared/domain.ts';
import { freeName, landingPosition, Playlists } from './playlists.svelte.ts';
import { scriptedClient } from './scripted-client.fixture.ts';

function list(id: number, part: Partial<Playlist> = {}): Playlist {
  return {
    ...{ id, name: `List ${id}`, kind: 'playlist', parentId: null, position: 0, trackCount: 0 },
    ...{ durationSeconds: 0, createdAt: 0, updatedAt: 0, rules: null },
    ...part,
  };
}

describe('landingPosition', () => {
  /** What the engine does: takes the rows out, puts them in so that the first lands at `position`. */
  function moved(rows: readonly string[], which: readonly number[], position: number): string {
    const taken = which.map((index) => rows[index] ?? '');
    const rest = rows.filter((_, index) => !which.includes(index));
    return rest.toSpliced(position, 0, ...taken).join('');
  }

  it.each([
    [[0], 2, 'bacde'],
    [[0], 5, 'bcdea'],
    [[4], 0, 'eabcd'],
    [[1, 2], 5, 'adebc'],
    [[1, 3], 3, 'acbde'],
    [[1], 1, 'abcde'],
    [[1], 2, 'abcde'],
  ])('rows %j dropped before row %d', (which, before, result) => {
    expect(moved([...'abcde'], which, landingPosition(before, which))).toBe(result);
  });
});

describe('Playlists', () => {
  const tree = [
    list(1, { kind: 'folder' }),
    list(2, { kind: 'folder', parentId: 1 }),
    list(3, { kind: 'smart', parentId: 2, rules: { where: { match: 'all', rules: [] } } }),
    list(4, { kind: 'crate', parentId: 1 }),
    list(5),
  ];

  it('knows the tree: what is in a folder, what is around a list, where it can go', async () => {
    const playlists = new Playlists(scriptedClient({ 'playlists.list': () => tree }));
    await playlists.refresh();
    expect(playlists.childrenOf(null).map(({ id }) => id)).toEqual([1, 5]);
    expect(playlists.childrenOf(1).map(({ id }) => id)).toEqual([2, 4]);
    expect(playlists.foldersAround(tree[2] as Playlist).map(({ id }) => id)).toEqual([1, 2]);
    expect(playlists.foldersFor(tree[4] as Playlist).map(({ id }) => id)).toEqual([1, 2]);
    expect(playlists.foldersFor(tree[0] as Playlist)).toEqual([]);
    expect(playlists.targets.map(({ id }) => id)).toEqual([4, 5]);
  });

  it('leaves copying to the engine, which need not send the rows around', async () => {
    const client = scriptedClient({
      'playlists.list': () => tree,
      'playlists.duplicate': ({ name }) => list(9, { name }),
    });
    const playlists = new Playlists(client);
    expect((await playlists.duplicate(tree[3] as Playlist, 'Copy')).name).toBe('Copy');
    expect(client.asked).toEqual([
      { name: 'playlists.duplicate', input: { playlistId: 4, name: 'Copy' } },
      { name: 'playlists.list', input: {} },
    ]);
  });
});

describe('freeName', () => {
  it.each([
    ['Friday', 'Friday'],
    ['friday copy', 'friday copy 3'],
    ['Gone 7', 'Gone 7'],
    ['Set 1', 'Set 2'],
  ])('%s → %s', (name, free) => {
    const names = ['Friday copy', 'Friday copy 2', 'Set 1'];
    expect(
      freeName(
        name,
        names.map((taken, id) => list(id, { name: taken })),
      ),
    ).toBe(free);
  });
});
