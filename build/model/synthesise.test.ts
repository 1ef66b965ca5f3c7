import { expect, it } from 'vitest';
import { chordName, pieceText } from './synthesise.ts';

it('names chords in any key', () => {
  expect(chordName('vi', 0, false)).toBe('Am');
  expect(chordName('ii7', 2, false)).toBe('Em7');
  expect(chordName('IM7', 3, false)).toBe('EbM7');
  expect(chordName('VI', 0, true)).toBe('Ab');
  expect(chordName('V7', 11, true)).toBe('F#7');
});

it('writes the same piece for the same groove, long enough for a window', () => {
  const groove = { collection: 'stdlib', file: 'swing', groove: 'Swing' };
  const text = pieceText(groove, 0);
  expect(pieceText(groove, 0)).toBe(text);
  const tempo = Number(/Tempo (\d+)/.exec(text)?.[1]);
  const bars = text.trim().split('\n').length - 3;
  expect((bars * 4 * 60) / tempo).toBeGreaterThan(30);
});
