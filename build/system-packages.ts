/**
 * What tests need beyond npm packages: a display without a screen, the libraries Electron links against, a
 * browser for the local web app, and what sets up TensorFlow. On Debian and its relatives, as root, they are
 * installed; anywhere else the caller says what to install and skips those tests.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import path from 'node:path';

const run = promisify(execFile);

/** Of Debian 12. Newer suites renamed some for 64-bit time (libgtk-3-0t64): see `available`. */
const displayPackages = [
  ...['xvfb', 'xauth', 'libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libnotify4'],
  ...['libxtst6', 'libatspi2.0-0', 'libdrm2', 'libxkbcommon0', 'libcups2', 'fonts-dejavu-core'],
];
const browserPackages = ['chromium'];
/** The C compiler and pip that `npm run setup:tensorflow` uses. */
const tensorflowPackages = ['g++', 'python3-pip'];
/** What its `--training` uses beside them. */
const trainingPackages = ['python3-venv'];

/** Other readers of tags, and pip, which fetches files that other programs tagged. */
const taggingPackages = ['python3-mutagen', 'flac', 'ffmpeg', 'libimage-exiftool-perl', 'python3-pip'];

/** The longest a package installation may take before it counts as failed. */
const INSTALL_TIMEOUT_MS = 10 * 60_000;

export type PackageGroup = 'display' | 'browser' | 'tensorflow' | 'training' | 'tagging';
const groups: Readonly<Record<PackageGroup, readonly string[]>> = {
  display: displayPackages,
  browser: browserPackages,
  tensorflow: tensorflowPackages,
  training: trainingPackages,
  tagging: taggingPackages,
};

export interface SystemPackages {
  /** What is still missing, as names to give to the system's installer. */
  readonly missing: readonly string[];
  /** One sentence for people; null when nothing is missing. */
  readonly advice: string | null;
}

/** Is a program of this name in PATH? */
export function hasProgram(name: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.some((folder) => folder !== '' && existsSync(path.join(folder, name)));
}

/** Names of the given ones that dpkg does not know as installed. A renamed package (…t64) counts as its old name. */
export function notInstalled(names: readonly string[], installed: ReadonlySet<string>): readonly string[] {
  return names.filter((name) => !installed.has(name) && !installed.has(`${name}t64`));
}

function installedPackages(): ReadonlySet<string> {
  const list = execFileSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return new Set(
    list
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.slice(0, line.indexOf(' '))),
  );
}

/** The name this suite uses: the plain one, or the one with t64. */
async function available(name: string): Promise<string> {
  const candidate = async (each: string): Promise<boolean> => {
    const { stdout } = await run('apt-cache', ['policy', each]);
    return /Candidate: (?!\(none\))\S/.test(stdout);
  };
  return !(await candidate(name)) && (await candidate(`${name}t64`)) ? `${name}t64` : name;
}

async function install(names: readonly string[]): Promise<void> {
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: INSTALL_TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
  };
  await run('apt-get', ['update', '-qq'], options);
  const resolved = await Promise.all(names.map(available));
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...resolved], options);
}

/**
 * Makes sure that the packages of these groups are there, installing them when it may (Linux with apt-get,
 * as root). Never throws: what could not be had is in `missing`.
 */
export async function ensureSystemPackages(wanted: readonly PackageGroup[]): Promise<SystemPackages> {
  // Windows and macOS bring a display and its libraries.
  if (process.platform !== 'linux') return { missing: [], advice: null };
  const names = wanted.flatMap((group) => groups[group]);
  if (!hasProgram('dpkg-query') || !hasProgram('apt-get')) {
    const programs = {
      display: 'xvfb-run',
      browser: 'chromium',
      tensorflow: 'g++',
      training: 'python3',
      tagging: 'mutagen-inspect',
    } as const;
    const missing = wanted.map((group) => programs[group]).filter((program) => !hasProgram(program));
    return { missing, advice: missing.length === 0 ? null : `Install what brings ${missing.join(', ')}.` };
  }
  const missing = notInstalled(names, installedPackages());
  if (missing.length === 0) return { missing, advice: null };
  const command = `apt-get install ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) return { missing, advice: `As root: ${command}` };

  console.log(`Installing system packages: ${missing.join(' ')}`);
  try {
    await install(missing);
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? String(error);
    const rest = notInstalled(names, installedPackages());
    return {
      missing: rest,
      advice: rest.length === 0 ? null : `apt-get failed (${reason}). As root: ${command}`,
    };
  }
  return { missing: notInstalled(names, installedPackages()), advice: null };
}

// `npm run setup:system -- GROUP…`: all groups when none is named.
if (import.meta.main) {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !(name in groups));
  if (unknown.length > 0) {
    console.error(`Not a group: ${unknown.join(', ')}. Groups are ${Object.keys(groups).join(', ')}.`);
    process.exit(2);
  }
  const wanted = named.length > 0 ? (named as PackageGroup[]) : (Object.keys(groups) as PackageGroup[]);
  const { missing, advice } = await ensureSystemPackages(wanted);
  if (advice !== null) console.error(advice);
  process.exitCode = missing.length === 0 ? 0 : 1;
}
