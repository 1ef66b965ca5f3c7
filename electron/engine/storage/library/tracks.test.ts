import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelManifest } from '#engine/analysis/model-manifest.ts';
import { silentLog } from '#shared/log.ts';
import { useModel } from '../analysis/current-model.ts';
import { storeAnalysis } from '../analysis/predictions.ts';
import { openStorage } from '../open.ts';
import type { Storage } from '../open.ts';
import { adoptMoved } from './adopt-moved.ts';
import { readCounts } from './counts.ts';
import { clearTrackError, recordTrackError } from './errors.ts';
import { addFolder } from './folders.ts';
import { insertEntries, readEntries } from './playlist-entries.ts';
import { insertNode } from './playlists.ts';
import { enqueue } from './queue.ts';
import { readTrackDetail } from './track-detail.ts';
import { readTracks } from './track-rows.ts';
import {
  emptyTags,
  findByFingerprint,
  findByPath,
  insertTrack,
  pageOfFolder,
  sampleOfFolder,
  setRating,
  setState,
  tracksBelow,
} from './tracks.ts';
import type { TrackTags } from './tracks.ts';
import { soundOf } from '../filled-library.fixture.ts';

let folder: string;
let storage: Storage;
let folderId: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-tracks-'));
  storage = openStorage({ libraryFile: join(folder, 'library.db'), clock: Date.now, log: silentLog });
  folderId = addFolder(storage.database, { path: '/music', volumeId: null, volumePath: null, addedAt: 1 }).id;
});
afterEach(() => {
  storage.close();
  rmSync(folder, { recursive: true, force: true });
});

function add(relativePath: string, tags: Partial<TrackTags> = {}, addedAt = 5): number {
  return insertTrack(storage.database, {
    folderId,
    relativePath,
    sizeBytes: relativePath.length,
    modifiedAt: 1000.25,
    inode: null,
    addedAt,
    analysis: 'pending',
    tagsRead: 1,
    tags: { ...emptyTags, ...tags },
  });
}

const label = { known: 'well', scale: 1, shift: 0 } as const;
const manifest = {
  version: 'test-1',
  genres: [
    { ...label, id: 'electronic', name: 'Electronic', threshold: 0.5 },
    { ...label, id: 'electronic/house', name: 'House', threshold: 0.3 },
    { ...label, id: 'rock', name: 'Rock', threshold: 0.5 },
  ],
  tags: [
    { ...label, id: 'mood/dark', name: 'Dark', threshold: 0.5 },
    { ...label, id: 'instrument/piano', name: 'Piano', threshold: 0.1 },
    { ...label, id: 'mood/happy', name: 'Happy', threshold: 0.5 },
  ],
} as unknown as ModelManifest;

function analyse(trackId: number, hash: number, genres: readonly number[]): void {
  const id = useModel(storage.database, manifest);
  storage.write(() => {
    enqueue(storage.database, [trackId], 'analyse', { now: 1 });
    const queuedAt = storage.database
      .prepare('SELECT queued_at FROM analysis_queue WHERE track_id = ?')
      .pluck()
      .get(trackId) as number;
    storeAnalysis(
      storage.database,
      { id, genres: manifest.genres.map((genre) => genre.id) },
      { trackId, queuedAt },
      {
        audioHash: Buffer.alloc(32, hash),
        durationSeconds: 25,
        damaged: null,
        modelVersion: manifest.version,
        analysisVersion: 1,
        prediction: {
          embedding: Float32Array.of(0.6, 0.8),
          genres: Float32Array.from(genres),
          tags: Float32Array.of(0.7, 0.9, 0.2),
          segmentSeconds: 10,
          segmentGenres: Uint8Array.of(255, 128, 0, 0, 0, 255, 0, 0, 0),
          windowSeconds: 10,
          windowEmbeddings: Int8Array.of(76, 102),
        },
        waveform: { secondsPerPoint: 100, peaks: Uint8Array.of(10, 20, 30, 40, 50, 60) },
        sound: soundOf({ bpm: 120, key: '8A', energy: 5, lufs: -9 }),
        timings: { decode: 1, frontEnd: 1, waveform: 1, sound: 1, model: 1 },
      },
      7,
    );
  });
}

