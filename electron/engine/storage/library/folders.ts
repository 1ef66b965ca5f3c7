/** The folders table: watched roots, and removed ones whose tracks keep their data. */
import type { Folder, FolderId } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import { readValue, writeValue } from './settings.ts';

export interface FolderRow {
  readonly id: FolderId;
  readonly path: string;
  /** Stable identity of the file system; null if unknown. */
  readonly volumeId: string | null;
  /** Path inside that volume. */
  readonly volumePath: string | null;
  readonly addedAt: number;
  readonly lastScanAt: number | null;
  readonly online: boolean;
  /** Set: no longer watched. */
  readonly removedAt: number | null;
}

const select = `SELECT id, path, volume_id AS volumeId, volume_path AS volumePath, added_at AS addedAt,
  last_scan_at AS lastScanAt, online, removed_at AS removedAt FROM main.folders`;

type RawFolder = Omit<FolderRow, 'online'> & { readonly online: number };

/** The watched folders, in the order they were added. */
export function watchedFolders(database: Database): readonly FolderRow[] {
  const rows = prepared(database, `${select} WHERE removed_at IS NULL ORDER BY id`).all() as RawFolder[];
  return rows.map(toFolderRow);
}

export function readFolder(database: Database, id: FolderId): FolderRow | undefined {
  const row = prepared(database, `${select} WHERE id = ?`).get(id) as RawFolder | undefined;
  return row && toFolderRow(row);
}

/** The watched folders as the contract shows them; tracks that are missing do not count. */
export function listFolders(database: Database): readonly Folder[] {
  const counts = prepared(
    database,
    // Two indexes, and no row of the table: to read the state of every track takes seven times as long.
    `SELECT id, sum(count) AS count FROM (
       SELECT folder_id AS id, count(*) AS count FROM main.tracks GROUP BY folder_id
       UNION ALL
       SELECT folder_id, -count(*) FROM main.tracks WHERE state = 'missing' GROUP BY folder_id
     ) GROUP BY id`,
  ).all() as { id: number; count: number }[];
  const countOf = new Map(counts.map((row) => [row.id, row.count]));
  return watchedFolders(database).map(({ id, path, online, addedAt, lastScanAt }) => ({
    id,
    path,
    online,
    trackCount: countOf.get(id) ?? 0,
    addedAt,
    lastScanAt,
  }));
}

/** Adds a folder, or takes up a removed one again. Returns its row. */
export function addFolder(
  database: Database,
  folder: { path: string; volumeId: string | null; volumePath: string | null; addedAt: number },
): FolderRow {
  prepared(
    database,
    `INSERT INTO main.folders (path, volume_id, volume_path, added_at) VALUES (@path, @volumeId, @volumePath, @addedAt)
       ON CONFLICT (path) DO UPDATE SET removed_at = NULL, online = 1,
         volume_id = excluded.volume_id, volume_path = excluded.volume_path`,
  ).run(folder);
  const row = prepared(database, `${select} WHERE path = ?`).get(folder.path) as RawFolder;
  return toFolderRow(row);
}

/** Stops watching; the caller has made its tracks missing. */
export function removeFolder(database: Database, id: FolderId, now: number): void {
  prepared(database, 'UPDATE main.folders SET removed_at = ? WHERE id = ?').run(now, id);
}

/**
 * The folder was found under another path (another mount point). A folder that had this path, away or no longer
 * watched, gets the old one: drives change places, and no two folders may have one path. Call it inside a transaction.
 */
export function relocateFolder(database: Database, id: FolderId, path: string): void {
  const old = readFolder(database, id)?.path;
  const other = prepared(database, 'SELECT id FROM main.folders WHERE path = ? AND id <> ?')
    .pluck()
    .get(path, id);
  const setPath = prepared(database, 'UPDATE main.folders SET path = ? WHERE id = ?');
  if (other !== undefined) setPath.run(`${path} (changing places, ${id})`, other);
  setPath.run(path, id);
  if (other !== undefined) setPath.run(old, other);
}

const mountPointsKey = (id: FolderId): string => `folder.${id}.mountPoints`;

/** Paths inside the folder, with '/', where other drives were when it was last looked through. */
export function readMountPoints(database: Database, id: FolderId): readonly string[] {
  const paths = readValue(database, mountPointsKey(id));
  return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
}

export function writeMountPoints(database: Database, id: FolderId, paths: readonly string[]): void {
  writeValue(database, mountPointsKey(id), paths);
}

/** Notes which volume the folder lies on, once that is known. */
export function setFolderVolume(
  database: Database,
  id: FolderId,
  volumeId: string | null,
  volumePath: string | null,
): void {
  prepared(database, 'UPDATE main.folders SET volume_id = ?, volume_path = ? WHERE id = ?').run(
    volumeId,
    volumePath,
    id,
  );
}

/** Only the folder is marked: the states of its tracks are set by whoever looked. */
export function setFolderOnline(database: Database, id: FolderId, online: boolean): void {
  prepared(database, 'UPDATE main.folders SET online = ? WHERE id = ?').run(online ? 1 : 0, id);
}

export function setFolderScanned(database: Database, id: FolderId, now: number): void {
  prepared(database, 'UPDATE main.folders SET last_scan_at = ? WHERE id = ?').run(now, id);
}

function toFolderRow(row: RawFolder): FolderRow {
  return { ...row, online: row.online === 1 };
}
