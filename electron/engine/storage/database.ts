/** The one place that names the database library for the rest of storage. */
export type { Database, Statement } from 'better-sqlite3';
