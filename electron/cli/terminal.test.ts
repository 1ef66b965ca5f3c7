import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeTestModel } from '#engine/analysis/analyser/model-for-tests.ts';
import { writeTestMusic } from '#engine/test-music.fixture.ts';

let folder: string;
let child: ChildProcess | null = null;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-terminal-'));
  await writeTestModel(folder);
});
afterEach(async () => {
  if (child !== null && child.exitCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]) {
  const started = spawn(process.execPath, [join(import.meta.dirname, 'terminal.fixture.ts'), ...args], {
    env: { ...process.env, CRATEWISE_DATA: join(folder, 'data'), CRATEWISE_MODEL: folder },
  });
  child = started;
  let text = '';
  started.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  started.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(started, 'close') as Promise<[number | null]>;
  return { text: () => text, ended, child: started };
}

test('--once scans, shows the genres and the errors, and ends', async () => {
  const music = join(folder, 'music');
  writeTestMusic(music, [
    { path: 'a.wav', seed: 1 },
    { path: 'b.wav', seed: 2 },
  ]);
  writeFileSync(join(music, 'not music.mp3'), 'text');
  const run = start('--once', music);
  expect(await run.ended).toEqual([0, null]);
  expect(run.text()).toContain('2 tracks analysed');
  expect(run.text()).toMatch(/3 files: 3 new, .* 2 analysed, 1 error/);
  expect(run.text()).not.toContain('http://');
}, 60_000);

test('without a folder it says what to do and offers the web app until Ctrl-C', async () => {
  const run = start();
  await expect.poll(() => run.text(), { timeout: 30_000 }).toContain('Ctrl-C ends it.');
  expect(run.text()).toContain('The library is empty. Name a folder');
  const address = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(run.text())![0];
  expect((await fetch(address, { redirect: 'manual' })).status).toBe(303);
  run.child.kill('SIGINT');
  expect(await run.ended).toEqual([0, null]);
}, 60_000);

test('with a folder the web app is there before the scan, and stays after it', async () => {
  const music = join(folder, 'music');
  writeTestMusic(music, [{ path: 'a.wav', seed: 1 }]);
  const run = start(music);
  await expect
    .poll(() => run.text(), { timeout: 30_000 })
    .toMatch(/1 analysed, 0 errors[^]*Ctrl-C ends it\./);
  const addresses = [...run.text().matchAll(/http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/g)];
  expect(addresses).toHaveLength(2);
  expect(addresses[0]![0]).toBe(addresses[1]![0]);
  expect(addresses[0]!.index).toBeLessThan(run.text().indexOf('1 track analysed'));
  expect((await fetch(addresses[0]![0], { redirect: 'manual' })).status).toBe(303);
  run.child.kill('SIGINT');
  expect(await run.ended).toEqual([0, null]);
}, 60_000);

test('what cannot be done is said, with an exit code', async () => {
  const run = start('--once', join(folder, 'nowhere'));
  expect(await run.ended).toEqual([1, null]);
  expect(run.text()).toContain(`There is no folder ${join(folder, 'nowhere')}`);
}, 60_000);
