/**
 * The journal of the user's work. While a step is recorded, temporary triggers note every row of playlists, their
 * rows, ratings, corrections and reviewed proposals before and after; undoing puts the rows back as they were, ids and places included.
 * So whatever an edit does, to whichever rows, it can be undone without knowing how.
 */
import type { Edit, EditAction } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** Steps that are kept: more than anybody goes back. */
const KEPT_EDITS = 500;
/** All together take no more than this: one that touched 200,000 rows takes some megabytes. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** A row as it is written in the journal; null where it is not there. */
export type RowImage = readonly (string | number | null)[] | null;
export type RowChange = readonly [before: RowImage, after: RowImage];

/** Rows of each kind: the first values are their key. */
export interface EditChanges {
  /** id, name, kind, parent, position, rules, created, updated */
  readonly playlists?: readonly RowChange[];
  /** id, playlist, track, position */
  readonly entries?: readonly RowChange[];
  /** track, stars */
  readonly ratings?: readonly RowChange[];
  /** subject (hash in hex, or "t" and the track), genre, fits, at */
  readonly corrections?: readonly RowChange[];
  /** subject as of corrections, bpm, locked, beat, bar, key, energy, at */
  readonly sounds?: readonly RowChange[];
  /** track, plays, colour, cues, grid, source, at */
  readonly marks?: readonly RowChange[];
  /** id of the proposal, proposed, edited, confidence, evidence */
  readonly reviews?: readonly RowChange[];
  /** id of the proposal, state */
  readonly decisions?: readonly RowChange[];
}

interface LoggedTable {
  readonly kind: keyof EditChanges;
  readonly table: string;
  /** Values of a row as SQL; R stands for old or new. */
  readonly key: string;
  readonly image: string;
  /** Only changes of this column, or of these, count. */
  readonly column?: string;
}

// Numbers with fractions as text of 17 digits: the JSON of SQLite would round them.
const position = "format('%!.17g', R.position)";
const correction = (subject: string): string => `${subject}, R.genre, R.fits, R.at`;
// They are rounded when they are written.
const soundWords = (subject: string): string =>
  `${subject}, R.bpm, R.locked, R.beat_seconds, R.bar_seconds, R.key, R.energy, R.at`;
const loggedTables: readonly LoggedTable[] = [
  {
    kind: 'playlists',
    table: 'playlists',
    key: 'R.id',
    image: `R.id, R.name, R.kind, R.parent_id, ${position}, R.rules, R.created_at, R.updated_at`,
  },
  {
    kind: 'entries',
    table: 'playlist_entries',
    key: 'R.id',
    image: `R.id, R.playlist_id, R.track_id, ${position}`,
  },
  { kind: 'ratings', table: 'tracks', key: 'R.id', image: 'R.id, R.rating', column: 'rating' },
  {
    kind: 'corrections',
    table: 'genre_corrections',
    key: "hex(R.audio_hash) || '/' || R.genre",
    image: correction('hex(R.audio_hash)'),
  },
  {
    kind: 'corrections',
    table: 'track_genre_corrections',
    key: "'t' || R.track_id || '/' || R.genre",
    image: correction("'t' || R.track_id"),
  },
  {
    kind: 'sounds',
    table: 'sound_words',
    key: 'hex(R.audio_hash)',
    image: soundWords('hex(R.audio_hash)'),
  },
  {
    kind: 'sounds',
    table: 'track_sound_words',
    key: "'t' || R.track_id",
    image: soundWords("'t' || R.track_id"),
  },
  {
    kind: 'marks',
    table: 'track_marks',
    key: 'R.track_id',
    image: 'R.track_id, R.play_count, R.colour, R.cues, R.grid, R.source, R.at',
  },
  {
    kind: 'reviews',
    table: 'tag_proposals',
    key: 'R.id',
    image: "R.id, R.proposed, R.edited, format('%!.17g', R.confidence), R.evidence",
    column: 'proposed, edited',
  },
  // By itself: many are decided at once, and none of them edited.
  { kind: 'decisions', table: 'tag_proposals', key: 'R.id', image: 'R.id, R.state', column: 'state' },
];

/** Makes the temporary triggers of this connection. They cost nothing while no step is recorded. */
export function prepareEditLog(database: Database): void {
  database.exec(`
    CREATE TEMP TABLE IF NOT EXISTS edit_recording (is_on INTEGER PRIMARY KEY);
    CREATE TEMP TABLE IF NOT EXISTS edit_log (
      seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, key NOT NULL, before TEXT, after TEXT
    );
    ${loggedTables.flatMap(triggersOf).join('\n')}
  `);
}

