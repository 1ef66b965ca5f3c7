/** Makes analysis.db ready to be attached: it is derived, so a broken one is moved aside and begun anew. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import type { Logger } from '#shared/log.ts';
import { isDamage, openDatabaseFile } from '../database.ts';
import { isOurs, migrate, readMigrations, userVersion } from '../migrations.ts';

/** `endedCleanly` false: the file is checked from end to end first. */
export function prepareAnalysisFile(
  file: string,
  endedCleanly: boolean,
  options: { readonly clock: () => number; readonly log: Logger },
): void {
  const problem = tryToPrepare(file, endedCleanly);
  if (problem === null) return;
  const aside = `${file}.set-aside`;
  moveAside(file, aside);
  options.log.warn({ problem, aside }, 'analysis database begun anew; tracks will be analysed again');
  const second = tryToPrepare(file, true);
  if (second !== null) throw new Error(`A new analysis database could not be made: ${second}`);
}

/** Null when the file is ready, else what is wrong with it. Other errors (a full disk) are thrown. */
function tryToPrepare(file: string, endedCleanly: boolean): string | null {
  let database: ReturnType<typeof openDatabaseFile> | undefined;
  try {
    database = openDatabaseFile(file);
    if (!isOurs(database, 'analysis')) return 'made by another program';
    const migrations = readMigrations('analysis');
    if (userVersion(database) > migrations.length) return 'written by a newer version';
    if (!endedCleanly && database.pragma('quick_check(1)', { simple: true }) !== 'ok') return 'damaged';
    migrate(database, 'analysis', migrations);
    return null;
  } catch (error) {
    if (isDamage(error)) return 'damaged';
    throw error;
  } finally {
    database?.close();
  }
}

/** Only the last one is kept: it can be large. */
function moveAside(file: string, aside: string): void {
  rmSync(aside, { force: true });
  if (existsSync(file)) renameSync(file, aside);
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}
