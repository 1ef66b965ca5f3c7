import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noSoundWords, withSoundWords } from '#shared/music/sound-words.ts';
import { freshenTrackSounds } from '../analysis/track-sounds.ts';
import { readSound, storeSound } from '../analysis/sounds.ts';
import { hashOf, openFilledLibrary, soundOf } from '../filled-library.fixture.ts';
import type { FilledLibrary } from '../filled-library.fixture.ts';
import { subjectOf } from './corrections.ts';
import { readTrackSoundWords, writeSoundWords } from './sound-words.ts';
import { readTrackDetail } from './track-detail.ts';
import { readTracks } from './track-rows.ts';

let library: FilledLibrary;
beforeEach(() => (library = openFilledLibrary()));
afterEach(() => library.remove());

const measured = { bpm: 128.02, key: '8A', energy: 7.2, lufs: -8.4 };
const database = () => library.storage.database;
const rowOf = (id: number) => {
  const { bpm, key, energy, loudnessLufs } = readTracks(database(), [id])[0]!;
  return { bpm, key, energy, lufs: loudnessLufs };
};
/** What is searched and ordered by says the same as what is shown. */
function indexed(id: number): unknown {
  freshenTrackSounds(database());
  return database()
    .prepare('SELECT bpm, key_place AS key, energy, lufs FROM temp.track_sounds WHERE track_id = ?')
    .get(id);
}

describe('what was measured', () => {
  it('is in rows and details of every copy of the recording', () => {
    const track = library.add({ path: 'a', sound: measured });
    const copy = library.add({ path: 'b', recording: 'a' });
    for (const id of [track, copy]) {
      expect(rowOf(id)).toEqual(measured);
      expect(indexed(id)).toEqual({ bpm: 128.02, key: 14, energy: 7.2, lufs: -8.4 });
      expect(readTrackDetail(database(), id)?.sound).toEqual(soundOf(measured));
    }
    expect(readTracks(database(), [library.add({ path: 'c', recording: null })])[0]).toMatchObject({
      bpm: null,
      key: null,
      energy: null,
      loudnessLufs: null,
    });
  });

  it('comes back as it was stored, beats of a warped grid to a tenth of a millisecond', () => {
    library.add({ path: 'a', sound: {} });
    const plain = soundOf(measured);
    const beats = Array.from({ length: 500 }, (_, beat) => 0.12345 + beat * 0.50001);
    const grid = { ...plain.tempo!.grid, kind: 'warped' as const, beats };
    const sound = { ...plain, tempo: { ...plain.tempo!, grid } };
    storeSound(database(), 1, 2, sound);
    const back = readSound(database(), hashOf('a'))!;
    back.tempo!.grid.beats!.forEach((beat, index) =>
      expect(Math.abs(beat - beats[index]!)).toBeLessThan(1e-4),
    );
    expect(back.tempo!.grid.beats).toHaveLength(500);
    expect({ ...back, tempo: null }).toEqual({ ...sound, tempo: null });
  });

  it('is searched anew after it was measured anew', () => {
    const track = library.add({ path: 'a', sound: measured });
    indexed(track);
    library.measure('a', { bpm: 90 });
    expect(indexed(track)).toEqual({ bpm: 90, key: null, energy: null, lufs: null });
    database().prepare('DELETE FROM analysis.recordings').run();
    expect(indexed(track)).toBeUndefined();
  });
});

