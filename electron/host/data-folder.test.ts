import { expect, test } from 'vitest';
import { defaultDataDir } from './data-folder.ts';

test.each([
  ['linux', {}, '/home/anna/.local/share/cratewise'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/cratewise'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/anna/.local/share/cratewise'],
  ['linux', { CRATEWISE_DATA: '/mine', XDG_DATA_HOME: '/data' }, '/mine'],
  ['linux', { CRATEWISE_DATA: '' }, '/home/anna/.local/share/cratewise'],
  ['darwin', {}, '/home/anna/Library/Application Support/Cratewise'],
] as const)('%s with %j: %s', (platform, environment, expected) => {
  expect(defaultDataDir(environment, platform, '/home/anna')).toBe(expected);
});

test('Windows keeps large data out of the roaming profile', () => {
  const folder = defaultDataDir(
    { LOCALAPPDATA: 'C:\\Users\\Anna\\AppData\\Local' },
    'win32',
    'C:\\Users\\Anna',
  );
  expect(folder).toMatch(/Local[\\/]Cratewise$/);
});
