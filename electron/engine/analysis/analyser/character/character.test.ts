import { describe, expect, it } from 'vitest';
import { seededRandom } from '#build/demo/random.ts';
import type { SoundCharacter } from '#shared/domain.ts';
import { createWaveformMeter } from '../waveform.ts';
import { measureTempo } from '../rhythm/rhythm.ts';
import { measureCharacter, measureEnergy } from './character.ts';

const RATE_HZ = 22_050;
const SECONDS = 24;

function levelsOf(samples: Float32Array): Float32Array {
  const meter = createWaveformMeter(RATE_HZ);
  meter.push(samples);
  meter.finish();
  return Float32Array.from(meter.read().peaks, (byte) => (byte / 255) ** 2);
}

function characterOf(samples: Float32Array): SoundCharacter {
  const levels = levelsOf(samples);
  return measureCharacter(levels, measureTempo(levels))!;
}

interface Parts {
  readonly bpm?: number;
  readonly kick?: number;
  readonly hats?: number;
  readonly snare?: number;
  readonly bass?: number;
  readonly pad?: number;
  /** Overtones of the pad. */
  readonly overtones?: number;
  readonly gain?: number;
}

/** Drums, an octave bass in eighths, and a chord that swells slowly: each as loud as asked. */
function piece(parts: Parts): Float32Array {
  const { bpm = 126, kick = 0, hats = 0, snare = 0, bass = 0, pad = 0, overtones = 3, gain = 1 } = parts;
  const random = seededRandom(7);
  const beat = 60 / bpm;
  return Float32Array.from({ length: SECONDS * RATE_HZ }, (_, at) => {
    const time = at / RATE_HZ;
    const inBeat = time % beat;
    const inHalf = time % (beat / 2);
    const inBar = time % (2 * beat);
    let value = kick * Math.exp(-inBeat * 18) * Math.sin(2 * Math.PI * 55 * inBeat);
    value += hats * Math.exp(-inHalf * 60) * (random() - 0.5);
    if (inBar > beat) value += snare * Math.exp(-(inBar - beat) * 30) * (random() - 0.5);
    value +=
      bass *
      Math.min(1, inHalf * 100, (beat / 2 - inHalf) * 100) *
      Math.exp(-inHalf * 4) *
      Math.sin(2 * Math.PI * 82 * time);
    const swell = 0.7 + 0.3 * Math.sin((2 * Math.PI * time) / 6);
    for (let part = 1; part <= overtones; part += 1)
      value += (pad * swell * Math.sin(2 * Math.PI * 220 * part * time)) / part / 2;
    return value * gain;
  });
}

const floor: Parts = { kick: 0.8, hats: 0.4, snare: 0.5, bass: 0.3, pad: 0.1, overtones: 12 };
const ambient: Parts = { pad: 0.4 };

describe('pairs of music', () => {
  it.each<readonly [string, keyof SoundCharacter, Parts, Parts]>([
    ['four on the floor over ambient', 'energy', floor, ambient],
    ['a full band over a solo', 'energy', floor, { bass: 0.5, bpm: 100 }],
    ['fast over slow of the same', 'energy', { ...floor, bpm: 150 }, { ...floor, bpm: 75 }],
    ['with drums over without', 'energy', floor, { pad: 0.3, bass: 0.3, overtones: 12 }],
    ['a beat over a pad', 'danceability', floor, ambient],
    ['house over a slow beat', 'danceability', floor, { ...floor, bpm: 62, kick: 0.1, bass: 0 }],
    ['drums over a pad', 'percussiveness', floor, ambient],
    ['drums over the same ones under a pad', 'percussiveness', floor, { ...floor, pad: 1 }],
    ['hats over a pad', 'brightness', { hats: 0.5, pad: 0.1 }, ambient],
    ['many overtones over few', 'brightness', { pad: 0.4, overtones: 30 }, ambient],
  ])('%s: more %s', (_, measure, more, less) => {
    expect(characterOf(piece(more))[measure]).toBeGreaterThan(characterOf(piece(less))[measure]);
  });
});

describe('values', () => {
  it('are within their ranges, and tell a beat from a pad clearly', () => {
    for (const parts of [floor, ambient, { kick: 1 }, { hats: 1 }]) {
      const { energy, danceability, brightness, percussiveness } = characterOf(piece(parts));
      expect(energy).toBeGreaterThanOrEqual(1);
      expect(energy).toBeLessThanOrEqual(10);
      for (const value of [danceability, brightness, percussiveness]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    }
    expect(characterOf(piece(floor)).energy).toBeGreaterThan(characterOf(piece(ambient)).energy + 2);
  });

  it('do not move with the gain', () => {
    const loud = characterOf(piece({ ...floor, gain: 0.6 }));
    const quiet = characterOf(piece({ ...floor, gain: 0.1 }));
    expect(Math.abs(quiet.energy - loud.energy)).toBeLessThan(0.5);
    for (const measure of ['danceability', 'brightness', 'percussiveness'] as const)
      expect(Math.abs(quiet[measure] - loud[measure])).toBeLessThan(0.06);
  });

  it('of a part of a track are those of a track of that part', () => {
    const levels = levelsOf(piece(floor));
    expect(measureEnergy(levels, null)).toBe(measureCharacter(levels, null)!.energy);
  });
});

describe('odd input', () => {
  it.each([
    ['silence', new Float32Array(RATE_HZ * 5)],
    ['a twentieth of a second', new Float32Array(1000).fill(0.5)],
    ['nothing', new Float32Array(0)],
  ])('of %s there is none', (_, samples) => {
    const levels = levelsOf(samples);
    expect(measureCharacter(levels, null)).toBeNull();
    expect(measureEnergy(levels, null)).toBeNull();
  });

  it.each([
    ['noise', (random: () => number) => random() - 0.5],
    ['DC', () => 0.3],
    ['a click', (_: () => number, at: number) => (at === 20_000 ? 1 : 0)],
  ] as const)('of %s there are numbers', (_, sample) => {
    const random = seededRandom(2);
    const samples = Float32Array.from({ length: RATE_HZ * 10 }, (__, at) => sample(random, at));
    const found = measureCharacter(levelsOf(samples), null);
    for (const value of Object.values(found ?? {})) expect(Number.isFinite(value)).toBe(true);
  });
});
