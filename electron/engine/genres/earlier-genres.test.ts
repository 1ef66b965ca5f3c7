import { afterEach, expect, test } from 'vitest';
import { silentLog } from '#shared/log.ts';
import type { TrackAnalysis } from '#engine/analysis/protocol.ts';
import { createRecordings } from '#engine/similarity/recordings.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import { useModel } from '#engine/storage/analysis/current-model.ts';
import { readCurrentLabels } from '#engine/storage/analysis/scores.ts';
import { storeAnalysis } from '#engine/storage/analysis/predictions.ts';
import {
  fixtureGenres,
  fixtureTags,
  hashOf,
  openFilledLibrary,
  soundOf,
} from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { refreshScores, writeCorrection } from '#engine/storage/library/corrections.ts';
import { enqueue, queueUnanalysed } from '#engine/storage/library/queue.ts';
import { readHistory } from '#engine/storage/library/history.ts';
import { readTrackDetail } from '#engine/storage/library/track-detail.ts';
import { compileTrackQuery } from '#engine/storage/library/track-query.ts';
import { countGenres } from './count.ts';
import { indexEarlierGenres } from './earlier-genres.ts';

let library: FilledLibrary;
let recordings: Recordings | null = null;
afterEach(() => {
  recordings?.close();
  recordings = null;
  library.remove();
});

/** Another order, without punk, and with a genre that the earlier model did not know. */
const laterGenres = [
  ...fixtureGenres.filter(({ id }) => id !== 'rock/punk').toReversed(),
  { ...fixtureGenres[0]!, id: 'jazz', name: 'Jazz' },
];

function setUp(): number {
  library = openFilledLibrary(4, [
    { path: 'a', genres: { electronic: 0.9, 'electronic/house': 0.8 } },
    { path: 'b', genres: { 'electronic/house': 0.45, 'rock/punk': 0.9 } },
    { path: 'c', genres: { rock: 0.7, 'rock/metal': 0.65 } },
    { path: 'copy of a', recording: 'a' },
    { path: 'fits nothing', genres: { rock: 0.1 } },
    { path: 'never heard', recording: null },
  ]);
  return useModel(library.storage.database, {
    version: 'test-2',
    genres: laterGenres,
    tags: fixtureTags,
  } as never);
}

async function index(signal = new AbortController().signal): Promise<number> {
  let told = 0;
  const changed = (): void => void (told += 1);
  await indexEarlierGenres({ storage: library.storage, changed, log: silentLog, signal });
  return told;
}

async function counts() {
  recordings ??= createRecordings(library.storage, 4);
  await recordings.upToDate();
  const { genres, ...rest } = countGenres(recordings, readCurrentLabels(library.storage.database), null);
  return { ...rest, genres: Object.fromEntries(genres.map(({ id, count }) => [id, count])) };
}

function found(genre: string): number {
  const { totals } = compileTrackQuery({ genre }, []);
  return (library.storage.database.prepare(totals.sql).get(...totals.parameters) as { count: number }).count;
}

