import path from 'node:path';
import { expect, test } from 'vitest';
import { readStartOptions, whyNoWindow, type Machine } from './launch.ts';

const plain = readStartOptions([], '/home/ada');
const desktop: Machine = { platform: 'linux', isRoot: false, environment: { DISPLAY: ':0' } };

test('folders are relative to where npm was called', () => {
  const options = readStartOptions(['Music', '/mnt/records', '--demo'], '/home/ada');
  expect(options.folders).toEqual([path.resolve('/home/ada/Music'), path.resolve('/mnt/records')]);
  expect(options.demo).toBe(true);
  expect(options.once).toBe(false);
});

test('an unknown option is refused by name', () => {
  expect(() => readStartOptions(['--dmeo'], '/home/ada')).toThrow(/--dmeo/);
});

test('a window opens with a display, and not as root, without a display, or with --once', () => {
  expect(whyNoWindow(desktop, plain)).toBeNull();
  expect(whyNoWindow({ ...desktop, environment: { WAYLAND_DISPLAY: 'wayland-0' } }, plain)).toBeNull();
  expect(whyNoWindow({ ...desktop, platform: 'darwin', environment: {} }, plain)).toBeNull();
  expect(whyNoWindow({ ...desktop, isRoot: true }, plain)).toMatch(/root/);
  expect(whyNoWindow({ ...desktop, environment: {} }, plain)).toMatch(/no display/);
  expect(whyNoWindow(desktop, { ...plain, once: true })).toMatch(/--once/);
});
