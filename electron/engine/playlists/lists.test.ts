import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Input } from '#shared/contract.ts';
import type { Playlist, RuleCondition, SmartRules } from '#shared/domain.ts';
import { createEdits } from '#engine/edits.ts';
import { createEvents } from '#engine/events.ts';
import { createRecordings } from '#engine/similarity/recordings.ts';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { createCompileQuery } from '#engine/track-queries.ts';
import { createPlaylists } from './playlists.handlers.ts';
import type { Playlists } from './playlists.handlers.ts';

const context = { signal: new AbortController().signal };
let library: FilledLibrary;
let playlists: Playlists;
let handlers: Playlists['handlers'];
let ids: number[];
let revision = 1;
let now = 1000;

beforeEach(() => {
  library = openFilledLibrary();
  ids = ['a', 'b', 'c', 'd', 'e'].map((path, index) => {
    const genres = { [index % 2 === 0 ? 'electronic/house' : 'rock']: 0.9 };
    const id = library.add({
      path,
      genres,
      durationSeconds: 60,
      ...(path === 'e' ? { state: 'missing' } : {}),
    });
    library.storage.database
      .prepare('UPDATE tracks SET year = ?, rating = ?, added_at = ? WHERE id = ?')
      .run(1990 + index, index, index, id);
    return id;
  });
  const { storage } = library;
  const events = createEvents();
  const clock = (): number => now++;
  const changed = (): void => void (revision += 1);
  const recordings = createRecordings(storage, 4);
  playlists = createPlaylists({
    storage,
    edits: createEdits({ storage, publish: events.publish, changed, clock }),
    compile: createCompileQuery(storage.database, clock),
    recordings: () => recordings,
    events,
    changed,
    revision: () => revision,
    clock,
  });
  ({ handlers } = playlists);
});
afterEach(() => {
  playlists.close();
  library.remove();
});

const create = async (input: Input<'playlists.create'>): Promise<Playlist> =>
  handlers['playlists.create'](input, context);
const list = async (): Promise<readonly Playlist[]> => handlers['playlists.list']({}, context);
const one = (
  field: RuleCondition['field'],
  operator: RuleCondition['operator'],
  value: string,
): RuleCondition => ({
  field,
  operator,
  value,
});
const all = (...rules: SmartRules['where']['rules']): SmartRules => ({ where: { match: 'all', rules } });

async function lettersOf(playlistId: number): Promise<string> {
  const { entries, total } = await handlers['playlists.entries'](
    { playlistId, offset: 0, limit: 100 },
    context,
  );
  expect(entries).toHaveLength(total);
  return entries.map(({ track }) => track.path.slice('/music/'.length)).join('');
}

/** "Folder(List, …)" in order. */
async function tree(): Promise<string> {
  const nodes = await list();
  const of = (parentId: number | null): string =>
    nodes
      .filter((node) => node.parentId === parentId)
      .map((node) => (node.kind === 'folder' ? `${node.name}(${of(node.id)})` : node.name))
      .join(' ');
  return of(null);
}

