import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Player, queueOf } from './player.svelte.ts';
import { scriptedClient, someDetail, someTrack } from './scripted-client.fixture.ts';

/** An audio element whose `play` does what the test says: happy-dom plays nothing. */
function playerOver(play: () => Promise<void> = () => Promise.resolve()) {
  const audio = document.createElement('audio');
  let paused = true;
  Object.defineProperty(audio, 'paused', { get: () => paused });
  audio.play = async () => {
    await play();
    paused = false;
    audio.dispatchEvent(new Event('play'));
  };
  audio.pause = () => {
    paused = true;
    audio.dispatchEvent(new Event('pause'));
  };
  const player = new Player(audio, null, (kind, id) => `media://${kind}/${id}`);
  return { audio, player };
}

const client = scriptedClient({ 'tracks.get': ({ trackId }) => someDetail(trackId) });
const order = vi.fn(() => Promise.resolve([{ trackId: 1 }, { trackId: 2 }, { trackId: 3 }]));
beforeEach(() => order.mockClear());
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('Player', () => {
  it('plays by id, pauses and goes on', async () => {
    const { audio, player } = playerOver();
    await player.play(someTrack(7), null);
    expect([audio.src, player.playing, player.duration]).toEqual(['media://track/7', true, 200]);
    await player.toggle();
    expect(player.playing).toBe(false);
    await player.toggle();
    expect(player.playing).toBe(true);
  });

  it('goes through the list it was started from, and stops at its end', async () => {
    const { audio, player } = playerOver();
    await player.play(someTrack(1), queueOf(order, client), 0);
    expect(order).not.toHaveBeenCalled();
    await player.next();
    expect(player.track?.id).toBe(2);
    audio.dispatchEvent(new Event('ended'));
    await settled();
    expect(player.track?.id).toBe(3);
    await player.next();
    expect(player.track?.id).toBe(3);
    expect(order).toHaveBeenCalledTimes(1);
  });

  it('goes to the start first, then to the previous track', async () => {
    const { audio, player } = playerOver();
    await player.play(someTrack(2), queueOf(order, client), 1);
    audio.currentTime = 30;
    await player.previous();
    expect([player.track?.id, audio.currentTime]).toEqual([2, 0]);
    await player.previous();
    expect(player.track?.id).toBe(1);
  });

  it('says in a sentence that a format cannot be played', async () => {
    const { player } = playerOver(() => Promise.reject(new DOMException('no', 'NotSupportedError')));
    await player.play(someTrack(1, { codec: 'ALAC', path: '/m/a.m4a' }), null);
    expect(player.problem).toContain('ALAC');
    await player.play(someTrack(2, { state: 'offline' }), null);
    expect(player.problem).toContain('Track 2');
  });

  it('does not blame the new track for the old one', async () => {
    const failures: ((error: Error) => void)[] = [];
    const { player } = playerOver(() => new Promise((_, reject) => failures.push(reject)));
    const first = player.play(someTrack(1), null);
    const second = player.play(someTrack(2), null);
    failures[0]?.(new DOMException('no', 'NotSupportedError'));
    await first;
    expect(player.problem).toBeNull();
    failures[1]?.(new DOMException('replaced', 'AbortError'));
    await second;
    expect(player.problem).toBeNull();
  });

  it('seeks within the track', async () => {
    const { audio, player } = playerOver();
    await player.play(someTrack(1), null);
    player.seek(9999);
    expect(audio.currentTime).toBe(200);
    player.seek(-4);
    expect(audio.currentTime).toBe(0);
  });
});
