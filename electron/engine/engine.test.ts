import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { writeTestModel } from '#engine/analysis/analyser/model-for-tests.ts';
import { createDispatcher } from '#host/dispatcher.ts';
import { connectInMemory } from '#host/memory-transport.ts';
import type { EngineClient } from '#shared/contract.ts';
import { silentLog } from '#shared/log.ts';
import { createEngine, createForkAnalyser, diagnose } from './engine.ts';
import type { Engine, EngineOptions } from './engine.ts';
import { createForkPlayer } from './playing/fork-player.ts';
import { writeTestMusic } from './test-music.fixture.ts';

let modelDir: string;
let folder: string;
let music: string;
const opened: Engine[] = [];

beforeAll(async () => {
  modelDir = mkdtempSync(join(tmpdir(), 'cratewise-model-'));
  await writeTestModel(modelDir);
});
afterAll(() => rmSync(modelDir, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-engine-'));
  music = join(folder, 'music');
  mkdirSync(music);
});
afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(more: Partial<EngineOptions> = {}): Promise<{ engine: Engine; client: EngineClient }> {
  const engine = await createEngine({
    libraryFile: join(folder, 'data', 'library.db'),
    modelDir,
    spawnAnalyser: createForkAnalyser(),
    spawnPlayer: createForkPlayer(),
    log: silentLog,
    host: 'terminal',
    watch: false,
    version: '1.2.3',
    workers: 1,
    ...more,
  });
  opened.push(engine);
  const dispatcher = createDispatcher({ handlers: engine.handlers, events: engine.events, log: silentLog });
  return { engine, client: connectInMemory(dispatcher).client };
}

async function analysed(client: EngineClient): Promise<void> {
  await expect
    .poll(
      async () => {
        const { queued, active } = await client.request('analysis.status', {});
        return queued + active.length;
      },
      { timeout: 60_000, interval: 100 },
    )
    .toBe(0);
}

test('a folder of music becomes genres, similar tracks and a playlist, and stays so when it moves', async () => {
  writeTestMusic(music, [
    { path: 'one/a.wav', seed: 1, title: 'First', artist: 'Änne' },
    { path: 'one/b.wav', seed: 2 },
    { path: 'one/copy of a.wav', seed: 1, title: 'Other tags, same audio' },
    { path: 'two/c.wav', seed: 9 },
  ]);
  writeFileSync(join(music, 'two', 'not music.mp3'), 'this is text');
  const { client } = await open();
  const changes: number[] = [];
  client.subscribe('library.changed', ({ revision }) => changes.push(revision));

  const [added] = await client.request('library.addFolders', { paths: [music] });
  const summary = await client.request('library.scan', { folderIds: [added!.id] });
  expect(summary).toMatchObject({ files: 5, new: 5, moved: 0 });
  await analysed(client);
  expect(changes.length).toBeGreaterThan(0);

  const list = async () =>
    await client.request('tracks.window', { query: {}, sort: [{ field: 'path' }], offset: 0, limit: 10 });
  const { rows } = await list();
  expect(rows.map(({ analysis }) => analysis)).toEqual(['done', 'done', 'done', 'done', 'failed']);
  expect(rows[4]!.error).toMatchObject({ code: 'file-type-mismatch' });
  const genres = await client.request('genres.list', { minimumConfidence: 0.05 });
  expect(genres.analysedCount).toBe(4);
  expect(genres.genres.some(({ count }) => count > 0)).toBe(true);

  const seed = await client.request('tracks.find', { reference: join(music, 'one/a.wav') });
  const similar = await client.request('similar.find', { trackId: seed.id, limit: 10 });
  // The copy of the seed is no similar track, and every other recording stands there once.
  expect(similar.map(({ track }) => track.path).sort()).toEqual([
    join(music, 'one/b.wav'),
    join(music, 'two/c.wav'),
  ]);
  expect(similar[0]!.score).toBeGreaterThanOrEqual(similar[1]!.score);

  const best = genres.genres.toSorted((a, b) => b.count - a.count)[0]!;
  const playlist = await client.request('playlists.generate', { genre: best.id, minimumConfidence: 0.05 });
  expect(playlist).toMatchObject({ name: best.name, trackCount: best.count });
  const file = join(folder, 'set.m3u8');
  const exported = await client.request('playlists.export', {
    playlistId: playlist.id,
    format: 'm3u8',
    file,
  });
  expect(exported).toMatchObject({ tracks: best.count, leftOut: 0 });
  expect(readFileSync(file, 'utf8')).toContain(`\n${music}/`);

  renameSync(join(music, 'one'), join(music, 'moved'));
  expect(await client.request('library.scan', {})).toMatchObject({ moved: 3, new: 0, missing: 0 });
  const after = (await list()).rows;
  expect(new Set(after.map(({ id }) => id))).toEqual(new Set(rows.map(({ id }) => id)));
  expect(after.filter(({ analysis }) => analysis === 'done')).toHaveLength(4);
});

test('nothing is analysed twice: an engine that is opened again knows everything', async () => {
  writeTestMusic(music, [
    { path: 'a.wav', seed: 1 },
    { path: 'b.wav', seed: 2 },
  ]);
  const first = await open();
  await first.client.request('library.addFolders', { paths: [music] });
  await first.client.request('library.scan', {});
  await analysed(first.client);
  await opened.pop()!.close();

  let spawned = 0;
  const spawnAnalyser = () => {
    spawned += 1;
    return createForkAnalyser()();
  };
  const second = await open({ spawnAnalyser });
  expect(await second.client.request('library.scan', {})).toMatchObject({ unchanged: 2, new: 0, changed: 0 });
  await analysed(second.client);
  const { id } = await second.client.request('tracks.find', { reference: join(music, 'a.wav') });
  expect(await second.client.request('similar.find', { trackId: id, limit: 5 })).toHaveLength(1);
  expect(spawned).toBe(0);
});

