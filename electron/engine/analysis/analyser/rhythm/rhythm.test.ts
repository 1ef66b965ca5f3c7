import { describe, expect, it } from 'vitest';
import { seededRandom } from '#build/demo/random.ts';
import { drums, every, levelsOf, play, RATE_HZ, steady } from './drums.fixture.ts';
import { measureTempo } from './rhythm.ts';

describe('a steady beat', () => {
  it.each([
    [128, 0.3],
    [90, 0.1],
    [174, 0.2],
    [123.45, 0.4],
    [100, 0],
  ])('of %d BPM from %d s: tempo to a hundredth, beats to 20 ms', (bpm, first) => {
    const tempo = measureTempo(levelsOf(drums(90, steady(bpm, first, 90))))!;
    expect(tempo.bpm).toBeCloseTo(bpm, 1);
    expect(tempo.confidence).toBeGreaterThan(0.5);
    expect(tempo.grid.kind).toBe('constant');
    const period = 60 / bpm;
    const off = (tempo.grid.firstBeatSeconds - first) / period;
    expect(Math.abs(off - Math.round(off)) * period).toBeLessThan(0.02);
    expect(tempo.grid.firstBeatSeconds).toBeLessThan(period);
  });

  it('is the same whatever the gain', () => {
    const samples = drums(40, steady(126, 0.2, 40));
    const loud = measureTempo(levelsOf(samples))!;
    const quiet = measureTempo(levelsOf(samples.map((value) => value * 0.25)))!;
    expect(quiet.bpm).toBe(loud.bpm);
    expect(quiet.grid.firstBeatSeconds).toBeCloseTo(loud.grid.firstBeatSeconds, 2);
  });
});

it('follows a drummer who gets faster: the beats are listed', () => {
  const beats = [0.5];
  while ((beats.at(-1) as number) < 88)
    beats.push((beats.at(-1) as number) + 60 / (100 + (beats.at(-1) as number) * 0.2));
  const tempo = measureTempo(levelsOf(drums(90, beats)))!;
  expect(tempo.grid.kind).toBe('warped');
  const found = tempo.grid.beats!;
  const met = beats.filter((beat) => found.some((other) => Math.abs(other - beat) < 0.05)).length;
  expect(met / beats.length).toBeGreaterThan(0.85);
});

it('keeps up where the tempo rises by a third within a minute', () => {
  const beats = [0.5];
  while ((beats.at(-1) as number) < 59)
    beats.push((beats.at(-1) as number) + 60 / (105 + (beats.at(-1) as number) * 0.6));
  const tempo = measureTempo(levelsOf(drums(60, beats)))!;
  expect(tempo.grid.kind).toBe('warped');
  const met = beats.filter((beat) => tempo.grid.beats!.some((other) => Math.abs(other - beat) < 0.05)).length;
  expect(met / beats.length).toBeGreaterThan(0.8);
});

it('lists the beats of two tracks in a row', () => {
  const first = steady(120, 0.2, 60);
  const beats = [...first, ...steady(128, 60.1, 120)];
  const tempo = measureTempo(levelsOf(drums(120, beats)))!;
  expect(tempo.grid.kind).toBe('warped');
  const met = beats.filter((beat) => tempo.grid.beats!.some((other) => Math.abs(other - beat) < 0.05)).length;
  expect(met / beats.length).toBeGreaterThan(0.9);
});

it('evens out a drummer who is off by a hundredth of a second: one straight grid', () => {
  const random = seededRandom(8);
  const exact = steady(112, 0.3, 90);
  const tempo = measureTempo(
    levelsOf(
      drums(
        90,
        exact.map((beat) => beat + 0.02 * (random() - 0.5)),
      ),
    ),
  )!;
  expect(tempo.grid.kind).toBe('constant');
  expect(tempo.bpm).toBeCloseTo(112, 1);
});