describe('readTracks', () => {
  it('gives whole rows in the order asked for', () => {
    const a = add('a.mp3', { title: 'A', genreTags: ['Tech "House"', 'Ü'], year: 1999, hasCover: true });
    const b = add('deep/b.mp3');
    recordTrackError(storage.database, b, { stage: 'analysis', code: 'file-corrupt', detail: 'Bad.' }, 9);
    const rows = readTracks(storage.database, [b, a, 12_345, b]);
    expect(rows.map((row) => row.id)).toEqual([b, a, b]);
    expect(rows[0]).toMatchObject({
      path: join('/music', 'deep', 'b.mp3'),
      error: { code: 'file-corrupt', detail: 'Bad.', attempts: 1, at: 9 },
    });
    expect(rows[1]).toEqual({
      ...{ ...emptyTags, comment: undefined, replayGain: undefined },
      ...{ moodTags: undefined, groupingTags: undefined },
      bpm: null,
      key: null,
      energy: null,
      loudnessLufs: null,
      id: a,
      folderId,
      path: join('/music', 'a.mp3'),
      title: 'A',
      year: 1999,
      genreTags: ['Tech "House"', 'Ü'],
      hasCover: true,
      sizeBytes: 5,
      modifiedAt: 1000.25,
      addedAt: 5,
      rating: 0,
      state: 'present',
      analysis: 'pending',
      genres: [],
      error: null,
    });
    expect(Object.keys(rows[1] ?? {})).not.toContain('comment');
  });

  it('gives the genres at or above their thresholds, best first, of the current model only', () => {
    const id = add('a.mp3');
    analyse(id, 1, [0.6, 0.875, 0.25]);
    const genres = [
      { genre: 'House', confidence: 0.875 },
      { genre: 'Electronic', confidence: expect.closeTo(0.6, 6) as number },
    ];
    // The length is the decoded one now, whatever the file claimed.
    expect(readTracks(storage.database, [id])[0]).toMatchObject({
      analysis: 'done',
      genres,
      durationSeconds: 25,
    });
    useModel(storage.database, { ...manifest, version: 'test-2' });
    expect(readTracks(storage.database, [id])[0]?.genres).toEqual([]);
    useModel(storage.database, manifest);
    expect(readTracks(storage.database, [id])[0]?.genres).toEqual(genres);
  });

  it('counts attempts at the same failure', () => {
    const id = add('a.mp3');
    const failure = { stage: 'analysis', code: 'file-corrupt', detail: 'x' } as const;
    recordTrackError(storage.database, id, failure, 1);
    recordTrackError(storage.database, id, failure, 2);
    expect(readTracks(storage.database, [id])[0]?.error).toMatchObject({ attempts: 2, at: 2 });
    clearTrackError(storage.database, id, ['scan', 'tags']);
    expect(readTracks(storage.database, [id])[0]?.error).not.toBeNull();
    clearTrackError(storage.database, id);
    expect(readTracks(storage.database, [id])[0]?.error).toBeNull();
  });
});

describe('readTrackDetail', () => {
  it('adds what the model heard and where the track is used', () => {
    const id = add('a.mp3', { comment: 'Bought' });
    analyse(id, 1, [0.6, 0.9, 0.2]);
    const playlist = insertNode(
      storage.database,
      { name: 'Friday', kind: 'playlist', parentId: null, position: 0, rules: null },
      1,
    );
    insertEntries(storage.database, playlist, [id, id], 1000);
    const detail = readTrackDetail(storage.database, id);
    expect(detail).toMatchObject({
      comment: 'Bought',
      modelVersion: 'test-1',
      analysisVersion: 1,
      damaged: false,
      audioHash: '01'.repeat(32),
      playlists: [{ id: playlist, name: 'Friday' }],
      moods: [{ genre: 'Dark', confidence: expect.closeTo(0.7, 6) as number }],
    });
    expect(detail?.embedding?.map((value) => value.toFixed(3))).toEqual(['0.600', '0.800']);
    expect(detail?.timeline).toEqual([
      {
        startSeconds: 0,
        endSeconds: 10,
        genres: [
          { genre: 'Electronic', confidence: 1 },
          { genre: 'House', confidence: 128 / 255 },
        ],
      },
      { startSeconds: 10, endSeconds: 20, genres: [{ genre: 'Rock', confidence: 1 }] },
      { startSeconds: 20, endSeconds: 25, genres: [] },
    ]);
    expect(readTrackDetail(storage.database, 99)).toBeUndefined();
  });

  it('shows on the timeline nothing that the user denied, nor styles of a denied family without a “yes”', () => {
    const id = add('a.mp3');
    analyse(id, 1, [0.6, 0.9, 0.2]);
    const shown = (): readonly string[] | undefined =>
      readTrackDetail(storage.database, id)?.timeline[0]?.genres.map(({ genre }) => genre);
    const say = (genre: string, fits: 0 | 1): void => {
      storage.database
        .prepare('INSERT INTO genre_corrections SELECT audio_hash, ?, ?, 1 FROM tracks WHERE id = ?')
        .run(genre, fits, id);
    };
    say('electronic', 0);
    expect(shown()).toEqual([]);
    say('electronic/house', 1);
    expect(shown()).toEqual(['House']);
  });
});

describe('useModel', () => {
  it('forgets results whose labels no longer fit the version', () => {
    const id = add('a.mp3');
    analyse(id, 1, [0.6, 0.9, 0.2]);
    useModel(storage.database, { ...manifest, genres: manifest.genres.slice(1) });
    expect(readTracks(storage.database, [id])[0]?.genres).toEqual([]);
    expect(storage.database.prepare('SELECT count(*) FROM analysis.predictions').pluck().get()).toBe(0);
    expect(storage.database.prepare('SELECT count(*) FROM analysis.genre_scores').pluck().get()).toBe(0);
  });
});