test('an engine that was only asked something starts no analyser, although there is work', async () => {
  writeTestMusic(music, [{ path: 'a.wav', seed: 1 }]);
  const first = await open();
  await first.client.request('analysis.pause', {});
  await first.client.request('library.addFolders', { paths: [music] });
  await first.client.request('library.scan', {});
  await first.client.request('settings.set', { analysisPaused: false });
  await opened.pop()!.close();
  const second = await open({
    spawnAnalyser: () => {
      throw new Error('nobody asked for it');
    },
  });
  expect(await second.client.request('library.counts', {})).toMatchObject({ all: 1 });
  expect((await second.client.request('genres.list', {})).genres.length).toBeGreaterThan(0);
});

test('says what it is', async () => {
  const { client } = await open({ host: 'web' });
  expect(await client.request('app.info', {})).toMatchObject({
    version: '1.2.3',
    host: 'web',
    libraryFile: join(folder, 'data', 'library.db'),
    dataDir: join(folder, 'data'),
    model: { name: 'Test', folder: modelDir },
  });
});

test('without a usable model it does not open, and lets the library go', async () => {
  const empty = join(folder, 'no model');
  mkdirSync(empty);
  await expect(open({ modelDir: empty })).rejects.toMatchObject({ code: 'model-missing' });
  await open();
});

test('the doctor really tries the analyser, and names what is wrong', async () => {
  const spawnAnalyser = createForkAnalyser();
  const libraryFile = join(folder, 'data', 'library.db');
  const stateOf = (checks: Awaited<ReturnType<typeof diagnose>>) =>
    Object.fromEntries(checks.map(({ name, state }) => [name, state]));
  const well = await diagnose({ libraryFile, modelDir, spawnAnalyser });
  expect(stateOf(well)).toMatchObject({
    'Node.js': 'ok',
    SQLite: 'ok',
    'Data folder': 'ok',
    Model: 'ok',
    'TensorFlow.js': 'ok',
    Decoder: 'ok',
  });
  expect(well.find(({ name }) => name === 'Decoder')?.detail).toMatch(
    /node-av \d+\.\d+.*decoded and analysed/,
  );

  const broken = join(folder, 'broken');
  mkdirSync(broken);
  await writeTestModel(broken);
  writeFileSync(join(broken, 'weights.bin'), 'x');
  const ill = await diagnose({ libraryFile, modelDir: broken, spawnAnalyser });
  expect(stateOf(ill)).toMatchObject({ Model: 'problem', 'TensorFlow.js': 'problem', Decoder: 'warning' });
  expect(ill.find(({ name }) => name === 'Model')?.detail).toContain('weights.bin');
});

test('after a restore it is told that there is another journal of steps', async () => {
  const { engine, client } = await open();
  await client.request('playlists.create', { name: 'Kept' });
  const file = join(folder, 'copy.db');
  await client.request('library.backup', { file });
  await client.request('playlists.create', { name: 'Lost' });
  expect((await client.request('edits.state', {})).undo?.subject).toBe('Lost');
  expect(await client.request('library.restore', { file })).toMatchObject({
    playlists: 1,
    restarting: false,
  });
  await engine.close();
  const again = await open();
  const told: (string | undefined)[] = [];
  again.client.subscribe('edits.changed', ({ undo }) => told.push(undo?.subject));
  await expect.poll(() => told).toEqual(['Kept']);
});

test('float samples beyond full scale, and such as are no numbers, come into the library as finite values', async () => {
  const rate = 22_050;
  const samples = Float32Array.from({ length: rate * 8 }, (_, i) => 3 * Math.sin(i / 20));
  writeFileSync(join(music, 'loud.wav'), floatWav(samples, rate));
  const broken = samples.map((value, i) =>
    i % 97 === 0 ? NaN : i % 89 === 0 ? Infinity : i % 83 === 0 ? -1e38 : value,
  );
  writeFileSync(join(music, 'broken.wav'), floatWav(broken, rate));
  const { client } = await open();
  await client.request('library.addFolders', { paths: [music] });
  await client.request('library.scan', {});
  await analysed(client);
  const query = { query: {}, sort: [{ field: 'path' }], offset: 0, limit: 10 } as const;
  const { rows } = await client.request('tracks.window', { ...query, sort: [...query.sort] });
  expect(rows.map(({ analysis, error }) => [analysis, error])).toEqual([
    ['done', null],
    ['done', null],
  ]);
  for (const { id } of rows) {
    const { embedding, moods, genres } = await client.request('tracks.get', { trackId: id });
    expect(embedding?.every(Number.isFinite)).toBe(true);
    expect(Math.hypot(...(embedding ?? []))).toBeCloseTo(1, 4);
    for (const { confidence } of [...genres, ...moods]) expect(confidence).toBeLessThanOrEqual(1);
    const { peaks, points } = await client.request('tracks.waveform', { trackId: id });
    const bytes = Buffer.from(peaks, 'base64');
    expect(bytes.length).toBe(points * 3);
    // Clipped, not wrapped around: what is too loud is drawn as loud as can be.
    expect(Math.max(...bytes)).toBeGreaterThan(200);
  }
});

/** 32-bit float samples of one channel as a WAV file. */
function floatWav(samples: Float32Array, sampleRateHz: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(3, 20); // IEEE float
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * 4, 28);
  header.writeUInt16LE(4, 32);
  header.writeUInt16LE(32, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}
