/**
 * `npm run check`: everything that can be said of the code without building the app. Steps run two at a
 * time (two cores are what CI and a small laptop have); the table says what each cost.
 * `--without-tests` leaves the unit tests to an `npm test` that follows.
 */
import { parseArgs } from 'node:util';
import { runSteps, table, type Step } from './steps.ts';

const STEPS_AT_A_TIME = 2;

const { values } = parseArgs({ options: { 'without-tests': { type: 'boolean', default: false } } });

const types = (folder: string): Step => ({
  name: `types: ${folder}`,
  command: 'tsc',
  arguments: ['-p', `${folder}/tsconfig.json`],
});
const npmScript = (name: string, script: string): Step => ({
  name,
  command: 'npm',
  arguments: ['run', '--silent', script],
});

// The long ones first, so that the short ones fill the second core.
const steps: readonly Step[] = [
  ...(values['without-tests']
    ? []
    : [
        {
          name: 'unit tests',
          command: 'vitest',
          arguments: [
            ...['run', '-c', 'build/vitest.config.ts', '--project', 'node', '--project', 'renderer'],
            ...['--reporter', 'dot'],
          ],
        },
      ]),
  npmScript('lint', 'lint'),
  {
    name: 'types: renderer',
    command: 'svelte-check',
    arguments: [
      '--workspace',
      'renderer',
      '--tsconfig',
      'tsconfig.json',
      '--fail-on-warnings',
      '--output',
      'human',
    ],
  },
  types('electron'),
  types('electron/shared'),
  types('build'),
  types('e2e'),
  npmScript('import rules', 'imports'),
  npmScript('dead code', 'dead-code'),
  npmScript('format', 'format:check'),
];

const started = performance.now();
const results = await runSteps(steps, STEPS_AT_A_TIME, (result) => {
  const passed = result.exitCode === 0;
  console.log(`${passed ? 'passed' : 'FAILED'}  ${result.name}  (${result.seconds.toFixed(1)} s)`);
  if (!passed) console.log(`${result.output.trim()}\n`);
});

const total = (performance.now() - started) / 1000;
console.log(
  '\n' +
    table(
      [
        ['step', 'result', 'seconds'],
        ...results.map((result) => [
          result.name,
          result.exitCode === 0 ? 'passed' : 'FAILED',
          result.seconds.toFixed(1),
        ]),
        ['all', results.every((result) => result.exitCode === 0) ? 'passed' : 'FAILED', total.toFixed(1)],
      ],
      [2],
    ),
);
process.exitCode = results.every((result) => result.exitCode === 0) ? 0 : 1;
