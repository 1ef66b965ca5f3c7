import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCorpus } from './corpus.ts';
import { readTeacherTags } from './teachers.ts';

const run = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cratewise-stages-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What a stage says on standard error; it has to fail. */
async function complaintOf(script: string, ...args: readonly string[]): Promise<string> {
  const path = new URL(script, import.meta.url).pathname;
  const failure = await run(process.execPath, [path, ...args]).then(
    () => null,
    (error: { code: number; stderr: string }) => error,
  );
  expect(failure?.code).toBe(1);
  return failure?.stderr ?? '';
}

it('a stage whose input is missing names it and the command that makes it', async () => {
  await expect(readCorpus(folder)).rejects.toThrow(
    `${join(folder, 'corpus.json')} is missing: npm run model:corpus first.`,
  );
  const said = await complaintOf('features.ts', '--cache', folder);
  expect(said.trim().split('\n')).toHaveLength(1);
  expect(said).toContain('npm run model:corpus first');
});

it('missing teachers are named by their path', async () => {
  await expect(readTeacherTags(folder)).rejects.toThrow(
    `${join(folder, 'teachers', 'tags.json')} is missing: --extra names the folder that holds teachers/.`,
  );
});

it('a tiny run never empties a folder that holds something else', async () => {
  await writeFile(join(folder, 'precious'), '1');
  expect(await complaintOf('tiny.ts', '--cache', folder)).toContain(`${folder} holds something else`);
  expect(await readdir(folder)).toEqual(['precious']);
});

it('the textbook experiment says which option it lacks', async () => {
  const python = ['--python', join(folder, 'nowhere')];
  expect(await complaintOf('gtzan/gtzan.ts')).toContain('--data DIR is needed');
  expect(await complaintOf('gtzan/gtzan.ts', '--data', folder)).toContain('--splits DIR is needed');
  expect(await complaintOf('gtzan/gtzan.ts', '--data', folder, '--splits', folder, ...python)).toContain(
    'npm run setup:tensorflow -- --training',
  );
});
