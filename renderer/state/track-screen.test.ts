import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#shared/errors.ts';
import type { Explanation } from '#shared/explanation.ts';
import { scriptedClient, someDetail } from './scripted-client.fixture.ts';
import { TrackScreen } from './track-screen.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function explanationOf(trackId: number, name = 'House'): Explanation {
  return {
    trackId,
    genre: { id: name.toLowerCase(), name, confidence: 0.7, threshold: 0.5, known: 'well' },
    unknown: false,
    segments: [],
    evidence: null,
    neighbours: { considered: 0, carrying: 0, tracks: [] },
  };
}

function setUp() {
  const client = scriptedClient({
    'tracks.get': ({ trackId }) => someDetail(trackId),
    'tracks.waveform': () => Promise.reject(new AppError('not-found', 'none')),
    'tracks.playlists': ({ trackId }) => [{ id: trackId, name: 'Friday', kind: 'crate', positions: [] }],
    'tracks.history': () => [{ kind: 'added', at: 1 }],
    'explain.track': ({ trackId, genre }) => explanationOf(trackId, genre),
  });
  return { client, screen: new TrackScreen(client) };
}

describe('TrackScreen', () => {
  it('listens again only to a track whose screen stays, and only once', async () => {
    const { client, screen } = setUp();
    await screen.show(1, true);
    await screen.show(2, true);
    expect(screen.asking).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    await screen.show(2, true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(client.inputsOf('explain.track')).toEqual([{ trackId: 2 }]);
    expect([screen.asking, screen.explanation?.trackId, screen.playlists[0]?.id]).toEqual([false, 2, 2]);
    expect(screen.history).toHaveLength(1);
  });

  it('a track the model has not heard is not explained', async () => {
    const { client, screen } = setUp();
    await screen.show(1, false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(client.inputsOf('explain.track')).toEqual([]);
  });

  it('another genre takes the place of the one asked for before', async () => {
    const { client, screen } = setUp();
    const waiting: (() => void)[] = [];
    client.answers['explain.track'] = ({ trackId, genre }) =>
      new Promise((resolve) => waiting.push(() => resolve(explanationOf(trackId, genre))));
    await screen.show(1, false);
    void screen.explain('Rock');
    void screen.explain('Pop');
    waiting[1]!();
    waiting[0]!();
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.explanation?.genre.name).toBe('Pop');
    expect(screen.asking).toBe(false);
  });

  it('says why there is no evidence; leaving forgets it all', async () => {
    const { client, screen } = setUp();
    client.answers['explain.track'] = () => Promise.reject(new AppError('file-not-found', '/music/1.flac'));
    await screen.show(1, false);
    await screen.explain();
    expect(screen.error?.code).toBe('file-not-found');
    screen.leave();
    expect([screen.error, screen.explanation]).toEqual([null, null]);
    await screen.explain();
    expect(client.inputsOf('explain.track')).toHaveLength(1);
  });

  it('a list that fails takes nothing else along', async () => {
    const { client, screen } = setUp();
    client.answers['tracks.playlists'] = () => Promise.reject(new Error('away'));
    await screen.show(1, false);
    expect([screen.playlists.length, screen.history.length]).toEqual([0, 1]);
  });
});
