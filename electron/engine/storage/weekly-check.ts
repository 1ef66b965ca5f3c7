/** Looks through library.db once a week, so that damage is told while there are still good backups. */
import { setImmediate } from 'node:timers/promises';
import type { Database } from './database.ts';
import { readValue, writeValue } from './library/settings.ts';

const WEEK_MS = 7 * 24 * 3600 * 1000;
const checkedKey = 'storage.checkedAt';

/**
 * Table by table, with turns for others in between (the largest takes a fifth of a second at 100,000 tracks).
 * @returns what is wrong in SQLite's words; null when all is well, or when the last good check is younger than a week
 */
export async function checkWeekly(
  database: Database,
  now: number,
  signal: AbortSignal,
): Promise<string | null> {
  const checkedAt = readValue(database, checkedKey);
  if (typeof checkedAt === 'number' && checkedAt <= now && now - checkedAt < WEEK_MS) return null;
  const tables = database
    .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    .pluck()
    .all() as string[];
  for (const table of tables) {
    await setImmediate();
    if (signal.aborted) return null;
    const result = firstFault(database, table);
    if (result !== 'ok') return result;
  }
  writeValue(database, checkedKey, now);
  return null;
}

function firstFault(database: Database, table: string): string {
  try {
    return String(database.pragma(`main.quick_check('${table.replaceAll("'", "''")}')`, { simple: true }));
  } catch (error) {
    // A page that cannot be read at all.
    return error instanceof Error ? error.message : String(error);
  }
}
