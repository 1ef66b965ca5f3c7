/** What was written into files, as lists; and what of it can be taken back. */
import { join } from 'node:path';
import type {
  BatchKind,
  TagBatch,
  TagField,
  TagWrite,
  TrackEvent,
  TrackId,
  TrackState,
  WriteState,
} from '#shared/domain.ts';
import type { ErrorCode } from '#shared/errors.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import type { FileStamp } from './tracks.ts';

interface Page {
  readonly offset: number;
  readonly limit: number;
}

const selectBatch = 'SELECT id, at, kind, state, files, written, failed, undone FROM main.tag_batches';

export function readBatch(database: Database, id: number): TagBatch | undefined {
  return prepared(database, `${selectBatch} WHERE id = ?`).get(id) as TagBatch | undefined;
}

/** Newest first. */
export function listBatches(
  database: Database,
  { offset, limit }: Page,
): { readonly total: number; readonly batches: readonly TagBatch[] } {
  return {
    total: prepared(database, 'SELECT count(*) FROM main.tag_batches').pluck().get() as number,
    batches: prepared(database, `${selectBatch} ORDER BY id DESC LIMIT ? OFFSET ?`).all(
      limit,
      offset,
    ) as TagBatch[],
  };
}

/** Of a field that is there. */
export function batchOfField(database: Database, fieldId: number): number {
  return prepared(
    database,
    `SELECT batch_id FROM main.tag_writes WHERE id = (
       SELECT write_id FROM main.tag_write_fields WHERE id = ?)`,
  )
    .pluck()
    .get(fieldId) as number;
}

/** How many files of a batch are in a state. */
export function countFiles(database: Database, batchId: number, state: WriteState): number {
  const sql = 'SELECT count(*) FROM main.tag_writes WHERE batch_id = ? AND state = ?';
  return prepared(database, sql).pluck().get(batchId, state) as number;
}

export type WritesOf = { readonly batchId: number } | { readonly trackId: TrackId } | { readonly all: true };

/** Of a batch in its order; of a track, or of all, newest first. */
export function listWrites(
  database: Database,
  of: WritesOf,
  { offset, limit }: Page,
): { readonly total: number; readonly writes: readonly TagWrite[] } {
  const where =
    'batchId' in of ? 'writes.batch_id = @of' : 'trackId' in of ? 'writes.track_id = @of' : '@of IS NULL';
  const from = `FROM main.tag_writes AS writes
    CROSS JOIN main.tag_write_fields AS fields ON fields.write_id = writes.id WHERE ${where}`;
  const parameter = 'batchId' in of ? of.batchId : 'trackId' in of ? of.trackId : null;
  const order = 'batchId' in of ? 'writes.id, fields.id' : 'writes.id DESC, fields.id';
  const rows = prepared(
    database,
    `SELECT fields.id, writes.batch_id AS batchId, writes.track_id AS trackId, writes.path, writes.at, fields.field,
       fields.before, fields.after, writes.state, fields.undone_by IS NOT NULL AS undone, writes.code, writes.detail
     ${from} ORDER BY ${order} LIMIT @limit OFFSET @offset`,
  ).all({ of: parameter, limit, offset }) as RawWrite[];
  return {
    total: prepared(database, `SELECT count(*) ${from}`).pluck().get({ of: parameter }) as number,
    writes: rows.map(toWrite),
  };
}

interface RawWrite {
  readonly id: number;
  readonly batchId: number;
  readonly trackId: number;
  readonly path: string;
  readonly at: number;
  readonly field: TagField;
  readonly before: string;
  readonly after: string;
  readonly state: WriteState | 'writing';
  readonly undone: number;
  readonly code: ErrorCode | null;
  readonly detail: string | null;
}

function toWrite({ undone, code, detail, state, ...row }: RawWrite): TagWrite {
  const outer = state === 'writing' ? 'planned' : state === 'undone' ? 'written' : state;
  return {
    ...row,
    before: JSON.parse(row.before) as string[],
    after: JSON.parse(row.after) as string[],
    state: undone === 1 ? 'undone' : outer,
    problem: code === null ? null : { code, detail: detail ?? '' },
  };
}

/** A field that stands in a file by our hand, with what is needed to take it back. */
export interface UndoableField {
  /** TagWrite.id. */
  readonly id: number;
  /** Of the file in its batch. */
  readonly fileId: number;
  readonly trackId: TrackId;
  readonly audioHash: Buffer | null;
  readonly path: string;
  readonly field: TagField;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly oldItems: string;
  /** Bytes of the file before. */
  readonly sizeBefore: number;
}

export type UndoOf =
  | { readonly writeIds: readonly number[] }
  | { readonly batchId: number }
  | { readonly trackIds: readonly TrackId[] }
  | { readonly all: true };

/**
 * Fields that are written and not yet undone, newest first. Undoes themselves only where they are named, or their batch:
 * whoever takes everything back wants the files as they were, and not the undoing undone.
 */
export function undoableFields(database: Database, of: UndoOf): readonly UndoableField[] {
  const [where, parameter] = conditionOf(of);
  const rows = prepared(
    database,
    `SELECT fields.id, writes.id AS fileId, writes.track_id AS trackId, writes.audio_hash AS audioHash, writes.path,
       fields.field, fields.before, fields.after, fields.old_items AS oldItems,
       json_extract(writes.stamp_before, '$.sizeBytes') AS sizeBefore
     FROM main.tag_writes AS writes
     JOIN main.tag_batches AS batches ON batches.id = writes.batch_id
     JOIN main.tag_write_fields AS fields ON fields.write_id = writes.id
     WHERE writes.state IN ('written', 'undone') AND fields.undone_by IS NULL AND fields.old_items IS NOT NULL
       AND ${where}
     ORDER BY writes.id DESC, fields.id`,
  ).all({ of: parameter }) as (Omit<UndoableField, 'before' | 'after'> & { before: string; after: string })[];
  return rows.map((row) => ({
    ...row,
    before: JSON.parse(row.before) as string[],
    after: JSON.parse(row.after) as string[],
  }));
}

