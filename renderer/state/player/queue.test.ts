import { describe, expect, it } from 'vitest';
import { someTrack } from '../scripted-client.fixture.ts';
import type { PlayList } from './play-list.ts';
import { Queue } from './queue.svelte.ts';
import { engineOf, tracksOf } from './scripted-audio.fixture.ts';

const list: PlayList = { kind: 'query', name: 'House', query: {}, sort: [] };

function queueOver(...trackIds: readonly number[]) {
  const engine = engineOf(tracksOf(...trackIds, ...[91, 92, 93, 94]));
  // What is queued comes from elsewhere: the list holds only the first ones.
  engine.answers['tracks.window'] = ({ offset, limit }) => ({
    ...{ total: trackIds.length, totalSeconds: 0, offset, revision: 1 },
    rows: engine.tracks.filter(({ id }) => trackIds.includes(id)).slice(offset, offset + limit),
  });
  const queue = new Queue(engine, () => 3);
  const from = (at: number) =>
    queue.startList(list, { index: at, key: trackIds[at] ?? 0, trackId: trackIds[at] ?? 0 });
  /** Plays on to the end, or `most` tracks. */
  const play = async (most = 20): Promise<number[]> => {
    const played: number[] = [];
    while (played.length < most) {
      const next = await queue.upNext();
      if (next === null) break;
      queue.take(next);
      played.push(next.track.id);
    }
    return played;
  };
  const back = async (): Promise<number | null> => {
    const before = await queue.goBack();
    if (before !== null) queue.take(before);
    return before?.track.id ?? null;
  };
  const queued = (): number[] => queue.entries.map(({ trackId }) => trackId);
  return { engine, queue, from, play, back, queued };
}

describe('what plays next', () => {
  it('is nothing in the beginning', async () => {
    const { queue } = queueOver(1, 2);
    expect([await queue.upNext(), queue.next, queue.entries, queue.upcoming]).toEqual([null, null, [], []]);
  });

  it('is the list, from the row on', async () => {
    const { from, play } = queueOver(1, 2, 3);
    await from(0);
    expect(await play()).toEqual([2, 3]);
  });

  it('is what was queued first, then the list where it was', async () => {
    const { queue, from, play } = queueOver(1, 2, 3);
    await from(0);
    await queue.add([91, 92]);
    await queue.playNext([93]);
    expect(await play()).toEqual([93, 91, 92, 2, 3]);
  });

  it('stays queued when another list is played', async () => {
    const { queue, from, play } = queueOver(1, 2, 3);
    await queue.add([91]);
    await from(1);
    expect(await play()).toEqual([91, 3]);
  });

  it('is only what was queued after a track alone', async () => {
    const { queue, from, play } = queueOver(1, 2, 3);
    await from(0);
    await queue.add([92]);
    await queue.startAlone(94);
    expect([queue.list, await play()]).toEqual([null, [92]]);
  });

  it('is not known while it is looked up', async () => {
    const { queue, from } = queueOver(1, 2, 3);
    await from(0);
    const next = queue.next;
    expect(next?.track.id).toBe(2);
    const adding = queue.playNext([91]);
    expect(queue.next).toBeNull();
    await adding;
    expect(queue.next?.track.id).toBe(91);
  });

  it('passes over queued tracks that are not there or no more, and says how many', async () => {
    const { engine, queue, from, queued } = queueOver(1, 2);
    engine.tracks = [someTrack(1), someTrack(2), someTrack(91, { state: 'missing' }), someTrack(93)];
    await from(0);
    await queue.add([91, 92, 93]);
    const next = await queue.upNext();
    expect([next?.track.id, next?.away]).toEqual([93, 2]);
    if (next !== null) queue.take(next);
    expect(queued()).toEqual([]);
  });

  it('keeps what it knows when the engine does not answer', async () => {
    const { engine, queue, from } = queueOver(1, 2, 3);
    await from(0);
    engine.answers['tracks.list'] = () => Promise.reject(new Error('gone'));
    await queue.add([91]);
    expect(queue.next?.track.id).toBe(2);
  });
});

describe('repeat', () => {
  it('all: the list begins again', async () => {
    const { queue, from, play } = queueOver(1, 2, 3);
    await from(1);
    await queue.setRepeat('all');
    expect(await play(5)).toEqual([3, 1, 2, 3, 1]);
  });

  it('all: without a list the queued ones go round', async () => {
    const { queue, play } = queueOver(1);
    await queue.setRepeat('all');
    await queue.add([91, 92, 93]);
    expect(await play(7)).toEqual([91, 92, 93, 91, 92, 93, 91]);
  });

  it('one: "next" still goes on', async () => {
    const { queue, from, play } = queueOver(1, 2);
    await from(0);
    await queue.setRepeat('one');
    expect(await play()).toEqual([2]);
  });
});

describe('shuffle', () => {
  it('plays every row of the list once, whichever comes first, and then what was queued is not shuffled', async () => {
    const { queue, from, play } = queueOver(1, 2, 3, 4, 5, 6, 7, 8);
    await queue.setShuffle(true);
    await from(2);
    await queue.add([91, 92]);
    const played = await play();
    expect(played.slice(0, 2)).toEqual([91, 92]);
    expect(played.slice(2).toSorted((a, b) => a - b)).toEqual([1, 2, 4, 5, 6, 7, 8]);
  });
});

