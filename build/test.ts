/**
 * `npm test`: everything that can be tested on this machine. Installs what the end-to-end tests need when
 * it may, runs every runner, and ends with one line that sums them up. Exit code 0 only when nothing failed.
 *
 * CRATEWISE_REQUIRE_PARITY=1: the parity run of the two TensorFlow.js backends must take place.
 * CRATEWISE_REQUIRE_TRAINING=1: so must the tiny training run.
 * CRATEWISE_REQUIRE_TAGGING=1: so must the tests of tags with other programs and their files.
 * --failed-before N: so many checks failed before this run; they are part of the sum.
 * --only NAME: unit, parity, training, tagging or e2e alone.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { tagSamplesFolder } from './cache-folder.ts';
import { repository, runStep, type Step } from './steps.ts';
import { ensureSystemPackages, hasProgram } from './system-packages.ts';
import {
  add,
  countsOf,
  noCounts,
  readPlaywright,
  readVitest,
  summaryLine,
  type Counts,
} from './test-results.ts';
import { tensorflowIsSetUp, trainingIsSetUp } from './tensorflow-ready.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'cratewise-test-'));
const oneFailure: Counts = { passed: 0, failed: 1, skipped: 0 };

function heading(text: string): void {
  console.log(`\n=== ${text} ===`);
}

async function vitest(projects: readonly string[]): Promise<Counts> {
  const file = path.join(scratch, `${projects.join('-')}.json`);
  const step: Step = {
    name: projects.join(', '),
    command: 'vitest',
    arguments: [
      ...['run', '-c', 'build/vitest.config.ts', ...projects.flatMap((project) => ['--project', project])],
      ...['--reporter', 'default', '--reporter', 'json', `--outputFile.json=${file}`],
    ],
  };
  const { exitCode } = await runStep(step, { live: true });
  return countsOf(file, exitCode, readVitest);
}

async function unitTests(): Promise<Counts> {
  heading('unit tests');
  return vitest(['node', 'renderer']);
}

/** Tests that want more than `npm ci` gives: skipped without it, unless this run requires them. */
async function optional(
  name: 'parity' | 'training' | 'tagging',
  title: string,
  isSetUp: boolean,
  setUp: string,
): Promise<Counts> {
  heading(title);
  if (isSetUp) return vitest([name]);
  if (process.env[`CRATEWISE_REQUIRE_${name.toUpperCase()}`] === '1') {
    console.log(`FAILED: this run requires the ${name} tests, and what they need is not set up (${setUp}).`);
    return oneFailure;
  }
  console.log(`Skipped the ${name} tests: to run them, first \`${setUp}\`.`);
  return { ...noCounts, skipped: countTestFiles(`.${name}.test.ts`, 'electron', 'build') };
}

/** The two backends must agree; without the accelerator there is nothing to compare. */
function parity(): Promise<Counts> {
  const title = 'parity of the TensorFlow.js backends';
  return optional('parity', title, tensorflowIsSetUp(), 'npm run setup:tensorflow');
}

/** The whole pipeline of the model from synthesised pieces: it has to learn. */
function training(): Promise<Counts> {
  const title = 'tiny training run';
  return optional('training', title, trainingIsSetUp(), 'npm run setup:tensorflow -- --training');
}

/** Files that other programs tagged are written, and what we wrote is read by other programs. */
function tagging(): Promise<Counts> {
  const readers = ['mutagen-inspect', 'metaflac', 'ffmpeg', 'ffprobe', 'exiftool'];
  const isSetUp = readers.every(hasProgram) && existsSync(tagSamplesFolder());
  const setUp = 'npm run setup:system -- tagging && npm run setup:tag-samples';
  return optional('tagging', 'tags and other programs', isSetUp, setUp);
}

/** How many files end like this: the least number of tests that a skipped group stands for. */
function countTestFiles(ending: string, ...folders: readonly string[]): number {
  const names = folders.flatMap((folder) =>
    readdirSync(path.join(repository, folder), { recursive: true, encoding: 'utf8' }),
  );
  return names.filter((name) => name.endsWith(ending) && !name.includes('node_modules')).length;
}

/** How many end-to-end tests there are, by asking Playwright without running any. */
async function countEndToEnd(): Promise<number> {
  const { output } = await runStep({
    name: 'list',
    command: 'playwright',
    arguments: ['test', '-c', 'build/playwright.config.ts', '--list'],
  });
  return Number(/Total: (\d+) test/.exec(output)?.[1] ?? countTestFiles('.spec.ts', 'e2e'));
}

async function endToEnd(): Promise<Counts> {
  heading('end-to-end tests');
  const packages = await ensureSystemPackages(['display', 'browser']);
  if (packages.missing.length > 0) {
    console.log(`Skipped the end-to-end tests: ${packages.advice ?? packages.missing.join(' ')}`);
    return { ...noCounts, skipped: await countEndToEnd() };
  }
  const built = await runStep(
    { name: 'build', command: 'npm', arguments: ['run', '--silent', 'build'] },
    { live: true },
  );
  if (built.exitCode !== 0) {
    console.log('FAILED: the app could not be built, so the end-to-end tests could not run.');
    return oneFailure;
  }
  const file = path.join(scratch, 'e2e.json');
  const playwright = ['playwright', 'test', '-c', 'build/playwright.config.ts', '--reporter', 'list,json'];
  const command =
    process.platform === 'linux' && hasProgram('xvfb-run')
      ? ['xvfb-run', '-a', '-s', '-screen 0 1920x1080x24', ...playwright]
      : playwright;
  const [program = 'playwright', ...rest] = command;
  const { exitCode } = await runStep(
    { name: 'end-to-end', command: program, arguments: rest },
    { live: true, environment: { PLAYWRIGHT_JSON_OUTPUT_FILE: file } },
  );
  return countsOf(file, exitCode, readPlaywright);
}

const { values } = parseArgs({
  options: { 'failed-before': { type: 'string', default: '0' }, only: { type: 'string' } },
});
const runners: Readonly<Record<string, () => Promise<Counts>>> = {
  unit: unitTests,
  parity,
  training,
  tagging,
  e2e: endToEnd,
};
if (values.only !== undefined && !(values.only in runners)) {
  console.error(`--only takes one of ${Object.keys(runners).join(', ')}, not "${values.only}".`);
  process.exit(2);
}
let counts: Counts = { ...noCounts, failed: Number(values['failed-before']) };
try {
  for (const [name, run] of Object.entries(runners)) {
    if (values.only === undefined || values.only === name) counts = add(counts, await run());
  }
} catch (error) {
  console.error(error);
  counts = add(counts, oneFailure);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\n${summaryLine(counts)}`);
process.exitCode = counts.failed === 0 ? 0 : 1;
