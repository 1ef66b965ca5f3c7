/**
 * `npm run screenshots`: pictures of every screen in both themes, from the real app with a synthesised library, into
 * docs/screenshots. The library is made once (bench-results/); remove it to see new analyses. --only NAMES, --themes NAMES.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { onDisplay } from './display.ts';
import { ensureBuilt } from './build-app.ts';
import { repository, runStep } from './steps.ts';
import { ensureSystemPackages } from './system-packages.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, themes: { type: 'string' } } });
const { missing, advice } = await ensureSystemPackages(['display']);
if (missing.length > 0) throw new Error(advice ?? `Missing: ${missing.join(' ')}`);
await ensureBuilt();
const [program = '', ...rest] = onDisplay([
  ...[process.execPath, path.join(repository, 'e2e', 'screenshots', 'screenshots.ts')],
  ...[
    '--into',
    path.join(repository, 'docs', 'screenshots'),
    '--cache',
    path.join(repository, 'bench-results'),
  ],
  ...(values.only === undefined ? [] : ['--only', values.only]),
  ...(values.themes === undefined ? [] : ['--themes', values.themes]),
]);
const { exitCode } = await runStep(
  { name: 'screenshots', command: program, arguments: rest },
  { live: true },
);
process.exitCode = exitCode ?? 1;
