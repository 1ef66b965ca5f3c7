/** Puts rows of the journal back as they were. Call these functions inside one transaction. */
import type { SoundWords } from '#shared/domain.ts';
import { noSoundWords } from '#shared/music/sound-words.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import { writeCorrection } from './corrections.ts';
import { currentSubject, isSame as isSameWords, readSoundWords, writeSoundWords } from './sound-words.ts';
import type { EditChanges, RowChange, RowImage } from './edits.ts';

/** What the step changed is not as the step left it. */
export class ChangedSince extends Error {
  override readonly name = 'ChangedSince';
}

/** A row must be as `from` says to become what `to` says. */
interface Step {
  readonly from: RowImage;
  readonly to: RowImage;
}

/**
 * Undoes a step ('undo') or does it again ('redo'). Rows of tracks that were purged meanwhile are left out, ratings,
 * corrections and decisions on proposals that were changed otherwise since are left as they are.
 * @throws ChangedSince when lists are not as the step left them, or nothing of it can be done
 * @returns the subjects of the corrections that changed
 */
export function applyChanges(
  database: Database,
  changes: EditChanges,
  way: 'undo' | 'redo',
): readonly string[] {
  const steps = (rows: readonly RowChange[] = []): readonly Step[] =>
    rows.map(([before, after]) =>
      way === 'undo' ? { from: after, to: before } : { from: before, to: after },
    );
  database.pragma('defer_foreign_keys = ON');
  const lists = steps(changes.playlists);
  const entries = steps(changes.entries).flatMap((step) => checkEntry(database, step));
  for (const step of lists) checkList(database, step);
  for (const { from, to } of entries) if (to === null) deleteEntry(database, from);
  for (const { from, to } of lists) if (to === null) deleteList(database, from);
  for (const { to } of lists) if (to !== null) putList(database, to);
  for (const { to } of entries) if (to !== null) putEntry(database, to);
  if (lists.length > 0) checkTree(database);
  const ratings = steps(changes.ratings);
  const rated = ratings.filter((step) => rate(database, step)).length;
  const corrections = steps(changes.corrections);
  const corrected = corrections.flatMap((step) => correct(database, step));
  const sounds = steps(changes.sounds);
  const heard = sounds.filter((step) => correctSound(database, step)).length;
  if (heard < sounds.length && heard === 0) throw new ChangedSince();
  const marks = steps(changes.marks);
  const marked = marks.filter((step) => putMarks(database, step)).length;
  // What an import brought is one step: it is taken back as far as it is still there.
  const isImport = marks.length > 0 || (lists.length > 0 && ratings.length > 0);
  if (isImport && lists.length === 0 && rated + marked === 0) throw new ChangedSince();
  if (!isImport && rated < ratings.length && rated === 0) throw new ChangedSince();
  const reviews = steps(changes.reviews);
  const reviewed = reviews.filter((step) => review(database, step)).length;
  const decisions = steps(changes.decisions);
  const decided = decide(database, decisions);
  const isReview = reviews.length + decisions.length > 0;
  if (isReview && reviewed + decided === 0) throw new ChangedSince();
  if (corrected.length < corrections.length && corrected.length === 0) throw new ChangedSince();
  return corrected;
}

const listColumns = "id, name, kind, parent_id, format('%!.17g', position), rules, created_at, updated_at";

function checkList(database: Database, { from, to }: Step): void {
  const id = (from ?? to)?.[0];
  const current = prepared(database, `SELECT ${listColumns} FROM main.playlists WHERE id = ?`)
    .raw()
    .get(id) as RowImage | undefined;
  if (!isSame(current ?? null, from)) throw new ChangedSince();
}

function isSame(one: RowImage, two: RowImage): boolean {
  if (one === null || two === null) return one === two;
  return one.length === two.length && one.every((value, index) => value === two[index]);
}

function deleteList(database: Database, from: RowImage): void {
  prepared(database, 'DELETE FROM main.playlists WHERE id = ?').run(from?.[0]);
}

function putList(database: Database, row: NonNullable<RowImage>): void {
  prepared(
    database,
    `INSERT INTO main.playlists (id, name, kind, parent_id, position, rules, created_at, updated_at)
     VALUES (?, ?, ?, ?, CAST(? AS REAL), ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, parent_id = excluded.parent_id,
       position = excluded.position, rules = excluded.rules, created_at = excluded.created_at,
       updated_at = excluded.updated_at`,
  ).run(...row);
}

/** No two lists of one name, and no folder inside itself. */
function checkTree(database: Database): void {
  const twice = prepared(
    database,
    `SELECT 1 FROM main.playlists WHERE kind <> 'folder' GROUP BY lower(name) HAVING count(*) > 1`,
  ).get();
  const lost = prepared(
    database,
    `WITH RECURSIVE tree (id) AS (
       SELECT id FROM main.playlists WHERE parent_id IS NULL
       UNION SELECT list.id FROM tree JOIN main.playlists AS list ON list.parent_id = tree.id
     ) SELECT 1 FROM main.playlists WHERE id NOT IN (SELECT id FROM tree)`,
  ).get();
  if (twice !== undefined || lost !== undefined) throw new ChangedSince();
}

