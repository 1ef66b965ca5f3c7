import { describe, expect, it } from 'vitest';
import { someTrack } from '../scripted-client.fixture.ts';
import { ListWalk, type Step } from './list-walk.ts';
import type { PlayList } from './play-list.ts';
import { engineOf, tracksOf } from './scripted-audio.fixture.ts';

const list: PlayList = {
  kind: 'query',
  name: 'House',
  query: { genre: 'House' },
  sort: [{ field: 'title' }],
};
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const ids = (steps: readonly Step[]): number[] => steps.map(({ track }) => track.id);

function walkOver(trackIds: readonly number[], at: number, of: PlayList = list) {
  const engine = engineOf(tracksOf(...trackIds));
  const key = of.kind === 'playlist' ? 100 + at : of.kind === 'tracks' ? at : (trackIds[at] ?? null);
  const walk = new ListWalk(engine, { list: of, index: at, key, shuffle: null, removed: [] }, () => 5);
  return { engine, walk };
}
async function playAll(walk: ListWalk, most = 1000, around = false): Promise<number[]> {
  const played: number[] = [];
  while (played.length < most) {
    const [next] = await walk.ahead(1, around);
    if (next === undefined) break;
    walk.moveTo(next);
    played.push(next.track.id);
  }
  return played;
}

describe('in the order of the list', () => {
  it('goes on to the end', async () => {
    const { walk } = walkOver([1, 2, 3, 4], 1);
    expect(ids(await walk.ahead(10, false))).toEqual([3, 4]);
    expect(await playAll(walk)).toEqual([3, 4]);
    expect(await walk.ahead(1, false)).toEqual([]);
  });

  it('begins again when the list is repeated, the row that plays last', async () => {
    const { walk } = walkOver([1, 2, 3], 1);
    expect(ids(await walk.ahead(10, true))).toEqual([3, 1, 2]);
    expect(await playAll(walk, 5, true)).toEqual([3, 1, 2, 3, 1]);
    expect(ids(await walkOver([7], 0).walk.ahead(5, true))).toEqual([7]);
  });

  it('asks for windows, not for the library', async () => {
    const { engine, walk } = walkOver(range(5000), 3000);
    expect(ids(await walk.ahead(3, false))).toEqual([3002, 3003, 3004]);
    await playAll(walk, 70);
    const asked = engine.inputsOf('tracks.window');
    expect(asked.length).toBeLessThanOrEqual(3);
    expect(Math.max(...asked.map(({ limit }) => limit))).toBe(60);
    expect(engine.inputsOf('tracks.ids')).toEqual([]);
  });

  it('passes over what is not there, and counts it', async () => {
    const { engine, walk } = walkOver([1, 2, 3, 4, 5], 0);
    engine.tracks = [1, 2, 3, 4, 5].map((id) =>
      someTrack(id, { state: id === 2 ? 'missing' : id === 3 ? 'offline' : 'present' }),
    );
    const steps = await walk.ahead(5, false);
    expect(ids(steps)).toEqual([4, 5]);
    expect(steps.map(({ away }) => away)).toEqual([2, 0]);
  });

  it('gives up on a drive that is away before it has asked for all of it', async () => {
    const { engine, walk } = walkOver(range(5000), 0);
    engine.tracks = range(5000).map((id) => someTrack(id, { state: 'offline' }));
    expect(await walk.ahead(1, true)).toEqual([]);
    expect(engine.asked.length).toBeLessThan(15);
  });

  it('goes back, over what is not there; at the beginning there is nothing', async () => {
    const { engine, walk } = walkOver([1, 2, 3, 4], 3);
    engine.tracks = [1, 2, 3, 4].map((id) => someTrack(id, { state: id === 3 ? 'missing' : 'present' }));
    const back = await walk.back(false);
    expect(back?.track.id).toBe(2);
    if (back !== null) walk.moveTo(back);
    expect(ids(await walk.ahead(5, false))).toEqual([4]);
    const first = await walk.back(false);
    if (first !== null) walk.moveTo(first);
    expect([first?.track.id, await walk.back(false)]).toEqual([1, null]);
    expect((await walk.back(true))?.track.id).toBe(4);
  });

  it('leaves out what the user took out', async () => {
    const { walk } = walkOver([1, 2, 3, 4], 0);
    walk.remove(3);
    expect(ids(await walk.ahead(5, false))).toEqual([2, 4]);
    expect(walk.state.removed).toEqual([3]);
  });
});

