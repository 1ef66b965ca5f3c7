/**
 * The user's own word on genres. It is kept by the hash of the audio: so it outlives new analyses, moves, retagging and
 * purging, and holds for every copy of the recording. As long as the audio of a track is not known (not analysed, or not
 * readable), it is kept by the track; a trigger of the database moves it when the hash is found.
 *
 * The search index of scores (analysis.genre_scores) holds what counts, corrections included; `refreshScores` makes it
 * so after a correction, storing an analysis does it too. The model's own values stay as they are in `predictions`.
 */
import type { GenreCorrection, TrackId } from '#shared/domain.ts';
import { bestModelOf, inOrderOf, nextUnindexed } from '../analysis/earlier-models.ts';
import { effectiveScores } from '../analysis/effective-scores.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import { correctedKey } from '../copy-work.ts';
import { readValue } from './settings.ts';

/** Hash of the audio in capital hex digits, or "t" and the id of a track whose audio is not known. */
export type Subject = string;

export interface WantedCorrection {
  readonly subject: Subject;
  /** Id of a label. */
  readonly genre: string;
  /** null: no word. */
  readonly fits: boolean | null;
  /** Only if it is so now; undefined: whatever it is. */
  readonly expected?: boolean | null;
  readonly at: number;
}

/** Whom a word on a track is about; null when there is no such track. */
export function subjectOf(database: Database, trackId: TrackId): Subject | null {
  const sql = `SELECT CASE WHEN audio_hash IS NULL THEN 't' || id ELSE hex(audio_hash) END FROM main.tracks WHERE id = ?`;
  return (prepared(database, sql).pluck().get(trackId) as string | undefined) ?? null;
}

/**
 * Stores, or takes away, one word. Call it inside a transaction, then `refreshScores`.
 * @returns the subject under which it is stored now; null when nothing changed
 */
export function writeCorrection(database: Database, wanted: WantedCorrection): Subject | null {
  const { genre, fits, at } = wanted;
  // A track that had no hash when the step was recorded may have one by now.
  const subject = wanted.subject.startsWith('t')
    ? subjectOf(database, Number(wanted.subject.slice(1)))
    : wanted.subject;
  if (subject === null) return null;
  const current = readWord(database, subject, genre);
  if (current === fits || (wanted.expected !== undefined && wanted.expected !== current)) return null;
  const { table, column, key } = placeOf(subject);
  if (fits === null) {
    prepared(database, `DELETE FROM main.${table} WHERE ${column} = ? AND genre = ?`).run(key, genre);
  } else {
    prepared(
      database,
      `INSERT INTO main.${table} (${column}, genre, fits, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (${column}, genre) DO UPDATE SET fits = excluded.fits, at = excluded.at`,
    ).run(key, genre, fits ? 1 : 0, at);
  }
  noteEvent(database, subject, genre, fits, at);
  return subject;
}

function placeOf(subject: Subject): { table: string; column: string; key: number | Buffer } {
  return subject.startsWith('t')
    ? { table: 'track_genre_corrections', column: 'track_id', key: Number(subject.slice(1)) }
    : { table: 'genre_corrections', column: 'audio_hash', key: Buffer.from(subject, 'hex') };
}

function readWord(database: Database, subject: Subject, genre: string): boolean | null {
  const { table, column, key } = placeOf(subject);
  const fits = prepared(database, `SELECT fits FROM main.${table} WHERE ${column} = ? AND genre = ?`)
    .pluck()
    .get(key, genre) as number | undefined;
  return fits === undefined ? null : fits === 1;
}

function noteEvent(
  database: Database,
  subject: Subject,
  genre: string,
  fits: boolean | null,
  at: number,
): void {
  const { column, key } = placeOf(subject);
  const value = fits === null ? 'clear' : fits ? 'yes' : 'no';
  prepared(
    database,
    `INSERT INTO main.track_events (track_id, at, kind, detail)
     SELECT id, @at, 'corrected', json_object('genre',
       coalesce((SELECT name FROM temp.current_labels WHERE id = @genre), @genre), 'value', @value)
     FROM main.tracks WHERE ${column === 'track_id' ? 'id' : column} = @key`,
  ).run({ at, genre, value, key });
}

/**
 * Makes the search index say what counts for these recordings. Call it inside the transaction of the corrections.
 * Subjects that are tracks are not in the index and need nothing.
 */
export function refreshScores(database: Database, subjects: Iterable<Subject>): void {
  const labels = prepared(database, 'SELECT id FROM temp.current_labels ORDER BY position').pluck();
  let genres: readonly string[] | null = null;
  for (const subject of new Set(subjects)) {
    if (subject.startsWith('t')) continue;
    genres ??= labels.all() as string[];
    refreshRecording(database, genres, Buffer.from(subject, 'hex'));
  }
}

interface HeardRow {
  readonly recordingId: number;
  /** The current one. */
  readonly modelId: number;
  readonly vector: Buffer | null;
  /** The model of the vector. */
  readonly heardBy: number | null;
  readonly labels: string | null;
}

