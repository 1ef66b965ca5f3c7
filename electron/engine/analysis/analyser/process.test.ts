import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeWav } from '#build/demo/wav.ts';
import { createForkAnalyser } from '../fork-analyser.ts';
import type { AnalyserProcess, FromAnalyser } from '../protocol.ts';
import { hashAudio } from './decode.ts';
import { writeTestModel } from './model-for-tests.ts';

const folder = mkdtempSync(join(tmpdir(), 'cratewise-process-'));
const modelDir = join(folder, 'model');
const song = join(folder, 'song.wav');
const long = join(folder, 'long.wav');
let analyser: AnalyserProcess;
let exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;

beforeAll(async () => {
  mkdirSync(modelDir);
  await writeTestModel(modelDir);
  const sine = (seconds: number) =>
    Float32Array.from({ length: seconds * 8000 }, (_, at) => Math.sin(at / 3) / 2);
  await writeWav(song, { samples: sine(8), sampleRateHz: 8000, channels: 1 });
  // An hour: nobody decodes it in the time that the tests leave.
  await writeWav(long, { samples: sine(3600), sampleRateHz: 8000, channels: 1 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  analyser.post({ kind: 'stop' });
  await exit;
});

/** Starts a process; `next` waits for the first message that fits, also of those that came before. */
function start(workers = 2, dir = modelDir) {
  const messages: FromAnalyser[] = [];
  const waiting = new Set<() => void>();
  analyser = createForkAnalyser()();
  exit = new Promise((resolve) => analyser.onExit(resolve));
  analyser.onMessage((message) => {
    messages.push(message);
    for (const look of waiting) look();
  });
  analyser.post({ kind: 'start', options: { modelDir: dir, workers, backend: 'wasm' } });
  return {
    messages,
    next<Kind extends FromAnalyser['kind']>(
      kind: Kind,
      job?: number,
    ): Promise<FromAnalyser & { kind: Kind }> {
      return new Promise((resolve) => {
        const look = () => {
          const found = messages.find(
            (message) =>
              message.kind === kind && (job === undefined || ('job' in message && message.job === job)),
          );
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found as FromAnalyser & { kind: Kind });
        };
        waiting.add(look);
        look();
      });
    },
  };
}

describe('the analyser process', () => {
  it('analyses and hashes, and goes on after a file that fails', async () => {
    const { next } = start();
    expect(await next('ready')).toEqual({
      kind: 'ready',
      backend: 'wasm',
      modelVersion: 'test-1',
      workers: 2,
    });
    analyser.post({ kind: 'analyse', job: 1, path: join(folder, 'absent.wav') });
    analyser.post({ kind: 'analyse', job: 2, path: song });
    analyser.post({ kind: 'hash', job: 3, path: song });
    expect(await next('failed', 1)).toMatchObject({ code: 'file-not-found' });
    const { analysis } = await next('analysed', 2);
    expect(analysis.durationSeconds).toBe(8);
    expect(analysis.prediction.embedding).toBeInstanceOf(Float32Array);
    expect(analysis.prediction.windowEmbeddings).toBeInstanceOf(Int8Array);
    expect(Math.hypot(...analysis.prediction.embedding)).toBeCloseTo(1, 5);
    const { audioHash } = await next('hashed', 3);
    expect(new Uint8Array(audioHash)).toEqual(new Uint8Array(analysis.audioHash));
    expect(new Uint8Array(audioHash)).toEqual(await hashAudio(song));
  });

  it('cancels a file in the middle, and one that waits', async () => {
    const { next } = start(1);
    analyser.post({ kind: 'analyse', job: 1, path: long });
    analyser.post({ kind: 'analyse', job: 2, path: song });
    analyser.post({ kind: 'analyse', job: 3, path: song });
    await next('progress', 1);
    analyser.post({ kind: 'cancel', job: 2 });
    expect(await next('failed', 2)).toMatchObject({ code: 'cancelled' });
    analyser.post({ kind: 'cancel', job: 1 });
    expect(await next('failed', 1)).toMatchObject({ code: 'cancelled' });
    expect((await next('analysed', 3)).analysis.durationSeconds).toBe(8);
  });

  it('tells how far it is', async () => {
    const { next, messages } = start(1);
    analyser.post({ kind: 'analyse', job: 1, path: long });
    await next('progress', 1);
    const far = () => messages.some((message) => message.kind === 'progress' && message.decodedSeconds > 10);
    while (!far()) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('ends cleanly when told to, also in the middle of a file', async () => {
    const { next } = start();
    analyser.post({ kind: 'analyse', job: 1, path: long });
    analyser.post({ kind: 'analyse', job: 2, path: long });
    await next('progress', 2);
    analyser.post({ kind: 'stop' });
    expect(await exit).toEqual({ code: 0, signal: null });
  });

  it('says why it cannot work', async () => {
    const damaged = join(folder, 'damaged');
    mkdirSync(damaged);
    for (const name of ['manifest.json', 'model.json'])
      writeFileSync(join(damaged, name), readFileSync(join(modelDir, name)));
    writeFileSync(join(damaged, 'weights.bin'), 'x');
    const { next } = start(2, damaged);
    expect(await next('unusable')).toMatchObject({
      code: 'model-damaged',
      detail: expect.stringContaining('weights.bin') as string,
    });
  });

  it('can be killed in the middle', async () => {
    const { next } = start();
    analyser.post({ kind: 'analyse', job: 1, path: long });
    await next('progress', 1);
    analyser.kill();
    expect(await exit).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('leaves it to the engine how Ctrl-C ends the work', async () => {
    start();
    const child: ChildProcess = fork(new URL('./process.ts', import.meta.url), { serialization: 'advanced' });
    const next = () => new Promise((resolve) => child.once('message', resolve));
    const gone = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
    child.send({ kind: 'start', options: { modelDir, workers: 1, backend: 'wasm' } });
    await next();
    // A terminal sends it to all processes; so does a service manager with its SIGTERM.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) child.kill(signal);
    child.send({ kind: 'hash', job: 1, path: song });
    expect(await Promise.race([next(), gone])).toMatchObject({ kind: 'progress', job: 1 });
    child.send({ kind: 'stop' });
    expect(await gone).toEqual({ code: 0, signal: null });
  });

  it('goes first neither on the processor nor after its engine is gone', async () => {
    start();
    const child: ChildProcess = fork(new URL('./process.ts', import.meta.url), {
      serialization: 'advanced',
      execArgv: [],
    });
    const ready = new Promise((resolve) => child.on('message', resolve));
    child.send({ kind: 'start', options: { modelDir, workers: 1, backend: 'wasm' } });
    await ready;
    expect(getPriority(child.pid)).toBeGreaterThan(0);
    child.send({ kind: 'analyse', job: 1, path: long });
    await new Promise((resolve) => child.on('message', resolve));
    const gone = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
    child.disconnect();
    expect(await gone).toBe(0);
  });

  it('does not stand back when somebody waits for the answer', async () => {
    start();
    const child: ChildProcess = fork(new URL('./process.ts', import.meta.url), {
      serialization: 'advanced',
      execArgv: [],
    });
    const ready = new Promise((resolve) => child.on('message', resolve));
    child.send({ kind: 'start', options: { modelDir, workers: 1, backend: 'wasm', urgent: true } });
    await ready;
    expect(getPriority(child.pid)).toBe(getPriority());
    const gone = new Promise((resolve) => child.on('exit', resolve));
    child.disconnect();
    await gone;
  });
});
