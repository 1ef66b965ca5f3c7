/** Results of the analyser: recordings by the hash of their audio, and what each model version says of them. */
import type { TrackId } from '#shared/domain.ts';
import { SOUND_VERSION, WAVEFORM_VERSION } from '#engine/analysis/protocol.ts';
import type { KnownPrediction, TrackAnalysis, TrackPrediction } from '#engine/analysis/protocol.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import { adoptMoved, releaseMistaken } from '../library/adopt-moved.ts';
import { readCorrections, refreshScores, subjectOf, writeScores } from '../library/corrections.ts';
import { clearTrackError } from '../library/errors.ts';
import { removeFromQueue } from '../library/queue.ts';
import { writeHeardTags } from './heard-tags.ts';
import { storeSound } from './sounds.ts';
import { storeWaveform } from './waveforms.ts';

/** The model that wrote the values, as the database knows it. */
export interface CurrentModel {
  readonly id: number;
  /** Ids of the labels, in the order of the vectors. */
  readonly genres: readonly string[];
}

/** A request of the queue that is now answered. */
export interface AnsweredTrack {
  readonly trackId: TrackId;
  readonly queuedAt: number;
}

/**
 * Stores what an analysis found and takes the track from the queue. Call it inside a transaction.
 * When the track was queued anew meanwhile (its file changed), only the recording is kept.
 */
export function storeAnalysis(
  database: Database,
  model: CurrentModel,
  track: AnsweredTrack,
  analysis: TrackAnalysis,
  now: number,
): void {
  const recordingId = storeRecording(database, analysis, now);
  storePrediction(database, model.id, recordingId, analysis);
  const corrections = readCorrections(database, analysis.audioHash);
  const key = { recordingId, modelId: model.id };
  writeScores(database, key, model.genres, analysis.prediction.genres, corrections);
  writeHeardTags(database, key, analysis.prediction.tags);
  storeSound(database, recordingId, SOUND_VERSION, analysis.sound);
  storeWaveform(database, analysis.audioHash, WAVEFORM_VERSION, analysis.waveform);
  answerTrack(database, track, analysis.audioHash, now);
}

/**
 * The track holds a recording whose result is there already: makes it count for the track, too, and takes the
 * track from the queue. Call it inside a transaction.
 */
export function answerTrack(
  database: Database,
  track: AnsweredTrack,
  audioHash: Uint8Array,
  now: number,
): void {
  if (!removeFromQueue(database, track.trackId, track.queuedAt)) return;
  // A file that was taken for a moved track may hold other audio: then it is a track of its own.
  const heldBy = releaseMistaken(database, track.trackId, audioHash, now);
  // A file that looked new may be a missing track's, renamed and retagged: then that track has it again.
  const trackId = adoptMoved(database, heldBy, audioHash);
  // The decoded length is the true one: tags and headers only claim.
  prepared(
    database,
    `UPDATE main.tracks SET audio_hash = @audioHash, hash_verified = 1, analysis = 'done', duration_seconds = coalesce(
         (SELECT duration_seconds FROM analysis.recordings WHERE audio_hash = @audioHash), duration_seconds)
       WHERE id = @trackId`,
  ).run({ audioHash, trackId });
  // The user may have had a word on the track before its audio was known.
  if (readCorrections(database, audioHash).size > 0)
    refreshScores(database, [subjectOf(database, trackId) ?? '']);
  clearTrackError(database, trackId, ['analysis']);
}

/** Whether the recording has a result of that model and analysis version, and all else was measured as it is now. */
export function isAnalysed(
  database: Database,
  modelId: number,
  analysisVersion: number,
  audioHash: Uint8Array,
): boolean {
  return (
    prepared(
      database,
      `SELECT 1 FROM analysis.recordings AS recordings
         JOIN analysis.predictions AS predictions ON predictions.recording_id = recordings.id
         JOIN analysis.sounds AS sounds ON sounds.recording_id = recordings.id
         WHERE recordings.audio_hash = ? AND predictions.model_id = ? AND predictions.analysis_version = ?
           AND sounds.version = ?`,
    ).get(audioHash, modelId, analysisVersion, SOUND_VERSION) !== undefined
  );
}

/**
 * What the model said before of the audio, where it would say the same again: of recordings that only lack newer
 * measurements the network, which takes most of the time, is not asked.
 */
export function readKnown(
  database: Database,
  modelId: number,
  analysisVersion: number,
  audioHash: Uint8Array | null,
): { readonly known?: KnownPrediction } {
  const stored = audioHash === null ? null : readPrediction(database, modelId, audioHash);
  if (audioHash === null || stored?.analysisVersion !== analysisVersion) return {};
  const { embedding, genres, tags, segmentSeconds, segmentGenres, windowSeconds, windowEmbeddings } = stored;
  return {
    known: {
      audioHash,
      prediction: { embedding, genres, tags, segmentSeconds, segmentGenres, windowSeconds, windowEmbeddings },
    },
  };
}

/**
 * How many results belong to no track: more than none when the library was lost or rebuilt, or files came back.
 * Then hashing a file before analysing it pays.
 */
