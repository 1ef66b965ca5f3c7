/** explain.track in a whole engine: a real analyser process beside the one that scans, real files. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { testGenres, writeTestModel } from '#engine/analysis/analyser/model-for-tests.ts';
import { createEngine, createForkAnalyser } from '#engine/engine.ts';
import type { AnalyserProcess, Engine } from '#engine/engine.ts';
import { createForkPlayer } from '#engine/playing/fork-player.ts';
import { writeTestMusic } from '#engine/test-music.fixture.ts';
import type { RequestContext } from '#shared/contract.ts';
import type { Explanation } from '#shared/explanation.ts';
import { silentLog } from '#shared/log.ts';

const context: RequestContext = { signal: new AbortController().signal };
let modelDir: string;
let folder: string;
let music: string;
let engine: Engine;
/** Every analyser process of the test, and what it was told. */
let told: string[][];

beforeAll(async () => {
  modelDir = mkdtempSync(join(tmpdir(), 'cratewise-model-'));
  await writeTestModel(modelDir);
});
afterAll(() => rmSync(modelDir, { recursive: true, force: true }));
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-explain-'));
  music = join(folder, 'music');
  mkdirSync(music);
  told = [];
  const fork = createForkAnalyser();
  engine = await createEngine({
    libraryFile: join(folder, 'library.db'),
    modelDir,
    spawnPlayer: createForkPlayer(),
    spawnAnalyser(): AnalyserProcess {
      const analyser = fork();
      const kinds: string[] = [];
      told.push(kinds);
      return {
        ...analyser,
        post(message) {
          kinds.push(message.kind);
          analyser.post(message);
        },
      };
    },
    log: silentLog,
    host: 'terminal',
    watch: false,
    version: '1.2.3',
    workers: 1,
  });
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

async function scan(): Promise<void> {
  await engine.handlers['library.addFolders']({ paths: [music] }, context);
  await engine.handlers['library.scan']({}, context);
}

async function analysed(): Promise<void> {
  await expect
    .poll(async () => (await engine.handlers['analysis.status']({}, context)).queued, {
      timeout: 60_000,
      interval: 50,
    })
    .toBe(0);
}

async function idOf(path: string): Promise<number> {
  return (await engine.handlers['tracks.find']({ reference: path }, context)).id;
}

async function explain(trackId: number, genre?: string, signal = context.signal): Promise<Explanation> {
  const input = genre === undefined ? { trackId } : { trackId, genre };
  return await engine.handlers['explain.track'](input, { signal });
}

const pieces = [1, 2, 3].map((seed) => ({ path: `${seed}.wav`, seed, seconds: 12 }));

test('tells the confidence over time, tiles of time and frequency, and neighbours that carry the genre', async () => {
  const files = writeTestMusic(music, pieces);
  await scan();
  await analysed();
  const [first = 0, second = 0] = await Promise.all(files.map(idOf));
  const { genres, timeline } = await engine.handlers['tracks.get']({ trackId: first }, context);
  const best = await explain(first);
  expect(best.unknown).toBe(false);
  expect({ genre: best.genre.name, confidence: best.genre.confidence }).toEqual(genres[0]);
  expect(best.segments.map(({ endSeconds }) => endSeconds)).toEqual(
    timeline.map(({ endSeconds }) => endSeconds),
  );
  const { evidence } = best;
  // The test's model has no attention, and windows of two seconds.
  expect(evidence).toMatchObject({ startSeconds: 0, attention: null, occlusion: { rows: 8, columns: 4 } });
  const { tiles, startSeconds, endSeconds } = evidence!.occlusion;
  expect(endSeconds - startSeconds).toBeCloseTo(2.048, 2);
  expect(tiles).toHaveLength(32);
  expect(tiles[0]).toMatchObject({ startSeconds, lowHz: 0 });
  expect(tiles.at(-1)).toMatchObject({ endSeconds, highHz: 8000 });
  expect(tiles.every(({ drop }) => Number.isFinite(drop))).toBe(true);
  expect(tiles.some(({ drop }) => drop !== 0)).toBe(true);
  expect(best.neighbours.considered).toBe(2);

  // Any genre, by name or id; the user's word makes a neighbour of a track that the model would not name.
  const unlikely = testGenres.find((id) => !best.neighbours.tracks.some(() => id === best.genre.id))!;
  const correction = { trackIds: [second], genre: unlikely, value: 'yes' as const };
  await engine.handlers['genres.correct'](correction, context);
  const other = await explain(first, unlikely);
  expect(other.genre.id).toBe(unlikely);
  expect(other.neighbours.tracks).toContainEqual(
    expect.objectContaining({ labelledBy: 'user', track: expect.objectContaining({ id: second }) }),
  );
  await engine.handlers['genres.correct']({ ...correction, value: 'no' }, context);
  const after = await explain(first, unlikely.toUpperCase());
  expect(after.neighbours.tracks.map(({ track }) => track.id)).not.toContain(second);
  await expect(explain(first, 'polka')).rejects.toMatchObject({ code: 'not-found' });
}, 240_000);

