import { describe, expect, it } from 'vitest';
import { RATE_HZ } from './audio.ts';
import { conditions, convolve, degrade } from './degrade.ts';

/** A click each half second. */
const clicks = (seconds: number): Float32Array => {
  const samples = new Float32Array(seconds * RATE_HZ);
  for (let at = 0; at < samples.length; at += RATE_HZ / 2)
    for (let index = 0; index < 400; index += 1) samples[at + index] = 0.5 * Math.exp(-index / 60);
  return samples;
};

const clickNear = (samples: Float32Array, seconds: number): number => {
  let best = 0;
  const from = Math.max(0, Math.round((seconds - 0.02) * RATE_HZ));
  for (let at = from; at < from + 0.04 * RATE_HZ; at += 1)
    if (Math.abs(samples[at] ?? 0) > Math.abs(samples[best + from] ?? 0)) best = at - from;
  return (from + best) / RATE_HZ;
};

describe.each(['room', 'drift', 'crowd', 'detuned'] as const)('%s', (condition) => {
  it('says where each beat is now', async () => {
    const { samples, moved } = await degrade(clicks(12), condition, 5);
    for (let beat = 1; beat < 20; beat += 1)
      expect(Math.abs(clickNear(samples, moved(beat / 2)) - moved(beat / 2))).toBeLessThan(0.002);
  });
});

it('is the same for the same seed, never clips, and changes something', async () => {
  const source = clicks(4);
  for (const condition of conditions.filter((name) => name !== 'mp3')) {
    const first = await degrade(source, condition, 9);
    const second = await degrade(source, condition, 9);
    expect(Buffer.from(first.samples.buffer).equals(Buffer.from(second.samples.buffer))).toBe(true);
    expect(first.samples.every((value) => Math.abs(value) <= 1)).toBe(true);
    expect(first.samples.some((value, at) => value !== source[at])).toBe(condition !== 'clean');
  }
});

it('convolves across its blocks', () => {
  const samples = Float32Array.from({ length: 300 }, (_, at) => (at % 37 === 0 ? 1 : 0));
  const response = Float32Array.from([1, 0, 0.5, -0.25]);
  const slow = samples.map((_, at) => {
    let sum = 0;
    response.forEach((weight, back) => (sum += weight * (samples[at - back] ?? 0)));
    return sum;
  });
  const fast = convolve(samples, response);
  slow.forEach((value, at) => expect(fast[at]).toBeCloseTo(value, 5));
});