test('what the earlier model said is counted and found until the new one has heard it', async () => {
  const modelId = setUp();
  expect((await counts()).genres['electronic']).toBe(0);
  expect(await index()).toBeGreaterThan(0);
  const before = await counts();
  expect(before).toMatchObject({ analysedCount: 5, earlierCount: 5, unknownCount: 0 });
  expect(before.genres).toEqual({
    electronic: 3,
    'electronic/house': 3,
    'electronic/techno': 0,
    rock: 1,
    'rock/metal': 1,
    jazz: 0,
  });
  for (const genre of ['electronic', 'electronic/house', 'rock/metal', 'jazz'])
    expect(found(genre), genre).toBe(before.genres[genre]);

  // No vector of the earlier model is ever beside one of the new model's.
  const row = recordings!.rowOf(hashOf('a'))!;
  expect([
    recordings!.rowHasEmbedding(row),
    recordings!.isOutOfReach[row],
    recordings!.tags.has(row),
  ]).toEqual([false, 1, false]);
  const { database } = library.storage;
  expect(readTrackDetail(database, 1)).toMatchObject({
    ...{ embedding: null, modelVersion: null, earlierModel: 'test-1', moods: [], timeline: [] },
    genres: [
      { genre: 'Electronic', confidence: expect.closeTo(0.9, 5) as number },
      { genre: 'House', confidence: expect.closeTo(0.8, 5) as number },
    ],
  });
  expect(readHistory(database, 1)).toContainEqual({ kind: 'analysed', at: 1, modelVersion: 'test-1' });
  // It is heard again all the same.
  const wanted = { modelId, analysisVersion: 1, soundVersion: 1 };
  expect(library.storage.write(() => queueUnanalysed(database, wanted, 5, 0)).queued).toBe(6);

  hear(modelId, 1, 'a', { jazz: 0.95 });
  expect(await counts()).toMatchObject({ earlierCount: 3, genres: { electronic: 1, jazz: 2 } });
  expect(readTrackDetail(database, 1)).toMatchObject({ modelVersion: 'test-2', earlierModel: null });
  // Nothing is left to do, and nothing is taken back.
  expect(await index()).toBe(0);
  expect(found('jazz')).toBe(2);
});

test('the user’s word counts before, meanwhile and after', async () => {
  const modelId = setUp();
  const { database } = library.storage;
  const say = (path: string, genre: string, fits: boolean): void =>
    library.storage.write(() => {
      const subject = hashOf(path).toString('hex').toUpperCase();
      writeCorrection(database, { subject, genre, fits, at: 9 });
      refreshScores(database, [subject]);
    });
  say('c', 'jazz', true);
  await index();
  // Saying so brought the rest of it along.
  expect([found('jazz'), found('rock/metal')]).toEqual([1, 1]);
  say('a', 'electronic', false);
  expect([found('electronic'), found('electronic/house')]).toEqual([1, 1]);
  hear(modelId, 1, 'a', { electronic: 0.99, rock: 0.8 });
  expect([found('electronic'), found('rock')]).toEqual([1, 3]);
});

test('what was interrupted goes on, and back with the earlier model all is as it was', async () => {
  setUp();
  const stopped = new AbortController();
  stopped.abort();
  expect(await index(stopped.signal)).toBe(0);
  expect(found('electronic')).toBe(0);
  await index();
  expect(found('electronic')).toBe(3);
  const { database } = library.storage;
  useModel(database, { version: 'test-1', genres: fixtureGenres, tags: fixtureTags } as never);
  expect(await index()).toBe(0);
  expect([found('rock/punk'), found('electronic')]).toEqual([1, 3]);
  // A third model takes what was heard, not what was taken over.
  useModel(database, { version: 'test-3', genres: fixtureGenres, tags: fixtureTags } as never);
  await index();
  expect([found('rock/punk'), found('electronic')]).toEqual([1, 3]);
});

function hear(modelId: number, trackId: number, path: string, genres: Record<string, number>): void {
  const { storage } = library;
  const analysis = {
    audioHash: hashOf(path),
    ...{ durationSeconds: 60, damaged: null, modelVersion: 'test-2', analysisVersion: 1 },
    prediction: {
      embedding: Float32Array.of(0, 1, 0, 0),
      genres: Float32Array.from(laterGenres, ({ id }) => genres[id] ?? 0),
      tags: new Float32Array(fixtureTags.length),
      ...{ segmentSeconds: 5, segmentGenres: new Uint8Array(0) },
      ...{ windowSeconds: 14.5, windowEmbeddings: new Int8Array(0) },
    },
    waveform: { secondsPerPoint: 1, peaks: new Uint8Array(3) },
    sound: soundOf({ bpm: 120, key: '8A', energy: 5, lufs: -9 }),
    timings: { decode: 1, frontEnd: 1, waveform: 1, sound: 1, model: 1 },
  } satisfies TrackAnalysis;
  storage.write(() => {
    enqueue(storage.database, [trackId], 'analyse', { now: 1 });
    const model = { id: modelId, genres: laterGenres.map(({ id }) => id) };
    storeAnalysis(storage.database, model, { trackId, queuedAt: 5 }, analysis, 10);
  });
}
