import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { scriptedClient, someTrack } from '../scripted-client.fixture.ts';
import { HeldFiles } from './held-files.ts';
import { playerOf } from './scripted-player.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('HeldFiles', () => {
  it('tells the engine when something changes, and again while it holds anything', () => {
    const client = scriptedClient({ 'playing.hold': () => null });
    const held = new HeldFiles(client);
    const told = () => client.inputsOf('playing.hold').map(({ trackIds }) => trackIds);
    const [one, other] = [{}, {}];
    held.set(one, 7);
    held.set(other, 7);
    held.set(other, 3);
    expect(told()).toEqual([[7], [3, 7]]);
    vi.advanceTimersByTime(61_000);
    expect(told().slice(2)).toEqual([
      [3, 7],
      [3, 7],
    ]);
    held.set(one, null);
    held.set(other, null);
    vi.advanceTimersByTime(61_000);
    expect(told().slice(4)).toEqual([[3], []]);
    expect(new Set(client.inputsOf('playing.hold').map((input) => input.client)).size).toBe(1);
  });

  it('goes on when the engine is away', async () => {
    const client = scriptedClient({
      'playing.hold': () => {
        throw new AppError('internal', 'away');
      },
    });
    const held = new HeldFiles(client);
    held.set({}, 1);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(client.inputsOf('playing.hold')).toHaveLength(2);
  });
});

describe('the player', () => {
  const tracks = [someTrack(1), someTrack(2), someTrack(3)];

  it('holds what plays and what is ready to play next, and lets go of what played before', async () => {
    const { engine, player, play, sounding } = playerOf(tracks);
    const held = () => engine.inputsOf('playing.hold').at(-1)?.trackIds;
    await play(0);
    expect(held()).toEqual([1]);
    sounding().knows(200);
    sounding().reach(190);
    await vi.advanceTimersByTimeAsync(10);
    expect(held()).toEqual([1, 2]);
    await player.next();
    expect(held()).toEqual([2]);
  });

  it('lets go of a track that stands still where its file is waited for, and goes on where it was', async () => {
    const { engine, player, play, sounding } = playerOf(tracks);
    const held = () => engine.inputsOf('playing.hold').at(-1)?.trackIds;
    await play(0);
    sounding().knows(200);
    sounding().reach(42);
    player.letGo();
    expect(held()).toEqual([1]); // it plays
    player.pause();
    player.letGo();
    expect(held()).toEqual([]);
    expect([player.track?.id, player.seconds]).toEqual([1, 42]);
    await player.toggle();
    expect(held()).toEqual([1]);
    expect(sounding().currentTime).toBe(42);
  });
});
