import { expect, it } from 'vitest';
import { seekTarget } from './seek-keys.ts';

const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

it.each([
  ['ArrowRight', false, 105],
  ['ArrowUp', false, 105],
  ['ArrowLeft', false, 95],
  ['ArrowDown', false, 95],
  ['ArrowRight', true, 130],
  ['ArrowLeft', true, 70],
  ['PageUp', false, 130],
  ['PageDown', false, 70],
  ['Home', false, 0],
  ['End', false, 200],
  ['0', false, 0],
  ['5', false, 100],
  ['9', false, 180],
  ['a', false, null],
  [' ', false, null],
  ['Tab', false, null],
])('%s (Shift: %s) seeks from 100 s of 200 s to %s', (key, shiftKey, expected) => {
  expect(seekTarget({ ...none, key, shiftKey }, 100, 200)).toBe(expected);
});

it('stays within the track, and leaves chords alone', () => {
  expect(seekTarget({ ...none, key: 'ArrowLeft' }, 2, 200)).toBe(0);
  expect(seekTarget({ ...none, key: 'ArrowRight', shiftKey: true }, 190, 200)).toBe(200);
  for (const chord of ['ctrlKey', 'metaKey', 'altKey'])
    expect(seekTarget({ ...none, key: 'ArrowLeft', [chord]: true }, 100, 200)).toBeNull();
});
