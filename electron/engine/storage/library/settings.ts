/** The settings table: one JSON value a key. */
import * as v from 'valibot';
import type { Settings } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

const fields = {
  analysisWorkers: v.fallback(
    v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64))),
    null,
  ),
  analysisPaused: v.fallback(v.boolean(), false),
  pauseOnBattery: v.fallback(v.boolean(), false),
} as const;

/** The user's settings; a value that is absent or unreadable is the default. */
export function readSettings(database: Database): Settings {
  return {
    analysisWorkers: v.parse(fields.analysisWorkers, readValue(database, 'analysisWorkers')),
    analysisPaused: v.parse(fields.analysisPaused, readValue(database, 'analysisPaused')),
    pauseOnBattery: v.parse(fields.pauseOnBattery, readValue(database, 'pauseOnBattery')),
  };
}

/** Changes the given ones and returns all. Call it inside a transaction. */
export function writeSettings(
  database: Database,
  changes: { readonly [Key in keyof Settings]?: Settings[Key] | undefined },
): Settings {
  for (const [key, value] of Object.entries(changes)) {
    if (value !== undefined) writeValue(database, key, value);
  }
  return readSettings(database);
}

/** The value of a key, undefined when there is none. */
export function readValue(database: Database, key: string): unknown {
  const row = prepared(database, 'SELECT value FROM main.settings WHERE key = ?').get(key) as
    { value: string } | undefined;
  if (row === undefined) return undefined;
  try {
    return JSON.parse(row.value) as unknown;
  } catch {
    return undefined; // edited by hand: as if it were not there
  }
}

/** Stores any JSON value. */
export function writeValue(database: Database, key: string, value: unknown): void {
  prepared(
    database,
    'INSERT INTO main.settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  ).run(key, JSON.stringify(value));
}
