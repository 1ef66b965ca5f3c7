import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fitWindowState, readWindowState, saveWindowState } from './window-state.ts';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const beside = { x: 1440, y: 0, width: 2560, height: 1440 };

test('the first window has the usual size, where the system puts it', () => {
  const expected = { position: null, width: 1360, height: 860, maximised: false };
  expect(fitWindowState(null, [laptop])).toEqual(expected);
});

test('a window comes back where it was, on whichever display', () => {
  const saved = { x: 2000, y: 100, width: 1000, height: 700, maximised: true };
  expect(fitWindowState(saved, [laptop, beside])).toEqual({
    position: { x: 2000, y: 100 },
    width: 1000,
    height: 700,
    maximised: true,
  });
});

test('a display that is gone: the size stays, the place does not', () => {
  const saved = { x: 2000, y: 100, width: 1000, height: 700 };
  expect(fitWindowState(saved, [laptop])).toMatchObject({ position: null, width: 1000, height: 700 });
});

test.each([
  { x: -995, y: 100 },
  { x: 1430, y: 100 },
  { x: 100, y: -200 },
  { x: 100, y: 890 },
])('a title bar that cannot be grasped at %o is moved', (place) => {
  expect(fitWindowState({ ...place, width: 1000, height: 700 }, [laptop]).position).toBeNull();
});

test('sizes stay within what is readable and what there is', () => {
  expect(fitWindowState({ x: 0, y: 30, width: 9000, height: 20 }, [laptop])).toMatchObject({
    width: 1440,
    height: 600,
  });
});

test.each([7, 'x', [], { width: 'wide', height: -4, x: 1.5, y: 2 }])(
  'nonsense is not believed: %j',
  (saved) => {
    const expected = { position: null, width: 1360, height: 860, maximised: false };
    expect(fitWindowState(saved, [laptop])).toEqual(expected);
  },
);

test('a saved state is read again, a broken file is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cratewise-window-'));
  const file = join(folder, 'window.json');
  expect(readWindowState(file)).toBeNull();
  saveWindowState(file, { x: 1, y: 30, width: 1000, height: 700 }, true);
  expect(readWindowState(file)).toEqual({ x: 1, y: 30, width: 1000, height: 700, maximised: true });
  writeFileSync(file, '{"x":');
  expect(readWindowState(file)).toBeNull();
  rmSync(folder, { recursive: true });
});
