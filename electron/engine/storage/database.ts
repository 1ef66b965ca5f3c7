/** The one place that names the database library for the rest of storage. */
import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '#shared/errors.ts';

export type { Database } from 'better-sqlite3';

/** A connection to one file, with the settings that every connection of ours has. */
export function openDatabaseFile(file: string): BetterSqlite3.Database {
  const database = new BetterSqlite3(file);
  try {
    // Another process may hold the file for a moment (a backup program, a host that is just closing).
    database.pragma('busy_timeout = 5000');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    database.pragma('temp_store = MEMORY');
    database.pragma('cache_size = -32768'); // 32 MiB
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** SQLite's result code of an error ('SQLITE_CORRUPT'), or null when it is no SQLite error. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof BetterSqlite3.SqliteError ? error.code : null;
}

/** True when the file itself is broken, or is no database at all. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error) ?? '');
}

/** An error of the database as one that a person can act on; others are given back as they are. */
export function explainDatabaseError(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === null) return error;
  if (isDamage(error)) return databaseDamaged(file, error);
  if (code === 'SQLITE_FULL') {
    return new AppError(
      'disk-full',
      `The disk that holds ${file} is full. Nothing was lost; free some space and try again.`,
      { cause: error },
    );
  }
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|IOERR)/.test(code)) {
    return new AppError(
      'file-not-readable',
      `The library file ${file} cannot be opened for writing (${code}). Check the permissions of the file and its folder, and that its disk is there.`,
      { cause: error },
    );
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new AppError(
      'library-held',
      `Another program holds the library file ${file}. Close it and try again.`,
      { cause: error },
    );
  }
  return error;
}

/** The sentence for a library that cannot be read. */
export function databaseDamaged(file: string, cause?: unknown): AppError {
  return new AppError(
    'database-damaged',
    `The library file ${file} is damaged. It was left as it is. Put the newest copy from the "backups" folder beside it in its place, or move it away to begin with an empty library; your music files are not touched.`,
    { cause },
  );
}

const statements = new WeakMap<BetterSqlite3.Database, Map<string, BetterSqlite3.Statement>>();

/** A statement that is compiled once a connection: for texts that never vary and run row by row. */
export function prepared(database: BetterSqlite3.Database, sql: string): BetterSqlite3.Statement {
  let known = statements.get(database);
  if (known === undefined) statements.set(database, (known = new Map()));
  let statement = known.get(sql);
  if (statement === undefined) known.set(sql, (statement = database.prepare(sql)));
  return statement;
}
