import { describe, expect, it } from 'vitest';
import type { Playlist, PlaylistKind } from '#shared/domain.ts';
import { Playlists } from '../../state/playlists.svelte.ts';
import { scriptedClient } from '../../state/scripted-client.fixture.ts';
import { dropPlaces, landing, listNodes } from './list-tree.ts';

const list = (
  id: number,
  name: string,
  kind: PlaylistKind,
  parentId: number | null,
  position: number,
): Playlist => ({
  ...{ id, name, kind, parentId, position },
  ...{ trackCount: 1200, durationSeconds: 0, createdAt: 0, updatedAt: 0, rules: null },
});
const all = [
  list(1, 'Gigs', 'folder', null, 0),
  list(2, 'Summer', 'folder', 1, 0),
  list(3, 'Beach', 'playlist', 2, 0),
  list(4, 'Friday', 'playlist', 1, 1),
  list(5, 'Tools', 'crate', null, 1),
  list(6, 'Loved', 'smart', null, 2),
];
async function tree(): Promise<Playlists> {
  const playlists = new Playlists(scriptedClient({ 'playlists.list': () => all }));
  await playlists.refresh();
  return playlists;
}
const found = (playlists: Playlists, id: number): Playlist =>
  playlists.byId(id) ?? all[0] ?? list(0, '', 'folder', null, 0);

describe('the tree of lists', () => {
  it('shows what is in open folders only, each level further in', async () => {
    const playlists = await tree();
    const lines = (open: readonly string[]) =>
      listNodes(playlists, (id) => open.includes(id)).map(({ name, level }) => `${level} ${name}`);
    expect(lines([])).toEqual(['1 Gigs', '1 Tools', '1 Loved']);
    expect(lines(['playlist:1'])).toEqual(['1 Gigs', '2 Summer', '2 Friday', '1 Tools', '1 Loved']);
    expect(lines(['playlist:1', 'playlist:2'])).toContain('3 Beach');
    // The inner one stays open while the outer one is closed.
    expect(lines(['playlist:2'])).toEqual(['1 Gigs', '1 Tools', '1 Loved']);
  });

  it('takes tracks into playlists and crates only', async () => {
    const playlists = await tree();
    const takes = [3, 5, 6, 1].map((id) => dropPlaces(playlists, found(playlists, id), { kind: 'tracks' }));
    expect(takes).toEqual([['inside'], ['inside'], [], []]);
  });

  it('moves lists anywhere but into themselves', async () => {
    const playlists = await tree();
    const places = (target: number, id: number) =>
      dropPlaces(playlists, found(playlists, target), { kind: 'list', id });
    expect(places(1, 5)).toEqual(['before', 'inside', 'after']);
    expect(places(4, 5)).toEqual(['before', 'after']);
    expect([places(1, 1), places(2, 1), places(3, 1)]).toEqual([[], [], []]);
    expect(places(3, 99)).toEqual([]);
  });

  it('counts the position without the list that moves', async () => {
    const playlists = await tree();
    const land = (id: number, target: number, place: 'before' | 'inside' | 'after') =>
      landing(playlists, { id }, found(playlists, target), place);
    expect(land(1, 6, 'after')).toEqual({ parentId: null, position: 2 });
    expect(land(6, 1, 'before')).toEqual({ parentId: null, position: 0 });
    expect(land(5, 4, 'before')).toEqual({ parentId: 1, position: 1 });
    expect(land(5, 2, 'inside')).toEqual({ parentId: 2 });
  });
});
