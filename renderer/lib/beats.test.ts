import { describe, expect, it } from 'vitest';
import type { BeatGrid } from '#shared/domain.ts';
import { beatsBetween, drawnBeats, nearestBeat, tapped, tempoOfTaps } from './beats.ts';

const grid: BeatGrid = {
  kind: 'constant',
  bpm: 120,
  firstBeatSeconds: 0.25,
  firstDownbeat: 2,
  beatsPerBar: 4,
  beats: null,
};
const warped: BeatGrid = { ...grid, kind: 'warped', firstDownbeat: 0, beats: [0.1, 0.6, 1.2, 1.9, 2.4, 2.9] };

describe('beatsBetween', () => {
  it('counts a constant grid on over the whole track, bars where the first downbeat says', () => {
    const beats = beatsBetween(grid, 0, 3);
    expect(beats.map(({ seconds }) => seconds)).toEqual([0.25, 0.75, 1.25, 1.75, 2.25, 2.75]);
    expect(beats.filter(({ bar }) => bar).map(({ index }) => index)).toEqual([2]);
    expect(beatsBetween(grid, 100, 101).map(({ seconds }) => seconds)).toEqual([100.25, 100.75]);
  });

  it('finds no beat before the track begins, though the grid would go on', () => {
    const late = { ...grid, firstBeatSeconds: 10 };
    expect(beatsBetween(late, -5, 1).map(({ seconds }) => seconds)).toEqual([0, 0.5]);
  });

  it('gives the listed beats of a warped grid, and no bars where nobody knows them', () => {
    expect(beatsBetween(warped, 0.5, 2.4).map(({ seconds }) => seconds)).toEqual([0.6, 1.2, 1.9]);
    expect(beatsBetween(warped, 0, 9).filter(({ bar }) => bar)).toHaveLength(2);
    expect(beatsBetween({ ...warped, firstDownbeat: null }, 0, 9).some(({ bar }) => bar)).toBe(false);
  });

  it('never loops without a bound', () => {
    expect(beatsBetween(grid, 0, 1e9)).toEqual([]);
    expect(beatsBetween({ ...grid, bpm: 0 }, 0, 10)).toEqual([]);
    expect(beatsBetween(grid, 5, 5)).toEqual([]);
    expect(beatsBetween(grid, 0, Number.NaN)).toEqual([]);
  });
});

describe('drawnBeats', () => {
  it.each([
    [8, 800, 'beat'],
    [60, 800, 'beat'],
    [240, 800, 'bar'],
    [900, 800, 'phrase'],
  ] as const)('of %d seconds on %d pixels: each %s', (seconds, pixels, every) => {
    const drawn = drawnBeats(grid, 0, seconds, pixels);
    expect(drawn.every).toBe(every);
    expect(drawn.beats.length).toBeGreaterThan(0);
    expect(drawn.beats.length * 4).toBeLessThanOrEqual(pixels + 4);
  });

  it('draws nothing rather than a grey area', () => {
    expect(drawnBeats(grid, 0, 36_000, 800).every).toBe('none');
    expect(drawnBeats({ ...grid, firstDownbeat: null }, 0, 240, 300).beats).toEqual([]);
  });
});

it('finds the beat next to a place', () => {
  expect(nearestBeat(grid, 1.05)?.seconds).toBe(1.25);
  expect(nearestBeat(warped, 5)).toBeNull();
});

describe('tapping', () => {
  const taps = (bpm: number, late: readonly number[] = []): readonly number[] =>
    Array.from({ length: 12 }, (_, index) => 1000 + (index * 60_000) / bpm + (late[index] ?? 0));

  it('hears the tempo, also of a finger that is early and late', () => {
    expect(tempoOfTaps(taps(128))).toBeCloseTo(128, 6);
    expect(tempoOfTaps(taps(128, [10, -14, 8, 0, 12, -9, 3, -12, 15, -6, 4, -2]))).toBeCloseTo(128, 0);
  });

  it('says nothing of three taps, and begins anew after a pause', () => {
    expect(tempoOfTaps([0, 500, 1000])).toBeNull();
    const first = [0, 500, 1000, 1500].reduce<readonly number[]>((all, at) => tapped(all, at), []);
    expect(tempoOfTaps(first)).toBeCloseTo(120, 6);
    expect(tapped(first, 9000)).toEqual([9000]);
    expect(tapped(first, 1500)).toEqual([1500]);
  });

  it('keeps a bounded number of taps', () => {
    let all: readonly number[] = [];
    for (let tap = 0; tap < 500; tap += 1) all = tapped(all, tap * 400);
    expect(all).toHaveLength(64);
    expect(tempoOfTaps(all)).toBeCloseTo(150, 6);
  });
});
