import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Input } from '#shared/contract.ts';
import type { Playlist } from '#shared/domain.ts';
import { context, openSetLibrary } from './sets.fixture.ts';
import type { SetLibrary } from './sets.fixture.ts';

let opened: SetLibrary;
let add: SetLibrary['add'];
let addMany: SetLibrary['addMany'];
let handlers: SetLibrary['handlers'];
let library: SetLibrary['library'];
beforeEach(() => {
  opened = openSetLibrary();
  ({ add, addMany, handlers, library } = opened);
});
afterEach(() => opened.close());

const next = async (asked: Input<'sets.next'>) => await handlers['sets.next'](asked, context);

test('what comes next: exactly the best of all by the whole score, once each, without what was heard', async () => {
  const ids = addMany(300);
  library.add({ path: 'copy of the first', recording: 'track 0', durationSeconds: 240 });
  const after = [ids[5]!, ids[0]!];
  const played = ids.slice(10, 20);
  const found = await next({ after, played, limit: 20 });
  const gone = new Set([...after, ...played]);
  const all = await Promise.all(
    ids
      .filter((id) => !gone.has(id))
      .map(async (id) => {
        const [, transition] = await handlers['sets.transitionsOf']({ trackIds: [ids[0]!, id] }, context);
        return { id, score: transition!.score };
      }),
  );
  const artistOf = new Map(found.map(({ track }) => [track.id, track.artist]));
  const heard = new Set(
    library.storage.database
      .prepare('SELECT DISTINCT artist FROM tracks WHERE id IN (?, ?)')
      .pluck()
      .all(...after) as string[],
  );
  const cost = library.storage.database.prepare('SELECT artist FROM tracks WHERE id = ?').pluck();
  const best = all
    .map(({ id, score }) => ({ id, score: score - (heard.has(cost.get(id) as string) ? 0.25 : 0) }))
    .sort((one, other) => other.score - one.score || one.id - other.id)
    .slice(0, 20);
  expect(found.map(({ track }) => track.id)).toEqual(best.map(({ id }) => id));
  expect(artistOf.size).toBe(20);
  expect(found.every(({ transition }) => transition.axes.length === 6)).toBe(true);
});

test('what comes next follows what is added, measured, and goes; from a query only', async () => {
  const first = add('first', { sound: { bpm: 120, key: '8A' } });
  expect(await next({ after: [first] })).toEqual([]);
  const other = add('other', { embedding: [0, 1], sound: { bpm: 120, key: '8A' } });
  const near = add('near', { embedding: [0, 1], sound: { bpm: 139, key: '2A' } });
  expect((await next({ after: [first] })).map(({ track }) => track.id)).toEqual([other, near]);
  library.measure('near', { bpm: 120, key: '8A' });
  library.measure('other', { bpm: 139, key: '2A' });
  expect((await next({ after: [first] })).map(({ track }) => track.id)).toEqual([near, other]);
  expect(
    (await next({ after: [first], query: { text: 'path:other' } })).map(({ track }) => track.id),
  ).toEqual([other]);
  library.storage.database.prepare(`UPDATE tracks SET state = 'offline' WHERE id = ?`).run(near);
  expect((await next({ after: [first] })).map(({ track }) => track.id)).toEqual([other]);
  library.storage.database.prepare('DELETE FROM tracks WHERE id = ?').run(other);
  expect(await next({ after: [first] })).toEqual([]);
  await expect(next({ after: [999] })).rejects.toMatchObject({ code: 'not-found' });
});

async function playlist(
  trackIds: readonly number[],
  kind: 'playlist' | 'crate' = 'playlist',
): Promise<Playlist> {
  return await opened.lists['playlists.create'](
    { name: `List ${kind}`, kind, trackIds: [...trackIds] },
    context,
  );
}
async function rowsOf(playlistId: number) {
  return await opened.lists['playlists.entryIds']({ playlistId }, context);
}

test('how a playlist runs: a transition into each row, in slices as in one', async () => {
  const ids = addMany(6);
  const { id } = await playlist([...ids, ids[0]!]);
  const ask = async (offset: number, limit: number) =>
    await handlers['sets.transitions']({ playlistId: id, offset, limit }, context);
  const all = await ask(0, 100);
  expect(all.total).toBe(7);
  expect(all.transitions[0]).toBeNull();
  expect(all.transitions.slice(1).every((one) => one !== null)).toBe(true);
  expect((await ask(3, 2)).transitions).toEqual(all.transitions.slice(3, 5));
  expect(await handlers['sets.transitionsOf']({ trackIds: [...ids, ids[0]!] }, context)).toEqual(
    all.transitions,
  );
  await expect(
    handlers['sets.transitions']({ playlistId: 99, offset: 0, limit: 1 }, context),
  ).rejects.toMatchObject({ code: 'not-found' });
});

test('a playlist in a better order: the same rows, one step that can be undone', async () => {
  const ids = addMany(15);
  const { id } = await playlist([...ids, ids[3]!]);
  const before = await rowsOf(id);
  const result = await handlers['sets.reorder']({ playlistId: id, keepFirst: true }, context);
  const after = await rowsOf(id);
  expect(result.scoreAfter).toBeGreaterThan(result.scoreBefore);
  expect(after.entryIds).not.toEqual(before.entryIds);
  expect(after.entryIds[0]).toBe(before.entryIds[0]);
  expect(after.entryIds.toSorted((a, b) => a - b)).toEqual(before.entryIds.toSorted((a, b) => a - b));
  const { transitions } = await handlers['sets.transitions'](
    { playlistId: id, offset: 0, limit: 50 },
    context,
  );
  const scores = transitions.flatMap((one) => one?.score ?? []);
  expect(scores.reduce((sum, score) => sum + score, 0) / scores.length).toBeCloseTo(result.scoreAfter, 9);
  expect((await opened.edits.handlers['edits.state']({}, context)).undo!.label).toBe(
    'Put “List playlist” in another order',
  );
  await opened.edits.handlers['edits.undo']({}, context);
  expect(await rowsOf(id)).toEqual(before);
  const crate = await playlist(ids, 'crate');
  await expect(handlers['sets.reorder']({ playlistId: crate.id }, context)).rejects.toMatchObject({
    code: 'conflict',
  });
});
