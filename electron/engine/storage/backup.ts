/** Copies of library.db that are taken before a migration touches it. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database } from './database.ts';

/** As many as one needs to go back over a bad update, without filling the disk. */
const KEPT_BACKUPS = 3;

/** Writes `backups/<name>.v<version>.<time>.db` beside the library, keeps the newest three; returns its path. */
export function backUpBeforeMigration(
  database: Database,
  libraryFile: string,
  version: number,
  now: number,
): string {
  const folder = join(dirname(libraryFile), 'backups');
  mkdirSync(folder, { recursive: true });
  const prefix = `${basename(libraryFile).replace(/\.db$/i, '')}.v`;
  const time = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const file = join(folder, `${prefix}${version}.${time}.db`);
  rmSync(file, { force: true });
  database.prepare('VACUUM INTO ?').run(file);
  const older = readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.db'))
    .sort((a, b) => timeOf(b).localeCompare(timeOf(a)))
    .slice(KEPT_BACKUPS);
  for (const name of older) rmSync(join(folder, name), { force: true });
  return file;
}

function timeOf(name: string): string {
  return name.split('.').at(-2) ?? '';
}