describe('adoptMoved', () => {
  const hash = Buffer.alloc(32, 9);

  it('gives a renamed and retagged file back to its track', () => {
    const old = add('old.mp3', { title: 'Old' });
    analyse(old, 9, [0.6, 0.9, 0.2]);
    setRating(storage.database, [old], 5);
    const playlist = insertNode(
      storage.database,
      { name: 'Friday', kind: 'playlist', parentId: null, position: 0, rules: null },
      1,
    );
    insertEntries(storage.database, playlist, [old], 1000);
    setState(storage.database, [old], 'missing', 3);
    const added = add('new name.mp3', { title: 'New' }, 50);
    enqueue(storage.database, [added], 'analyse', { now: 1 });
    insertEntries(storage.database, playlist, [added], 1000);
    expect(storage.write(() => adoptMoved(storage.database, added, hash))).toBe(old);
    expect(readTracks(storage.database, [added])).toEqual([]);
    expect(readTracks(storage.database, [old])[0]).toMatchObject({
      path: join('/music', 'new name.mp3'),
      title: 'New',
      rating: 5,
      addedAt: 5,
      state: 'present',
      analysis: 'done',
    });
    const entries = readEntries(storage.database, playlist, 0, 10);
    expect(entries.map((entry) => entry.trackId)).toEqual([old, old]);
    expect(storage.database.prepare('SELECT count(*) FROM analysis_queue').pluck().get()).toBe(0);
    expect(
      storage.database.prepare(`INSERT INTO tracks_text (tracks_text) VALUES ('integrity-check')`).run(),
    ).toBeDefined();
  });

  it('happens when the analysis of the file is stored', () => {
    const old = add('old.mp3', { title: 'Old' });
    analyse(old, 9, [0.6, 0.9, 0.2]);
    setState(storage.database, [old], 'missing', 3);
    const added = add('new.mp3', { title: 'New' });
    analyse(added, 9, [0.6, 0.9, 0.2]);
    expect(readTracks(storage.database, [added, old])).toMatchObject([
      { id: old, title: 'New', state: 'present', analysis: 'done' },
    ]);
  });

  it('leaves copies, and tracks that were known before, alone', () => {
    const present = add('present.mp3');
    analyse(present, 9, [0.6, 0.9, 0.2]);
    const copy = add('copy.mp3');
    expect(adoptMoved(storage.database, copy, hash)).toBe(copy);
    const known = add('known.mp3');
    analyse(known, 9, [0.6, 0.9, 0.2]);
    setState(storage.database, [present], 'missing', 3);
    expect(adoptMoved(storage.database, known, hash)).toBe(known);
    expect(adoptMoved(storage.database, copy, Buffer.alloc(32, 1))).toBe(copy);
    expect(adoptMoved(storage.database, copy, hash)).toBe(present);
  });
});

describe('query plans', () => {
  /** How the statements that a function runs find their rows. */
  function plansOf(work: () => unknown): string {
    const { database } = storage;
    const texts: string[] = [];
    const prepare = database.prepare.bind(database);
    const spy = vi.spyOn(database, 'prepare').mockImplementation((text: string) => {
      texts.push(text);
      return prepare(text);
    });
    work();
    spy.mockRestore();
    expect(texts).not.toEqual([]);
    return texts
      .map((text) => text.replaceAll(/@\w+|\?/g, '1'))
      .flatMap((text) => prepare(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[])
      .map(({ detail }) => detail)
      .join('\n');
  }

  it.each([
    ['findByFingerprint', () => findByFingerprint(storage.database, 1, 2), 'tracks_by_fingerprint'],
    ['findByPath', () => findByPath(storage.database, 1, 'a'), 'tracks_by_path'],
    ['pageOfFolder', () => pageOfFolder(storage.database, 1, '', 10), 'tracks_by_path'],
    ['tracksBelow', () => tracksBelow(storage.database, 1, 'a'), 'tracks_by_path'],
    ['sampleOfFolder', () => sampleOfFolder(storage.database, 1, 5), 'tracks_by_path'],
    ['adoptMoved', () => adoptMoved(storage.database, add('x.mp3'), Buffer.alloc(32)), 'tracks_by_hash'],
    ['readCounts', () => readCounts(storage.database, 1), 'tracks_by_added'],
    ['readTracks', () => readTracks(storage.database, [add('y.mp3')]), 'genre_scores_by_recording'],
  ])('%s reads by index, never a whole table', (_, work, index) => {
    useModel(storage.database, manifest);
    const plan = plansOf(work);
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/SCAN (tracks|main\.tracks|recordings|scores|folders)$/m);
    expect(plan).not.toMatch(/SCAN \w+ USING INTEGER PRIMARY KEY/);
  });
});
