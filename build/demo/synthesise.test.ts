import { describe, expect, test } from 'vitest';
import { camelot, degreeNote, keyName, type Key } from './harmony.ts';
import { beatStrengths, chroma } from './measure.ts';
import { pieces, type Piece } from './pieces.ts';
import { styles } from './styles.ts';
import { readPattern, synthesise } from './synthesise.ts';

const SECONDS = 12;
const sounds = new Map<Piece, ReturnType<typeof synthesise>>();
function soundOf(piece: Piece): ReturnType<typeof synthesise> {
  const sound = sounds.get(piece) ?? synthesise(piece, SECONDS);
  sounds.set(piece, sound);
  return sound;
}

describe('harmony', () => {
  test.each<[Key, string, string]>([
    [{ tonic: 'C', mode: 'major' }, 'C', '8B'],
    [{ tonic: 'A', mode: 'minor' }, 'Am', '8A'],
    [{ tonic: 'E', mode: 'minor' }, 'Em', '9A'],
    [{ tonic: 'F', mode: 'minor' }, 'Fm', '4A'],
    [{ tonic: 'B', mode: 'major' }, 'B', '1B'],
    [{ tonic: 'D', mode: 'dorian' }, 'Dm', '7A'],
  ])('%o is %s, %s', (key, name, hour) => {
    expect([keyName(key), camelot(key)]).toEqual([name, hour]);
  });

  test('degrees run up and down the scale', () => {
    const key: Key = { tonic: 'A', mode: 'minor' };
    expect([0, 2, 7, -1].map((degree) => degreeNote(key, degree, 4))).toEqual([69, 72, 81, 67]);
  });
});

test('a pattern is hits with lengths', () => {
  expect(readPattern('x--.1-x')).toEqual([
    { step: 0, sign: 'x', length: 3 },
    { step: 4, sign: '1', length: 2 },
    { step: 6, sign: 'x', length: 1 },
  ]);
});

test('every bar of every pattern has as many steps as the bar', () => {
  for (const [name, style] of Object.entries(styles)) {
    const parts = [
      ...Object.values(style.drums).map((bars) => ({ bars })),
      ...('chords' in style ? style.chords : []),
      ...(['bass', 'arpeggio', 'melody'] as const).flatMap((part) =>
        part in style ? [(style as unknown as Record<typeof part, { bars: readonly string[] }>)[part]] : [],
      ),
    ];
    for (const bar of parts.flatMap((part) => [...part.bars])) {
      expect(bar.length, `${name}: ${bar}`).toBe(style.beatsPerBar * style.stepsPerBeat);
    }
  }
});

test('two dozen pieces, each style once', () => {
  expect(pieces).toHaveLength(24);
  expect(new Set(pieces.map((piece) => piece.style)).size).toBe(24);
  expect(new Set(pieces.map((piece) => piece.title)).size).toBe(24);
});

describe.each(pieces.map((piece) => [piece.style, piece] as const))('%s', (_, piece) => {
  test('is stereo of the length asked for, loud and unclipped', () => {
    const { samples, sampleRateHz } = soundOf(piece);
    expect(samples.length).toBe(SECONDS * sampleRateHz * 2);
    let peak = 0;
    let energy = 0;
    for (const sample of samples) {
      peak = Math.max(peak, Math.abs(sample));
      energy += sample * sample;
    }
    expect(peak).toBeGreaterThan(0.8);
    expect(peak).toBeLessThanOrEqual(0.91);
    expect(Math.sqrt(energy / samples.length)).toBeGreaterThan(0.05);
  });

  // Ambient floats and the quartet breathes: no beat to speak of.
  if (piece.style === 'ambient' || piece.style === 'quartet') return;
  test('repeats with its tempo, not beside it', () => {
    const { bpm } = piece;
    const [right = 0, faster = 1, slower = 1] = beatStrengths(soundOf(piece), [bpm, bpm * 1.03, bpm * 0.97]);
    expect(right).toBeGreaterThan(0.5);
    expect(right).toBeGreaterThan(faster);
    expect(right).toBeGreaterThan(slower);
  });
});

test('the scale that fits the sound best is the one written down', () => {
  const right = pieces.filter((piece) => {
    const classes = chroma(soundOf(piece));
    const scale = Array.from({ length: 7 }, (_, degree) => degreeNote(piece.key, degree, 4));
    const share = (shift: number): number =>
      scale.reduce((sum, note) => sum + (classes[(note + shift) % 12] ?? 0), 0);
    return Array.from({ length: 11 }, (_, i) => share(i + 1)).every((other) => other < share(0));
  });
  // Chance is 2 of 24. Where drums and distortion are loud (techno, metal, funk) a plain chroma hears those.
  expect(right.length).toBeGreaterThanOrEqual(16);
});

test('the same piece gives the same samples, another seed others', () => {
  const piece = pieces[0]!;
  const first = synthesise(piece, 4).samples;
  expect(synthesise(piece, 4).samples).toEqual(first);
  expect(synthesise({ ...piece, seed: 7 }, 4).samples).not.toEqual(first);
});
