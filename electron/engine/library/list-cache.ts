/**
 * Lists that are being scrolled: asked for once, a query gives the slice; asked for again, its whole order is read and
 * kept, so that a slice at the end of 100,000 tracks costs no more than one at the top.
 */
import type { SortKey, TrackId, TrackQuery } from '#shared/domain.ts';
import type { Database } from '#engine/storage/database.ts';
import type { CompiledTrackQuery } from '#engine/storage/library/track-query.ts';

/** Lists in use at a time: a few windows, each with the last few searches. 400 KB each at 100,000 tracks. */
const KEPT_LISTS = 12;

interface List {
  readonly total: number;
  readonly totalSeconds: number;
  ids: Uint32Array | null;
}

interface Slice {
  readonly total: number;
  readonly totalSeconds: number;
  readonly ids: readonly TrackId[];
}

export interface ListCache {
  slice(
    query: TrackQuery,
    sort: readonly SortKey[],
    compiled: CompiledTrackQuery,
    offset: number,
    limit: number,
  ): Slice;
  all(compiled: CompiledTrackQuery): readonly TrackId[];
}

/** Forgets everything when `revision` changes: kept lists are never stale. */
export function createListCache(database: Database, revision: () => number): ListCache {
  const lists = new Map<string, List>();
  let seenRevision = -1;

  function readIds({ ids }: CompiledTrackQuery, limit: number, offset: number): TrackId[] {
    return database
      .prepare(ids.sql)
      .pluck()
      .all(...ids.parameters, limit, offset) as TrackId[];
  }

  function readTotals({ totals }: CompiledTrackQuery): List {
    const sum = database.prepare(totals.sql).get(...totals.parameters) as { count: number; seconds: number };
    return { total: sum.count, totalSeconds: sum.seconds, ids: null };
  }

  return {
    slice(query, sort, compiled, offset, limit) {
      if (seenRevision !== revision()) lists.clear();
      seenRevision = revision();
      const key = JSON.stringify([query, sort]);
      let list = lists.get(key);
      if (list === undefined) {
        list = readTotals(compiled);
        const oldest = lists.keys().next();
        if (lists.size >= KEPT_LISTS && oldest.done !== true) lists.delete(oldest.value);
        lists.set(key, list);
        const ids = offset >= list.total ? [] : readIds(compiled, limit, offset);
        return { total: list.total, totalSeconds: list.totalSeconds, ids };
      }
      list.ids ??= Uint32Array.from(readIds(compiled, -1, 0));
      return {
        total: list.total,
        totalSeconds: list.totalSeconds,
        ids: [...list.ids.subarray(offset, offset + limit)],
      };
    },
    all: (compiled) => readIds(compiled, -1, 0),
  };
}
