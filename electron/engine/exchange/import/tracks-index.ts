/** The tracks of the library as an import looks for them: by path, by file name, by artist and title. */
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { TrackId } from '#shared/domain.ts';
import type { Database } from '#engine/storage/database.ts';
import { pageForMatching } from '#engine/storage/library/track-matching.ts';
import type { MatchableRow } from '#engine/storage/library/track-matching.ts';
import { slashed } from '../paths.ts';
import { foldName } from './names.ts';

const ROWS_A_SLICE = 2000;

export interface TracksIndex {
  readonly byId: ReadonlyMap<TrackId, MatchableRow>;
  /** By `foldPath` of the whole path. */
  readonly byPath: ReadonlyMap<string, TrackId>;
  /** By the folded name of the file, with its ending. */
  readonly byFileName: ReadonlyMap<string, readonly TrackId[]>;
  /** By `nameKey`. */
  readonly byName: ReadonlyMap<string, readonly TrackId[]>;
}

/** One way of writing a path: '/', composed characters (macOS decomposes them), no case. */
export function foldPath(text: string): string {
  return slashed(text).normalize('NFC').toLowerCase();
}

export function nameKey(title: string | null, artist: string | null): string | null {
  const folded = foldName(title);
  return folded === '' ? null : `${foldName(artist)}\n${folded}`;
}

export async function indexTracks(database: Database, signal: AbortSignal): Promise<TracksIndex> {
  const byId = new Map<TrackId, MatchableRow>();
  const byPath = new Map<string, TrackId>();
  const byFileName = new Map<string, TrackId[]>();
  const byName = new Map<string, TrackId[]>();
  const add = (map: Map<string, TrackId[]>, key: string, id: TrackId): void => {
    const known = map.get(key);
    if (known === undefined) map.set(key, [id]);
    else known.push(id);
  };
  for (let after = 0; ;) {
    const rows = pageForMatching(database, after, ROWS_A_SLICE);
    for (const row of rows) {
      byId.set(row.id, row);
      const own = foldPath(path.join(row.root, row.relativePath));
      // Where two differ by case alone, the one that is there.
      const other = byPath.get(own);
      if (other === undefined || row.isPresent) byPath.set(own, row.id);
      add(byFileName, own.slice(own.lastIndexOf('/') + 1), row.id);
      const key = nameKey(row.title, row.artist);
      if (key !== null) add(byName, key, row.id);
    }
    after = rows.at(-1)?.id ?? 0;
    if (rows.length < ROWS_A_SLICE) break;
    await setImmediate();
    signal.throwIfAborted();
  }
  return { byId, byPath, byFileName, byName };
}

export function pathOf({ root, relativePath }: MatchableRow): string {
  return path.join(root, relativePath);
}