test('answers beside a scan that goes on, from a process of its own', async () => {
  writeTestMusic(music, pieces.slice(0, 1));
  await scan();
  await analysed();
  const id = await idOf(join(music, '1.wav'));
  const [long = ''] = writeTestMusic(music, [{ path: 'more/long.wav', seed: 10, seconds: 120 }]);
  for (let copy = 0; copy < 40; copy += 1) copyFileSync(long, join(music, 'more', `copy ${copy}.wav`));
  await scan();
  const { evidence } = await explain(id);
  expect(evidence).not.toBeNull();
  expect((await engine.handlers['analysis.status']({}, context)).queued).toBeGreaterThan(0);
  expect(told.filter((kinds) => kinds.includes('explain'))).toHaveLength(1);
  expect(told.every((kinds) => !(kinds.includes('explain') && kinds.includes('analyse')))).toBe(true);
}, 240_000);

test('a cancelled request stops at once, and the analyser with it', async () => {
  const [long = '', short = ''] = writeTestMusic(music, [
    { path: 'long.wav', seed: 4, seconds: 500 },
    { path: 'short.wav', seed: 5, seconds: 6 },
  ]);
  await scan();
  await analysed();
  const [longId, shortId] = [await idOf(long), await idOf(short)];
  await explain(shortId);
  const began = performance.now();
  await explain(longId);
  const whole = performance.now() - began;

  const controller = new AbortController();
  const cancelled = explain(longId, undefined, controller.signal);
  setTimeout(() => controller.abort(), 20);
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  expect(told.flat()).toContain('cancel');
  // The one thread is free again: the next answer does not wait for the rest of the long one.
  const next = performance.now();
  await explain(shortId);
  expect(performance.now() - next).toBeLessThan(Math.max(500, whole / 2));
  const aborted = AbortSignal.abort();
  await expect(explain(shortId, undefined, aborted)).rejects.toMatchObject({ code: 'cancelled' });
}, 240_000);

test('says why a track cannot be explained', async () => {
  const [gone = '', changed = '', cut = ''] = writeTestMusic(
    music,
    pieces.map((piece) => ({ ...piece, seconds: 4 })),
  );
  writeFileSync(join(music, 'text.mp3'), 'this is text');
  await scan();
  await analysed();
  const ids = [await idOf(gone), await idOf(changed), await idOf(cut)] as const;
  await expect(explain(999)).rejects.toMatchObject({ code: 'not-found' });
  await expect(explain(await idOf(join(music, 'text.mp3')))).rejects.toMatchObject({
    code: 'file-type-mismatch',
  });

  // Nothing was scanned since.
  renameSync(gone, join(folder, 'elsewhere.wav'));
  await expect(explain(ids[0])).rejects.toMatchObject({ code: 'file-not-found' });
  writeTestMusic(music, [{ path: '2.wav', seed: 9, seconds: 4 }]);
  await expect(explain(ids[1])).rejects.toMatchObject({ code: 'conflict' });
  truncateSync(cut, 30);
  await expect(explain(ids[2])).rejects.toMatchObject({ code: expect.stringMatching(/^file-/) });

  await engine.handlers['library.scan']({}, context);
  await expect(explain(ids[0])).rejects.toMatchObject({ code: 'file-not-found' });
  await analysed();
  renameSync(music, join(folder, 'away'));
  // Whether a scan of nothing but an absent folder is an error is its own affair.
  await Promise.resolve(engine.handlers['library.scan']({}, context)).catch(() => null);
  await expect(explain(ids[1])).rejects.toMatchObject({ code: 'folder-offline' });
}, 240_000);

test('what waits for its analysis has nothing to explain yet', async () => {
  const [file = ''] = writeTestMusic(music, pieces.slice(0, 1));
  await engine.handlers['analysis.pause']({}, context);
  await scan();
  await expect(explain(await idOf(file))).rejects.toMatchObject({ code: 'conflict' });
}, 60_000);
