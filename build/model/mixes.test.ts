import { expect, it } from 'vitest';
import { decibelsOf, packDecibels, teacherFrames } from './front-end.ts';
import { drawRecipe, mixWindows, type MixRecipe } from './mixes.ts';
import { seededRandom } from './random.ts';

const bands = 96;
const level = (decibels: number) => packDecibels(new Float32Array(teacherFrames * bands).fill(decibels));
const untouched = { speed: 1, semitones: 0, roll: 0 };
const still: MixRecipe = {
  kind: 'alone',
  warps: [untouched, untouched],
  gainDecibels: 0,
  crossing: 0.5,
  curve: [0, 0, 0],
  levelDecibels: 0,
  lowPassBand: null,
  hissDecibels: null,
};
const at = (mix: Uint8Array, frame: number, band: number) => decibelsOf(mix[frame * bands + band] as number);

it('leaves a window as it is when nothing is asked', () => {
  expect(mixWindows(level(-20), level(-50), still)).toEqual(level(-20));
});

it('adds power, not decibels', () => {
  const sum: MixRecipe = { ...still, kind: 'sum' };
  expect(at(mixWindows(level(-20), level(-20), sum), 5, 5)).toBeCloseTo(-17, 0);
  expect(at(mixWindows(level(-20), level(-80), sum), 5, 5)).toBeCloseTo(-20, 0);
});

it('puts one window after or above the other', () => {
  const cut = mixWindows(level(-20), level(-50), { ...still, kind: 'cut' });
  expect([at(cut, 100, 9), at(cut, 1800, 9)]).toEqual([at(level(-20), 0, 0), at(level(-50), 0, 0)]);
  const split = mixWindows(level(-20), level(-50), { ...still, kind: 'bands' });
  expect([at(split, 100, 9), at(split, 100, 90)]).toEqual([at(level(-20), 0, 0), at(level(-50), 0, 0)]);
});

it('tilts around the middle, cuts the top, fills up with hiss', () => {
  const tilted = mixWindows(level(-30), level(-30), { ...still, curve: [3, 0, 0] });
  expect(at(tilted, 0, 0)).toBeCloseTo(-33, 0);
  expect(at(tilted, 0, bands - 1)).toBeCloseTo(-27, 0);
  const dull = mixWindows(level(-30), level(-30), { ...still, lowPassBand: 80 });
  expect([at(dull, 0, 79), at(dull, 0, 80)]).toEqual([at(level(-30), 0, 0), -100]);
  const half = mixWindows(level(-20), level(-90), { ...still, kind: 'cut', hissDecibels: -40 });
  expect(at(half, 1800, 3)).toBeCloseTo(-60, 0);
});

it('plays faster and higher', () => {
  const rising = Float32Array.from(
    { length: teacherFrames * bands },
    (_, index) => -90 + (60 * Math.floor(index / bands)) / teacherFrames,
  );
  const warp = { ...untouched, speed: 2, roll: 100 };
  const fast = mixWindows(packDecibels(rising), level(-90), { ...still, warps: [warp, untouched] });
  expect(at(fast, 200, 0)).toBeCloseTo(-90 + (60 * 500) / teacherFrames, 0);
  const tone = new Float32Array(teacherFrames * bands).fill(-100);
  for (let frame = 0; frame < teacherFrames; frame++) tone[frame * bands + 40] = 0;
  const higher = mixWindows(packDecibels(tone), level(-90), {
    ...still,
    warps: [{ ...untouched, semitones: 12 }, untouched],
  });
  const loudest = Array.from({ length: bands }, (_, band) => at(higher, 0, band));
  const hertz = (band: number) => 700 * (10 ** (((band + 1) / 97) * Math.log10(1 + 8000 / 700)) - 1);
  expect(hertz(loudest.indexOf(Math.max(...loudest))) / hertz(40)).toBeCloseTo(2, 1);
});

it('draws the same recipes from the same seed, three tenths of them without a second window', () => {
  const draw = () => {
    const random = seededRandom(8);
    return Array.from({ length: 1000 }, () => drawRecipe(random));
  };
  expect(draw()).toEqual(draw());
  const alone = draw().filter(({ kind }) => kind === 'alone').length;
  expect(alone).toBeGreaterThan(250);
  expect(alone).toBeLessThan(350);
});
