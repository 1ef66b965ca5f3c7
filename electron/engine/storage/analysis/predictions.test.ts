import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '#shared/log.ts';
import type { TrackAnalysis } from '#engine/analysis/protocol.ts';
import { recordTrackError } from '../library/errors.ts';
import { enqueue, nextInQueue } from '../library/queue.ts';
import { openStorage } from '../open.ts';
import type { Storage } from '../open.ts';
import {
  answerTrack,
  countUnclaimed,
  isAnalysed,
  readEmbeddings,
  readPrediction,
  storeAnalysis,
} from './predictions.ts';
import { soundOf } from '../filled-library.fixture.ts';

let folder: string;
let storage: Storage;
const model = { id: 5, genres: ['a', 'b', 'c'] };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-predictions-'));
  storage = openStorage({ libraryFile: join(folder, 'library.db'), clock: () => 1, log: silentLog });
  storage.database.exec(`
    INSERT INTO folders (id, path, added_at) VALUES (1, '/music', 1);
    INSERT INTO tracks (folder_id, relative_path, size_bytes, modified_at, added_at) VALUES (1, 'one', 1, 1, 1), (1, 'two', 1, 1, 1);
    INSERT INTO analysis.models (id, version, labels) VALUES (4, 'old', '{}'), (5, 'new', '{}');
  `);
  enqueue(storage.database, [1, 2], 'analyse', { now: 1 });
});
afterEach(() => {
  storage.close();
  rmSync(folder, { recursive: true, force: true });
});

function analysis(byte: number, changes: Partial<TrackAnalysis> = {}): TrackAnalysis {
  return {
    audioHash: new Uint8Array(32).fill(byte),
    durationSeconds: 123.4,
    damaged: null,
    modelVersion: 'new',
    analysisVersion: 1,
    prediction: {
      embedding: Float32Array.of(0.6, -0.8),
      genres: Float32Array.of(0.9, 0.05, 0.049),
      tags: Float32Array.of(0.25),
      segmentSeconds: 5,
      segmentGenres: Uint8Array.of(255, 1, 0, 3, 2, 1),
      windowSeconds: 14.5,
      windowEmbeddings: Int8Array.of(76, -102, -128, 127),
    },
    waveform: { secondsPerPoint: 100, peaks: Uint8Array.of(10, 20, 30, 40, 50, 60) },
    sound: soundOf({ bpm: 120, key: '8A', energy: 5, lufs: -9 }),
    timings: { decode: 1, frontEnd: 2, waveform: 1, sound: 1, model: 3 },
    ...changes,
  };
}

const request = (trackId: number) =>
  nextInQueue(storage.database, 9).find((track) => track.trackId === trackId)!;
const track = (id: number) =>
  storage.database
    .prepare('SELECT analysis, audio_hash AS hash, hash_verified AS verified FROM tracks WHERE id = ?')
    .get(id);
const scores = () =>
  storage.database.prepare('SELECT genre FROM analysis.genre_scores ORDER BY genre').pluck().all();

describe('storeAnalysis', () => {
  it('keeps every value as it was and takes the track from the queue', () => {
    recordTrackError(storage.database, 1, { stage: 'analysis', code: 'file-corrupt', detail: 'x' }, 1);
    const result = analysis(1, { damaged: 'A bit.' });
    storeAnalysis(storage.database, model, request(1), result, 99);
    const stored = readPrediction(storage.database, 5, result.audioHash);
    expect(stored).toEqual({
      ...result.prediction,
      recordingId: 1,
      analysisVersion: 1,
      durationSeconds: 123.4,
      damaged: 'A bit.',
    });
    expect(scores()).toEqual(['a', 'b']);
    expect(track(1)).toEqual({ analysis: 'done', hash: Buffer.from(result.audioHash), verified: 1 });
    expect(nextInQueue(storage.database, 9).map(({ trackId }) => trackId)).toEqual([2]);
    expect(storage.database.prepare('SELECT count(*) FROM track_errors').pluck().get()).toBe(0);
    expect(readPrediction(storage.database, 4, result.audioHash)).toBeNull();
  });

  it('replaces a result of the same model, and keeps those of others', () => {
    storeAnalysis(storage.database, { ...model, id: 4 }, request(1), analysis(1), 1);
    storeAnalysis(storage.database, model, request(2), analysis(1), 1);
    const { prediction } = analysis(1);
    storeAnalysis(
      storage.database,
      model,
      { trackId: 2, queuedAt: 1 },
      analysis(1, { analysisVersion: 2, prediction: { ...prediction, genres: Float32Array.of(0, 0, 1) } }),
      2,
    );
    expect(readPrediction(storage.database, 5, new Uint8Array(32).fill(1))?.analysisVersion).toBe(2);
    expect(readPrediction(storage.database, 4, new Uint8Array(32).fill(1))?.analysisVersion).toBe(1);
    expect(
      storage.database.prepare('SELECT genre FROM analysis.genre_scores WHERE model_id = 5').pluck().all(),
    ).toEqual(['c']);
    expect(storage.database.prepare('SELECT count(*) FROM analysis.recordings').pluck().get()).toBe(1);
  });

  it('keeps only the recording when the file changed meanwhile', () => {
    const old = request(1);
    enqueue(storage.database, [1], 'analyse', { now: 1 });
    storeAnalysis(storage.database, model, old, analysis(1), 1);
    expect(track(1)).toEqual({ analysis: 'pending', hash: null, verified: 0 });
    expect(nextInQueue(storage.database, 9)).toHaveLength(2);
    expect(isAnalysed(storage.database, 5, 1, analysis(1).audioHash)).toBe(true);
  });
});

describe('known recordings', () => {
  it('are counted while no track claims them, and answer a copy', () => {
    const { audioHash } = analysis(1);
    storeAnalysis(storage.database, model, { trackId: 99, queuedAt: 1 }, analysis(1), 1);
    expect(countUnclaimed(storage.database, 5, 1)).toBe(1);
    expect(countUnclaimed(storage.database, 5, 2)).toBe(0);
    expect(isAnalysed(storage.database, 5, 2, audioHash)).toBe(false);
    answerTrack(storage.database, request(1), audioHash, 1);
    expect(track(1)).toMatchObject({ analysis: 'done', verified: 1 });
    expect(countUnclaimed(storage.database, 5, 1)).toBe(0);
  });

  it('give their embeddings one after the other', () => {
    storeAnalysis(storage.database, model, request(1), analysis(1), 1);
    storeAnalysis(storage.database, model, request(2), analysis(2), 1);
    const all = [...readEmbeddings(storage.database, 5)];
    expect(all).toEqual(
      [1, 2].map((recordingId) => ({ recordingId, embedding: Float32Array.of(0.6, -0.8) })),
    );
    expect([...readEmbeddings(storage.database, 4)]).toEqual([]);
  });
});
