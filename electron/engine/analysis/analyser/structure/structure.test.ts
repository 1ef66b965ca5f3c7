import { describe, expect, it } from 'vitest';
import { seededRandom } from '#build/demo/random.ts';
import type { TrackSound } from '#shared/domain.ts';
import { findStructure } from './structure.ts';

const BPM = 126;
const BAR = 240 / BPM;
const FIRST = 0.4;

/** What is heard in a stretch of bars: loudness of each part, 0 for none; `rise`: the highs grow so many times over. */
interface Part {
  readonly bars: number;
  readonly kick?: number;
  readonly pad?: number;
  readonly hats?: number;
  readonly rise?: number;
}

/** Levels as the waveform has them: a kick on every beat, a hat between, a pad below both. */
function levelsOf(parts: readonly Part[]): { readonly levels: Float32Array; readonly seconds: number } {
  const random = seededRandom(3);
  const bars = parts.reduce((sum, part) => sum + part.bars, 0);
  const seconds = FIRST + bars * BAR;
  const levels = new Float32Array(Math.round(seconds * 100) * 3);
  let from = 0;
  for (const { bars: count, kick = 0, pad = 0, hats = 0, rise = 1 } of parts) {
    for (
      let at = Math.round((FIRST + from * BAR) * 100);
      at < (FIRST + (from + count) * BAR) * 100;
      at += 1
    ) {
      const time = at / 100 - FIRST;
      const beat = (time / (BAR / 4)) % 1;
      const grown = rise ** ((time / BAR - from) / count);
      const noise = 0.9 + 0.2 * random();
      levels[at * 3] = (0.001 + kick * Math.exp(-beat * 6)) * noise;
      levels[at * 3 + 1] = (0.001 + pad + 0.2 * kick * Math.exp(-beat * 20)) * noise;
      levels[at * 3 + 2] = (0.0005 + hats * grown * Math.exp(-((beat + 0.5) % 1) * 12)) * noise;
    }
    from += count;
  }
  return { levels, seconds };
}

function tempoOf(confidence = 0.9): NonNullable<TrackSound['tempo']> {
  return {
    bpm: BPM,
    confidence,
    candidates: [],
    grid: {
      kind: 'constant',
      bpm: BPM,
      firstBeatSeconds: FIRST,
      firstDownbeat: 0,
      beatsPerBar: 4,
      beats: null,
    },
  };
}

const none = { seconds: 15, size: 0, values: new Int8Array() };
const club: readonly Part[] = [
  { bars: 16, kick: 0.4, hats: 0.02 },
  { bars: 32, kick: 0.6, pad: 0.2, hats: 0.1 },
  { bars: 16, pad: 0.15 },
  { bars: 8, pad: 0.15, hats: 0.02, rise: 12 },
  { bars: 32, kick: 0.6, pad: 0.25, hats: 0.12 },
  { bars: 16, kick: 0.4, hats: 0.02 },
];

describe('the structure of a club track', () => {
  const { levels, seconds } = levelsOf(club);
  const { sections, cues } = findStructure(levels, none, tempoOf(), seconds);

  it('has its sections where they are, to the bar', () => {
    const bars = sections.map(({ startSeconds, kind }) => [
      kind,
      Math.max(0, Math.round((startSeconds - FIRST) / BAR)),
    ]);
    expect(bars).toEqual([
      ['intro', 0],
      ['main', 16],
      ['break', 48],
      ['build', 64],
      ['drop', 72],
      ['outro', 104],
    ]);
    for (const { startSeconds } of sections.slice(1)) {
      const bar = (startSeconds - FIRST) / BAR;
      expect(Math.abs(bar - Math.round(bar)) * BAR).toBeLessThan(0.001);
    }
  });

  it('covers the whole recording, with more energy in the drop than in the break', () => {
    expect(sections[0]?.startSeconds).toBe(0);
    expect(sections.at(-1)?.endSeconds).toBe(seconds);
    sections
      .slice(1)
      .forEach((section, index) => expect(section.startSeconds).toBe(sections[index]?.endSeconds));
    const energyOf = (kind: string): number => sections.find((section) => section.kind === kind)!.energy;
    expect(energyOf('drop')).toBeGreaterThan(energyOf('break') + 1);
    for (const { energy } of sections) {
      expect(energy).toBeGreaterThanOrEqual(1);
      expect(energy).toBeLessThanOrEqual(10);
    }
  });

  it('offers cues at the first bar and at each section', () => {
    expect(cues.map(({ label }) => label)).toEqual(['Intro', 'Main', 'Break', 'Build', 'Drop', 'Outro']);
    expect(cues[0]?.seconds).toBeCloseTo(FIRST, 6);
    cues.slice(1).forEach(({ seconds: at }, index) => expect(at).toBe(sections[index + 1]?.startSeconds));
  });

  it('is the same whatever the gain', () => {
    const quiet = findStructure(
      levels.map((value) => value * 0.2),
      none,
      tempoOf(),
      seconds,
    );
    expect(quiet.sections.map(({ kind, startSeconds }) => [kind, startSeconds])).toEqual(
      sections.map(({ kind, startSeconds }) => [kind, startSeconds]),
    );
  });
});

it('tells nothing where nothing changes, without a clear pulse, of a jingle, of a mix', () => {
  const empty = { sections: [], cues: [] };
  const loop = levelsOf([{ bars: 64, kick: 0.5, pad: 0.2, hats: 0.1 }]);
  expect(findStructure(loop.levels, none, tempoOf(), loop.seconds)).toEqual(empty);
  const { levels, seconds } = levelsOf(club);
  expect(findStructure(levels, none, null, seconds)).toEqual(empty);
  expect(findStructure(levels, none, tempoOf(0.2), seconds)).toEqual(empty);
  expect(findStructure(levels, none, tempoOf(), 3600)).toEqual(empty);
  const jingle = levelsOf([
    { bars: 4, kick: 0.5 },
    { bars: 4, pad: 0.2 },
  ]);
  expect(findStructure(jingle.levels, none, tempoOf(), jingle.seconds)).toEqual(empty);
  expect(findStructure(new Float32Array(), none, tempoOf(), 0)).toEqual(empty);
  expect(findStructure(new Float32Array(90_000), none, tempoOf(), 300)).toEqual(empty);
});

it('hears that the sound turns though its levels stay', () => {
  const { levels, seconds } = levelsOf([{ bars: 64, kick: 0.5, pad: 0.2, hats: 0.1 }]);
  const size = 4;
  const count = Math.ceil(seconds / 15);
  const values = new Int8Array(count * size);
  for (let at = 0; at < count; at += 1) values[at * size + (at * 15 < seconds / 2 ? 0 : 1)] = 127;
  const { sections } = findStructure(levels, { seconds: 15, size, values }, tempoOf(), seconds);
  expect(sections.length).toBeGreaterThan(1);
});
