/** What the database library of this machine is and can, for the doctor. */
import BetterSqlite3 from 'better-sqlite3';

export interface DatabaseInfo {
  readonly version: string;
  /** Full-text search, which the search box needs. */
  readonly hasFullText: boolean;
}

export function readDatabaseInfo(): DatabaseInfo {
  const database = new BetterSqlite3(':memory:');
  try {
    const version = database.prepare('SELECT sqlite_version()').pluck().get() as string;
    const used = database.prepare(`SELECT sqlite_compileoption_used('ENABLE_FTS5')`).pluck().get();
    return { version, hasFullText: used === 1 };
  } finally {
    database.close();
  }
}