function conditionOf(of: UndoOf): readonly [sql: string, parameter: string | number | null] {
  if ('writeIds' in of)
    return ['fields.id IN (SELECT value FROM json_each(@of))', JSON.stringify(of.writeIds)];
  if ('batchId' in of) return ['writes.batch_id = @of', of.batchId];
  if ('trackIds' in of) {
    return [
      `batches.kind = 'write' AND writes.track_id IN (SELECT value FROM json_each(@of))`,
      JSON.stringify(of.trackIds),
    ];
  }
  return [`batches.kind = 'write' AND @of IS NULL`, null];
}

export interface StoredInverseRow {
  readonly pieces: string;
  readonly bytes: Buffer;
  readonly sizeAfter: number;
  /** Every field that was written into the file then. */
  readonly fieldIds: readonly number[];
}

/** How the old file is made of the new one; null where that was not kept. */
export function readInverse(database: Database, fileId: number): StoredInverseRow | null {
  const row = prepared(
    database,
    `SELECT inverse_pieces AS pieces, inverse_bytes AS bytes, size_after AS sizeAfter,
       (SELECT json_group_array(id) FROM main.tag_write_fields WHERE write_id = writes.id) AS fieldIds
     FROM main.tag_writes AS writes WHERE id = ? AND inverse_pieces IS NOT NULL`,
  ).get(fileId) as { pieces: string; bytes: Buffer; sizeAfter: number; fieldIds: string } | undefined;
  return row === undefined ? null : { ...row, fieldIds: JSON.parse(row.fieldIds) as number[] };
}

/** Where a file is now, and what the library knows of it. */
export interface LocatedFile extends FileStamp {
  readonly trackId: TrackId;
  /** Absolute. */
  readonly path: string;
  readonly root: string;
  readonly state: TrackState;
  /** Not readable by this name. */
  readonly nameIsNoText: boolean;
  readonly audioHash: Buffer | null;
}

const selectLocated = `SELECT tracks.id AS trackId, folders.path AS root, tracks.relative_path AS relativePath,
    tracks.state, tracks.size_bytes AS sizeBytes, tracks.modified_at AS modifiedAt, tracks.inode,
    coalesce(errors.code = 'file-name-not-utf8', 0) AS nameIsNoText, tracks.audio_hash AS audioHash
  FROM main.tracks AS tracks JOIN main.folders AS folders ON folders.id = tracks.folder_id
  LEFT JOIN main.track_errors AS errors ON errors.track_id = tracks.id`;

type RawLocated = Omit<LocatedFile, 'path' | 'nameIsNoText'> & {
  readonly relativePath: string;
  readonly nameIsNoText: number;
};

/** By the track; where that was purged, by the same audio at the same path, then by the same audio anywhere. */
export function locateFile(
  database: Database,
  file: { readonly trackId: TrackId; readonly audioHash: Buffer | null; readonly path: string },
): LocatedFile | undefined {
  const own = prepared(database, `${selectLocated} WHERE tracks.id = ?`).get(file.trackId);
  if (own !== undefined) return toLocated(own as RawLocated);
  if (file.audioHash === null) return undefined;
  const same = prepared(
    database,
    `${selectLocated} WHERE tracks.audio_hash = ? AND tracks.state = 'present' ORDER BY tracks.id`,
  ).all(file.audioHash) as RawLocated[];
  const located = same.map(toLocated);
  return located.find((other) => other.path === file.path) ?? located[0];
}

/** Where the files of some tracks are; of those that are in the library. */
export function readPaths(database: Database, trackIds: readonly TrackId[]): ReadonlyMap<TrackId, string> {
  const rows = prepared(
    database,
    `SELECT tracks.id, folders.path AS root, tracks.relative_path AS relativePath FROM json_each(?) AS wanted
     CROSS JOIN main.tracks AS tracks ON tracks.id = wanted.value
     JOIN main.folders AS folders ON folders.id = tracks.folder_id`,
  ).all(JSON.stringify(trackIds)) as { id: TrackId; root: string; relativePath: string }[];
  return new Map(rows.map(({ id, root, relativePath }) => [id, join(root, relativePath)]));
}

function toLocated({ relativePath, nameIsNoText, ...row }: RawLocated): LocatedFile {
  return { ...row, path: join(row.root, relativePath), nameIsNoText: nameIsNoText === 1 };
}

/** What was written into a track's file, as its history tells it: the newest fifty. */
export function taggedEvents(database: Database, trackId: TrackId): readonly TrackEvent[] {
  const rows = prepared(
    database,
    `SELECT writes.at, writes.batch_id AS batchId, batches.kind,
       (SELECT json_group_array(json_object('field', field, 'before', json(before), 'after', json(after)))
        FROM main.tag_write_fields WHERE write_id = writes.id) AS fields
     FROM main.tag_writes AS writes JOIN main.tag_batches AS batches ON batches.id = writes.batch_id
     WHERE writes.track_id = ? AND writes.state IN ('written', 'undone') ORDER BY writes.id DESC LIMIT 50`,
  ).all(trackId) as { at: number; batchId: number; kind: BatchKind; fields: string }[];
  return rows.map(({ at, batchId, kind, fields }) => ({
    kind: 'tagged',
    at,
    batchId,
    undo: kind === 'undo',
    fields: JSON.parse(fields) as never,
  }));
}
