import { describe, expect, it } from 'vitest';
import { measureTempo } from '#engine/analysis/analyser/rhythm/rhythm.ts';
import { createWaveformMeter } from '#engine/analysis/analyser/waveform.ts';
import { beatsOf } from './answers.ts';
import { RATE_HZ } from './audio.ts';
import { clickTrack } from './clicks.ts';
import { degrade } from './degrade.ts';
import type { Condition } from './degrade.ts';
import { beatScore } from './scores.ts';

async function judge(
  bpm: number,
  condition: Condition,
): Promise<{ bpm: number; beats: number; kind: string }> {
  const { samples, truth } = clickTrack(bpm, 4);
  const degraded = await degrade(samples, condition, 3);
  const meter = createWaveformMeter(RATE_HZ);
  meter.push(degraded.samples);
  meter.finish();
  const levels = Float32Array.from(meter.read().peaks, (byte) => (byte / 255) ** 2);
  const tempo = measureTempo(levels)!;
  const beats = beatScore(beatsOf(tempo, levels.length / 300), truth.beats.map(degraded.moved));
  return { bpm: tempo.bpm / degraded.speed, beats, kind: tempo.grid.kind };
}

describe.each(['clean', 'vinyl', 'room', 'crowd', 'detuned'] as const)('a click track, %s', (condition) => {
  it.each([88, 112, 133.33])('of %d BPM', async (bpm) => {
    const found = await judge(bpm, condition);
    expect(found.bpm).toBeCloseTo(bpm, 0);
    expect(found.beats).toBeGreaterThan(0.95);
  });
});

it('is followed when its tempo drifts', async () => {
  const found = await judge(112, 'drift');
  expect(found.kind).toBe('warped');
  expect(found.beats).toBeGreaterThan(0.95);
});
