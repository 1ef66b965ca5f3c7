/** A real library in a temporary folder, with tracks and predictions put straight into it: for tests of what reads them. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { ModelManifest } from '#engine/analysis/model-manifest.ts';
import type { TrackSound, TrackState } from '#shared/domain.ts';
import { useModel } from './analysis/current-model.ts';
import { writeHeardTags } from './analysis/heard-tags.ts';
import { storeSound } from './analysis/sounds.ts';
import { openStorage } from './open.ts';
import type { Storage } from './open.ts';

export interface FilledTrack {
  /** Relative to /music. */
  readonly path: string;
  /** Tracks with the same one hold the same audio; default: the path. null: not analysed. */
  readonly recording?: string | null;
  /** Label id → confidence. */
  readonly genres?: Readonly<Record<string, number>>;
  readonly embedding?: readonly number[];
  /** Moods and instruments in the order of `fixtureTags`. */
  readonly tags?: readonly number[];
  readonly state?: TrackState;
  readonly title?: string;
  readonly artist?: string;
  readonly durationSeconds?: number;
  /** What was measured of the recording. */
  readonly sound?: FilledSound;
}

export interface FilledSound {
  readonly bpm?: number;
  readonly key?: string;
  readonly energy?: number;
  readonly lufs?: number;
}

export interface FilledLibrary {
  readonly storage: Storage;
  readonly modelId: number;
  /** Adds a track and what the model says of it; returns its id. */
  add(track: FilledTrack): number;
  /** What the model says of a recording, stored as the analysis does. */
  predict(
    recording: string,
    genres: Readonly<Record<string, number>>,
    embedding: readonly number[],
    tags?: readonly number[],
  ): void;
  /** What was measured of a recording, stored as the analysis does. */
  measure(recording: string, sound: FilledSound): void;
  remove(): void;
}

/** Of a plain recording: what is not given is null. */
export function soundOf({ bpm, key, energy, lufs }: FilledSound): TrackSound {
  return {
    tempo:
      bpm === undefined
        ? null
        : {
            bpm,
            confidence: 0.9,
            candidates: [{ bpm: bpm / 2, confidence: 0.1 }],
            grid: {
              kind: 'constant',
              bpm,
              firstBeatSeconds: 0.1,
              firstDownbeat: 0,
              beatsPerBar: 4,
              beats: null,
            },
          },
    key: key === undefined ? null : { key, confidence: 0.8, second: null, tuningCents: 0 },
    loudness: { integratedLufs: lufs ?? null, rangeLu: null, truePeakDb: null },
    quality: {
      clippedShare: 0,
      dcOffset: 0,
      leadingSilenceSeconds: 0,
      trailingSilenceSeconds: 0,
      cutoffHz: null,
      likelyTranscode: false,
    },
    character:
      energy === undefined ? null : { energy, danceability: 0.5, brightness: 0.5, percussiveness: 0.5 },
    sections: [],
    cues: [],
  };
}

const label = (id: string, name: string, threshold: number): ModelManifest['genres'][number] => ({
  id,
  name,
  threshold,
  known: 'well',
  scale: 1,
  shift: 0,
});

/** Two families with two styles each. */
export const fixtureGenres = [
  label('electronic', 'Electronic', 0.5),
  label('electronic/house', 'House', 0.4),
  label('electronic/techno', 'Techno', 0.4),
  label('rock', 'Rock', 0.5),
  label('rock/metal', 'Metal', 0.6),
  label('rock/punk', 'Punk', 0.3),
];

export const fixtureTags = [
  label('mood/dark', 'Dark', 0.5),
  label('mood/happy', 'Happy', 0.5),
  label('instrument/piano', 'Piano', 0.5),
  label('voice/female', 'Female', 0.5),
];

export function hashOf(recording: string): Buffer {
  return createHash('sha256').update(recording).digest();
}

