import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readLaunchOptions, safeSuggestion, userArguments } from './launch-options.ts';

const here = resolve('/home/somebody');

test('folders are taken from the working folder of who started', () => {
  const options = readLaunchOptions(['Music', resolve('/mnt/more'), '--no-sandbox'], {}, here);
  expect(options.folders).toEqual([join(here, 'Music'), resolve('/mnt/more')]);
  expect(options.dataDir).toBeUndefined();
  expect(options.profileDir).toBeUndefined();
});

test('after -- everything is a folder, however it is named', () => {
  expect(readLaunchOptions(['--', '--user-data-dir=x'], {}, here).folders).toEqual([
    join(here, '--user-data-dir=x'),
  ]);
});

test('CRATEWISE_DATA names the library, and its profile lies inside', () => {
  const options = readLaunchOptions([], { CRATEWISE_DATA: 'crates' }, here);
  expect(options.dataDir).toBe(join(here, 'crates'));
  expect(options.profileDir).toBe(join(here, 'crates', 'desktop'));
});

test('--user-data-dir moves profile and library; CRATEWISE_DATA wins for the library', () => {
  const place = resolve('/tmp/profile');
  expect(readLaunchOptions([`--user-data-dir=${place}`], {}, here)).toEqual({
    dataDir: join(place, 'library'),
    profileDir: place,
    folders: [],
  });
  const both = readLaunchOptions([`--user-data-dir=${place}`], { CRATEWISE_DATA: resolve('/data') }, here);
  expect(both).toMatchObject({ dataDir: resolve('/data'), profileDir: place });
});

test('unpackaged, the entry file is not a folder to scan', () => {
  expect(userArguments(['electron', '--inspect', '.', 'Music'], false)).toEqual(['--inspect', 'Music']);
  expect(userArguments(['cratewise', 'Music'], true)).toEqual(['Music']);
});

test.each([
  ['Warm up.m3u8', 'Warm up.m3u8'],
  ['../../.bashrc', 'bashrc'],
  ['..\\..\\evil.m3u8', 'evil.m3u8'],
  ['a\u0000b\n:c?.m3u8', 'a_b__c_.m3u8'],
  ['/', 'playlist'],
  ['', 'playlist'],
])('a save dialogue suggests a plain name for %j', (name, expected) => {
  expect(safeSuggestion(name)).toBe(expected);
});
