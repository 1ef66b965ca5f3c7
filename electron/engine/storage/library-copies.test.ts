import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabaseFile } from './database.ts';
import { backUpLibrary, stageRestore } from './library-copies.ts';
import { openStorage } from './open.ts';
import type { Storage } from './open.ts';

let folder: string;
let storage: Storage;
const log = pino({ level: 'silent' });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-copies-'));
  open();
  storage.database.exec(`INSERT INTO playlists (name, created_at, updated_at) VALUES ('Before', 1, 1)`);
});
afterEach(() => {
  storage.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): void {
  storage = openStorage({ libraryFile: join(folder, 'library.db'), clock: () => 1, log });
}
const names = (): unknown => storage.database.prepare('SELECT name FROM playlists ORDER BY id').pluck().all();
const backup = join(tmpdir(), `cratewise-copy-${process.pid}.db`);
afterEach(() => rmSync(backup, { force: true }));

test('a backup is one checked file; going back keeps the library as it was', async () => {
  expect(await backUpLibrary(storage.database, backup, false)).toMatchObject({
    file: backup,
    playlists: 1,
    tracks: 0,
  });
  storage.database.exec(`INSERT INTO playlists (name, created_at, updated_at) VALUES ('After', 1, 1)`);
  const { keptFile, playlists } = await stageRestore(storage.database, backup, Date.UTC(2026, 0, 2));
  expect(playlists).toBe(1);
  expect(names()).toEqual(['Before', 'After']);
  storage.close();
  open();
  expect(names()).toEqual(['Before']);
  expect(readdirSync(folder).filter((name) => name.includes('restore'))).toEqual([]);
  const kept = openDatabaseFile(keptFile);
  expect(kept.prepare('SELECT name FROM playlists ORDER BY id').pluck().all()).toEqual(['Before', 'After']);
  kept.close();
});

test('changes that were not merged when the engine died are kept, too', async () => {
  await backUpLibrary(storage.database, backup, false);
  storage.database.exec(`INSERT INTO playlists (name, created_at, updated_at) VALUES ('After', 1, 1)`);
  const { keptFile } = await stageRestore(storage.database, backup, 5);
  // As after a crash: the files are as they are, nothing was merged.
  storage.database.close();
  open();
  expect(names()).toEqual(['Before']);
  const kept = openDatabaseFile(keptFile);
  expect(kept.prepare('SELECT count(*) FROM playlists').pluck().get()).toBe(2);
  kept.close();
});

test('a file that is there is replaced only when told, and a failed backup leaves nothing', async () => {
  writeFileSync(backup, 'mine');
  await expect(backUpLibrary(storage.database, backup, false)).rejects.toThrow(/already/);
  await backUpLibrary(storage.database, backup, true);
  await expect(backUpLibrary(storage.database, join(folder, 'no', 'x.db'), false)).rejects.toThrow();
  await expect(backUpLibrary(storage.database, join(folder, 'x.txt'), false)).rejects.toThrow(/ends in .db/);
  await expect(backUpLibrary(storage.database, storage.libraryFile, true)).rejects.toThrow(/library itself/);
});

test.each([
  ['no database', () => writeFileSync(backup, 'x'.repeat(5000)), /damaged or no database/],
  [
    'of another program',
    () => {
      const other = openDatabaseFile(backup);
      other.exec('CREATE TABLE other (x)');
      other.close();
    },
    /is no Cratewise library/,
  ],
  [
    'of a newer version',
    async () => {
      await backUpLibrary(storage.database, backup, true);
      const newer = openDatabaseFile(backup);
      newer.pragma('user_version = 99');
      newer.close();
    },
    /newer version/,
  ],
  ['not there', () => {}, /no file/],
])('a file that is %s is refused and changes nothing', async (_what, make, message) => {
  await Promise.resolve(make());
  await expect(stageRestore(storage.database, backup, 1)).rejects.toThrow(message);
  expect(readdirSync(folder).filter((name) => name.includes('restore'))).toEqual([]);
  storage.close();
  open();
  expect(names()).toEqual(['Before']);
  expect(existsSync(join(folder, 'backups'))).toBe(false);
});

test('requests are answered while a large backup is written, looked through and copied', async () => {
  const { database } = storage;
  database.exec(`INSERT INTO playlists (name, created_at, updated_at)
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 60000)
    SELECT n || printf('%.900c', 'x'), 1, 1 FROM numbers`);
  const began = performance.now();
  database.pragma('integrity_check(1)');
  const looking = performance.now() - began;
  const gaps: number[] = [];
  let last = performance.now();
  const ticking = setInterval(() => {
    gaps.push(performance.now() - last);
    last = performance.now();
  }, 1);
  await backUpLibrary(database, backup, false);
  gaps.length = 0;
  await stageRestore(database, backup, 7);
  clearInterval(ticking);
  // In turns with others, never as long as the looking itself takes.
  expect(gaps.length).toBeGreaterThan(5);
  expect(Math.max(...gaps)).toBeLessThan(Math.max(60, looking / 2));
});

test('a copy that was begun and not finished is no restore', () => {
  writeFileSync(join(folder, 'library.db.staging'), 'half');
  storage.close();
  open();
  expect(names()).toEqual(['Before']);
});
