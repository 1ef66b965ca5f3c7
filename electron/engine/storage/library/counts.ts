/** How many tracks there are of each kind; every number is what the list of the same name shows. */
import { incomingDays, recentDays } from '#shared/domain.ts';
import type { LibraryCounts } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

const DAY_MS = 86_400_000;

/** Each count is read from an index: some milliseconds for 100,000 tracks. */
export const countQueries = {
  states: 'SELECT state AS name, count(*) AS count FROM main.tracks GROUP BY state',
  // The first term is the condition of the partial index.
  analyses: `SELECT analysis AS name, count(*) AS count FROM main.tracks WHERE analysis <> 'done' GROUP BY analysis`,
  // Mostly few. Nothing can listen to them now, so nobody waits for it.
  pendingAway: `SELECT count(*) FROM main.tracks WHERE state IN ('missing', 'offline') AND +analysis = 'pending'`,
  errors: 'SELECT count(*) FROM main.track_errors',
  recent: 'SELECT count(*) FROM main.tracks WHERE added_at > ?',
  incoming: `SELECT count(*) FROM main.tracks AS t WHERE added_at >= ? AND rating = 0 AND +state = 'present'
    AND id NOT IN (SELECT track_id FROM main.playlist_entries)`,
} as const;

/** `now`: milliseconds since 1970. */
export function readCounts(database: Database, now: number): LibraryCounts {
  const states = byName(database, countQueries.states);
  const analyses = byName(database, countQueries.analyses);
  const all = [...states.values()].reduce((sum, count) => sum + count, 0);
  const pending = analyses.get('pending') ?? 0;
  return {
    all,
    missing: states.get('missing') ?? 0,
    offline: states.get('offline') ?? 0,
    errors: prepared(database, countQueries.errors).pluck().get() as number,
    pending: pending - (prepared(database, countQueries.pendingAway).pluck().get() as number),
    analysed: all - pending - (analyses.get('failed') ?? 0),
    recentlyAdded: prepared(database, countQueries.recent)
      .pluck()
      .get(now - recentDays * DAY_MS) as number,
    incoming: prepared(database, countQueries.incoming)
      .pluck()
      .get(now - incomingDays * DAY_MS) as number,
  };
}

function byName(database: Database, sql: string): ReadonlyMap<string, number> {
  const rows = prepared(database, sql).all() as { name: string; count: number }[];
  return new Map(rows.map(({ name, count }) => [name, count]));
}
