import { expect, test } from 'vitest';
import { defaultMix, transitionAxes } from '#shared/domain.ts';
import type { MixSettings, TransitionAxis } from '#shared/domain.ts';
import type { SetCandidate } from './candidate.ts';
import { energyAt, scoreEnergyPlace } from './energy.ts';
import { describeTransition } from './transition.ts';

const unknown: SetCandidate = {
  id: 1,
  bpm: null,
  key: null,
  energy: null,
  artist: null,
  seconds: 240,
  embedding: null,
  genres: new Map(),
  moods: null,
};
const vector = (...values: number[]): Float32Array => Float32Array.from(values);

function axis(
  name: TransitionAxis,
  from: Partial<SetCandidate>,
  to: Partial<SetCandidate>,
  mix: Partial<MixSettings> = {},
) {
  const { axes } = describeTransition(
    { ...unknown, ...from },
    { ...unknown, ...to },
    { ...defaultMix, ...mix },
  );
  return axes.find((one) => one.axis === name)!;
}

// Keys and scores as the conventions of the product have them.
test.each([
  ['8A', '8A', 1, '8A to 8A: same key'],
  ['8A', '9A', 0.9, '8A to 9A: a fifth up'],
  ['8A', '7A', 0.9, '8A to 7A: a fifth down'],
  ['12B', '1B', 0.9, '12B to 1B: a fifth up'],
  ['8A', '8B', 0.8, '8A to 8B: relative major'],
  ['8B', '8A', 0.8, '8B to 8A: relative minor'],
  ['8A', '9B', 0.55, '8A to 9B: a step around the wheel, other mode'],
  ['8A', '10A', 0.45, '8A to 10A: two steps up the wheel'],
  ['8A', '2A', 0.1, '8A to 2A: keys that clash'],
  ['8A', '10B', 0.1, '8A to 10B: keys that clash'],
])('keys: %s to %s is %d', (from, to, score, reason) => {
  expect(axis('key', { key: from }, { key: to })).toEqual({ axis: 'key', score, reason });
});

test.each([
  // 6 % is one semitone, seven steps around the wheel; below 3 % nothing is heard.
  [{ bpm: 126, key: '8A' }, { bpm: 126, key: '8A' }, 1, '8A to 8A: same key'],
  [{ bpm: 128, key: '8A' }, { bpm: 126, key: '8A' }, 1, '8A to 8A: same key'],
  [
    { bpm: 127.2, key: '8A' },
    { bpm: 120, key: '8A' },
    0.1,
    '8A to 8A, which sounds as 3A at +6.0 %: keys that clash',
  ],
  [{ bpm: 127.2, key: '3A' }, { bpm: 120, key: '8A' }, 1, '3A to 8A, which sounds as 3A at +6.0 %: same key'],
  [{ bpm: 120, key: '1A' }, { bpm: 127.2, key: '8A' }, 1, '1A to 8A, which sounds as 1A at −5.7 %: same key'],
  // At half the tempo nothing is changed.
  [{ bpm: 64, key: '8A' }, { bpm: 128, key: '8A' }, 1, '8A to 8A: same key'],
  // Out of reach they do not run together, and nothing is changed.
  [{ bpm: 140, key: '8A' }, { bpm: 120, key: '8A' }, 1, '8A to 8A: same key'],
])('keys without key lock: %j to %j', (from, to, score, reason) => {
  expect(axis('key', from, to, { keyLock: false })).toEqual({ axis: 'key', score, reason });
});

test('with key lock the keys stay as they are, whatever the tempo', () => {
  const { score } = axis('key', { bpm: 127.2, key: '8A' }, { bpm: 120, key: '8A' });
  expect(score).toBe(1);
});

test.each([
  [128, 128, 8, 1, '128 to 128 BPM: the same tempo'],
  [128, 126, 8, 1, '128 to 126 BPM: +1.6 %'],
  [124.8, 120, 8, 0.8, '124.8 to 120 BPM: +4.0 %'],
  [127.2, 120, 8, 0.5, '127.2 to 120 BPM: +6.0 %'],
  [130.8, 120, 10, 0.3, '130.8 to 120 BPM: +9.0 %'],
  [130.8, 120, 8, 0, '130.8 to 120 BPM: +9.0 %, more than ±8 %'],
  [127.2, 120, 6, 0.5, '127.2 to 120 BPM: +6.0 %'],
  [130.8, 120, 6, 0, '130.8 to 120 BPM: +9.0 %, more than ±6 %'],
  [87, 174, 8, 1, '87 to 174 BPM, one beat on two: the same tempo'],
  [174, 87, 8, 1, '174 to 87 BPM, two beats on one: the same tempo'],
  [172, 87, 8, 1, '172 to 87 BPM, two beats on one: −1.1 %'],
] as const)('tempos: %d to %d at ±%d %% is %d', (from, to, pitchRangePercent, score, reason) => {
  const found = axis('tempo', { bpm: from }, { bpm: to }, { pitchRangePercent });
  expect(found.reason).toBe(reason);
  expect(found.score).toBeCloseTo(score, 2);
});

