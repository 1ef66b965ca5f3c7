/**
 * Which Electron to run: the one function behind `npm start`, the end-to-end tests and packaging. In order:
 *   1. ELECTRON_OVERRIDE_DIST_PATH
 *   2. the dist of the `electron` package
 *   3. a download by that package's own installer, given up soon when its release host is out of reach
 *   4. the pinned runtime (pinned-runtime.ts), for running and testing only
 */
import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { installPinnedRuntime, pinnedRuntime, type PinnedRuntime } from './pinned-runtime.ts';

export type ElectronSource = 'override' | 'installed' | 'downloaded' | 'pinned';

export interface ResolvedElectron {
  /** Absolute path of the program. */
  readonly executable: string;
  /** Folder that holds it and its resources; what packaging copies. */
  readonly distFolder: string;
  /** "42.0.0", or "unknown" when the folder does not say. */
  readonly version: string;
  readonly source: ElectronSource;
  /** False for a third party's republication: never hand that on to users. */
  readonly mayBePackaged: boolean;
}

export interface ResolveOptions {
  /** Packaging sets it: the pinned runtime is then never chosen. */
  readonly forPackaging?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
  readonly electronPackage?: string;
  readonly pinned?: PinnedRuntime;
  readonly cacheFolder?: string;
  /** Where the one line of what was chosen goes. Default: stderr, so that --json output stays clean. */
  readonly print?: (line: string) => void;
}

/** Long enough for a slow DNS server and a TLS handshake; nobody should wait longer to hear "offline". */
const PROBE_TIMEOUT_MS = 5_000;
/** A download of 120 MB. */
const DOWNLOAD_TIMEOUT_MS = 5 * 60_000;

/** Finds or fetches Electron; throws an error that lists what was tried when there is none. */
export async function resolveElectron(options: ResolveOptions = {}): Promise<ResolvedElectron> {
  const environment = options.environment ?? process.env;
  const print = options.print ?? ((line: string) => process.stderr.write(`${line}\n`));
  const electronPackage =
    options.electronPackage ?? dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pinned = options.pinned ?? pinnedRuntime;

  const chosen = async (distFolder: string, source: ElectronSource): Promise<ResolvedElectron> => {
    const resolved = {
      executable: join(distFolder, executableName()),
      distFolder,
      version: await versionOf(distFolder),
      source,
      mayBePackaged: source !== 'pinned',
    };
    print(`Electron ${resolved.version} (${sourceText[source]}): ${resolved.executable}`);
    return resolved;
  };

  const override = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) {
    // A wrong override is a mistake to hear about, not a reason to run something else.
    if (!(await exists(join(override, executableName())))) {
      throw new Error(
        `ELECTRON_OVERRIDE_DIST_PATH is ${override}, but there is no ${executableName()} in it. Correct it or unset it.`,
      );
    }
    return chosen(override, 'override');
  }

  const dist = join(electronPackage, 'dist');
  const wanted = await packageVersion(electronPackage);
  const isThere = async () =>
    (await exists(join(dist, executableName()))) && (await versionOf(dist)) === wanted;
  if (await isThere()) return chosen(dist, 'installed');

  const failures: string[] = [];
  const unreachable = await whyUnreachable(environment, wanted);
  if (unreachable === null) {
    print(`Downloading Electron ${wanted} …`);
    const failure = await runInstaller(electronPackage, environment);
    if (failure === null && (await isThere())) return chosen(dist, 'downloaded');
    failures.push(`its own installer failed: ${failure ?? 'it left no program'}`);
  } else {
    failures.push(`its release host cannot be reached (${unreachable})`);
  }

  if (options.forPackaging === true) {
    throw new Error(
      `No Electron that may be packaged: ${failures.join('; ')}. Connect to the network, set ELECTRON_MIRROR, or point ELECTRON_OVERRIDE_DIST_PATH to an official release unpacked.`,
    );
  }
  try {
    return await chosen(
      await installPinnedRuntime(pinned, options.cacheFolder ?? cacheFolder(environment)),
      'pinned',
    );
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
  }
  throw new Error(
    `No Electron could be found or fetched: ${failures.join('; ')}. Connect to the network once, or set ELECTRON_OVERRIDE_DIST_PATH to the folder of an Electron release.`,
  );
}

const sourceText: Readonly<Record<ElectronSource, string>> = {
  override: 'from ELECTRON_OVERRIDE_DIST_PATH',
  installed: 'installed',
  downloaded: 'just downloaded',
  pinned: 'pinned runtime from the package registry, for running and testing only',
};

/** Path of the program inside dist, as electron's own index.js has it. */
function executableName(): string {
  if (process.platform === 'darwin') return join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

async function versionOf(distFolder: string): Promise<string> {
  const text = await readFile(join(distFolder, 'version'), 'utf8').catch(() => 'unknown');
  return text.trim().replace(/^v/, '');
}

async function packageVersion(folder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return (manifest as { version: string }).version;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/**
 * Null when the download may be tried, else why not. With a mirror or a proxy set up, only the installer
 * itself knows the way, so it is let try.
 */
async function whyUnreachable(environment: NodeJS.ProcessEnv, version: string): Promise<string | null> {
  const ownWay = ['ELECTRON_MIRROR', 'npm_config_electron_mirror', 'ELECTRON_GET_USE_PROXY'];
  if (ownWay.some((name) => environment[name])) return null;
  const file = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  const address = `https://github.com/electron/electron/releases/download/v${version}/${file}`;
  try {
    // To the end of its redirects: the bytes lie on another host, which may be blocked alone.
    const answer = await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return answer.ok ? null : `it answered ${answer.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** Null when the installer ended well, else what it said. */
function runInstaller(electronPackage: string, environment: NodeJS.ProcessEnv): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(electronPackage, 'install.js')], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: DOWNLOAD_TIMEOUT_MS,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(null);
      else resolve(signal === null ? (said.trim().split('\n')[0] ?? `exit ${code}`) : 'it took too long');
    });
  });
}
