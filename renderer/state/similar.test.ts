import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { someTrack } from './scripted-client.fixture.ts';
import { Similar } from './similar.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Similar', () => {
  it('asks for the list once while a slider moves', async () => {
    const changed = vi.fn();
    const similar = new Similar(changed);
    for (const weight of [0.1, 0.2, 0.3]) similar.setWeight('mood', weight);
    await vi.advanceTimersByTimeAsync(200);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(similar.wishesOf(1)).toEqual({ limit: 100, weights: { sound: 1, genres: 0.4, mood: 0.3 } });
    expect(similar.adjusted).toBe(true);
    similar.reset();
    expect(similar.adjusted).toBe(false);
  });

  it('an example is wanted or unwanted, never both, never the seed itself', () => {
    const similar = new Similar(() => undefined);
    similar.wishesOf(1);
    similar.addMore([someTrack(1), someTrack(2), someTrack(3), someTrack(2)].slice(0, 3));
    similar.addLess([someTrack(3)]);
    expect(similar.wishesOf(1)).toMatchObject({ more: [2], less: [3] });
    similar.takeOut(someTrack(3));
    expect(similar.less).toEqual([]);
  });

  it('examples belong to their seed; how it is weighed stays', () => {
    const similar = new Similar(() => undefined);
    similar.wishesOf(1);
    similar.addMore([someTrack(2)]);
    similar.setAcrossGenres(0.5);
    similar.setPerArtist(2);
    similar.setLimit(25);
    const wishes = similar.wishesOf(7);
    expect(wishes).toMatchObject({ acrossGenres: 0.5, perArtist: 2, limit: 25 });
    expect([wishes.more, similar.more]).toEqual([undefined, []]);
  });
});
