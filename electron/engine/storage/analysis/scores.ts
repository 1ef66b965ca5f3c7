/** What the current model says of each recording, and how many tracks of the library hold it. */
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** A label of the current model, in the order of `position`. */
export interface CurrentLabel {
  readonly id: string;
  readonly name: string;
  /** Id of the family, null for a family itself. */
  readonly parent: string | null;
  readonly threshold: number;
  readonly known: 'well' | 'fairly' | 'hardly';
  readonly position: number;
}

export interface ScoredRecording {
  readonly id: number;
  /** SHA-256 of the audio packets, 32 bytes. */
  readonly audioHash: Uint8Array;
  /** Tracks that hold it, whatever their state. */
  readonly trackIds: readonly number[];
  /** Those of them that are not missing. */
  readonly reachableCount: number;
  /** Unit length; null when the current model has not heard it. */
  readonly embedding: Float32Array | null;
  /** Whether any model has: labels are then those of an earlier one, where the current one has not. */
  readonly heard: boolean;
  /** Moods, instruments and voice, 0..1 in the model's order; null as for the embedding. */
  readonly tags: Float32Array | null;
  /** Positions of the labels and their confidences, side by side. */
  readonly labels: readonly number[];
  readonly confidences: readonly number[];
}

/** The genre labels of the current model, families and styles in the model's order. */
export function readCurrentLabels(database: Database): readonly CurrentLabel[] {
  return database
    .prepare('SELECT id, name, parent, threshold, known, position FROM temp.current_labels ORDER BY position')
    .all() as CurrentLabel[];
}

/** A mood, an instrument or a kind of voice of the current model. */
export interface CurrentTag {
  /** 'mood/dark', 'instrument/piano', 'voice/female' */
  readonly id: string;
  readonly name: string;
  readonly threshold: number;
  readonly position: number;
}

/** The tags of the current model in its order. */
export function readCurrentTags(database: Database): readonly CurrentTag[] {
  return database
    .prepare('SELECT id, name, threshold, position FROM temp.current_tags ORDER BY position')
    .all() as CurrentTag[];
}

interface RecordingRow {
  readonly id: number;
  readonly audioHash: Uint8Array;
  /** JSON */
  readonly trackIds: string;
  readonly reachableCount: number;
  readonly embedding: Uint8Array | null;
  readonly tags: Uint8Array | null;
  readonly heard: number;
}
interface ScoreRow {
  readonly recordingId: number;
  readonly position: number;
  readonly confidence: number;
}

const recordingColumns = `
  recordings.id, recordings.audio_hash AS audioHash, predictions.embedding, predictions.tags,
  EXISTS (SELECT 1 FROM analysis.predictions WHERE recording_id = recordings.id) AS heard,
  (SELECT json_group_array(id) FROM main.tracks WHERE tracks.audio_hash = recordings.audio_hash) AS trackIds,
  (SELECT count(*) FROM main.tracks WHERE tracks.audio_hash = recordings.audio_hash
   AND tracks.state <> 'missing') AS reachableCount
FROM analysis.recordings
LEFT JOIN analysis.predictions ON predictions.recording_id = recordings.id
  AND predictions.model_id = (SELECT id FROM temp.current_model)`;

export interface RecordingReader {
  /** The highest id there is; 0 for none. Ids are given in turn, so there are hardly fewer recordings. */
  lastId(): number;
  /** The next ones by id: for reading all of them in slices. */
  after(id: number, limit: number): readonly ScoredRecording[];
  /** The one of a hash; null when nothing is known of it (any more). */
  ofHash(audioHash: Uint8Array): ScoredRecording | null;
}

export function createRecordingReader(database: Database): RecordingReader {
  const after = database.prepare(
    `SELECT ${recordingColumns} WHERE recordings.id > ? ORDER BY recordings.id LIMIT ?`,
  );
  const lastId = database.prepare('SELECT max(id) FROM analysis.recordings').pluck();
  const ofHash = database.prepare(`SELECT ${recordingColumns} WHERE recordings.audio_hash = ?`);
  const scores = database.prepare(`
    SELECT genre_scores.recording_id AS recordingId, current_labels.position, genre_scores.confidence
    FROM json_each(?) AS wanted
    CROSS JOIN temp.current_model
    CROSS JOIN analysis.genre_scores
      ON genre_scores.recording_id = wanted.value AND genre_scores.model_id = current_model.id
    JOIN temp.current_labels ON current_labels.id = genre_scores.genre`);

  function withScores(rows: readonly RecordingRow[]): readonly ScoredRecording[] {
    const found = new Map(
      rows.map((row) => [row.id, { labels: [] as number[], confidences: [] as number[] }]),
    );
    for (const score of scores.all(JSON.stringify([...found.keys()])) as ScoreRow[]) {
      const own = found.get(score.recordingId);
      own?.labels.push(score.position);
      own?.confidences.push(score.confidence);
    }
    return rows.map((row) => ({
      ...row,
      ...found.get(row.id)!,
      trackIds: JSON.parse(row.trackIds) as number[],
      embedding: row.embedding === null ? null : toFloat32(row.embedding),
      tags: row.tags === null ? null : toFloat32(row.tags),
      heard: row.heard === 1,
    }));
  }

  return {
    lastId: () => (lastId.get() as number | null) ?? 0,
    after: (id, limit) => withScores(after.all(id, limit) as RecordingRow[]),
    ofHash(audioHash) {
      const row = ofHash.get(audioHash) as RecordingRow | undefined;
      return row === undefined ? null : withScores([row])[0]!;
    },
  };
}

/** The hash of a track's audio; null while unknown, undefined when there is no such track. */
export function readAudioHash(database: Database, trackId: number): Uint8Array | null | undefined {
  return database.prepare('SELECT audio_hash FROM main.tracks WHERE id = ?').pluck().get(trackId) as
    Uint8Array | null | undefined;
}

/** Ids of the tracks that hold a recording: present ones first, then offline ones, then the oldest. Missing ones are left out. */
export function readTracksOfRecording(database: Database, audioHash: Uint8Array): readonly number[] {
  return prepared(
    database,
    `SELECT id FROM main.tracks WHERE audio_hash = ? AND state <> 'missing' ORDER BY state <> 'present', id`,
  )
    .pluck()
    .all(audioHash) as number[];
}

/** Ids of the tracks that hold a recording and whose files are there, the oldest first. */
export function readPresentTracksOfRecording(database: Database, audioHash: Uint8Array): readonly number[] {
  return prepared(
    database,
    `SELECT id FROM main.tracks WHERE audio_hash = ? AND state = 'present' ORDER BY id`,
  )
    .pluck()
    .all(audioHash) as number[];
}

/** A copy: rows of a blob lie at any offset, float arrays only at multiples of four. */
function toFloat32(blob: Uint8Array): Float32Array {
  return new Float32Array(blob.slice().buffer);
}
