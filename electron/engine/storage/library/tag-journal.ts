/**
 * The journal of tags written into files: batches, their files, the fields of those. Writing functions are to be called
 * inside a transaction; whoever changes files calls them inside `durably`.
 */
import type { BatchKind, BatchState, TagField, TrackId, WritePolicy, WriteState } from '#shared/domain.ts';
import type { WireError } from '#shared/errors.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import type { FileStamp } from './tracks.ts';

/** A field of a file that is to be written. */
export interface NewFieldWrite {
  readonly field: TagField;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Of an undo: the items to put back, as text; null: `after` is set. */
  readonly restoreItems: string | null;
  /** Fields (TagWrite.id) that this takes back. */
  readonly undoes: readonly number[];
}

export interface NewFileWrite {
  readonly trackId: TrackId;
  /** Absolute. */
  readonly path: string;
  readonly fields: readonly NewFieldWrite[];
}

export interface FieldWrite extends NewFieldWrite {
  readonly id: number;
  /** Exactly what stood in the file, as text; null before the file was in hand. */
  readonly oldItems: string | null;
}

/** 'writing': the file was in hand when the process ended. */
export type FileWriteState = WriteState | 'writing';

export interface FileWrite {
  readonly id: number;
  readonly batchId: number;
  readonly kind: BatchKind;
  readonly trackId: TrackId;
  readonly audioHash: Buffer | null;
  readonly path: string;
  readonly state: FileWriteState;
  readonly fields: readonly FieldWrite[];
}

/** The old file made of the new one: stretches of it, and lengths of `bytes`. */
export interface StoredInverse {
  readonly pieces: string;
  /** Deflated. */
  readonly bytes: Uint8Array;
}

/** What finds out, after a crash, how far a write came. */
export interface WriteIntent {
  readonly realPath: string;
  /** The new file beside it; null: written in place. */
  readonly temporary: string | null;
  /** With the exact "device:inode". */
  readonly before: FileStamp;
  readonly sizeAfter: number;
  /** [start, length] of what is new. */
  readonly newRanges: readonly (readonly [start: number, length: number])[];
  readonly newHash: Uint8Array;
  readonly patches: readonly StoredPatch[];
}

export interface StoredPatch {
  readonly start: number;
  readonly old: Uint8Array;
  readonly new: Uint8Array;
}

export function createBatch(
  database: Database,
  batch: { readonly at: number; readonly kind: BatchKind; readonly policy: WritePolicy },
): number {
  const sql = `INSERT INTO main.tag_batches (at, kind, state, policy) VALUES (?, ?, 'stopped', ?)`;
  return Number(
    prepared(database, sql).run(batch.at, batch.kind, JSON.stringify(batch.policy)).lastInsertRowid,
  );
}

export function addFileWrite(database: Database, batchId: number, file: NewFileWrite, now: number): void {
  const writeId = prepared(
    database,
    `INSERT INTO main.tag_writes (batch_id, track_id, audio_hash, path, state, at)
     VALUES (@batchId, @trackId, (SELECT audio_hash FROM main.tracks WHERE id = @trackId), @path, 'planned', @now)`,
  ).run({ batchId, trackId: file.trackId, path: file.path, now }).lastInsertRowid;
  for (const { field, before, after, restoreItems, undoes } of file.fields) {
    const fieldId = prepared(
      database,
      'INSERT INTO main.tag_write_fields (write_id, field, before, after, restore_items) VALUES (?, ?, ?, ?, ?)',
    ).run(writeId, field, JSON.stringify(before), JSON.stringify(after), restoreItems).lastInsertRowid;
    const link = prepared(database, 'INSERT INTO main.tag_undos (field_id, undoes_id) VALUES (?, ?)');
    for (const id of undoes) link.run(fieldId, id);
  }
}

export function setBatchState(database: Database, batchId: number, state: BatchState): void {
  prepared(database, 'UPDATE main.tag_batches SET state = ? WHERE id = ?').run(state, batchId);
}

