/**
 * `npm run bench:ui`: how fast the real window is with a library of 100,000 tracks, and how long it is silent between
 * two tracks. Prints one table; --json FILE writes the figures as well. Needs a display; on Linux a virtual one does.
 *
 *   --tracks N   tracks of the library (100000)
 *   --starts N, --scroll SECONDS: see e2e/bench/ui.ts
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { onDisplay } from '../display.ts';
import { ensureBuilt } from '../build-app.ts';
import { repository, runStep } from '../steps.ts';
import { ensureSystemPackages } from '../system-packages.ts';
import { madeMusic } from './music.ts';
import { uiLibrary } from './ui-library.ts';

const PIECES = 11;
const SECONDS_A_PIECE = 10;

const { values } = parseArgs({
  options: {
    tracks: { type: 'string', default: '100000' },
    starts: { type: 'string', default: '5' },
    scroll: { type: 'string', default: '10' },
    json: { type: 'string' },
  },
});
const { missing, advice } = await ensureSystemPackages(['display']);
if (missing.length > 0) throw new Error(advice ?? `Missing: ${missing.join(' ')}`);
await ensureBuilt();
const results = path.join(repository, 'bench-results');
const { dataDir } = uiLibrary(results, path.join(repository, 'resources', 'model'), Number(values.tracks));
const pieces = await madeMusic(path.join(results, 'music'), PIECES, SECONDS_A_PIECE);
const music = path.dirname(path.dirname(path.dirname(pieces[0] ?? '')));
const [program = '', ...rest] = onDisplay([
  ...[process.execPath, path.join(repository, 'e2e', 'bench', 'ui.ts')],
  ...['--data', dataDir, '--music', music, '--starts', values.starts, '--scroll', values.scroll],
  ...(values.json === undefined ? [] : ['--json', path.resolve(process.env['INIT_CWD'] ?? '.', values.json)]),
]);
const { exitCode } = await runStep({ name: 'bench:ui', command: program, arguments: rest }, { live: true });
process.exitCode = exitCode ?? 1;
