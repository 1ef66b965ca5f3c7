import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUpBeforeMigration } from './backup.ts';
import { openDatabaseFile } from './database.ts';
import type { Database } from './database.ts';
import { applicationIds, isOurs, migrate, readMigrations, userVersion } from './migrations.ts';

/** A released migration never changes: libraries out there have run it. New ones are added here once. */
const frozen = {
  library: [
    'dedcdd9cbd1ad79e395340ada109a3ab3534c3a628c7dc10fa1a0d1a43ce1538',
    '3dc4ba97a22e87c986a0718650a8de3048e6c3ba5287a18f01bce012a81011f4',
    'dfae4f9d91252b96809bf52e907641586b7acb6bb2f88992c0b384062c0f3d57',
    'c5394b3baa97e0438965f6517e0b67716714cdfd8f7e3e26e8796037a93bc1e9',
    '39ec56590286d9bda6a718f456be37e0cef713a00744020da65d19d58371f95f',
    '560b1412fdec4f0f51dcf7a2d08af8b816df6357fedca55fb4ca3bfcc8493d6d',
    'dfb7aa49de3c370a2cca10c9cb6e5c2962b99be03cf0a30dcafcdb7b0ec15a6d',
  ],
  analysis: [
    'a4ce6e970867b44e7127693ce65378a08b1c617bd08d54559ca91290408daa0d',
    'b548ecb74cae0a23866ecafb39530c9643cda290db3889346215f0827a36581b',
    'ff8c4c0be42cabaf25e30486958f534728c11dc8e6389a3d2aba22c7b0f6b3ee',
    '1ab0660385f1802950e19a673997a0022ca2998ab65b4d75795db9d32a5c15b6',
  ],
};

let folder: string;
let database: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-migrations-'));
  database = openDatabaseFile(join(folder, 'library.db'));
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(['library', 'analysis'] as const)('migrations of %s', (kind) => {
  it('are the ones that were released', () => {
    const hashes = readMigrations(kind).map(({ sql }) => createHash('sha256').update(sql).digest('hex'));
    expect(hashes).toEqual(frozen[kind]);
  });

  it('make a database whose tables are all strict', () => {
    expect(isOurs(database, kind)).toBe(true);
    migrate(database, kind, readMigrations(kind));
    expect(userVersion(database)).toBe(frozen[kind].length);
    expect(database.pragma('application_id', { simple: true })).toBe(applicationIds[kind]);
    const loose = database
      .prepare(
        `SELECT name FROM pragma_table_list
         WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'`,
      )
      .all();
    expect(loose).toEqual([]);
    expect(database.pragma('foreign_key_check')).toEqual([]);
  });
});

describe('migrate', () => {
  const first = { version: 1, name: '0001-a.sql', sql: 'CREATE TABLE a (x INTEGER) STRICT;' };
  const broken = {
    version: 2,
    name: '0002-b.sql',
    sql: 'CREATE TABLE b (x INTEGER) STRICT; SELECT nonsense;',
  };
  const second = { version: 2, name: '0002-b.sql', sql: 'ALTER TABLE a ADD COLUMN y TEXT;' };

  it('runs only what is missing, each as a whole', () => {
    migrate(database, 'library', [first]);
    expect(() => migrate(database, 'library', [first, broken])).toThrow(/nonsense/);
    expect(userVersion(database)).toBe(1);
    expect(database.prepare(`SELECT name FROM sqlite_schema WHERE name = 'b'`).all()).toEqual([]);
    migrate(database, 'library', [first, second]);
    migrate(database, 'library', [first, second]);
    expect(userVersion(database)).toBe(2);
  });
});

describe('backUpBeforeMigration', () => {
  it('copies the database and keeps the newest three', () => {
    migrate(database, 'library', readMigrations('library'));
    database.exec(`INSERT INTO settings (key, value) VALUES ('a', '1')`);
    const file = join(folder, 'library.db');
    const backups = [4, 1, 3, 2, 5].map((day) =>
      backUpBeforeMigration(database, file, 1, Date.UTC(2026, 0, day)),
    );
    expect(readdirSync(join(folder, 'backups')).map((name) => name.slice(-27, -17))).toEqual([
      '2026-01-03',
      '2026-01-04',
      '2026-01-05',
    ]);
    const copy = openDatabaseFile(backups[4] ?? '');
    expect(copy.prepare('SELECT value FROM settings').pluck().all()).toEqual(['1']);
    expect(copy.pragma('user_version', { simple: true })).toBe(frozen.library.length);
    copy.close();
  });
});