/** `embeddingSize` numbers an embedding (shorter ones are filled up with zeros, then made unit length). */
export function openFilledLibrary(
  embeddingSize = 4,
  tracks: readonly FilledTrack[] = [],
  labels: Pick<ModelManifest, 'genres' | 'tags'> = { genres: fixtureGenres, tags: fixtureTags },
): FilledLibrary {
  const folder = mkdtempSync(join(tmpdir(), 'cratewise-filled-'));
  const storage = openStorage({
    libraryFile: join(folder, 'library.db'),
    clock: () => 1_700_000_000_000,
    log: pino({ level: 'silent' }),
  });
  const { database } = storage;
  const modelId = useModel(database, {
    version: 'test-1',
    ...labels,
  } as never);
  const folderId = database
    .prepare(`INSERT INTO folders (path, added_at) VALUES ('/music', 1)`)
    .run().lastInsertRowid;
  const insertTrack = database.prepare(
    `INSERT INTO tracks (folder_id, relative_path, size_bytes, modified_at, added_at, audio_hash, analysis, state, title, artist, duration_seconds)
     VALUES (?, ?, 1000, 1, 1, ?, ?, ?, ?, ?, ?)`,
  );
  const insertRecording = database.prepare(
    'INSERT OR IGNORE INTO analysis.recordings (audio_hash, duration_seconds, analysed_at) VALUES (?, 60, 1)',
  );
  const findRecording = database.prepare('SELECT id FROM analysis.recordings WHERE audio_hash = ?').pluck();
  const insertPrediction = database.prepare(
    `INSERT OR REPLACE INTO analysis.predictions (recording_id, model_id, analysis_version, embedding, genres, tags,
       segment_seconds, segment_genres, window_seconds, window_embeddings)
     VALUES (?, ?, 1, ?, ?, ?, 1, x'', 1, x'')`,
  );
  const clearScores = database.prepare('DELETE FROM analysis.genre_scores WHERE recording_id = ?');
  const insertScore = database.prepare(
    'INSERT INTO analysis.genre_scores (model_id, genre, recording_id, confidence) VALUES (?, ?, ?, ?)',
  );

  const library: FilledLibrary = {
    storage,
    modelId,
    add(track) {
      const recording = track.recording === undefined ? track.path : track.recording;
      const { lastInsertRowid } = insertTrack.run(
        folderId,
        track.path,
        recording === null ? null : hashOf(recording),
        recording === null ? 'pending' : 'done',
        track.state ?? 'present',
        track.title ?? null,
        track.artist ?? null,
        track.durationSeconds ?? null,
      );
      if (recording !== null && (track.genres !== undefined || track.embedding !== undefined)) {
        library.predict(recording, track.genres ?? {}, track.embedding ?? [1], track.tags);
      }
      if (recording !== null && track.sound !== undefined) library.measure(recording, track.sound);
      return Number(lastInsertRowid);
    },
    predict: database.transaction(
      (
        recording: string,
        genres: Readonly<Record<string, number>>,
        embedding: readonly number[],
        tags: readonly number[] = [],
      ) => {
        insertRecording.run(hashOf(recording));
        const id = findRecording.get(hashOf(recording)) as number;
        insertPrediction.run(
          id,
          modelId,
          Buffer.from(unit(embedding, embeddingSize).buffer),
          Buffer.from(Float32Array.from(fixtureGenres, ({ id: genre }) => genres[genre] ?? 0).buffer),
          Buffer.from(Float32Array.from(tags).buffer),
        );
        writeHeardTags(database, { recordingId: id, modelId }, Float32Array.from(tags));
        clearScores.run(id);
        for (const [genre, confidence] of Object.entries(genres))
          insertScore.run(modelId, genre, id, confidence);
      },
    ),
    measure(recording, sound) {
      insertRecording.run(hashOf(recording));
      storeSound(database, findRecording.get(hashOf(recording)) as number, 1, soundOf(sound));
    },
    remove() {
      storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  for (const track of tracks) library.add(track);
  return library;
}

function unit(values: readonly number[], size: number): Float32Array {
  const length = Math.hypot(...values);
  const result = new Float32Array(size);
  values.forEach((value, index) => (result[index] = value / length));
  return result;
}
