/**
 * The pipeline of the model, trained for real in a minute: it learns; a run that was killed goes on where it was;
 * one that diverges says so. Wants `npm run setup:tensorflow -- --training`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EpochFigures } from './curves.ts';
import type { TrainingPlan } from './train.ts';

/** Two free cores need less than a quarter of this. */
const PIPELINE_TIMEOUT_MS = 5 * 60_000;
const SHORT_RUN_TIMEOUT_MS = 2 * 60_000;
const POLL_MS = 20;
/**
 * The data, their order and the weights are those of the checkpoint; the dropout's random numbers are not, so the
 * losses of a run that went on differ by noise from those of one that was left alone.
 */
const NOISE = 0.05;

const cache = mkdtempSync(join(tmpdir(), 'cratewise-training-'));
const runs = join(cache, 'runs');
let pipeline: Ended;

beforeAll(async () => {
  pipeline = await run('tiny.ts', ['--cache', cache], PIPELINE_TIMEOUT_MS);
}, PIPELINE_TIMEOUT_MS + 10_000);
afterAll(() => rmSync(cache, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a stage in a process group of its own: what it has started ends with it when the time is up. */
function run(script: string, args: readonly string[], limitMs: number): Promise<Ended> {
  const child = start(script, args);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const timer = setTimeout(() => {
    output += `\n${script} was ended after ${limitMs / 1000} s.\n`;
    killGroup(child);
  }, limitMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

function start(script: string, args: readonly string[]): ChildProcess {
  const path = new URL(script, import.meta.url).pathname;
  return spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
}

/** A run on what the pipeline has packed, with another plan. Returns its folder. */
async function prepare(name: string, changes: Partial<TrainingPlan>): Promise<string> {
  const folder = join(runs, name);
  await cp(join(runs, 'student'), folder, { recursive: true });
  for (const made of ['checkpoint.npz', 'curves.json', 'curves.svg', 'best.f32', 'last.f32'])
    await rm(join(folder, made), { force: true });
  const plan = JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8')) as TrainingPlan;
  await writeFile(join(folder, 'plan.json'), JSON.stringify({ ...plan, ...changes }));
  return folder;
}

const trainArguments = (name: string, epochs: number) => [
  ...['--tiny', '--cache', cache, '--run', name, '--epochs', String(epochs)],
];
const train = (name: string, epochs: number) =>
  run('train.ts', trainArguments(name, epochs), SHORT_RUN_TIMEOUT_MS);

/** The losses on held-out windows after the last epoch. */
async function finalLosses(folder: string): Promise<EpochFigures['validation']> {
  const curves = JSON.parse(await readFile(join(folder, 'curves.json'), 'utf8')) as EpochFigures[];
  return curves.at(-1)!.validation;
}

test('the whole pipeline learns from synthesised pieces, far better than chance', () => {
  expect(pipeline.code, pipeline.output.slice(-4000)).toBe(0);
  const [, right, total] = /(\d+) of (\d+) unheard pieces right/.exec(pipeline.output) ?? [];
  expect(Number(total)).toBeGreaterThan(12);
  expect(Number(right) / Number(total)).toBeGreaterThanOrEqual(0.5);
});

test('TensorFlow.js computes what Keras computed from the weights just learned', () => {
  const [, difference] = /parity with Keras: largest difference (\S+)/.exec(pipeline.output) ?? [];
  expect(Number(difference)).toBeLessThan(1e-3);
});

test(
  'a killed run goes on from its checkpoint to the same result',
  async () => {
    const epochs = 4;
    const changes = { samplesPerEpoch: 32, patience: epochs };
    const undisturbed = await prepare('undisturbed', changes);
    expect((await train('undisturbed', epochs)).code).toBe(0);

    const disturbed = await prepare('disturbed', changes);
    const child = start('train.ts', trainArguments('disturbed', epochs));
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.stdout?.resume();
    child.stderr?.resume();
    const giveUp = Date.now() + SHORT_RUN_TIMEOUT_MS;
    while (!existsSync(join(disturbed, 'checkpoint.npz')) && child.exitCode === null && Date.now() < giveUp)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    killGroup(child);
    await ended;

    const resumed = await train('disturbed', epochs);
    expect(resumed.code, resumed.output).toBe(0);
    expect(resumed.output).toMatch(/resumed after epoch [123]\n/);
    const [wanted, found] = [await finalLosses(undisturbed), await finalLosses(disturbed)];
    for (const [name, value] of Object.entries(wanted))
      expect(Math.abs((found[name] ?? NaN) - value), name).toBeLessThanOrEqual(NOISE * Math.max(value, 1));
  },
  4 * SHORT_RUN_TIMEOUT_MS,
);

test(
  'a run that diverges ends with a sentence and keeps no broken weights',
  async () => {
    const folder = await prepare('diverging', { rate: 1e30 });
    const { code, output } = await train('diverging', 2);
    expect(code).not.toBe(0);
    expect(output).toMatch(/The loss is no longer a number \(epoch \d+, step \d+\): lower the rate/);
    expect(existsSync(join(folder, 'checkpoint.npz'))).toBe(false);
    expect(existsSync(join(folder, 'best.f32'))).toBe(false);
  },
  2 * SHORT_RUN_TIMEOUT_MS,
);