describe('bars', () => {
  it.each([0, 1, 2, 3])('of four, the first one at beat %d', (pickup) => {
    const beats = steady(120, 0.2, 60);
    const place = (beat: number): number => (beat + 4 - pickup) % 4;
    const at = (...places: readonly number[]): readonly number[] =>
      beats.filter((_, beat) => places.includes(place(beat)));
    const hats = beats.map((beat) => beat + 0.25);
    const tempo = measureTempo(
      levelsOf(play(60, { kicks: at(0, 2), snares: at(1, 3), hats, basses: at(0) })),
    )!;
    expect(tempo.bpm).toBe(120);
    // Never a wrong one; the grid may begin at another beat than the music.
    const { firstDownbeat, beatsPerBar, firstBeatSeconds } = tempo.grid;
    expect(beatsPerBar).toBe(4);
    const own = Math.round((firstBeatSeconds - 0.2) / 0.5);
    expect((firstDownbeat! + own + 4) % 4).toBe(pickup);
  });

  it('of three', () => {
    const beats = steady(150, 0.2, 60);
    const snares = [...every(beats, 3, 1), ...every(beats, 3, 2)];
    const kicks = every(beats, 3, 0);
    const tempo = measureTempo(levelsOf(play(60, { kicks, snares, basses: kicks })))!;
    expect(tempo.bpm).toBe(150);
    expect(tempo.grid.beatsPerBar).toBe(3);
    expect(tempo.grid.firstDownbeat).toBe(0);
  });

  it('unknown where every beat is like the next', () => {
    const clicks = play(60, { kicks: steady(126, 0.1, 60) });
    expect(measureTempo(levelsOf(clicks))!.grid.firstDownbeat).toBeNull();
  });
});

describe('other tempos that may be meant', () => {
  it('are told: half and double first, then those of threes', () => {
    const tempo = measureTempo(levelsOf(drums(60, steady(128, 0.2, 60))))!;
    const told = tempo.candidates.map(({ bpm }) => bpm);
    expect(told.slice(0, 2).sort((left, right) => left - right)).toEqual([64, 256]);
    for (const bpm of [192, 85.33]) expect(told.some((other) => Math.abs(other - bpm) < 0.1)).toBe(true);
    const sum = tempo.candidates.reduce((total, { confidence }) => total + confidence, 0);
    expect(sum).toBeLessThan(1);
  });

  it.each([30, 36, 240, 260])('hold %d, which nobody counts', (bpm) => {
    const tempo = measureTempo(levelsOf(play(80, { kicks: steady(bpm, 0.2, 80) })))!;
    const told = [tempo.bpm, ...tempo.candidates.map((candidate) => candidate.bpm)];
    expect(told.some((other) => Math.abs(other / bpm - 1) < 0.01)).toBe(true);
  });
});

it('takes the first twenty minutes of a mix in little time', () => {
  const beats = steady(126, 0.2, 60);
  const minute = levelsOf(drums(60, beats));
  const levels = new Float32Array(20 * minute.length);
  for (let turn = 0; turn < 20; turn += 1) levels.set(minute, turn * minute.length);
  const before = process.cpuUsage();
  const tempo = measureTempo(levels)!;
  const { user } = process.cpuUsage(before);
  expect(tempo.bpm).toBe(126);
  expect(tempo.grid.kind).toBe('constant');
  // Microseconds; 0.1 s on a machine of 2020.
  expect(user).toBeLessThan(2e6);
});

describe('no beat', () => {
  it.each([
    ['silence', () => 0],
    ['noise', (random: () => number) => 0.4 * (random() - 0.5)],
  ] as const)('of %s', (_, sample) => {
    const random = seededRandom(3);
    expect(
      measureTempo(levelsOf(Float32Array.from({ length: 30 * RATE_HZ }, () => sample(random)))),
    ).toBeNull();
  });

  it('of hits at random times', () => {
    const random = seededRandom(4);
    const hits: number[] = [0.2];
    while ((hits.at(-1) as number) < 58) hits.push((hits.at(-1) as number) + 0.1 + random() * 1.2);
    expect(measureTempo(levelsOf(drums(60, hits)))?.confidence ?? 0).toBeLessThan(0.2);
  });

  it('of a jingle of five seconds', () => {
    expect(measureTempo(levelsOf(drums(5, steady(120, 0, 5))))).toBeNull();
  });
});
