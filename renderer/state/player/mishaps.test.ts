import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { someTrack } from '../scripted-client.fixture.ts';
import { someFile, someStorage, tracksOf } from './scripted-audio.fixture.ts';
import { playerOf } from './scripted-player.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = (ms = 10): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('what cannot be played', () => {
  it('is decoded by the host before it is given up', async () => {
    const { player, play, audios, sounding } = playerOf(tracksOf(1));
    await play(0);
    sounding().reach(20);
    sounding().fail(3);
    await pass();
    expect([sounding().src, sounding().currentTime, player.problem]).toEqual(['media://wav/1', 20, null]);
    audios.find(({ src }) => src !== '')?.fail(4);
    expect(player.problem).toContain('“Track 1”');
    expect(player.problem).toContain('FLAC');
  });

  it('is decoded by the host, and plays, where it fails at the very start', async () => {
    const { player, play, audios, sounding } = playerOf(tracksOf(1));
    const [first] = audios;
    if (first === undefined) throw new Error('There is no element.');
    // As Chromium does it: the event first, which loads anew, then the promise of the older attempt.
    first.refuse = async () => {
      first.refuse = null;
      first.fail(4);
      throw new DOMException('no', 'NotSupportedError');
    };
    await play(0);
    await pass();
    expect([sounding().src, player.playing, player.problem]).toEqual(['media://wav/1', true, null]);
  });

  it('goes on after the host could not decode it either', async () => {
    const { player, play, audios } = playerOf(tracksOf(1, 2));
    const refuse = async (): Promise<never> => {
      audios[0]?.fail(4);
      throw new DOMException('no', 'NotSupportedError');
    };
    if (audios[0] !== undefined) audios[0].refuse = refuse;
    await play(0);
    await pass();
    expect(player.problem).toContain('“Track 1”');
    if (audios[0] !== undefined) audios[0].refuse = null;
    await pass(4100);
    expect([player.track?.id, player.playing]).toEqual([2, true]);
  });

  it('says which file and why, and goes on after a moment', async () => {
    const { player, play, told } = playerOf([someTrack(1, { state: 'missing' }), someTrack(2)]);
    await play(0);
    expect(player.problem).toContain('“Track 1”');
    expect(player.problem).toContain('/music/1.flac is gone.');
    expect(player.playing).toBe(false);
    await pass(3900);
    expect(player.track?.id).toBe(1);
    await pass(200);
    expect([player.track?.id, player.playing, player.problem]).toEqual([2, true, null]);
    expect(told).toEqual([expect.stringContaining('! “Track 1” cannot be played')]);
  });

  it('stops after five in a row, also where the list is repeated for ever', async () => {
    const { engine, player, play, told } = playerOf(tracksOf(1, 2, 3));
    engine.answers['tracks.file'] = () => Promise.reject(new AppError('file-not-readable', 'No.'));
    await player.queue.setRepeat('all');
    await play(0);
    await pass(60_000);
    expect(engine.inputsOf('tracks.file')).toHaveLength(5);
    expect(told.at(-1)).toContain('5 tracks in a row could not be played');
    expect(player.playing).toBe(false);
  });

  it('counts only failures in a row', async () => {
    const { engine, player, play, sounding, told } = playerOf(tracksOf(1, 2));
    engine.answers['tracks.file'] = ({ trackId }) => {
      if (trackId === 1) throw new AppError('file-not-readable', 'No.');
      return someFile(trackId);
    };
    await player.queue.setRepeat('all');
    await play(0);
    for (let round = 0; round < 8; round += 1) {
      await pass(4100);
      sounding().knows(200);
      sounding().reach(30);
      sounding().end();
      await pass();
    }
    expect(told.some((sentence) => sentence.includes('in a row'))).toBe(false);
  });

  it('stays where nothing follows, and is tried again by the play button', async () => {
    const { engine, player, play, sounding } = playerOf(tracksOf(1));
    engine.answers['tracks.file'] = () => Promise.reject(new AppError('file-not-readable', 'No.'));
    await play(0);
    await pass(10_000);
    expect(player.problem).not.toBeNull();
    engine.answers['tracks.file'] = () => someFile(1);
    await player.toggle();
    expect([player.problem, sounding().src]).toEqual([null, 'media://track/1']);
  });

  it('does not go on when another track was started meanwhile, or pause was pressed', async () => {
    const { player, play } = playerOf([someTrack(1, { state: 'missing' }), someTrack(2), someTrack(3)]);
    await play(0);
    await play(2);
    await pass(10_000);
    expect(player.track?.id).toBe(3);
    await play(0);
    player.pause();
    await pass(10_000);
    expect(player.track?.id).toBe(1);
  });
});