describe('going back', () => {
  it('goes to the row before, though it was never played', async () => {
    const { from, back, play } = queueOver(1, 2, 3);
    await from(2);
    expect([await back(), await back(), await back()]).toEqual([2, 1, null]);
    expect(await play()).toEqual([2, 3]);
  });

  it('from a queued track goes to the list, and the track is queued again', async () => {
    const { queue, from, play, back, queued } = queueOver(1, 2, 3);
    await from(0);
    await queue.add([91, 92]);
    await play(2);
    expect([await back(), queued()]).toEqual([1, [92]]);
    expect(await play()).toEqual([92, 2, 3]);
  });

  it('among queued tracks goes through what was played', async () => {
    const { queue, play, back, queued } = queueOver(1);
    await queue.add([91, 92, 93]);
    await play(3);
    expect([await back(), queued()]).toEqual([92, [93]]);
    expect([await back(), queued()]).toEqual([91, [92, 93]]);
    expect(await back()).toBeNull();
  });

  it('from one track alone is nothing', async () => {
    const { queue, back } = queueOver(1, 2);
    await queue.startAlone(1);
    await queue.startAlone(2);
    expect(await back()).toBeNull();
  });
});

describe('what the user changes', () => {
  const ids = ({ entries }: Queue, ...trackIds: number[]): number[] =>
    entries.filter(({ trackId }) => trackIds.includes(trackId)).map(({ id }) => id);

  it.each([
    [[91], 4, [92, 93, 94, 91]],
    [[94], 0, [94, 91, 92, 93]],
    [[92], 1, [91, 92, 93, 94]],
    [[92], 2, [91, 92, 93, 94]],
    [[91, 93], 4, [92, 94, 91, 93]],
    [[92, 94], 1, [91, 92, 94, 93]],
    [[92], 99, [91, 93, 94, 92]],
  ])('moves %j before place %i', async (chosen, before, expected) => {
    const { queue, queued } = queueOver(1);
    await queue.add([91, 92, 93, 94]);
    await queue.move(ids(queue, ...chosen), before);
    expect(queued()).toEqual(expected);
    expect(queue.next?.track.id).toBe(expected[0]);
  });

  it('takes entries out, also one of two of the same track', async () => {
    const { queue, queued } = queueOver(1);
    await queue.add([91, 92, 91]);
    await queue.remove([queue.entries[2]?.id ?? 0, ...ids(queue, 92)]);
    expect(queued()).toEqual([91]);
  });

  it('adds in the middle', async () => {
    const { queue, queued } = queueOver(1);
    await queue.add([91, 92]);
    await queue.add([94, 93], 1);
    expect(queued()).toEqual([91, 94, 93, 92]);
  });

  it('takes rows of the list out, or brings them forward', async () => {
    const { queue, from, play } = queueOver(1, 2, 3, 4, 5);
    await from(0);
    await queue.lookAhead(10);
    const [second, , fourth] = queue.upcoming;
    if (second !== undefined) await queue.removeUpcoming(second);
    if (fourth !== undefined) await queue.bringForward(fourth, 0);
    expect(queue.upcoming.map(({ track }) => track.id)).toEqual([3, 5]);
    expect(await play()).toEqual([4, 3, 5]);
  });

  it('plays an entry at once; the others stay', async () => {
    const { queue, queued } = queueOver(1);
    await queue.add([91, 92, 93]);
    const entry = queue.entries[1];
    if (entry !== undefined) queue.take({ kind: 'entry', entry, track: someTrack(92), away: 0 });
    expect(queued()).toEqual([91, 93]);
  });

  it('jumps in the list', async () => {
    const { queue, from, play } = queueOver(1, 2, 3, 4, 5);
    await from(0);
    await queue.lookAhead(10);
    const step = queue.upcoming[2];
    if (step !== undefined) queue.take({ kind: 'step', step, track: step.track, away: 0 });
    expect(await play()).toEqual([5]);
  });

  it('clears all that follows', async () => {
    const { queue, from, play } = queueOver(1, 2, 3);
    await from(0);
    await queue.add([91]);
    await queue.clear();
    expect([queue.entries, queue.list, queue.upcoming, await play()]).toEqual([[], null, [], []]);
  });
});

describe('what was played', () => {
  it('is listed, the latest first, without what plays now', async () => {
    const { queue, from, play } = queueOver(1, 2, 3);
    await from(0);
    await play();
    expect(queue.played).toEqual([2, 1]);
    queue.forgetPlayed();
    expect(queue.played).toEqual([]);
  });

  it('is bounded', async () => {
    const { queue, from, play } = queueOver(1, 2, 3);
    await from(0);
    await queue.setRepeat('all');
    await play(250);
    expect(queue.played).toHaveLength(200);
  });
});

describe('after a restart', () => {
  it('everything is as it was', async () => {
    const { engine, queue, from, play } = queueOver(1, 2, 3, 4);
    await from(0);
    await play(1);
    await queue.add([91, 92]);
    await queue.setRepeat('all');
    const stored = JSON.parse(JSON.stringify(queue.stored)) as typeof queue.stored;
    const again = new Queue(engine);
    await again.restore(stored);
    expect(again.stored).toEqual(stored);
    expect([again.next?.track.id, again.repeat, again.list]).toEqual([91, 'all', list]);
    expect(stored.current).toEqual({ trackId: 2, origin: 'list' });
  });

  it('rows that came meanwhile do not disturb it', async () => {
    const { engine, queue, from } = queueOver(1, 2, 3);
    await from(1);
    const { stored } = queue;
    engine.answers['tracks.window'] = ({ offset, limit }) => ({
      ...{ total: 4, totalSeconds: 0, offset, revision: 2 },
      rows: tracksOf(7, 1, 2, 3).slice(offset, offset + limit),
    });
    const again = new Queue(engine);
    await again.restore(stored);
    expect(again.next?.track.id).toBe(3);
  });
});
