/**
 * Numbered, frozen, forward-only migrations: each `NNNN-name.sql` runs once, in a transaction of its own,
 * and `PRAGMA user_version` says how far a file has come.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from './database.ts';

export type DatabaseKind = 'library' | 'analysis';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Marks our files, so that another program's database is never migrated ("CrWl", "CrWa"). */
export const applicationIds: Readonly<Record<DatabaseKind, number>> = {
  library: 0x43_72_57_6c,
  analysis: 0x43_72_57_61,
};

/** The migrations of one database in order; in the source tree and in a bundled app alike. */
export function readMigrations(kind: DatabaseKind): readonly Migration[] {
  const folder = migrationsFolder(kind);
  const migrations = readdirSync(folder)
    .filter((file) => /^\d{4}-.+\.sql$/.test(file))
    .sort()
    .map((file) => ({
      version: Number(file.slice(0, 4)),
      name: file,
      sql: readFileSync(join(folder, file), 'utf8'),
    }));
  migrations.forEach((migration, index) => {
    if (migration.version !== index + 1)
      throw new Error(`Migration ${migration.name} leaves a gap before it`);
  });
  if (migrations.length === 0) throw new Error(`No migrations in ${folder}`);
  return migrations;
}

/** Runs what is missing. The caller has checked that the file is ours and not newer. */
export function migrate(database: Database, kind: DatabaseKind, migrations: readonly Migration[]): void {
  const from = userVersion(database);
  for (const migration of migrations.slice(from)) {
    database
      .transaction(() => {
        database.exec(migration.sql);
        database.pragma(`application_id = ${applicationIds[kind]}`);
        database.pragma(`user_version = ${migration.version}`);
      })
      .immediate();
  }
}

/** How many migrations a file has seen. */
export function userVersion(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** False for a database that another program made. An empty file is nobody's yet. */
export function isOurs(database: Database, kind: DatabaseKind): boolean {
  const id = Number(database.pragma('application_id', { simple: true }));
  if (id === applicationIds[kind]) return true;
  const objects = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get() as { count: number };
  return id === 0 && objects.count === 0;
}

function migrationsFolder(kind: DatabaseKind): string {
  // The second form is where the build copies them: beside the bundle that this module became part of.
  const places = [`./${kind}/migrations/`, `./migrations/${kind}/`, `../migrations/${kind}/`].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new Error(`The migrations of the ${kind} database are not in ${places.join(', ')}`);
  return found;
}
