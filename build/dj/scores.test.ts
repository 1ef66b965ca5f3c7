import { expect, it } from 'vitest';
import { camelotOfName } from './peers.ts';
import { shapeOf } from './pieces.ts';
import { beatScore, keyScore, mean, median, sameTempo, sameTempoFamily } from './scores.ts';

it.each([
  [124.9, 120, false, false],
  [124.7, 120, true, true],
  [61, 120, false, true],
  [360, 120, false, true],
  [180, 120, false, false],
  [0, 120, false, false],
])('%d for %d BPM', (bpm, truth, same, family) => {
  expect(sameTempo(bpm, truth)).toBe(same);
  expect(sameTempoFamily(bpm, truth)).toBe(family);
});

const beats = (bpm: number, offset = 0): number[] =>
  Array.from({ length: 60 }, (_, beat) => offset + (beat * 60) / bpm);

it('counts beats that are met, and those that are too many or too few', () => {
  expect(beatScore(beats(120), beats(120))).toBe(1);
  expect(beatScore(beats(120, 0.06), beats(120))).toBeCloseTo(1, 1);
  expect(beatScore(beats(120, 0.25), beats(120))).toBe(0);
  expect(beatScore([], beats(120))).toBe(0);
  // Twice as many: all of the truth is met, by half of them.
  expect(beatScore(beats(240).concat(beats(240).map((beat) => beat + 15)), beats(120))).toBeCloseTo(2 / 3, 1);
});

it.each([
  ['8A', '8A', 1],
  ['9A', '8A', 0.5],
  ['7A', '8A', 0],
  ['8B', '8A', 0.3],
  ['8A', '8B', 0.3],
  ['11B', '8A', 0.2],
  ['2A', '8A', 0],
  [null, '8A', 0],
])('key %s where it is %s: %d', (found, truth, score) => expect(keyScore(found, truth)).toBe(score));

it('reads the keys of other programs', () => {
  expect(camelotOfName('A minor')).toBe('8A');
  expect(camelotOfName('Eb major')).toBe('5B');
  expect(camelotOfName('F# minor')).toBe('11A');
  expect(camelotOfName('H minor')).toBeNull();
});

it('knows what is beaten', () => {
  expect(shapeOf([4, 4], 4)?.beatsPerBar).toBe(4);
  expect(shapeOf([6, 8], 6)).toEqual({ meter: '6/8', beatsPerBar: 2, quartersPerBeat: 3 });
  expect(shapeOf([6, 8], 2)?.quartersPerBeat).toBe(1);
  expect(shapeOf([6, 8], 4)).toBeNull();
  expect(shapeOf([4, 4], 3)).toBeNull();
});

it('averages', () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(median([5, 1, 2])).toBe(2);
  expect(mean([])).toBeNaN();
});
