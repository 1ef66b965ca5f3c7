import { mkdirSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeAudio } from '#build/demo/encode.ts';
import { writeTestModel } from '#engine/analysis/analyser/model-for-tests.ts';
import { createEngine, createForkAnalyser } from '#engine/engine.ts';
import type { Engine } from '#engine/engine.ts';
import type { Track, Waveform } from '#shared/domain.ts';
import { silentLog } from '#shared/log.ts';
import { createForkPlayer } from './fork-player.ts';

const context = { signal: new AbortController().signal };
let folder: string;
let engine: Engine;
let tracks: ReadonlyMap<string, Track>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-playing-'));
  const music = join(folder, 'music');
  for (const name of [music, join(folder, 'model')]) mkdirSync(name);
  await writeTestModel(join(folder, 'model'));
  const samples = Float32Array.from({ length: 4 * 32_000 }, (_, at) =>
    at < 64_000
      ? 0.5 * Math.sin((2 * Math.PI * 60 * at) / 32_000)
      : 0.5 * Math.sin((2 * Math.PI * 8000 * at) / 32_000),
  );
  for (const name of ['a.flac', 'b.wma', 'c.aiff', 'd.m4a', 'e.mp3', 'gone.wv', 'cut.m4a']) {
    const codec = name.endsWith('m4a') ? ({ codec: 'alac' } as const) : {};
    await encodeAudio({ file: join(music, name), samples, sampleRateHz: 32_000, channels: 1, ...codec });
  }
  truncateSync(join(music, 'cut.m4a'), 3000);
  engine = await createEngine({
    libraryFile: join(folder, 'library.db'),
    modelDir: join(folder, 'model'),
    spawnAnalyser: createForkAnalyser(),
    spawnPlayer: createForkPlayer(),
    log: silentLog,
    host: 'terminal',
    watch: false,
    version: '0',
    workers: 1,
  });
  await engine.handlers['analysis.pause']({}, context);
  await engine.handlers['library.addFolders']({ paths: [music] }, context);
  await engine.handlers['library.scan']({}, context);
  const { rows } = await engine.handlers['tracks.window'](
    { query: {}, sort: [], offset: 0, limit: 50 },
    context,
  );
  tracks = new Map(rows.map((track) => [track.path.split(/[\\/]/).at(-1) ?? '', track]));
  rmSync(join(music, 'gone.wv'));
}, 60_000);
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const idOf = (name: string): number => tracks.get(name)?.id ?? 0;
const waveform = async (name: string, level?: Waveform['level']): Promise<Waveform> =>
  engine.handlers['tracks.waveform']({ trackId: idOf(name), level }, context);

/** Low, mid, high of the point at a time. */
function at({ peaks, secondsPerPoint }: Waveform, seconds: number): number[] {
  const point = Math.floor(seconds / secondsPerPoint);
  return [...Buffer.from(peaks, 'base64').subarray(point * 3, point * 3 + 3)];
}

it.each([
  ['a.flac', 'track', 'audio/flac'],
  ['b.wma', 'wav', 'audio/wav'],
  ['c.aiff', 'wav', 'audio/wav'],
  ['d.m4a', 'wav', 'audio/wav'],
  ['e.mp3', 'track', 'audio/mpeg'],
])('%s is played as %s', async (name, kind, mimeType) => {
  const file = await engine.handlers['tracks.file']({ trackId: idOf(name) }, context);
  expect(file).toMatchObject({ kind, mimeType, decodedSeconds: null, replayGain: null });
  expect(await engine.handlers['tracks.playProblem']({ trackId: idOf(name) }, context)).toBeNull();
});

it('a track that was never analysed has its waveform at once, whatever its format', async () => {
  for (const name of ['a.flac', 'b.wma', 'c.aiff', 'd.m4a', 'e.mp3']) {
    const overview = await waveform(name);
    expect(overview).toMatchObject({ state: 'ready', level: 'overview', trackId: idOf(name) });
    expect(overview.points * overview.secondsPerPoint).toBeCloseTo(4, 0);
    const [low = 0, , lowHigh = 255] = at(overview, 1);
    const [highLow = 255, , high = 0] = at(overview, 3);
    expect([low > 150, lowHigh < 30, highLow < 30, high > 150], name).toEqual([true, true, true, true]);
    expect((await waveform(name, 'detail')).secondsPerPoint).toBe(0.01);
  }
});

it('files that are gone or broken say so, with a code', async () => {
  for (const [name, code] of [
    ['gone.wv', 'file-not-found'],
    ['cut.m4a', 'file-truncated'],
  ] as const) {
    await expect(waveform(name)).rejects.toMatchObject({ code });
    expect(await engine.handlers['tracks.playProblem']({ trackId: idOf(name) }, context)).toMatchObject({
      code,
    });
  }
  await expect(
    Promise.resolve(engine.handlers['tracks.waveform']({ trackId: 9999 }, context)),
  ).rejects.toMatchObject({ code: 'not-found' });
});

it('the analysis brings the same waveform, which is then stored', async () => {
  const before = await waveform('a.flac');
  await engine.handlers['analysis.resume']({}, context);
  await expect
    .poll(async () => (await engine.handlers['tracks.get']({ trackId: idOf('a.flac') }, context)).analysis, {
      timeout: 60_000,
    })
    .toBe('done');
  expect(await waveform('a.flac')).toEqual(before);
  const file = await engine.handlers['tracks.file']({ trackId: idOf('a.flac') }, context);
  expect(file.decodedSeconds).toBeCloseTo(4, 3);
}, 90_000);
