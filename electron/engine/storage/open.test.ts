import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import { openDatabaseFile } from './database.ts';
import { readSettings, readValue, writeSettings, writeValue } from './library/settings.ts';
import { analysisFileOf, openStorage } from './open.ts';
import type { Storage } from './open.ts';

let folder: string;
let libraryFile: string;
let lines: string[];
const open: Storage[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-storage-'));
  libraryFile = join(folder, 'library.db');
  lines = [];
});
afterEach(() => {
  for (const storage of open.splice(0)) storage.close();
  rmSync(folder, { recursive: true, force: true });
});

function openIt(file = libraryFile): Storage {
  const line = (_fields: object, message: string): void => void lines.push(message);
  const log: Logger = { debug: line, info: line, warn: line, error: line };
  const storage = openStorage({ libraryFile: file, clock: Date.now, log });
  open.push(storage);
  return storage;
}

function codeOf(work: () => unknown): { code: string; detail: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, detail: error.detail };
    throw error;
  }
  throw new Error('It did not fail');
}

/** Overwrites pages in the middle of a file with junk. */
function spoil(file: string): void {
  const handle = openSync(file, 'r+');
  const size = statSync(file).size;
  for (let at = 4096; at < size; at += 4096) writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, at);
  closeSync(handle);
}

/** Another process opens the library, writes a value and dies without a word. */
function dieAfterWriting(value: number): void {
  const script = `
    const { openStorage } = await import(${JSON.stringify(new URL('./open.ts', import.meta.url).href)});
    const { writeValue } = await import(${JSON.stringify(new URL('./library/settings.ts', import.meta.url).href)});
    const quiet = () => {};
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const storage = openStorage({ libraryFile: ${JSON.stringify(libraryFile)}, clock: Date.now, log });
    storage.durably(() => writeValue(storage.database, 'acknowledged', ${value}));
    process.kill(process.pid, 'SIGKILL');
  `;
  const died = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(died.signal, died.stderr).toBe('SIGKILL');
}