/** What a crash left running is stopped: somebody has to say that it goes on. */
export function stopRunningBatches(database: Database): number {
  return prepared(database, `UPDATE main.tag_batches SET state = 'stopped' WHERE state = 'running'`).run()
    .changes;
}

export function readBatchPolicy(database: Database, batchId: number): WritePolicy | undefined {
  const text = prepared(database, 'SELECT policy FROM main.tag_batches WHERE id = ?').pluck().get(batchId);
  return text === undefined ? undefined : (JSON.parse(text as string) as WritePolicy);
}

/** Failed and waiting files are to be tried again. */
export function planAgain(database: Database, batchId: number, now: number): void {
  prepared(
    database,
    `UPDATE main.tag_writes SET state = 'planned', code = NULL, detail = NULL, at = ?
     WHERE batch_id = ? AND state IN ('failed', 'waiting')`,
  ).run(now, batchId);
}

const selectFile = `SELECT writes.id, writes.batch_id AS batchId, batches.kind, writes.track_id AS trackId,
  writes.audio_hash AS audioHash, writes.path, writes.state
  FROM main.tag_writes AS writes JOIN main.tag_batches AS batches ON batches.id = writes.batch_id`;

/** The next file of a batch in a state, after another one; undefined when there is none. */
export function nextFile(
  database: Database,
  batchId: number,
  state: FileWriteState,
  afterId: number,
): FileWrite | undefined {
  const row = prepared(
    database,
    `${selectFile} WHERE writes.batch_id = ? AND writes.state = ? AND writes.id > ? ORDER BY writes.id LIMIT 1`,
  ).get(batchId, state, afterId) as Omit<FileWrite, 'fields'> | undefined;
  return row && { ...row, fields: readFields(database, row.id) };
}

/** Files that were in hand when the process ended. */
export function filesInHand(database: Database): readonly FileWrite[] {
  const rows = prepared(database, `${selectFile} WHERE writes.state = 'writing' ORDER BY writes.id`);
  return (rows.all() as Omit<FileWrite, 'fields'>[]).map((row) => ({
    ...row,
    fields: readFields(database, row.id),
  }));
}

function readFields(database: Database, writeId: number): readonly FieldWrite[] {
  const rows = prepared(
    database,
    `SELECT id, field, before, after, old_items AS oldItems, restore_items AS restoreItems,
       (SELECT json_group_array(undoes_id) FROM main.tag_undos WHERE field_id = fields.id) AS undoes
     FROM main.tag_write_fields AS fields WHERE write_id = ? ORDER BY id`,
  ).all(writeId) as RawField[];
  return rows.map((row) => ({
    ...row,
    before: JSON.parse(row.before) as string[],
    after: JSON.parse(row.after) as string[],
    undoes: JSON.parse(row.undoes) as number[],
  }));
}

interface RawField {
  readonly id: number;
  readonly field: TagField;
  readonly before: string;
  readonly after: string;
  readonly oldItems: string | null;
  readonly restoreItems: string | null;
  readonly undoes: string;
}

/** Before the first byte changes. `oldItems` by the ids of the fields. */
export function beginFile(
  database: Database,
  writeId: number,
  intent: WriteIntent,
  details: {
    readonly oldItems: ReadonlyMap<number, string>;
    readonly inverse: StoredInverse | null;
    readonly now: number;
  },
): void {
  const setItems = prepared(database, 'UPDATE main.tag_write_fields SET old_items = ? WHERE id = ?');
  for (const [fieldId, items] of details.oldItems) setItems.run(items, fieldId);
  const addPatch = prepared(
    database,
    'INSERT INTO main.tag_patches (write_id, start, old, new) VALUES (?, ?, ?, ?)',
  );
  for (const patch of intent.patches) addPatch.run(writeId, patch.start, patch.old, patch.new);
  prepared(
    database,
    `UPDATE main.tag_writes SET state = 'writing', at = @now, code = NULL, detail = NULL, real_path = @realPath,
       temporary = @temporary, stamp_before = @before, stamp_after = NULL, size_after = @sizeAfter,
       new_ranges = @newRanges, new_hash = @newHash, inverse_pieces = @pieces, inverse_bytes = @bytes
     WHERE id = @writeId`,
  ).run({
    writeId,
    now: details.now,
    realPath: intent.realPath,
    temporary: intent.temporary,
    before: JSON.stringify(intent.before),
    sizeAfter: intent.sizeAfter,
    newRanges: JSON.stringify(intent.newRanges),
    newHash: intent.newHash,
    pieces: details.inverse?.pieces ?? null,
    bytes: details.inverse?.bytes ?? null,
  });
}