describe('folders', () => {
  test('hold lists and folders in the order they were placed; counts add up', async () => {
    const outer = await create({ name: 'Outer', kind: 'folder' });
    const inner = await create({ name: 'Inner', kind: 'folder', parentId: outer.id });
    const set = await create({ name: 'Set', parentId: inner.id, trackIds: ids.slice(0, 2) });
    await create({ name: 'First', parentId: outer.id, position: 0, trackIds: ids.slice(0, 1) });
    await create({ name: 'Top', position: 0 });
    expect(await tree()).toBe('Top Outer(First Inner(Set))');
    expect((await list()).find(({ id }) => id === outer.id)).toMatchObject({
      trackCount: 2,
      durationSeconds: 120,
    });
    // As many as it shows when it is opened: a track that two of its lists hold is one.
    expect(await lettersOf(outer.id)).toBe('ab');
    await handlers['playlists.place']({ playlistId: set.id, parentId: null, position: 1 }, context);
    expect(await tree()).toBe('Top Set Outer(First Inner())');
    await handlers['playlists.place']({ playlistId: set.id, parentId: null, position: 0 }, context);
    expect(await tree()).toBe('Set Top Outer(First Inner())');
    expect((await list())[0]).toMatchObject({ name: 'Set', position: 0 });
    expect(await lettersOf(outer.id)).toBe('a');
  });

  test('cannot be put into themselves, and only folders hold lists', async () => {
    const outer = await create({ name: 'Outer', kind: 'folder' });
    const inner = await create({ name: 'Inner', kind: 'folder', parentId: outer.id });
    const set = await create({ name: 'Set' });
    const place = (playlistId: number, parentId: number) => () =>
      handlers['playlists.place']({ playlistId, parentId }, context);
    expect(place(outer.id, inner.id)).toThrow(/into itself/);
    expect(place(outer.id, outer.id)).toThrow(/into itself/);
    expect(place(outer.id, set.id)).toThrow(/“Set” is a playlist: nothing can be put into it/);
    expect(() => handlers['playlists.add']({ playlistId: outer.id, trackIds: ids }, context)).toThrow(
      /is a folder/,
    );
  });

  test('many moves into the same gap keep the order', async () => {
    const made: Playlist[] = [];
    for (const name of ['A', 'B', 'C']) made.push(await create({ name }));
    for (let turn = 0; turn < 120; turn++) {
      const [, , last] = await list();
      await handlers['playlists.place']({ playlistId: last!.id, parentId: null, position: 1 }, context);
    }
    expect(await tree()).toBe('A B C');
  });

  test('go with all that is in them', async () => {
    const outer = await create({ name: 'Outer', kind: 'folder' });
    await create({ name: 'Set', parentId: outer.id, trackIds: ids });
    await handlers['playlists.delete']({ playlistId: outer.id }, context);
    expect(await list()).toEqual([]);
    expect(library.storage.database.prepare('SELECT count(*) FROM playlist_entries').pluck().get()).toBe(0);
  });
});

describe('crates', () => {
  test('hold each track once and have no order to change', async () => {
    const { id } = await create({ name: 'Box', kind: 'crate', trackIds: [ids[0]!, ids[0]!] });
    await handlers['playlists.add'](
      { playlistId: id, trackIds: [ids[1]!, ids[0]!, ids[1]!], position: 0 },
      context,
    );
    expect(await lettersOf(id)).toBe('ab');
    expect(() => handlers['playlists.move']({ playlistId: id, entryIds: [1], position: 0 }, context)).toThrow(
      /no order/,
    );
    expect(
      await handlers['playlists.removeTracks']({ playlistId: id, trackIds: [ids[0]!, ids[4]!] }, context),
    ).toMatchObject({
      trackCount: 1,
    });
  });

  test('a playlist that becomes one loses the copies', async () => {
    const { id } = await create({ name: 'Set', trackIds: [ids[1]!, ids[0]!, ids[1]!] });
    expect(await handlers['playlists.setKind']({ playlistId: id, kind: 'crate' }, context)).toMatchObject({
      kind: 'crate',
    });
    expect(await lettersOf(id)).toBe('ba');
  });
});

