import { describe, expect, it } from 'vitest';
import type { WaveformPeaks } from '../protocol.ts';
import { createWaveformMeter, createWaveformOutput, OVERVIEW_POINTS } from './waveform.ts';

/** Linear low, mid, high of a point. */
function bandsAt({ peaks }: WaveformPeaks, point: number): number[] {
  return [...peaks.subarray(point * 3, point * 3 + 3)].map((byte) => (byte / 255) ** 2);
}

function tone(rate: number, hz: number, seconds: number, amplitude = 0.8): Float32Array {
  return Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, at) => amplitude * Math.sin((2 * Math.PI * hz * at) / rate),
  );
}

function measure(rate: number, samples: Float32Array, points?: number): WaveformPeaks {
  const meter = createWaveformMeter(rate);
  // In uneven pieces, as a decoder gives them.
  for (let at = 0, size = 1; at < samples.length; at += size, size = (size * 7) % 4999)
    meter.push(samples.subarray(at, at + size));
  meter.finish();
  return meter.read(points);
}

describe.each([8000, 16_000, 22_050, 44_100, 48_000])('at %i Hz', (rate) => {
  it.each([
    [60, 0],
    [1000, 1],
    [8000, 2],
  ])('a tone of %i Hz lands in band %i alone', (hz, band) => {
    if (hz >= rate / 2) return;
    const bands = bandsAt(measure(rate, tone(rate, hz, 2), 20), 10);
    bands.forEach((value, index) => {
      if (index === band) expect(value).toBeGreaterThan(0.7);
      else expect(value).toBeLessThan(0.06);
    });
  });

  it('lengths are right for half a second and for ten minutes', () => {
    const short = measure(rate, tone(rate, 100, 0.5));
    expect(short.peaks.length / 3).toBe(50);
    expect(short.secondsPerPoint).toBe(0.01);
    const meter = createWaveformMeter(rate);
    const minute = tone(rate, 440, 60);
    for (let each = 0; each < 10; each += 1) meter.push(minute);
    meter.finish();
    const overview = meter.read(OVERVIEW_POINTS);
    expect(overview.peaks.length / 3).toBe(OVERVIEW_POINTS);
    expect(overview.secondsPerPoint).toBeCloseTo(600 / OVERVIEW_POINTS, 6);
    expect(Math.abs(meter.read().peaks.length / 3 - 60_000)).toBeLessThanOrEqual(1);
    expect(bandsAt(overview, OVERVIEW_POINTS - 1)[1]).toBeGreaterThan(0.6);
  });
});

it('what sounds at one place is seen at that place, in the overview too', () => {
  const rate = 44_100;
  const samples = new Float32Array(rate * 100);
  samples.set(tone(rate, 60, 0.5), rate * 70);
  const overview = measure(rate, samples, 1000);
  const loud = Array.from({ length: 1000 }, (_, point) => point).filter(
    (point) => (bandsAt(overview, point)[0] ?? 0) > 0.1,
  );
  expect(loud[0]).toBe(700);
  expect(loud.at(-1)).toBeLessThanOrEqual(705);
  expect(bandsAt(overview, 600)).toEqual([0, 0, 0]);
});

it('silence is zero, also after music', () => {
  const rate = 48_000;
  const quiet = new Float32Array(rate);
  expect(measure(rate, quiet).peaks.every((byte) => byte === 0)).toBe(true);
  const after = new Float32Array(rate * 3);
  after.set(tone(rate, 1000, 1));
  expect(
    measure(rate, after)
      .peaks.subarray(-300)
      .every((byte) => byte === 0),
  ).toBe(true);
});

it('a long recording takes no more room: points become fewer and stay in place', () => {
  const meter = createWaveformMeter(8000);
  const minute = new Float32Array(60 * 8000);
  const last = tone(8000, 1000, 60);
  for (let each = 0; each < 29; each += 1) meter.push(minute);
  meter.push(last);
  meter.finish();
  const { secondsPerPoint, peaks } = meter.read();
  expect(secondsPerPoint).toBe(0.04);
  expect(peaks.length / 3).toBe(45_000);
  const first = peaks.findIndex((byte) => byte > 100);
  expect((Math.floor(first / 3) * secondsPerPoint) / 60).toBeCloseTo(29, 2);
});

it('what is clipped far beyond full scale, or was never opened, breaks nothing', () => {
  expect(Math.max(...measure(44_100, tone(44_100, 1000, 0.1, 1000)).peaks)).toBe(255);
  expect(() => createWaveformOutput().finish()).toThrow();
  expect(createWaveformMeter(44_100).read(OVERVIEW_POINTS).peaks).toHaveLength(0);
});