describe('openStorage', () => {
  it('makes both files, and finds everything again', () => {
    const storage = openIt(join(folder, 'deep', 'er', 'library.db'));
    expect(storage.analysisFile).toBe(join(folder, 'deep', 'er', 'analysis.db'));
    storage.write(() => writeValue(storage.database, 'x', { list: [1, 'two', null] }));
    expect(storage.database.pragma('main.journal_mode', { simple: true })).toBe('wal');
    expect(storage.database.pragma('analysis.journal_mode', { simple: true })).toBe('wal');
    expect(storage.database.pragma('foreign_keys', { simple: true })).toBe(1);
    storage.close();
    storage.close();
    expect(readdirSync(join(folder, 'deep', 'er')).sort()).toEqual(['analysis.db', 'library.db']);
    const again = openIt(storage.libraryFile);
    expect(readValue(again.database, 'x')).toEqual({ list: [1, 'two', null] });
    expect(lines).toEqual([]);
  });

  it('closes a library that was damaged while it was open, and finds it out at the next start', () => {
    const storage = openIt();
    storage.database.exec(`INSERT INTO playlists (name, created_at, updated_at)
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000)
      SELECT n || printf('%.300c', 'x'), 1, 1 FROM numbers`);
    storage.database.pragma('wal_checkpoint(TRUNCATE)');
    storage.database.pragma('shrink_memory');
    spoil(libraryFile);
    expect(() => storage.close()).not.toThrow();
    expect(storage.database.open).toBe(false);
    expect(lines.at(-1)).toBe('The library could not be put in order before it was closed');
    expect(codeOf(() => openIt()).code).toBe('database-damaged');
  });

  it('names analysis.db after other library files', () => {
    expect(analysisFileOf(join('a', 'library.db'))).toBe(join('a', 'analysis.db'));
    expect(analysisFileOf(join('a', 'Crates.DB'))).toBe(join('a', 'Crates.analysis.db'));
    expect(analysisFileOf(join('a', 'crates'))).toBe(join('a', 'crates.analysis.db'));
  });

  it('keeps what was acknowledged when the process is killed, and checks the file then', () => {
    openIt().close();
    dieAfterWriting(7);
    const storage = openIt();
    expect(readValue(storage.database, 'acknowledged')).toBe(7);
    expect(lines).toEqual(['library checked after an unclean end']);
    expect(storage.database.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('refuses a library of a newer version and leaves it as it is', () => {
    openIt().close();
    const database = openDatabaseFile(libraryFile);
    database.pragma('user_version = 99');
    database.close();
    const before = readFileSync(libraryFile);
    expect(codeOf(() => openIt())).toMatchObject({ code: 'database-newer' });
    expect(readFileSync(libraryFile).equals(before)).toBe(true);
  });

  it('refuses the database of another program', () => {
    const database = openDatabaseFile(libraryFile);
    database.exec('CREATE TABLE bookmarks (x)');
    database.close();
    expect(codeOf(() => openIt())).toMatchObject({ code: 'conflict' });
  });

  it('says so when the library is no database, or is damaged', () => {
    writeFileSync(libraryFile, 'This is a letter.\n'.repeat(500));
    const failure = codeOf(() => openIt());
    expect(failure.code).toBe('database-damaged');
    expect(failure.detail).toContain(libraryFile);
    rmSync(libraryFile);
    openIt().close();
    dieAfterWriting(1);
    openDatabaseFile(libraryFile).close(); // takes in what the dead process left
    spoil(libraryFile);
    expect(codeOf(() => openIt()).code).toBe('database-damaged');
  });

  it.each([
    ['damaged', (file: string) => writeFileSync(file, 'junk '.repeat(5000))],
    [
      'written by a newer version',
      (file: string) => {
        const database = openDatabaseFile(file);
        database.pragma('user_version = 99');
        database.close();
      },
    ],
  ])('begins analysis.db anew when it is %s, and keeps the library', (_, harm) => {
    const first = openIt();
    writeSettings(first.database, { analysisWorkers: 3 });
    first.database.prepare(`INSERT INTO analysis.models (version, labels) VALUES ('1', '{}')`).run();
    first.close();
    harm(join(folder, 'analysis.db'));
    const storage = openIt();
    expect(readSettings(storage.database).analysisWorkers).toBe(3);
    expect(storage.database.prepare('SELECT count(*) FROM analysis.models').pluck().get()).toBe(0);
    expect(existsSync(join(folder, 'analysis.db.set-aside'))).toBe(true);
    expect(lines).toEqual(['analysis database begun anew; tracks will be analysed again']);
  });

  it('makes analysis.db when it was deleted', () => {
    openIt().close();
    rmSync(join(folder, 'analysis.db'));
    expect(openIt().database.prepare('SELECT count(*) FROM analysis.recordings').pluck().get()).toBe(0);
  });
});

describe('transactions', () => {
  it('are undone as a whole when the work fails', () => {
    const storage = openIt();
    const fail = (run: Storage['write']): void => {
      expect(() =>
        run(() => {
          writeValue(storage.database, 'half', true);
          throw new Error('stop');
        }),
      ).toThrow('stop');
    };
    fail(storage.write);
    fail(storage.durably);
    expect(readValue(storage.database, 'half')).toBeUndefined();
  });

  it('are on the disk when durably returns', () => {
    const storage = openIt();
    const level = (): unknown => storage.database.pragma('main.synchronous', { simple: true });
    expect(level()).toBe(1);
    expect(storage.durably(() => storage.durably(level))).toBe(2);
    expect(() =>
      storage.durably(() => {
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(level()).toBe(1);
    expect(() => storage.write(() => storage.durably(level))).toThrow(/inside an ordinary transaction/);
  });

  it('refuse work that goes on after they end', () => {
    const storage = openIt();
    expect(() => storage.write(() => Promise.resolve(1))).toThrow(/promise/i);
  });
});

describe('settings', () => {
  it('have defaults, change one by one, and survive junk', () => {
    const { database } = openIt();
    expect(readSettings(database)).toEqual({
      analysisWorkers: null,
      analysisPaused: false,
      pauseOnBattery: false,
    });
    expect(writeSettings(database, { analysisPaused: true })).toEqual({
      analysisWorkers: null,
      analysisPaused: true,
      pauseOnBattery: false,
    });
    expect(writeSettings(database, { analysisWorkers: 2 })).toEqual({
      analysisWorkers: 2,
      analysisPaused: true,
      pauseOnBattery: false,
    });
    writeValue(database, 'analysisWorkers', 'many');
    database.exec(`UPDATE settings SET value = '{' WHERE key = 'analysisPaused'`);
    expect(readSettings(database)).toEqual({
      analysisWorkers: null,
      analysisPaused: false,
      pauseOnBattery: false,
    });
  });
});