describe('the user’s word', () => {
  it('wins, for every copy of the audio, and goes when it is taken back', () => {
    const track = library.add({ path: 'a', sound: measured });
    const copy = library.add({ path: 'b', recording: 'a' });
    const subject = subjectOf(database(), track)!;
    const words = { ...noSoundWords, bpm: 64, key: '9B', energy: 3 };
    expect(writeSoundWords(database(), subject, words, 1)).toBe(true);
    expect(writeSoundWords(database(), subject, words, 2)).toBe(false);
    expect(rowOf(copy)).toEqual({ bpm: 64, key: '9B', energy: 3, lufs: -8.4 });
    expect(indexed(copy)).toEqual({ bpm: 64, key: 17, energy: 3, lufs: -8.4 });
    const detail = readTrackDetail(database(), copy)!;
    expect(detail.soundWords).toEqual(words);
    expect(detail.sound?.tempo).toMatchObject({ bpm: 64, confidence: 1, candidates: [{ bpm: 128.02 }] });
    expect(detail.sound?.key).toMatchObject({ key: '9B', confidence: 1, second: { key: '8A' } });
    expect(detail.sound?.character?.energy).toBe(3);
    library.measure('a', { bpm: 200, key: '1A' });
    expect(rowOf(track)).toMatchObject({ bpm: 64, key: '9B' });
    writeSoundWords(database(), subject, noSoundWords, 3);
    expect(rowOf(track)).toMatchObject({ bpm: 200, key: '1A' });
    expect(database().prepare('SELECT count(*) FROM sound_words').pluck().get()).toBe(0);
  });

  it('stays with a track until its audio is known; then the later word wins, on each thing', () => {
    const track = library.add({ path: 'a', recording: null });
    const said = { ...noSoundWords, bpm: 100, energy: 5 };
    writeSoundWords(database(), subjectOf(database(), track)!, said, 10);
    expect(rowOf(track)).toEqual({ bpm: 100, key: null, energy: 5, lufs: null });
    expect(indexed(track)).toEqual({ bpm: 100, key: null, energy: 5, lufs: null });
    const before = { ...noSoundWords, bpm: 90, key: '2A' };
    const subject = hashOf('sound').toString('hex').toUpperCase();
    writeSoundWords(database(), subject, before, 5);
    database().prepare('UPDATE tracks SET audio_hash = ? WHERE id = ?').run(hashOf('sound'), track);
    expect(readTrackSoundWords(database(), track)).toEqual({
      ...noSoundWords,
      bpm: 100,
      key: '2A',
      energy: 5,
    });
    expect(indexed(track)).toEqual({ bpm: 100, key: 2, energy: 5, lufs: null });
    expect(database().prepare('SELECT count(*) FROM track_sound_words').pluck().get()).toBe(0);
  });
});

describe('a grid at the user’s word', () => {
  const sound = soundOf(measured);
  const warped = {
    ...sound,
    tempo: {
      ...sound.tempo!,
      bpm: 120,
      grid: {
        ...sound.tempo!.grid,
        kind: 'warped' as const,
        bpm: 120,
        firstDownbeat: 1,
        firstBeatSeconds: 0.5,
        beats: [0.5, 1, 1.6, 2.2],
      },
    },
  };
  const gridOf = (of: typeof sound, words: Partial<typeof noSoundWords>) =>
    withSoundWords(of, { ...noSoundWords, ...words }).tempo!.grid;

  it('keeps the beats of the same pulse, and puts others between them', () => {
    expect(gridOf(warped, { bpm: 240 }).beats).toEqual([
      0.5,
      0.75,
      1,
      expect.closeTo(1.3),
      1.6,
      expect.closeTo(1.9),
      2.2,
    ]);
    expect(gridOf(warped, { bpm: 60 }).beats).toEqual([0.5, 1.6]);
    expect(gridOf(warped, { bpm: 180 }).beats).toHaveLength(5);
    expect(gridOf(warped, { bpm: 91 })).toMatchObject({
      kind: 'constant',
      bpm: 91,
      firstBeatSeconds: 0.5,
      beats: null,
    });
    expect(gridOf(sound, { bpm: 256.04 }).firstBeatSeconds).toBeCloseTo(0.1, 6);
  });

  it('goes through the beat that the user points at, and its bars begin there', () => {
    const period = 60 / 128.02;
    const grid = gridOf(sound, { beatSeconds: 10 });
    const beats = (10 - grid.firstBeatSeconds) / period;
    expect(beats).toBeCloseTo(Math.round(beats), 6);
    expect(grid.firstBeatSeconds).toBeGreaterThanOrEqual(0);
    expect(grid.firstBeatSeconds).toBeLessThan(period);
    expect(gridOf(sound, { barSeconds: 0.1 + 6 * period + 0.02 }).firstDownbeat).toBe(2);
    expect(gridOf(warped, { beatSeconds: 1.05 }).beats).toEqual(
      [0.55, 1.05, 1.65, 2.25].map((n) => expect.closeTo(n)),
    );
    expect(gridOf(warped, { beatSeconds: 1.05 }).firstDownbeat).toBe(1);
    expect(gridOf(warped, { barSeconds: 2.1 }).firstDownbeat).toBe(3);
  });

  it('is made of a word alone where nothing was measured', () => {
    const none = { ...sound, tempo: null };
    expect(withSoundWords(none, noSoundWords).tempo).toBeNull();
    expect(gridOf(none as never, { bpm: 100, beatSeconds: 0.7 })).toMatchObject({ bpm: 100 });
    expect(gridOf(none as never, { bpm: 100, beatSeconds: 0.7 }).firstBeatSeconds).toBeCloseTo(0.1, 6);
  });
});