function refreshRecording(database: Database, genres: readonly string[], audioHash: Buffer): void {
  const row = prepared(
    database,
    `SELECT recordings.id AS recordingId, model.id AS modelId, predictions.genres AS vector,
       models.id AS heardBy, models.labels
     FROM temp.current_model AS model
     CROSS JOIN analysis.recordings AS recordings
     LEFT JOIN analysis.predictions AS predictions
       ON predictions.recording_id = recordings.id AND predictions.model_id = ${bestModelOf('recordings.id')}
     LEFT JOIN analysis.models AS models ON models.id = predictions.model_id
     WHERE recordings.audio_hash = ?`,
  ).get(audioHash) as HeardRow | undefined;
  // Not heard yet: storing the analysis will look at the corrections.
  if (row === undefined) return;
  const own = new Float32Array(new Uint8Array(row.vector ?? []).buffer);
  const isEarlier = row.labels !== null && row.heardBy !== row.modelId;
  const vector = isEarlier ? inOrderOf(genres, row.labels, own) : own;
  writeScores(database, row, genres, vector, readCorrections(database, audioHash));
  noteChanged(database, audioHash);
}

/**
 * After a change of the model: the index says what the earlier one said of what the current one has not heard, in pages.
 * Call it inside a transaction.
 * @param after where the page begins; 0 at first
 * @returns how many recordings were indexed, and where the next page begins; null after the last
 */
export function indexEarlier(
  database: Database,
  after: number,
): { readonly indexed: number; readonly next: number | null } {
  const { hashes, next } = nextUnindexed(database, after);
  refreshScores(
    database,
    hashes.map((hash) => Buffer.from(hash).toString('hex')),
  );
  return { indexed: hashes.length, next };
}

/** Replaces what the index says of a recording. */
export function writeScores(
  database: Database,
  { recordingId, modelId }: { readonly recordingId: number; readonly modelId: number },
  genres: readonly string[],
  confidences: Float32Array,
  corrections: ReadonlyMap<string, boolean>,
): void {
  prepared(database, 'DELETE FROM analysis.genre_scores WHERE recording_id = ? AND model_id = ?').run(
    recordingId,
    modelId,
  );
  const insert = prepared(
    database,
    'INSERT INTO analysis.genre_scores (model_id, genre, recording_id, confidence) VALUES (?, ?, ?, ?)',
  );
  for (const [genre, confidence] of effectiveScores(genres, confidences, corrections)) {
    insert.run(modelId, genre, recordingId, confidence);
  }
}

/** What is kept in memory of the recording is old (see recording-feed.ts); without a feed nobody keeps it. */
function noteChanged(database: Database, audioHash: Buffer): void {
  const feed = prepared(database, `SELECT 1 FROM temp.sqlite_schema WHERE name = 'changed_recordings'`).get();
  if (feed === undefined) return;
  prepared(database, 'INSERT OR IGNORE INTO temp.changed_recordings VALUES (?)').run(audioHash);
}

/** The user's words on a recording. */
export function readCorrections(database: Database, audioHash: Uint8Array): ReadonlyMap<string, boolean> {
  const rows = prepared(database, 'SELECT genre, fits FROM main.genre_corrections WHERE audio_hash = ?').all(
    audioHash,
  ) as { genre: string; fits: number }[];
  return new Map(rows.map(({ genre, fits }) => [genre, fits === 1]));
}

/** The user's words on a track, newest first. Genres that the model no longer has keep their id as a name. */
export function readTrackCorrections(database: Database, trackId: TrackId): readonly GenreCorrection[] {
  return prepared(
    database,
    `WITH words AS (
       SELECT genre, fits, at FROM main.genre_corrections
         WHERE audio_hash = (SELECT audio_hash FROM main.tracks WHERE id = @trackId)
       UNION ALL SELECT genre, fits, at FROM main.track_genre_corrections WHERE track_id = @trackId)
     SELECT words.genre AS id, coalesce(labels.name, words.genre) AS genre,
       CASE fits WHEN 1 THEN 'yes' ELSE 'no' END AS value, at
     FROM words LEFT JOIN temp.current_labels AS labels ON labels.id = words.genre
     ORDER BY at DESC, words.genre`,
  ).all({ trackId }) as GenreCorrection[];
}

/** Labels that the user gave to tracks whose audio is not known: positions in the model's labels, by track. */
export function readWordsOfTracks(database: Database): ReadonlyMap<TrackId, readonly number[]> {
  const rows = prepared(
    database,
    `SELECT words.track_id AS trackId, json_group_array(labels.position) AS labels FROM main.track_genre_corrections AS words
     JOIN temp.current_labels AS labels ON labels.id = words.genre WHERE words.fits = 1 GROUP BY words.track_id`,
  ).all() as { trackId: TrackId; labels: string }[];
  return new Map(rows.map(({ trackId, labels }) => [trackId, JSON.parse(labels) as number[]]));
}

/** Those of them that are there now and carry one of these labels. */
export function readOwnTracks(database: Database, genres: readonly string[]): readonly TrackId[] {
  return prepared(
    database,
    `SELECT DISTINCT words.track_id FROM main.track_genre_corrections AS words
     JOIN main.tracks AS tracks ON tracks.id = words.track_id
     WHERE words.fits = 1 AND tracks.state = 'present' AND words.genre IN (SELECT value FROM json_each(?))
     ORDER BY words.track_id`,
  )
    .pluck()
    .all(JSON.stringify(genres)) as TrackId[];
}

/**
 * After a backup took the library's place: the search index says what its corrections say. Call it once a model is in use.
 * @returns whether that was so
 */
export function refreshRestored(storage: {
  readonly database: Database;
  write<T>(work: () => T): T;
}): boolean {
  const { database } = storage;
  const hashes = readValue(database, correctedKey);
  if (!Array.isArray(hashes)) return false;
  storage.write(() => {
    refreshScores(
      database,
      hashes.filter((hash) => typeof hash === 'string'),
    );
    prepared(database, 'DELETE FROM main.settings WHERE key = ?').run(correctedKey);
  });
  return true;
}
