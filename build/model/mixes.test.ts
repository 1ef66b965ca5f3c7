import { expect, it } from 'vitest';
import { decibelsOf, packDecibels, teacherFrames } from './front-end.ts';
import { drawRecipe, mixWindows } from './mixes.ts';
import { seededRandom } from './random.ts';

const bands = 96;
const level = (decibels: number) => packDecibels(new Float32Array(teacherFrames * bands).fill(decibels));
const still = { gainDecibels: null, rolls: [0, 0], tiltDecibels: 0, levelDecibels: 0 } as const;

it('adds power, not decibels', () => {
  const mixed = mixWindows(level(-20), level(-20), { ...still, gainDecibels: 0 });
  expect(decibelsOf(mixed[500] as number)).toBeCloseTo(-17, 0);
  const quiet = mixWindows(level(-20), level(-80), { ...still, gainDecibels: 0 });
  expect(decibelsOf(quiet[500] as number)).toBeCloseTo(-20, 0);
});

it('tilts around the middle and rolls in time', () => {
  const tilted = mixWindows(level(-30), level(-30), { ...still, tiltDecibels: 6 });
  expect(decibelsOf(tilted[0] as number)).toBeCloseTo(-33, 0);
  expect(decibelsOf(tilted[bands - 1] as number)).toBeCloseTo(-27, 0);
  const rising = Float32Array.from(
    { length: teacherFrames * bands },
    (_, index) => -90 + (60 * Math.floor(index / bands)) / teacherFrames,
  );
  const rolled = mixWindows(packDecibels(rising), level(-90), { ...still, rolls: [900, 0] });
  expect(rolled[0]).toBe(packDecibels(rising)[900 * bands]);
});

it('draws the same recipes from the same seed, three tenths of them without a second window', () => {
  const draw = () => {
    const random = seededRandom(8);
    return Array.from({ length: 1000 }, () => drawRecipe(random));
  };
  expect(draw()).toEqual(draw());
  const alone = draw().filter(({ gainDecibels }) => gainDecibels === null).length;
  expect(alone).toBeGreaterThan(250);
  expect(alone).toBeLessThan(350);
});
