import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../model-manifest.ts';
import { createWindowCutter } from './windows.ts';
import type { WindowPlace } from './windows.ts';

const BANDS = 3;
const LENGTH = 16;

function manifest(layout: 'time-mel' | 'mel-time'): ModelManifest {
  return {
    input: { frames: LENGTH, layout },
    frontEnd: { melBands: BANDS, mean: 10, deviation: 2, floor: 1e-10 },
  } as ModelManifest;
}

/** Frame t holds t, t + 0.25, t + 0.5 decibels, standardised by the cutter. */
function cut(frames: number, layout: 'time-mel' | 'mel-time' = 'time-mel', level = 0) {
  const windows: { values: Float32Array; place: WindowPlace }[] = [];
  const cutter = createWindowCutter(manifest(layout), (values, place) => windows.push({ values, place }));
  for (let time = 0; time < frames; time += 1) {
    cutter.push(Float32Array.from({ length: BANDS }, (_, band) => (level === 0 ? time + band / 4 : level)));
  }
  cutter.finish();
  expect(cutter.frames).toBe(frames);
  return windows;
}

/** The frame numbers that a time-mel window holds. */
function frameNumbers(values: Float32Array): number[] {
  return Array.from({ length: LENGTH }, (_, time) => (values[time * BANDS] as number) * 2 + 10);
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

describe('createWindowCutter', () => {
  it('cuts without gaps and moves the last window back to the end', () => {
    const windows = cut(40);
    expect(windows.map(({ place }) => place)).toEqual([
      { start: 0, from: 0, end: 16, silent: false, music: true },
      { start: 16, from: 16, end: 32, silent: false, music: true },
      { start: 24, from: 32, end: 40, silent: false, music: true },
    ]);
    expect(windows.map(({ values }) => frameNumbers(values))).toEqual([
      range(0, 16),
      range(16, 32),
      range(24, 40),
    ]);
  });

  it('leaves out a remainder that is not worth a run', () => {
    expect(cut(33)).toHaveLength(2);
    expect(cut(34)).toHaveLength(3);
    expect(cut(32)).toHaveLength(2);
  });

  it('repeats a short track until it fills a window', () => {
    const [only, ...others] = cut(5);
    expect(others).toEqual([]);
    expect(only?.place).toEqual({ start: 0, from: 0, end: 5, silent: false, music: true });
    expect(frameNumbers(only?.values as Float32Array)).toEqual(range(0, 16).map((time) => time % 5));
  });

  it('transposes for models that want bands first', () => {
    const [wide] = cut(16);
    const [tall] = cut(16, 'mel-time');
    for (let time = 0; time < LENGTH; time += 1) {
      for (let band = 0; band < BANDS; band += 1) {
        expect(tall?.values[band * LENGTH + time]).toBe(wide?.values[time * BANDS + band]);
      }
    }
  });

  it('knows silence', () => {
    expect(cut(20, 'time-mel', -100).map(({ place }) => place.silent)).toEqual([true, true]);
  });
});