export function countUnclaimed(database: Database, modelId: number, analysisVersion: number): number {
  const row = prepared(
    database,
    `SELECT count(*) AS count FROM analysis.predictions AS predictions
       JOIN analysis.recordings AS recordings ON recordings.id = predictions.recording_id
       WHERE predictions.model_id = ? AND predictions.analysis_version = ?
       AND NOT EXISTS (SELECT 1 FROM main.tracks AS tracks WHERE tracks.audio_hash = recordings.audio_hash)`,
  ).get(modelId, analysisVersion) as { count: number };
  return row.count;
}

/** A stored result as the analyser gave it. */
export interface StoredPrediction extends TrackPrediction {
  readonly recordingId: number;
  readonly analysisVersion: number;
  /** As decoded. */
  readonly durationSeconds: number;
  readonly damaged: string | null;
}

interface RawPrediction {
  readonly recordingId: number;
  readonly analysisVersion: number;
  readonly durationSeconds: number;
  readonly damaged: string | null;
  readonly embedding: Buffer;
  readonly genres: Buffer;
  readonly tags: Buffer;
  readonly segmentSeconds: number;
  readonly segmentGenres: Buffer;
  readonly windowSeconds: number;
  readonly windowEmbeddings: Buffer;
}

/** What the model says of a recording; null when it has not heard it. */
export function readPrediction(
  database: Database,
  modelId: number,
  audioHash: Uint8Array,
): StoredPrediction | null {
  const row = prepared(
    database,
    `SELECT recordings.id AS recordingId, recordings.duration_seconds AS durationSeconds, recordings.damaged,
       analysis_version AS analysisVersion, embedding, genres, tags, segment_seconds AS segmentSeconds,
       segment_genres AS segmentGenres, window_seconds AS windowSeconds, window_embeddings AS windowEmbeddings
     FROM analysis.recordings AS recordings
     JOIN analysis.predictions AS predictions ON predictions.recording_id = recordings.id
     WHERE recordings.audio_hash = ? AND predictions.model_id = ?`,
  ).get(audioHash, modelId) as RawPrediction | undefined;
  if (row === undefined) return null;
  return {
    ...row,
    embedding: toFloats(row.embedding),
    genres: toFloats(row.genres),
    tags: toFloats(row.tags),
    segmentGenres: new Uint8Array(row.segmentGenres),
    windowEmbeddings: new Int8Array(new Uint8Array(row.windowEmbeddings).buffer),
  };
}

/** The embeddings of all recordings that a model has heard, one after the other. */
export function* readEmbeddings(
  database: Database,
  modelId: number,
): Generator<{ readonly recordingId: number; readonly embedding: Float32Array }> {
  // Not a kept statement: iterating holds it, and two may iterate at once.
  const statement = database.prepare(
    'SELECT recording_id AS recordingId, embedding FROM analysis.predictions WHERE model_id = ?',
  );
  for (const row of statement.iterate(modelId) as IterableIterator<{
    recordingId: number;
    embedding: Buffer;
  }>) {
    yield { recordingId: row.recordingId, embedding: toFloats(row.embedding) };
  }
}

function storeRecording(database: Database, analysis: TrackAnalysis, now: number): number {
  return prepared(
    database,
    `INSERT INTO analysis.recordings (audio_hash, duration_seconds, damaged, analysed_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (audio_hash) DO UPDATE SET
         duration_seconds = excluded.duration_seconds, damaged = excluded.damaged, analysed_at = excluded.analysed_at
       RETURNING id`,
  )
    .pluck()
    .get(analysis.audioHash, analysis.durationSeconds, analysis.damaged, now) as number;
}

function storePrediction(
  database: Database,
  modelId: number,
  recordingId: number,
  { analysisVersion, prediction }: TrackAnalysis,
): void {
  prepared(
    database,
    `INSERT INTO analysis.predictions (recording_id, model_id, analysis_version, embedding, genres, tags,
         segment_seconds, segment_genres, window_seconds, window_embeddings)
       VALUES (@recordingId, @modelId, @analysisVersion, @embedding, @genres, @tags,
         @segmentSeconds, @segmentGenres, @windowSeconds, @windowEmbeddings)
       ON CONFLICT (recording_id, model_id) DO UPDATE SET
         analysis_version = excluded.analysis_version, embedding = excluded.embedding, genres = excluded.genres,
         tags = excluded.tags, segment_seconds = excluded.segment_seconds, segment_genres = excluded.segment_genres,
         window_seconds = excluded.window_seconds, window_embeddings = excluded.window_embeddings`,
  ).run({
    recordingId,
    modelId,
    analysisVersion,
    embedding: toBlob(prediction.embedding),
    genres: toBlob(prediction.genres),
    tags: toBlob(prediction.tags),
    segmentSeconds: prediction.segmentSeconds,
    segmentGenres: toBlob(prediction.segmentGenres),
    windowSeconds: prediction.windowSeconds,
    windowEmbeddings: toBlob(prediction.windowEmbeddings),
  });
}

/** All systems that Cratewise runs on are little-endian, as the blobs are. */
function toBlob(values: Float32Array | Uint8Array | Int8Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

/** Copied: a Buffer of the database need not begin at a multiple of four bytes. */
function toFloats(blob: Buffer): Float32Array {
  return new Float32Array(new Uint8Array(blob).buffer);
}
