import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder, trainingPython } from './cache-folder.ts';

test('the cache is where the user says, else in the cache of whatever home there is', () => {
  const home = { HOME: join('/', 'elsewhere') };
  expect(cacheFolder(home)).toBe(join('/', 'elsewhere', '.cache', 'cratewise'));
  expect(cacheFolder({ ...home, XDG_CACHE_HOME: '/caches' })).toBe(join('/caches', 'cratewise'));
  expect(cacheFolder({ ...home, XDG_CACHE_HOME: '/caches', CRATEWISE_CACHE: '/mine' })).toBe('/mine');
  expect(trainingPython({ CRATEWISE_CACHE: '/mine' })).toBe(join('/mine', 'model', 'venv'));
});