/** The step as it can be done; none for a row whose track was purged. */
function checkEntry(database: Database, { from, to }: Step): readonly Step[] {
  const id = (from ?? to)?.[0];
  const current = (prepared(
    database,
    `SELECT id, playlist_id, track_id, format('%!.17g', position) FROM main.playlist_entries WHERE id = ?`,
  )
    .raw()
    .get(id) ?? null) as RowImage;
  if (isSame(current, from)) return to === null || isTrack(database, to[2]) ? [{ from, to }] : [];
  const gone = (from ?? to)?.[2];
  if (isTrack(database, gone)) throw new ChangedSince();
  if (current === null) return [];
  // The file turned out to be that of another track, which has its place in the lists now.
  const joined: RowImage = from === null ? null : [from[0]!, from[1]!, current[2]!, from[3]!];
  if (!isSame(current, joined)) throw new ChangedSince();
  return [{ from: current, to: to === null ? null : [to[0]!, to[1]!, current[2]!, to[3]!] }];
}

function isTrack(database: Database, id: string | number | null | undefined): boolean {
  return prepared(database, 'SELECT 1 FROM main.tracks WHERE id = ?').get(id) !== undefined;
}

function deleteEntry(database: Database, from: RowImage): void {
  prepared(database, 'DELETE FROM main.playlist_entries WHERE id = ?').run(from?.[0]);
}

function putEntry(database: Database, row: NonNullable<RowImage>): void {
  prepared(
    database,
    `INSERT INTO main.playlist_entries (id, playlist_id, track_id, position) VALUES (?, ?, ?, CAST(? AS REAL))
     ON CONFLICT (id) DO UPDATE SET playlist_id = excluded.playlist_id, track_id = excluded.track_id,
       position = excluded.position`,
  ).run(...row);
}

function rate(database: Database, { from, to }: Step): boolean {
  const sql = 'UPDATE main.tracks SET rating = ? WHERE id = ? AND rating = ?';
  return prepared(database, sql).run(to?.[1], to?.[0], from?.[1]).changes === 1;
}

/** Not where they changed since, or the track was purged. */
function putMarks(database: Database, { from, to }: Step): boolean {
  const id = (from ?? to)?.[0];
  const columns = 'track_id, play_count, colour, cues, grid, source, at';
  const current = (prepared(database, `SELECT ${columns} FROM main.track_marks WHERE track_id = ?`)
    .raw()
    .get(id) ?? null) as RowImage;
  if (!isSame(current, from) || !isTrack(database, id)) return false;
  prepared(database, 'DELETE FROM main.track_marks WHERE track_id = ?').run(id);
  if (to !== null)
    prepared(database, `INSERT INTO main.track_marks (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`).run(...to);
  return true;
}

/** Not where the proposal was worked out anew, or written, since. */
function review(database: Database, { from, to }: Step): boolean {
  if (from === null || to === null) return false;
  return (
    prepared(
      database,
      `UPDATE main.tag_proposals SET proposed = ?, edited = ?, confidence = CAST(? AS REAL), evidence = ?
       WHERE id = ? AND proposed = ? AND edited = ? AND state <> 'written'`,
    ).run(to[1], to[2], to[3], to[4], from[0], from[1], from[2]).changes === 1
  );
}

/** All of one kind at once: there may be 100,000. Returns how many were as the step left them. */
function decide(database: Database, steps: readonly Step[]): number {
  const groups = new Map<string, { from: unknown; to: unknown; ids: unknown[] }>();
  for (const { from, to } of steps) {
    if (from === null || to === null) continue;
    const key = `${from[1]} ${to[1]}`;
    const group = groups.get(key) ?? { from: from[1], to: to[1], ids: [] };
    group.ids.push(from[0]);
    groups.set(key, group);
  }
  const update = prepared(
    database,
    `UPDATE main.tag_proposals SET state = @to
     WHERE state = @from AND id IN (SELECT value FROM json_each(@ids))`,
  );
  let changed = 0;
  for (const { from, to, ids } of groups.values())
    changed += update.run({ from, to, ids: JSON.stringify(ids) }).changes;
  return changed;
}

/** The subject, if the correction was as the step left it. */
function correct(database: Database, { from, to }: Step): readonly string[] {
  const image = (to ?? from) as NonNullable<RowImage>;
  const word = (row: RowImage): boolean | null => (row === null ? null : row[2] === 1);
  const subject = writeCorrection(database, {
    subject: String(image[0]),
    genre: String(image[1]),
    expected: word(from),
    fits: word(to),
    at: Number(image[3]),
  });
  return subject === null ? [] : [subject];
}

/** Whether the words were as the step left them. */
function correctSound(database: Database, { from, to }: Step): boolean {
  const image = (to ?? from) as NonNullable<RowImage>;
  const subject = currentSubject(database, String(image[0]));
  if (subject === null || !isSameWords(readSoundWords(database, subject), wordsOf(from))) return false;
  return writeSoundWords(database, subject, wordsOf(to), Number(image[7]));
}

function wordsOf(row: RowImage): SoundWords {
  if (row === null) return noSoundWords;
  const [, bpm, locked, beatSeconds, barSeconds, key, energy] = row;
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return {
    bpm: number(bpm),
    locked: locked === 1,
    beatSeconds: number(beatSeconds),
    barSeconds: number(barSeconds),
    key: typeof key === 'string' ? key : null,
    energy: number(energy),
  };
}
