/** The tree of lists. Callers wrap changes in a recorded edit: playlists are the user's own work. */
import * as v from 'valibot';
import { smartRules } from '#shared/contract/parts.ts';
import type { Playlist, PlaylistId, PlaylistKind, SmartRules } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** A node of the tree as it is stored: without what has to be counted. */
export type PlaylistNode = Omit<Playlist, 'trackCount' | 'durationSeconds'>;

export interface Totals {
  readonly trackCount: number;
  readonly durationSeconds: number;
}

/** Below this distance two siblings have met, and all of them are numbered anew. */
const SMALLEST_GAP = 1e-6;

type NodeRow = Omit<PlaylistNode, 'position' | 'rules'> & { readonly rules: string | null };

const selectNodes = `SELECT id, name, kind, parent_id AS parentId, rules, created_at AS createdAt, updated_at AS updatedAt
  FROM main.playlists ORDER BY position, id`;

/** The whole tree, each folder before what is in it, siblings in their order. */
export function readTree(database: Database): readonly PlaylistNode[] {
  const children = new Map<number | null, NodeRow[]>();
  for (const row of prepared(database, selectNodes).all() as NodeRow[]) {
    const siblings = children.get(row.parentId);
    if (siblings === undefined) children.set(row.parentId, [row]);
    else siblings.push(row);
  }
  const nodes: PlaylistNode[] = [];
  const add = (parentId: number | null): void => {
    for (const [position, row] of (children.get(parentId) ?? []).entries()) {
      nodes.push({ ...row, position, rules: readRules(row.rules) });
      if (row.kind === 'folder') add(row.id);
    }
  };
  add(null);
  return nodes;
}

export function readNode(database: Database, playlistId: PlaylistId): PlaylistNode | undefined {
  const row = prepared(
    database,
    `SELECT id, name, kind, parent_id AS parentId, rules, created_at AS createdAt, updated_at AS updatedAt,
       (SELECT count(*) FROM main.playlists AS other
        WHERE other.parent_id IS list.parent_id
          AND (other.position, other.id) < (list.position, list.id)) AS position
     FROM main.playlists AS list WHERE id = ?`,
  ).get(playlistId) as (NodeRow & { readonly position: number }) | undefined;
  return row && { ...row, rules: readRules(row.rules) };
}

/** Rules were checked when they were stored; damaged or edited by hand, they hold for no track. */
function readRules(text: string | null): SmartRules | null {
  if (text === null) return null;
  try {
    return v.parse(smartRules, JSON.parse(text));
  } catch {
    return { where: { match: 'none', rules: [{ match: 'all', rules: [] }] } };
  }
}

/** The ids of a folder and of all that is in it. */
export function readBranch(database: Database, playlistId: PlaylistId): readonly PlaylistId[] {
  return prepared(
    database,
    `WITH RECURSIVE branch (id) AS (
       SELECT ? UNION SELECT list.id FROM branch JOIN main.playlists AS list ON list.parent_id = branch.id
     ) SELECT id FROM branch`,
  )
    .pluck()
    .all(playlistId) as PlaylistId[];
}

/** Rows and their length in a playlist or crate. */
export function readTotals(database: Database, playlistId: PlaylistId): Totals {
  return prepared(
    database,
    // In the order of the tracks, whose pages are then read once each: 58 ms for 50,000 rows, where 160 ms by position.
    `SELECT coalesce(sum(entries.rows), 0) AS trackCount,
       coalesce(sum(entries.rows * tracks.duration_seconds), 0) AS durationSeconds
     FROM (
       SELECT track_id, count(*) AS rows FROM main.playlist_entries
       WHERE playlist_id = ? GROUP BY track_id ORDER BY track_id
     ) AS entries CROSS JOIN main.tracks AS tracks ON tracks.id = entries.track_id`,
  ).get(playlistId) as Totals;
}

/** The names of lists (not of folders) that are taken, as they are written. */
export function readListNames(database: Database): readonly { readonly id: number; readonly name: string }[] {
  return prepared(database, `SELECT id, name FROM main.playlists WHERE kind <> 'folder'`).all() as {
    id: number;
    name: string;
  }[];
}

export interface NewNode {
  readonly name: string;
  readonly kind: PlaylistKind;
  readonly parentId: PlaylistId | null;
  /** Among its siblings; past the last means the end. */
  readonly position: number;
  readonly rules: SmartRules | null;
}

export function insertNode(database: Database, node: NewNode, now: number): PlaylistId {
  const position = placeAmong(database, node.parentId, node.position, 0);
  const added = prepared(
    database,
    `INSERT INTO main.playlists (name, kind, parent_id, position, rules, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(node.name, node.kind, node.parentId, position, writeRules(node.rules), now, now);
  return Number(added.lastInsertRowid);
}

function writeRules(rules: SmartRules | null): string | null {
  return rules === null ? null : JSON.stringify(rules);
}

export function renameNode(database: Database, playlistId: PlaylistId, name: string, now: number): void {
  prepared(database, 'UPDATE main.playlists SET name = ?, updated_at = ? WHERE id = ?').run(
    name,
    now,
    playlistId,
  );
}

/** Of a smart playlist; null where it becomes a list of another kind. */
export function setKindAndRules(
  database: Database,
  playlistId: PlaylistId,
  kind: PlaylistKind,
  rules: SmartRules | null,
  now: number,
): void {
  prepared(database, 'UPDATE main.playlists SET kind = ?, rules = ?, updated_at = ? WHERE id = ?').run(
    kind,
    writeRules(rules),
    now,
    playlistId,
  );
}

export function touchNode(database: Database, playlistId: PlaylistId, now: number): void {
  prepared(database, 'UPDATE main.playlists SET updated_at = ? WHERE id = ?').run(now, playlistId);
}

/** With all that is in it. */
export function deleteNode(database: Database, playlistId: PlaylistId): void {
  prepared(database, 'DELETE FROM main.playlists WHERE id = ?').run(playlistId);
}

/** `position` among the siblings there, without itself. */
export function placeNode(
  database: Database,
  playlistId: PlaylistId,
  parentId: PlaylistId | null,
  position: number,
): void {
  const place = placeAmong(database, parentId, position, playlistId);
  prepared(database, 'UPDATE main.playlists SET parent_id = ?, position = ? WHERE id = ?').run(
    parentId,
    place,
    playlistId,
  );
}

/** The number to stand before the sibling at `at`. `without`: a node that does not count, 0 for none. */
function placeAmong(
  database: Database,
  parentId: PlaylistId | null,
  at: number,
  without: PlaylistId,
): number {
  const siblings = prepared(
    database,
    'SELECT id, position FROM main.playlists WHERE parent_id IS ? AND id <> ? ORDER BY position, id',
  ).all(parentId, without) as { id: number; position: number }[];
  const before = at === 0 ? undefined : siblings[Math.min(at, siblings.length) - 1]?.position;
  const after = siblings[at]?.position;
  if (before === undefined) return after === undefined ? 1 : after - 1;
  if (after === undefined) return before + 1;
  if (after - before >= SMALLEST_GAP) return (before + after) / 2;
  const renumber = prepared(database, 'UPDATE main.playlists SET position = ? WHERE id = ?');
  for (const [index, { id }] of siblings.entries()) renumber.run(index + 1, id);
  return at + 0.5;
}