function triggersOf({ kind, table, key, image, column }: LoggedTable): readonly string[] {
  const of = (text: string, row: 'old' | 'new'): string => text.replaceAll('R.', `${row}.`);
  const imageOf = (row: 'old' | 'new' | null): string =>
    row === null ? 'NULL' : `json_array(${of(image, row)})`;
  const trigger = (event: string, before: 'old' | null, after: 'new' | null): string => `
    CREATE TEMP TRIGGER IF NOT EXISTS log_${kind}_of_${table}_${event.slice(0, 6)} AFTER ${event} ON main.${table}
    WHEN EXISTS (SELECT 1 FROM temp.edit_recording) BEGIN
      INSERT INTO edit_log (kind, key, before, after)
      VALUES ('${kind}', ${of(key, before ?? 'new')}, ${imageOf(before)}, ${imageOf(after)});
    END;`;
  if (column !== undefined) return [trigger(`UPDATE OF ${column}`, 'old', 'new')];
  return [trigger('INSERT', null, 'new'), trigger('UPDATE', 'old', 'new'), trigger('DELETE', 'old', null)];
}

/** Runs the work and returns what it changed, as JSON; null when it changed nothing. Call it inside a transaction. */
export function recordChanges(database: Database, work: () => void): string | null {
  prepared(database, 'DELETE FROM temp.edit_log').run();
  prepared(database, 'INSERT OR IGNORE INTO temp.edit_recording VALUES (1)').run();
  try {
    work();
  } finally {
    prepared(database, 'DELETE FROM temp.edit_recording').run();
  }
  // A row that was touched several times: as it was before the first and after the last.
  const rows = prepared(
    database,
    `WITH ends AS (SELECT kind, key, min(seq) AS first, max(seq) AS last FROM temp.edit_log GROUP BY kind, key)
     SELECT ends.kind, json_group_array(json_array(json(one.before), json(two.after))) AS changes
     FROM ends
     CROSS JOIN temp.edit_log AS one ON one.seq = ends.first
     CROSS JOIN temp.edit_log AS two ON two.seq = ends.last
     WHERE one.before IS NOT two.after
     GROUP BY ends.kind`,
  ).all() as { kind: string; changes: string }[];
  prepared(database, 'DELETE FROM temp.edit_log').run();
  if (rows.length === 0) return null;
  return `{${rows.map(({ kind, changes }) => `"${kind}":${changes}`).join(',')}}`;
}

export type NewEdit = Pick<Edit, 'action' | 'subject' | 'count' | 'at'>;

/** Adds a step; what was undone before can then not be done again. Call it inside the transaction of the step. */
export function insertEdit(database: Database, edit: NewEdit, changes: string): void {
  prepared(database, 'DELETE FROM main.edits WHERE undone = 1').run();
  prepared(
    database,
    'INSERT INTO main.edits (at, action, subject, count, changes) VALUES (?, ?, ?, ?, ?)',
  ).run(edit.at, edit.action, edit.subject, edit.count, changes);
  prepared(
    database,
    `DELETE FROM main.edits WHERE id IN (
       SELECT id FROM (
         SELECT id, row_number() OVER newest AS number, sum(length(changes)) OVER newest AS bytes FROM main.edits
         WINDOW newest AS (ORDER BY id DESC))
       WHERE number > ? OR (bytes > ? AND number > 1))`,
  ).run(KEPT_EDITS, KEPT_BYTES);
}

export interface StoredEdit {
  readonly id: number;
  readonly at: number;
  readonly action: EditAction;
  readonly subject: string;
  readonly count: number;
}

const selectEdit = 'SELECT id, at, action, subject, count FROM main.edits';

/** The step that Undo, or Redo, would take. */
export function nextEdit(database: Database, way: 'undo' | 'redo'): StoredEdit | null {
  const sql =
    way === 'undo'
      ? `${selectEdit} WHERE undone = 0 ORDER BY id DESC LIMIT 1`
      : `${selectEdit} WHERE undone = 1 ORDER BY id LIMIT 1`;
  return (prepared(database, sql).get() as StoredEdit | undefined) ?? null;
}

export function readChanges(database: Database, editId: number): EditChanges {
  const text = prepared(database, 'SELECT changes FROM main.edits WHERE id = ?')
    .pluck()
    .get(editId) as string;
  return JSON.parse(text) as EditChanges;
}

export function markEdit(database: Database, editId: number, undone: boolean): void {
  prepared(database, 'UPDATE main.edits SET undone = ? WHERE id = ?').run(undone ? 1 : 0, editId);
}

/** A step that can no longer be taken back, or again, is in the way of the others. */
export function deleteEdit(database: Database, editId: number): void {
  prepared(database, 'DELETE FROM main.edits WHERE id = ?').run(editId);
}