test.each([
  ['any', 5, 5.6, 1],
  ['any', 5, 6, 1],
  ['any', 3, 9, 0],
  ['any', 9, 3, 0],
  ['up', 5, 6, 1],
  ['up', 6, 5, 0.5],
  ['up', 5, 10, 0],
  ['steady', 5, 5, 1],
  ['steady', 5, 7, 0.5],
  ['down', 6, 5, 1],
  ['down', 5, 6, 0.5],
] as const)('energy, wanted %s: %d to %d is %d', (energyStep, from, to, score) => {
  expect(axis('energy', { energy: from }, { energy: to }, { energyStep }).score).toBeCloseTo(score, 6);
});

test('energy in words; with a curve, its place counts', () => {
  expect(axis('energy', { energy: 5 }, { energy: 6.5 }).reason).toBe('Energy 5 to 6.5: a step up');
  expect(axis('energy', { energy: 9 }, { energy: 2 }).reason).toBe('Energy 9 to 2: a great step down');
  expect(axis('energy', { energy: 5.1 }, { energy: 5 }).reason).toBe('Energy 5.1 to 5: steady');
  const onCurve = describeTransition({ ...unknown, energy: 2 }, { ...unknown, energy: 6 }, defaultMix, 7)
    .axes[2]!;
  expect(onCurve).toEqual({
    axis: 'energy',
    score: scoreEnergyPlace(6, 7),
    reason: 'Energy 6 where the curve wants 7',
  });
});

test('sound, genres and moods', () => {
  expect(axis('sound', { embedding: vector(1, 0) }, { embedding: vector(0.6, 0.8) })).toMatchObject({
    score: expect.closeTo(0.6, 6) as number,
    reason: 'Related in sound',
  });
  expect(axis('sound', { embedding: vector(1, 0) }, { embedding: vector(-1, 0) }).score).toBe(0);
  const house = new Map([['House', 0.9]]);
  const both = new Map([
    ['Techno', 0.8],
    ['House', 0.6],
  ]);
  expect(axis('genre', { genres: house }, { genres: both })).toMatchObject({
    score: expect.closeTo(0.6, 6) as number,
    reason: 'Both are House',
  });
  expect(axis('genre', { genres: house }, { genres: new Map([['Techno', 1]]) })).toMatchObject({
    score: 0,
    reason: 'House to Techno',
  });
  expect(axis('mood', { moods: vector(1, 0) }, { moods: vector(-1, 0) })).toMatchObject({
    score: 0,
    reason: 'The opposite mood',
  });
});

test('what is not known counts neither way, and is said', () => {
  const { score, axes, tempoChangePercent } = describeTransition(unknown, unknown, defaultMix);
  expect(score).toBeCloseTo(0.5, 9);
  expect(tempoChangePercent).toBeNull();
  expect(axes.map(({ axis: name }) => name)).toEqual(transitionAxes);
  for (const one of axes) {
    expect(one.score).toBeNull();
    expect(one.reason).toBe(`No ${one.axis} known of either, so it counts neither way`);
  }
  expect(axis('key', { key: '8A' }, {}).reason).toBe('No key known of the second, so it counts neither way');
  expect(axis('tempo', {}, { bpm: 120 }).reason).toBe(
    'No tempo known of the first, so it counts neither way',
  );
});

test('the weights are the users own: an axis of weight 0 does not count, none at all is no opinion', () => {
  const none = { key: 0, tempo: 0, energy: 0, sound: 0, genre: 0, mood: 0 };
  const from = { ...unknown, key: '8A', bpm: 128 };
  const to = { ...unknown, key: '2A', bpm: 128 };
  const scoreOf = (weights: Partial<MixSettings['weights']>): number =>
    describeTransition(from, to, { ...defaultMix, weights: { ...none, ...weights } }).score;
  expect(scoreOf({ tempo: 1 })).toBeCloseTo(1, 9);
  expect(scoreOf({ key: 1 })).toBeCloseTo(0.1, 9);
  expect(scoreOf({ key: 0.5, tempo: 1 })).toBeCloseTo(1.05 / 1.5, 9);
  expect(scoreOf({})).toBe(0.5);
});

test('the energy curve: straight lines between points in any order, level before and behind them', () => {
  const points = [
    { at: 0.75, energy: 9 },
    { at: 0.25, energy: 3 },
  ];
  const along = Array.from({ length: 5 }, (_, row) => energyAt(points, row, 5));
  expect(along).toEqual([3, 3, 6, 9, 9]);
  expect(energyAt([], 0, 5)).toBeNull();
  expect(energyAt([{ at: 0.5, energy: 4 }], 3, 4)).toBe(4);
  expect(
    energyAt(
      [
        { at: 0, energy: 2 },
        { at: 1, energy: 8 },
      ],
      0,
      1,
    ),
  ).toBe(2);
});
