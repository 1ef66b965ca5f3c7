/** The command line in processes of its own, for its tests: a folder, music and a small model for each. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { writeTestModel } from '#engine/analysis/analyser/model-for-tests.ts';

export const bin = join(import.meta.dirname, 'bin.mjs');
export let modelDir: string;
/** What the next command runs with. */
let usedModel: string;
export let folder: string;
export let music: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  modelDir = mkdtempSync(join(tmpdir(), 'cratewise-model-'));
  await writeTestModel(modelDir);
});
afterAll(() => rmSync(modelDir, { recursive: true, force: true }));
beforeEach(() => {
  usedModel = modelDir;
  folder = mkdtempSync(join(tmpdir(), 'cratewise-cli-'));
  music = join(folder, 'music');
  mkdirSync(music);
});
afterEach(async () => {
  for (const child of running) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
});

export interface Started {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly error: () => string;
  readonly ended: Promise<number | null>;
}

export function start(...args: string[]): Started {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env: {
      ...process.env,
      CRATEWISE_DATA: join(folder, 'data'),
      CRATEWISE_MODEL: usedModel,
    },
  });
  running.add(child);
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    }),
  );
  return { child, out: () => out, error: () => error, ended };
}

export async function run(...args: string[]): Promise<{ code: number | null; out: string; error: string }> {
  const started = start(...args);
  const code = await started.ended;
  return { code, out: started.out(), error: started.error() };
}

export async function json<Value>(...args: string[]): Promise<Value> {
  const { code, out, error } = await run(...args, '--json');
  expect({ code, error }).toMatchObject({ code: 0 });
  return JSON.parse(out) as Value;
}

export const pieces = [1, 2, 3].map((seed) => ({
  path: `album/${seed}.wav`,
  seed,
  title: `Piece ${seed}`,
  artist: 'Ärtist',
}));

/** Another model than the test's own, for the commands that follow in this test. */
export function useModel(path: string): void {
  usedModel = path;
}