describe('loudness', () => {
  const gain = { trackGainDb: -6.0206, trackPeak: 1, albumGainDb: -12.0412, albumPeak: 1 };

  it('follows the slider, mute and the tags, also of the track that waits', async () => {
    const { engine, player, play, sounding, audios } = playerOf(tracksOf(1, 2));
    engine.answers['tracks.file'] = ({ trackId }) =>
      someFile(trackId, { replayGain: trackId === 1 ? gain : null });
    await play(0);
    player.sound.setVolume(1);
    expect(sounding().volume).toBeCloseTo(0.5);
    player.sound.setGainMode('album');
    expect(sounding().volume).toBeCloseTo(0.25);
    player.sound.setGainMode('off');
    expect(sounding().volume).toBe(1);
    sounding().knows(200);
    sounding().reach(190);
    await pass();
    player.sound.setVolume(0.5);
    expect(audios.slice(0, 2).map(({ volume }) => volume)).toEqual([0.25, 0.25]);
    player.sound.toggleMute();
    expect(audios.slice(0, 2).map(({ volume }) => volume)).toEqual([0, 0]);
    player.sound.setVolume(0.6);
    expect([player.sound.muted, sounding().volume]).toEqual([false, 0.36]);
  });

  it('mute brings sound back where the slider is at nothing', () => {
    const { player } = playerOf([]);
    player.sound.setVolume(0);
    player.sound.toggleMute();
    expect([player.sound.muted, player.sound.volume]).toEqual([false, 0.5]);
  });
});

describe('after a restart', () => {
  it('is paused where it was, with the same queue and loudness', async () => {
    const storage = someStorage();
    const before = playerOf(tracksOf(1, 2, 3), storage);
    const end = before.player.start();
    await before.play(1);
    await before.player.queue.add([1]);
    before.player.sound.setVolume(0.3);
    before.sounding().knows(200);
    before.sounding().reach(77);
    end();
    const after = playerOf(tracksOf(1, 2, 3), storage);
    after.player.start();
    await pass();
    const { player } = after;
    expect([player.track?.id, player.playing, player.seconds, player.sound.volume]).toEqual([
      2,
      false,
      77,
      0.3,
    ]);
    expect(after.audios[0]?.currentTime).toBe(77);
    expect(after.audios.every(({ plays }) => plays === 0)).toBe(true);
    await player.toggle();
    expect(after.sounding().currentTime).toBe(77);
    await player.next();
    expect(player.track?.id).toBe(1);
    await player.next();
    expect(player.track?.id).toBe(3);
  });

  it('is empty when the track is no longer in the library', async () => {
    const storage = someStorage();
    const before = playerOf(tracksOf(1, 2), storage);
    await before.play(0);
    await pass();
    const after = playerOf(tracksOf(2), storage);
    after.player.start();
    await pass();
    expect(after.player.track).toBeNull();
  });

  it('does not take the place of what the user started meanwhile', async () => {
    const storage = someStorage();
    const before = playerOf(tracksOf(1, 2), storage);
    await before.play(0);
    await pass();
    const after = playerOf(tracksOf(1, 2), storage);
    after.player.start();
    await after.play(1);
    await pass();
    expect([after.player.track?.id, after.player.playing]).toEqual([2, true]);
  });
});

describe('listening in', () => {
  it('plays from the middle, and what played before goes on afterwards', async () => {
    const { player, play, sounding, audios } = playerOf(tracksOf(1, 2));
    await play(0);
    const first = sounding();
    first.reach(50);
    await player.audition.start(someTrack(2));
    expect([first.paused, sounding().src, sounding().currentTime]).toEqual([true, 'media://track/2', 100]);
    expect([player.audition.track?.id, player.track?.id]).toEqual([2, 1]);
    player.audition.stop();
    await pass();
    expect([sounding(), first.currentTime, player.playing]).toEqual([first, 50, true]);
    expect(audios.filter(({ paused }) => !paused)).toHaveLength(1);
  });

  it('goes from one to the next, and leaves silence as it was', async () => {
    const { player, sounding, audios } = playerOf(tracksOf(1, 2, 3));
    await player.audition.start(someTrack(2));
    await player.audition.start(someTrack(3));
    expect(sounding().src).toBe('media://track/3');
    player.audition.stop();
    await pass();
    expect([audios.every(({ paused }) => paused), player.playing]).toEqual([true, false]);
  });

  it('ends when something is played', async () => {
    const { player, play, sounding, audios } = playerOf(tracksOf(1, 2));
    await player.audition.start(someTrack(2));
    await play(0);
    player.audition.stop();
    await pass();
    expect([player.audition.track, sounding().src]).toEqual([null, 'media://track/1']);
    expect(audios.filter(({ paused }) => !paused)).toHaveLength(1);
  });

  it('says what is wrong with a track, and what played goes on', async () => {
    const { player, play, told, sounding } = playerOf([someTrack(1), someTrack(2, { state: 'missing' })]);
    await play(0);
    await player.audition.start(someTrack(2, { state: 'missing' }));
    await pass();
    expect(told[0]).toContain('“Track 2” cannot be played');
    expect([player.audition.track, sounding().src]).toEqual([null, 'media://track/1']);
  });
});
