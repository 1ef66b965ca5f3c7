import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { someFile, tracksOf } from './player/scripted-audio.fixture.ts';
import { playerOf } from './player/scripted-player.fixture.ts';
import { someTrack } from './scripted-client.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = (ms = 10): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('playing', () => {
  it('plays by id, pauses and goes on', async () => {
    const { player, play, sounding, audios } = playerOf(tracksOf(7));
    await play(0);
    expect([sounding().src, player.playing, player.duration]).toEqual(['media://track/7', true, 200]);
    await player.toggle();
    expect([player.playing, audios[0]?.paused]).toEqual([false, true]);
    await player.toggle();
    expect([player.playing, sounding().src]).toEqual([true, 'media://track/7']);
  });

  it('lets the host decode what a browser cannot', async () => {
    const { engine, play, sounding } = playerOf(tracksOf(7));
    engine.answers['tracks.file'] = ({ trackId }) => someFile(trackId, { kind: 'wav' });
    await play(0);
    expect(sounding().src).toBe('media://wav/7');
  });

  it('shows the length that the decoder finds, and where it is', async () => {
    const { player, play, sounding } = playerOf(tracksOf(7));
    await play(0);
    sounding().knows(181.5);
    sounding().reach(12.5);
    expect([player.duration, player.seconds]).toEqual([181.5, 12.5]);
  });

  it('draws nothing while the window is hidden, and catches up', async () => {
    const { player, play, sounding, seen } = playerOf(tracksOf(7));
    await play(0);
    seen.hidden = true;
    sounding().reach(40);
    expect(player.seconds).toBe(0);
    player.catchUp();
    expect(player.seconds).toBe(40);
  });

  it('seeks within the track', async () => {
    const { player, play, sounding } = playerOf(tracksOf(7));
    await play(0);
    player.seek(9999);
    expect(sounding().currentTime).toBe(200);
    player.seek(-4);
    expect([sounding().currentTime, player.seconds]).toEqual([0, 0]);
  });

  it('is paused by the system, not by its own end', async () => {
    const { player, play, sounding } = playerOf(tracksOf(1, 2));
    await play(0);
    sounding().knows(200);
    sounding().end();
    await pass();
    expect([player.track?.id, player.playing]).toEqual([2, true]);
    sounding().pause();
    expect(player.playing).toBe(false);
  });

  it('stops where a browser lets nothing play before a click, without blaming the file', async () => {
    const { player, play, audios } = playerOf(tracksOf(7));
    for (const audio of audios)
      audio.refuse = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    await play(0);
    expect([player.playing, player.problem]).toEqual([false, null]);
  });

  it('starts the queue when nothing was played yet', async () => {
    const { player } = playerOf(tracksOf(1, 2));
    await player.queue.add([2]);
    await player.toggle();
    expect([player.track?.id, player.playing]).toEqual([2, true]);
  });
});

describe('from track to track', () => {
  it('goes on at the end, and stops at the end of the list', async () => {
    const { player, play, sounding } = playerOf(tracksOf(1, 2));
    await play(0);
    sounding().knows(200);
    sounding().end();
    await pass();
    sounding().knows(100);
    sounding().end();
    await pass();
    expect([player.track?.id, player.playing, player.seconds]).toEqual([2, false, 0]);
    await player.next();
    expect(player.track?.id).toBe(2);
  });

  it('has the next one ready in the other element near the end, and plays it at once', async () => {
    const { player, play, sounding, audios } = playerOf(tracksOf(1, 2, 3));
    await play(0);
    const first = sounding();
    first.knows(200);
    first.reach(100);
    await pass();
    expect(audios.some(({ src }) => src.endsWith('/2'))).toBe(false);
    first.reach(175);
    await pass();
    const second = audios.find(({ src }) => src === 'media://track/2');
    expect(second?.paused).toBe(true);
    first.end();
    // No turn of the event loop between them.
    expect([second?.paused, player.track?.id, player.playing]).toEqual([false, 2, true]);
    await pass();
    expect([first.src, second?.plays]).toEqual(['', 1]);
  });

  it('prepares what is next now when the queue changes', async () => {
    const { player, play, sounding, audios } = playerOf(tracksOf(1, 2, 3));
    await play(0);
    sounding().knows(200);
    sounding().reach(180);
    await pass();
    await player.queue.playNext([3]);
    await pass();
    expect(audios.map(({ src }) => src)).toContain('media://track/3');
    sounding().end();
    expect(player.track?.id).toBe(3);
  });

  it('repeats one track without end', async () => {
    const { player, play, sounding } = playerOf(tracksOf(1, 2));
    await play(0);
    await player.queue.setRepeat('one');
    sounding().knows(200);
    sounding().end();
    expect([player.track?.id, sounding().currentTime, sounding().plays]).toEqual([1, 0, 2]);
  });

  it('goes to the start first, then to the previous track', async () => {
    const { player, play, sounding } = playerOf(tracksOf(1, 2));
    await play(1);
    sounding().reach(30);
    await player.previous();
    expect([player.track?.id, sounding().currentTime]).toEqual([2, 0]);
    await player.previous();
    expect(player.track?.id).toBe(1);
    await player.previous();
    expect(player.track?.id).toBe(1);
  });

  it('does not let a slow answer for an older track take the place of a newer one', async () => {
    const { engine, player, play, sounding } = playerOf(tracksOf(1, 2));
    const late: (() => void)[] = [];
    engine.answers['tracks.file'] = ({ trackId }) =>
      trackId === 1 ? new Promise((resolve) => late.push(() => resolve(someFile(1)))) : someFile(trackId);
    void play(0);
    await pass();
    await play(1);
    late[0]?.();
    await pass();
    expect([player.track?.id, sounding().src]).toEqual([2, 'media://track/2']);
  });

  it('passes over tracks that are away, and says so', async () => {
    const tracks = [
      someTrack(1),
      someTrack(2, { state: 'missing' }),
      someTrack(3, { state: 'offline' }),
      someTrack(4),
    ];
    const { player, play, told } = playerOf(tracks);
    await play(0);
    await player.next();
    expect(player.track?.id).toBe(4);
    expect(told).toEqual(['2 tracks were passed over: their files are not there now.']);
  });
});
