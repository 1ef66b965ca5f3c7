import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { Inspector } from './inspector.svelte.ts';
import { scriptedClient, someDetail, someTrack } from './scripted-client.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const similar = () => [
  { track: someTrack(9), score: 0.8, axes: [], duplicates: [], reason: 'Both are House' },
];

describe('Inspector', () => {
  it('asks only for the row where the keyboard stops', async () => {
    const client = scriptedClient({
      'tracks.get': ({ trackId }) => someDetail(trackId),
      'similar.find': similar,
    });
    const inspector = new Inspector(client);
    for (const id of [1, 2, 3]) inspector.show(id);
    await vi.advanceTimersByTimeAsync(100);
    expect(client.inputsOf('tracks.get')).toEqual([{ trackId: 3 }]);
    expect([inspector.track?.id, inspector.similar.length]).toEqual([3, 1]);
  });

  it('does not let a slow answer replace a newer one', async () => {
    const waiting: (() => void)[] = [];
    const client = scriptedClient({
      'tracks.get': ({ trackId }) =>
        new Promise((resolve) => waiting.push(() => resolve(someDetail(trackId, { embedding: null })))),
    });
    const inspector = new Inspector(client);
    inspector.show(1);
    await vi.advanceTimersByTimeAsync(100);
    inspector.show(2);
    await vi.advanceTimersByTimeAsync(100);
    for (const answer of waiting.toReversed()) answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(inspector.track?.id).toBe(2);
  });

  it('asks for nothing similar while the track is not analysed', async () => {
    const client = scriptedClient({
      'tracks.get': ({ trackId }) => someDetail(trackId, { embedding: null }),
    });
    const inspector = new Inspector(client);
    inspector.show(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(client.inputsOf('similar.find')).toEqual([]);
    expect(inspector.error).toBeNull();
  });

  it('says why a track cannot be shown', async () => {
    const client = scriptedClient({
      'tracks.get': () => Promise.reject(new AppError('not-found', 'track 1')),
    });
    const inspector = new Inspector(client);
    inspector.show(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(inspector.error).toEqual({ code: 'not-found', detail: 'track 1' });
    inspector.show(null);
    expect(inspector.error).toBeNull();
  });
});