export function readIntent(database: Database, writeId: number): WriteIntent {
  const row = prepared(
    database,
    `SELECT real_path AS realPath, temporary, stamp_before AS before, size_after AS sizeAfter,
       new_ranges AS newRanges, new_hash AS newHash FROM main.tag_writes WHERE id = ?`,
  ).get(writeId) as {
    realPath: string;
    temporary: string | null;
    before: string;
    sizeAfter: number;
    newRanges: string;
    newHash: Buffer;
  };
  return {
    ...row,
    before: JSON.parse(row.before) as FileStamp,
    newRanges: JSON.parse(row.newRanges) as [number, number][],
    patches: prepared(
      database,
      'SELECT start, old, new FROM main.tag_patches WHERE write_id = ? ORDER BY start',
    ).all(writeId) as StoredPatch[],
  };
}

/** The mark: the file holds what was ordered. Fields that it takes back are undone; what those had undone holds again. */
export function markWritten(
  database: Database,
  { id, fields }: FileWrite,
  at: { readonly now: number; readonly path: string; readonly stamp: FileStamp },
): void {
  dropPatches(database, id);
  prepared(
    database,
    `UPDATE main.tag_writes SET state = 'written', at = ?, path = ?, stamp_after = ?, code = NULL, detail = NULL
     WHERE id = ?`,
  ).run(at.now, at.path, JSON.stringify(at.stamp), id);
  for (const field of fields) for (const undone of field.undoes) setUndone(database, undone, field.id);
}

function setUndone(database: Database, fieldId: number, undoneBy: number | null): void {
  prepared(database, 'UPDATE main.tag_write_fields SET undone_by = ? WHERE id = ?').run(undoneBy, fieldId);
  const older = prepared(database, 'SELECT undoes_id FROM main.tag_undos WHERE field_id = ?').pluck();
  for (const id of older.all(fieldId) as number[])
    setUndone(database, id, undoneBy === null ? fieldId : null);
}

/** The file is as it was: planned again (after a crash), waiting, or failed; each with its reason, if there is one. */
export function markUnwritten(
  database: Database,
  writeId: number,
  state: 'planned' | 'waiting' | 'failed',
  problem: WireError | null,
  now: number,
): void {
  dropPatches(database, writeId);
  prepared(
    database,
    `UPDATE main.tag_writes SET state = ?, at = ?, code = ?, detail = ?, real_path = NULL, temporary = NULL,
       stamp_before = NULL, stamp_after = NULL, size_after = NULL, new_ranges = NULL, new_hash = NULL,
       inverse_pieces = NULL, inverse_bytes = NULL WHERE id = ?`,
  ).run(state, now, problem?.code ?? null, problem?.detail ?? null, writeId);
}

/** It cannot be told how far the write came: all that is known of it is kept. */
export function markUnresolved(database: Database, writeId: number, problem: WireError, now: number): void {
  prepared(
    database,
    `UPDATE main.tag_writes SET state = 'failed', at = ?, code = ?, detail = ? WHERE id = ?`,
  ).run(now, problem.code, problem.detail, writeId);
}

function dropPatches(database: Database, writeId: number): void {
  prepared(database, 'DELETE FROM main.tag_patches WHERE write_id = ?').run(writeId);
}

/** True when the journal knows a file of this name that was never renamed. */
export function isTemporaryInHand(database: Database, path: string): boolean {
  const sql = `SELECT 1 FROM main.tag_writes WHERE state = 'writing' AND temporary = ?`;
  return prepared(database, sql).get(path) !== undefined;
}