describe('smart playlists', () => {
  test('hold what fits their rules at the time, without missing tracks', async () => {
    const made = await create({ name: 'House', rules: all(one('genre', 'is', 'House')) });
    expect(made).toMatchObject({ kind: 'smart', trackCount: 2, durationSeconds: 120 });
    expect(await lettersOf(made.id)).toBe('ac');
    library.add({ path: 'f', genres: { 'electronic/house': 0.9 }, durationSeconds: 60 });
    expect(await lettersOf(made.id)).toBe('acf');
    const missing = await create({ name: 'Gone', rules: all(one('is', 'is', 'missing')) });
    expect(await lettersOf(missing.id)).toBe('e');
  });

  test('have an order and a limit: the most recent ones', async () => {
    const rules: SmartRules = { ...all(), sort: [{ field: 'addedAt', descending: true }], limit: 2 };
    const { id } = await create({ name: 'Recent', rules });
    expect(await lettersOf(id)).toBe('dc');
    expect(await handlers['smart.count']({ rules }, context)).toEqual({
      trackCount: 2,
      durationSeconds: 120,
    });
    const byPath: SmartRules = { ...all(), sort: [{ field: 'path' }], limit: 3 };
    expect(await handlers['smart.count']({ rules: byPath }, context)).toMatchObject({ trackCount: 3 });
  });

  test('nest groups', async () => {
    const rules: SmartRules = {
      where: {
        match: 'any',
        rules: [
          one('year', 'is', '1993'),
          { match: 'none', rules: [one('genre', 'is', 'Rock'), one('rating', 'atLeast', '2')] },
        ],
      },
    };
    expect(await lettersOf((await create({ name: 'Nested', rules })).id)).toBe('ad');
  });

  test('may ask for other lists, but not for themselves', async () => {
    const folder = await create({ name: 'Box', kind: 'folder' });
    await create({ name: 'Set', parentId: folder.id, trackIds: [ids[1]!] });
    const rock = await create({ name: 'Rock', rules: all(one('genre', 'is', 'Rock')), parentId: folder.id });
    const inBox = await create({ name: 'In box', rules: all(one('playlist', 'exactly', 'Box')) });
    expect(await lettersOf(inBox.id)).toBe('bd');
    const ask = (name: string) =>
      handlers['playlists.setRules'](
        { playlistId: rock.id, rules: all(one('playlist', 'exactly', name)) },
        context,
      );
    expect(() => ask('Rock')).toThrow(/ask for the playlist itself/);
    expect(() => ask('In box')).toThrow(/ask for the playlist itself/);
    expect(await lettersOf(rock.id)).toBe('bd');
  });

  test('rules with a mistake are refused and change nothing', async () => {
    await expect(create({ name: 'Bad', rules: all(one('year', 'is', 'soon')) })).rejects.toThrow(
      /no value for “year:”.*rule 1/,
    );
    await expect(create({ name: 'Bad', rules: all(one('genre', 'is', 'Polka')) })).rejects.toThrow(
      /no genre “Polka”/,
    );
    await expect(create({ name: 'Bad', kind: 'smart' })).rejects.toThrow(/has rules/);
    await expect(create({ name: 'Bad', kind: 'folder', trackIds: ids })).rejects.toThrow(
      /Only playlists and crates/,
    );
    expect(await list()).toEqual([]);
  });

  test('take no tracks, and can be kept as they are', async () => {
    const { id } = await create({ name: 'House', rules: all(one('genre', 'is', 'House')) });
    expect(() => handlers['playlists.add']({ playlistId: id, trackIds: ids }, context)).toThrow(
      /smart playlist: tracks cannot/,
    );
    expect(await handlers['playlists.setKind']({ playlistId: id, kind: 'playlist' }, context)).toMatchObject({
      kind: 'playlist',
      rules: null,
      trackCount: 2,
    });
  });

  test('a list of them tells new numbers after other edits', async () => {
    await create({ name: 'Set', trackIds: [ids[0]!] });
    const { id } = await create({
      name: 'Loose',
      rules: all({ ...one('has', 'is', 'playlist'), not: true }),
    });
    await handlers['playlists.setRules'](
      { playlistId: id, rules: all(one('has', 'is', 'playlist')) },
      context,
    );
    expect((await list()).map(({ trackCount }) => trackCount)).toEqual([1, 1]);
  });
});

test('the lists that hold a track, with its rows', async () => {
  const set = await create({ name: 'Set', trackIds: [ids[0]!, ids[1]!, ids[0]!] });
  const box = await create({ name: 'Box', kind: 'crate', trackIds: [ids[0]!] });
  const smart = await create({ name: 'House', rules: all(one('genre', 'is', 'House')) });
  await create({ name: 'Rock', rules: all(one('genre', 'is', 'Rock')) });
  expect(await handlers['tracks.playlists']({ trackId: ids[0]! }, context)).toEqual([
    { id: set.id, name: 'Set', kind: 'playlist', positions: [0, 2] },
    { id: box.id, name: 'Box', kind: 'crate', positions: [] },
    { id: smart.id, name: 'House', kind: 'smart', positions: [] },
  ]);
  await expect(Promise.resolve(handlers['tracks.playlists']({ trackId: 999 }, context))).rejects.toThrow(
    /no track 999/,
  );
});