describe('while the list changes', () => {
  it.each([
    ['rows come before it', [9, 8, 1, 2, 3, 4], [3, 4]],
    ['rows before it go', [2, 3, 4], [3, 4]],
    ['rows come behind it', [1, 2, 7, 3, 4], [7, 3, 4]],
    ['it moves to the end', [1, 3, 4, 2], []],
    ['it goes: what took its place is next', [1, 3, 4], [3, 4]],
    ['all of it goes', [], []],
  ])('%s', async (_name, after, expected) => {
    const { engine, walk } = walkOver([1, 2, 3, 4], 1);
    await walk.ahead(2, false);
    engine.tracks = tracksOf(...after);
    await walk.changed();
    expect(ids(await walk.ahead(10, false))).toEqual(expected);
  });

  it('goes on from there however often it changes after the row has gone', async () => {
    const { engine, walk } = walkOver([1, 2, 3, 4], 1);
    engine.tracks = tracksOf(1, 3, 4);
    await walk.changed();
    await walk.changed();
    expect(await walk.here()).toBeNull();
    expect(await playAll(walk)).toEqual([3, 4]);
  });

  it('finds the right one of two rows of a playlist that hold the same track', async () => {
    const { engine, walk } = walkOver([5, 6, 5, 7], 2, { kind: 'playlist', name: 'Mine', playlistId: 1 });
    await walk.changed();
    expect(ids(await walk.ahead(5, false))).toEqual([7]);
    engine.tracks = tracksOf(5, 6, 5, 7, 5);
    await walk.changed();
    expect(ids(await walk.ahead(5, false))).toEqual([7, 5]);
  });

  it('a list of ids stays as it was, without tracks that are no more', async () => {
    const { engine, walk } = walkOver([1, 2, 3], 0, { kind: 'tracks', name: 'Similar', trackIds: [1, 2, 3] });
    engine.tracks = tracksOf(1, 3);
    await walk.changed();
    expect(ids(await walk.ahead(5, false))).toEqual([3]);
  });
});

describe('shuffled', () => {
  it('plays each row once, then ends', async () => {
    const { walk } = walkOver(range(30), 4);
    await walk.setShuffle(true);
    const played = await playAll(walk);
    expect(played).toHaveLength(29);
    expect([...played, 5].toSorted((a, b) => a - b)).toEqual(range(30));
    expect(played).not.toEqual(played.toSorted((a, b) => a - b));
  });

  it('has another order in every round', async () => {
    const { walk } = walkOver(range(12), 0);
    await walk.setShuffle(true);
    const first = [1, ...(await playAll(walk, 11, true))];
    const second = await playAll(walk, 12, true);
    expect(second.toSorted((a, b) => a - b)).toEqual(range(12));
    expect(second).not.toEqual(first);
  });

  it('goes back the way it came', async () => {
    const { walk } = walkOver(range(20), 7);
    await walk.setShuffle(true);
    const played = await playAll(walk, 3);
    const back = await walk.back(false);
    expect(back?.track.id).toBe(played[1]);
    if (back !== null) walk.moveTo(back);
    expect(ids(await walk.ahead(1, false))).toEqual([played[2]]);
  });

  it('goes on in the list from the row that plays when it is switched off', async () => {
    const { walk } = walkOver(range(9), 2);
    await walk.setShuffle(true);
    const [last = 0] = (await playAll(walk, 2)).slice(-1);
    await walk.setShuffle(false);
    expect(ids(await walk.ahead(1, false))).toEqual(last === 9 ? [] : [last + 1]);
  });

  it('a list that grows is shuffled anew, without what was played', async () => {
    const { engine, walk } = walkOver(range(10), 0);
    await walk.setShuffle(true);
    const before = await playAll(walk, 4);
    engine.tracks = tracksOf(...range(25));
    await walk.changed();
    const after = await playAll(walk);
    expect([1, ...before, ...after].toSorted((a, b) => a - b)).toEqual(range(25));
  });

  it('goes on after a restart where it was', async () => {
    const { engine, walk } = walkOver(range(15), 3);
    await walk.setShuffle(true);
    await playAll(walk, 5);
    const expected = ids(await walk.ahead(3, false));
    const again = new ListWalk(engine, JSON.parse(JSON.stringify(walk.state)) as typeof walk.state, () => 1);
    expect(ids(await again.ahead(3, false))).toEqual(expected);
  });
});
