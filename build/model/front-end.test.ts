import { expect, it } from 'vitest';
import { logMelSpectrogram } from '#engine/analysis/analyser/log-mel.ts';
import {
  decibelsOf,
  packDecibels,
  studentFrames,
  studentFrontEnd,
  studentWindow,
  teacherFrames,
  teacherFrontEnd,
  unpackDecibels,
} from './front-end.ts';
import { seededRandom } from './random.ts';

it('stores decibels to a third of one, and keeps what is out of range at its ends', () => {
  const values = Float32Array.from({ length: 100 }, (_, index) => -99 + index * 1.5);
  unpackDecibels(packDecibels(values)).forEach((value, index) =>
    expect(Math.abs(value - (values[index] as number))).toBeLessThan(0.301),
  );
  expect(decibelsOf(packDecibels(Float32Array.of(-300))[0] as number)).toBe(-100);
  expect(packDecibels(Float32Array.of(300))[0]).toBe(255);
});

it('the student hears every other frame of the teachers, which is its own front end', () => {
  const random = seededRandom(2);
  const samples = Float32Array.from(
    { length: 16_000 * 30 },
    (_, index) => Math.sin(index / 9) * 0.3 + random() * 0.1,
  );
  const teacher = packDecibels(logMelSpectrogram(samples, teacherFrontEnd).data.slice(0, teacherFrames * 96));
  const own = packDecibels(
    logMelSpectrogram(samples, studentFrontEnd(0, 1)).data.slice(0, studentFrames * 96),
  );
  expect(studentWindow(teacher)).toEqual(own);
});
