import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '#shared/log.ts';
import { openStorage } from './open.ts';
import { openFilledLibrary } from './filled-library.fixture.ts';
import { readValue } from './library/settings.ts';
import { checkWeekly } from './weekly-check.ts';

const { signal } = new AbortController();
const week = 7 * 24 * 3600 * 1000;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a good library is checked once a week', async () => {
  const library = openFilledLibrary();
  const { database } = library.storage;
  library.add({ path: 'one', genres: { rock: 0.9 } });
  const checkedAt = () => readValue(database, 'storage.checkedAt');
  expect(await checkWeekly(database, week, signal)).toBeNull();
  expect(checkedAt()).toBe(week);
  await checkWeekly(database, 2 * week - 1, signal);
  expect(checkedAt()).toBe(week);
  await checkWeekly(database, 2 * week, signal);
  expect(checkedAt()).toBe(2 * week);
  // A clock that was set back does not keep it from being checked.
  await checkWeekly(database, 5, signal);
  expect(checkedAt()).toBe(5);
  await checkWeekly(database, 3 * week, AbortSignal.abort());
  expect(checkedAt()).toBe(5);
  library.remove();
});

test('damage is told, and looked for again the next time', async () => {
  const libraryFile = join(folder, 'library.db');
  const open = () => openStorage({ libraryFile, clock: () => 5, log: silentLog });
  const first = open();
  const root = first.database
    .prepare("SELECT rootpage FROM main.sqlite_schema WHERE name = 'track_events'")
    .pluck()
    .get() as number;
  const pageSize = first.database.pragma('main.page_size', { simple: true }) as number;
  first.close();
  const file = openSync(libraryFile, 'r+');
  writeSync(file, Buffer.alloc(pageSize, 0xff), 0, pageSize, (root - 1) * pageSize);
  closeSync(file);
  const { database } = open();
  expect(await checkWeekly(database, week, signal)).toMatch(/\S/);
  expect(readValue(database, 'storage.checkedAt')).not.toBe(week);
  database.close();
});
