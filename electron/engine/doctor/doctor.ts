/** What this machine has and lacks, one line each: `cratewise doctor`, and About. Works also where the library cannot be opened. */
import { constants } from 'node:fs';
import { access, readFile, statfs } from 'node:fs/promises';
import { availableParallelism, release, totalmem, type } from 'node:os';
import { dirname } from 'node:path';
import { readModelFolder } from '#engine/analysis/model-folder.ts';
import type { SpawnAnalyser } from '#engine/analysis/protocol.ts';
import { readDatabaseInfo } from '#engine/storage/database-info.ts';
import type { DoctorCheck } from '#shared/domain.ts';
import { toWire } from '#shared/errors.ts';
import { tryAnalyser } from './try-analyser.ts';

export interface DoctorOptions {
  readonly libraryFile: string;
  readonly modelDir: string;
  readonly spawnAnalyser: SpawnAnalyser;
}

const GIBIBYTE = 1024 ** 3;
/** 16 KB a track and room for backups: enough for 50,000 tracks. */
const LITTLE_SPACE_BYTES = 1 * GIBIBYTE;
/** One watch a folder: libraries of 200,000 files have about 20,000. */
const FEW_WATCHES = 32_768;
/** What package.json promises; better-sqlite3 and music-metadata need it. */
const OLDEST_NODE: readonly [number, number] = [22, 22];

/** Takes some seconds: the analyser is really started, and really analyses a piece of noise. */
export async function examine(options: DoctorOptions): Promise<readonly DoctorCheck[]> {
  return [
    checkNode(),
    checkSystem(),
    checkDatabase(),
    await checkDataFolder(dirname(options.libraryFile)),
    checkModel(options.modelDir),
    ...(await tryAnalyser(options)),
    await checkWatches(),
    checkDisplay(),
    checkElectron(),
  ];
}

type State = DoctorCheck['state'];
const check = (name: string, state: State, detail: string): DoctorCheck => ({ name, state, detail });

function checkNode(): DoctorCheck {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const detail = `${process.versions.node} (${process.execPath})`;
  if (fits) return check('Node.js', 'ok', detail);
  return check('Node.js', 'problem', `${detail} is too old: ${OLDEST_NODE.join('.')} or newer is needed.`);
}

function checkSystem(): DoctorCheck {
  const memory = (totalmem() / GIBIBYTE).toFixed(1);
  const cores = availableParallelism();
  return check(
    'System',
    'ok',
    `${type()} ${release()} ${process.arch}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${memory} GiB of memory`,
  );
}

function checkDatabase(): DoctorCheck {
  const { version, hasFullText } = readDatabaseInfo();
  if (hasFullText) return check('SQLite', 'ok', `${version} with full-text search (FTS5)`);
  return check(
    'SQLite',
    'problem',
    `${version} lacks full-text search (FTS5). Install better-sqlite3 as it comes from its makers.`,
  );
}

async function checkDataFolder(folder: string): Promise<DoctorCheck> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const detail = `${folder}, ${(free / GIBIBYTE).toFixed(1)} GiB free`;
    if (free >= LITTLE_SPACE_BYTES) return check('Data folder', 'ok', detail);
    return check('Data folder', 'warning', `${detail}: a large library may not fit.`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (code === 'ENOENT') return check('Data folder', 'ok', `${folder} is made by the first scan`);
    return check(
      'Data folder',
      'problem',
      `${folder} cannot be written (${code}). Give yourself permission, or choose another with --db or CRATEWISE_DATA.`,
    );
  }
}

function checkModel(modelDir: string): DoctorCheck {
  try {
    const { manifest } = readModelFolder(modelDir);
    const files = Object.keys(manifest.checksums).length;
    return check(
      'Model',
      'ok',
      `${manifest.name} ${manifest.version}, ${manifest.genres.length} genres, checksums of ${files} ${files === 1 ? 'file' : 'files'} are right (${modelDir})`,
    );
  } catch (error) {
    return check('Model', 'problem', toWire(error).detail);
  }
}

async function checkWatches(): Promise<DoctorCheck> {
  if (process.platform !== 'linux') return check('Watching folders', 'ok', 'by the system, without a limit');
  try {
    const limit = Number(await readFile('/proc/sys/fs/inotify/max_user_watches', 'utf8'));
    const detail = `${limit.toLocaleString('en')} folders at most (fs.inotify.max_user_watches)`;
    if (limit >= FEW_WATCHES) return check('Watching folders', 'ok', detail);
    return check(
      'Watching folders',
      'warning',
      `${detail}: raise it with “sysctl fs.inotify.max_user_watches=524288” if the library has more.`,
    );
  } catch {
    return check('Watching folders', 'warning', 'the limit of inotify is not known here');
  }
}

function checkDisplay(): DoctorCheck {
  if (process.platform !== 'linux') return check('Display', 'ok', 'by the system');
  const { WAYLAND_DISPLAY: wayland, DISPLAY: x11 } = process.env;
  if (wayland) return check('Display', 'ok', `Wayland (${wayland})`);
  if (x11) return check('Display', 'ok', `X11 (${x11})`);
  return check('Display', 'warning', 'none: the window cannot be opened, the terminal and the web app can');
}

function checkElectron(): DoctorCheck {
  const { electron, chrome } = process.versions as { electron?: string; chrome?: string };
  if (electron === undefined) return check('Electron', 'ok', 'not used by this process (plain Node.js)');
  return check('Electron', 'ok', `${electron} (Chromium ${chrome ?? 'unknown'})`);
}