describe('copies', () => {
  const idsOf = async (playlistId: number) => handlers['playlists.entryIds']({ playlistId }, context);

  test('hold the same rows, or the same rules, beside the original, as one step', async () => {
    const box = await create({ name: 'Box', kind: 'folder' });
    const set = await create({ name: 'Set', parentId: box.id, trackIds: [ids[2]!, ids[0]!, ids[2]!] });
    const rules = all(one('genre', 'is', 'Rock'));
    const rock = await create({ name: 'Rock', rules, parentId: box.id });
    const crate = await create({ name: 'Crate', kind: 'crate', trackIds: [ids[1]!, ids[3]!] });
    const copy = async (playlistId: number, name: string): Promise<Playlist> =>
      handlers['playlists.duplicate']({ playlistId, name }, context);
    const copied = await copy(set.id, 'Set 2');
    expect(await tree()).toBe('Box(Set Rock Set 2) Crate');
    expect(await lettersOf(copied.id)).toBe('cac');
    const [own, others] = [await idsOf(copied.id), await idsOf(set.id)];
    expect(own.trackIds).toEqual(others.trackIds);
    expect(own.entryIds.some((entryId) => others.entryIds.includes(entryId))).toBe(false);
    expect(await copy(rock.id, 'Rock 2')).toMatchObject({ kind: 'smart', rules, parentId: box.id });
    expect(await copy(crate.id, 'Crate 2')).toMatchObject({ kind: 'crate', trackCount: 2 });
    expect(() => handlers['playlists.duplicate']({ playlistId: set.id, name: 'rock' }, context)).toThrow(
      /named “rock” already/,
    );
    expect(() => handlers['playlists.duplicate']({ playlistId: box.id, name: 'Box 2' }, context)).toThrow(
      /is a folder/,
    );
  });

  test('of 50,000 rows take less than a second, and so do the ids', async () => {
    const many = Array.from({ length: 50_000 }, (_, index) => ids[index % ids.length]!);
    const { id } = await create({ name: 'Long', trackIds: many });
    const began = performance.now();
    const copied = await handlers['playlists.duplicate']({ playlistId: id, name: 'Long 2' }, context);
    const { entryIds, trackIds } = await idsOf(copied.id);
    expect(performance.now() - began).toBeLessThan(1000);
    expect([copied.trackCount, entryIds.length, trackIds[49_999]]).toEqual([50_000, 50_000, ids[4]]);
  });
});

test('without an order of its own a smart playlist stands by artist and album, and its limit takes the first of those', async () => {
  const { database } = library.storage;
  for (const [index, artist] of ['Mira', 'Abel', 'Zoe', 'Abel', 'Mira'].entries()) {
    const sql = 'UPDATE tracks SET artist = ?, album = ?, track_number = ? WHERE id = ?';
    database.prepare(sql).run(artist, index === 3 ? 'A' : 'B', 9 - index, ids[index]!);
  }
  const rules = all(one('rating', 'atLeast', '0'));
  const { id } = await create({ name: 'All of them', rules });
  expect(await lettersOf(id)).toBe('dbac');
  const first = await create({ name: 'Three', rules: { ...rules, limit: 3 } });
  expect(await lettersOf(first.id)).toBe('dba');
  const folder = await create({ name: 'Box', kind: 'folder' });
  await handlers['playlists.place']({ playlistId: id, parentId: folder.id }, context);
  expect(await lettersOf(folder.id)).toBe('dbac');
});

test('a folder counts each track once, and follows its lists', async () => {
  const folder = await create({ name: 'Box', kind: 'folder' });
  const inner = await create({ name: 'Inner', kind: 'folder', parentId: folder.id });
  const set = await create({ name: 'Set', parentId: inner.id, trackIds: [ids[0]!, ids[0]!, ids[1]!] });
  await create({ name: 'Rock', rules: all(one('genre', 'is', 'Rock')), parentId: folder.id });
  const countOf = async (): Promise<number | undefined> =>
    (await list()).find(({ id }) => id === folder.id)?.trackCount;
  expect(await countOf()).toBe(3);
  const change = { playlistId: set.id, trackIds: [ids[2]!] };
  await handlers['playlists.add'](change, context);
  expect([await countOf(), (await lettersOf(folder.id)).length]).toEqual([4, 4]);
  await handlers['playlists.place']({ playlistId: set.id, parentId: null }, context);
  expect(await countOf()).toBe(2);
});
