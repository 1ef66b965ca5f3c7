import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEdits } from '#engine/edits.ts';
import type { Edits } from '#engine/edits.ts';
import { hashOf, openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { readTrackDetail } from '#engine/storage/library/track-detail.ts';
import { createSoundHandlers } from './sound.handlers.ts';

const context = { signal: new AbortController().signal };
let library: FilledLibrary;
let handlers: ReturnType<typeof createSoundHandlers>;
let edits: Edits;
let track: number;
let copy: number;
let unheard: number;

beforeEach(() => {
  library = openFilledLibrary();
  const { storage } = library;
  track = library.add({ path: 'a', sound: { bpm: 64.01, key: '8A', energy: 7.2 } });
  copy = library.add({ path: 'b', recording: 'a' });
  unheard = library.add({ path: 'c', recording: null });
  edits = createEdits({ storage, publish: () => {}, changed: () => {}, clock: () => 5 });
  handlers = createSoundHandlers({ storage, edits, changed: () => {}, clock: () => 5 });
});
afterEach(() => library.remove());

type Wanted = Omit<Parameters<(typeof handlers)['sound.correct']>[0], 'trackIds'>;
const correct = (trackIds: number[], wanted: Wanted) =>
  handlers['sound.correct']({ trackIds, ...wanted }, context);
const detailOf = (id: number) => readTrackDetail(library.storage.database, id)!;
const gridOf = (id: number) => detailOf(id).sound!.tempo!.grid;
const undo = () => edits.handlers['edits.undo']({}, context);
const redo = () => edits.handlers['edits.redo']({}, context);

it('doubles, halves and turns a tempo back, of every copy; undone and done again', () => {
  expect(correct([track, copy], { factor: '2' })).toEqual({ changed: 1 });
  expect([track, copy].map((id) => detailOf(id).bpm)).toEqual([128.02, 128.02]);
  void correct([track], { factor: '1/2' });
  expect(detailOf(track).soundWords.bpm).toBeNull();
  void correct([track], { factor: '3/2' });
  expect(detailOf(track).bpm).toBe(96.02);
  void undo();
  expect(detailOf(track).bpm).toBe(64.01);
  void undo();
  expect(detailOf(copy).bpm).toBe(128.02);
  void undo();
  expect(detailOf(copy)).toMatchObject({ bpm: 64.01, soundWords: { bpm: null } });
  void redo();
  expect(detailOf(copy).bpm).toBe(128.02);
  expect((edits.handlers['edits.state']({}, context) as { undo: unknown }).undo).toMatchObject({
    label: 'Change tempo of 2 tracks',
  });
});

it('leaves a tempo alone that a factor would take out of all bounds, and tracks without any', () => {
  void correct([track], { bpm: 300 });
  expect(correct([track, unheard], { factor: '2' })).toEqual({ changed: 0 });
  expect(detailOf(track).bpm).toBe(300);
});

it('takes a tapped tempo before the audio is known, and keeps it when it is', () => {
  expect(correct([unheard], { bpm: 99.987, key: '1A', energy: 3 })).toEqual({ changed: 1 });
  expect(detailOf(unheard)).toMatchObject({ bpm: 99.99, key: '1A', energy: 3, sound: null });
  library.storage.database.prepare('UPDATE tracks SET audio_hash = ? WHERE id = ?').run(hashOf('x'), unheard);
  library.measure('x', { bpm: 50, key: '2B' });
  expect(detailOf(unheard)).toMatchObject({ bpm: 99.99, key: '1A', sound: { tempo: { bpm: 99.99 } } });
  // The step knew the track, not its audio.
  void undo();
  expect(detailOf(unheard)).toMatchObject({ bpm: 50, key: '2B' });
});

it('moves the grid, and puts its bars where the user says', () => {
  const { firstBeatSeconds } = gridOf(track);
  void correct([track], { shiftSeconds: 0.03 });
  expect(gridOf(track).firstBeatSeconds).toBeCloseTo(firstBeatSeconds + 0.03, 4);
  void correct([track], { shiftSeconds: -0.05 });
  expect(gridOf(track).firstBeatSeconds).toBeCloseTo(firstBeatSeconds - 0.02, 4);
  void correct([track], { barSeconds: firstBeatSeconds - 0.02 + (60 / 64.01) * 2 });
  expect(gridOf(track).firstDownbeat).toBe(2);
  expect(handlers['sound.clear']({ trackIds: [track], fields: ['grid'] }, context)).toEqual({ changed: 1 });
  expect(gridOf(track)).toMatchObject({ firstBeatSeconds, firstDownbeat: 0 });
});

it('keeps tempo and grid of a locked track through corrections and new measurements, until it is unlocked', () => {
  void correct([track], { locked: true });
  library.measure('a', { bpm: 90, key: '3B', energy: 2 });
  expect(detailOf(track)).toMatchObject({ bpm: 64.01, key: '3B', soundWords: { locked: true, bpm: 64.01 } });
  expect(() => correct([track], { factor: '2' })).toThrow('locked');
  expect(correct([track, unheard], { bpm: 120 })).toEqual({ changed: 1 });
  expect(correct([track], { bpm: 120, key: '4A' })).toEqual({ changed: 1 });
  expect(detailOf(track)).toMatchObject({ bpm: 64.01, key: '4A' });
  void correct([track], { locked: false, factor: '2' });
  expect(detailOf(track).bpm).toBe(128.02);
  void handlers['sound.clear']({ trackIds: [track], fields: ['tempo', 'key'] }, context);
  expect(detailOf(track)).toMatchObject({ bpm: 90, key: '3B' });
});

it('names a track that is not there', () => {
  expect(() => correct([track, 999], { bpm: 100 })).toThrow('999');
  expect(detailOf(track).bpm).toBe(64.01);
});
