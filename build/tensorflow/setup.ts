/**
 * The native TensorFlow.js (accelerator of the analyser, parity tests) and ONNX Runtime (teachers). tfjs-node's own
 * download is gone, so its C library is taken from the TensorFlow wheel of the Python package index and its addon is
 * compiled here: 5 s, no node-gyp. `--training` makes a Python environment with Keras, too. Everything is skipped
 * that is already there.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, trainingPython } from '../cache-folder.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const cache = cacheFolder();
const tensorflowVersion = '2.15.1';
/** tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl */
const wheelSha256 = '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26';
const addonFolder = join(here, 'node_modules', '@tensorflow', 'tfjs-node');
const addon = join(addonFolder, 'lib', 'napi-v8', 'tfjs_binding.node');

async function main(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `The native TensorFlow is set up on Linux x64 only, this is ${process.platform} ${process.arch}. The app uses WebAssembly.`,
    );
  installPackages();
  if (!existsSync(addon)) {
    needProgram('g++', 'g++');
    await unpackLibrary(await findWheel());
    await compileAddon();
  }
  checkAddon();
  if (process.argv.includes('--training')) await makePython();
  process.stdout.write(`The native TensorFlow is ready in ${here}\n`);
}

function installPackages(): void {
  if (existsSync(join(here, 'node_modules', 'onnxruntime-node')) && existsSync(addonFolder)) return;
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], here);
}

/** The wheel in the cache, downloaded by pip where it is not there yet (207 MB), checked by its hash. */
async function findWheel(): Promise<string> {
  const folder = join(cache, 'tensorflow');
  await mkdir(folder, { recursive: true });
  const look = async () => (await readdir(folder)).find((name) => /^tensorflow_cpu-.*\.whl$/.test(name));
  if ((await look()) === undefined) {
    needProgram('pip3', 'python3-pip');
    process.stdout.write('Downloading the TensorFlow library (207 MB) with pip …\n');
    const wanted = [
      `tensorflow-cpu==${tensorflowVersion}`,
      '--python-version',
      '3.11',
      '--platform',
      'manylinux2014_x86_64',
    ];
    run('pip3', ['download', '-q', '--no-deps', '--only-binary=:all:', '-d', folder, ...wanted], here);
  }
  const name = await look();
  if (name === undefined) throw new Error(`pip has left no TensorFlow wheel in ${folder}.`);
  const path = join(folder, name);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  if (hash.digest('hex') !== wheelSha256)
    throw new Error(
      `${path} is not the wheel that is expected (its SHA-256 differs): delete it and run again.`,
    );
  return path;
}

/** Libraries and headers out of the wheel (a zip file), into the places where tfjs-node looks for them. */
async function unpackLibrary(wheel: string): Promise<void> {
  const deps = join(addonFolder, 'deps');
  const part = `${deps}.part`;
  await rm(deps, { recursive: true, force: true });
  await rm(part, { recursive: true, force: true });
  const script = [
    'import sys, zipfile',
    'wanted = ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2", "tensorflow/include/tensorflow/", "tensorflow/include/tsl/")',
    'with zipfile.ZipFile(sys.argv[1]) as archive:',
    '    archive.extractall(sys.argv[2], [name for name in archive.namelist() if name.startswith(wanted)])',
  ].join('\n');
  needProgram('python3', 'python3');
  run('python3', ['-c', script, wheel, part], here);
  const lib = join(part, 'lib');
  await mkdir(lib);
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
    await rename(join(part, 'tensorflow', name), join(lib, name));
  await rename(join(part, 'tensorflow', 'include'), join(part, 'include'));
  await rm(join(part, 'tensorflow'), { recursive: true });
  for (const [name, target] of [
    ['libtensorflow.so', 'libtensorflow_cc.so.2'],
    ['libtensorflow.so.2', 'libtensorflow_cc.so.2'],
    ['libtensorflow.so.2.9.1', 'libtensorflow_cc.so.2'],
    ['libtensorflow_framework.so', 'libtensorflow_framework.so.2'],
  ] as const)
    await symlink(target, join(lib, name));
  // Symbols for debuggers: a quarter of the size. Nothing is lost where strip is missing.
  try {
    run('strip', ['--strip-unneeded', join(lib, 'libtensorflow_cc.so.2')], here);
  } catch {
    process.stdout.write('strip is missing: the library keeps its debugging symbols.\n');
  }
  await rename(part, deps);
}

async function compileAddon(): Promise<void> {
  const headers = join(here, 'node_modules', 'node-api-headers', 'include');
  const sources = (await readdir(join(addonFolder, 'binding')))
    .filter((name) => name.endsWith('.cc'))
    .map((name) => join('binding', name));
  await mkdir(join(addonFolder, 'lib', 'napi-v8'), { recursive: true });
  const defines = ['NAPI_VERSION=8', 'NODE_GYP_MODULE_NAME=tfjs_binding', 'BUILDING_NODE_EXTENSION'].map(
    (name) => `-D${name}`,
  );
  const includes = [headers, '..', 'deps/include'].map((folder) => `-I${folder}`);
  const links = ['-Ldeps/lib', '-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN/../../deps/lib'];
  run(
    'g++',
    [
      '-std=c++17',
      '-O2',
      '-fPIC',
      '-shared',
      ...defines,
      ...includes,
      ...sources,
      '-o',
      `${addon}.part`,
      ...links,
    ],
    addonFolder,
  );
  await rename(`${addon}.part`, addon);
}

/** Loads it in a process of its own: a broken build ends here with a sentence and not later with a crash. */
function checkAddon(): void {
  const script = [
    'const util = require("node:util");',
    // tfjs-node still calls what Node 23 removed; the app's loader does the same.
    'util.isNullOrUndefined ??= (value) => value === null || value === undefined;',
    'const tf = require("@tensorflow/tfjs-node");',
    'const sum = tf.tidy(() => tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()[0]);',
    'if (sum !== 3) throw new Error("it computes 1+1+1 = " + sum);',
  ].join('\n');
  try {
    execFileSync(process.execPath, ['-e', script], {
      cwd: here,
      stdio: 'pipe',
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    });
  } catch (error) {
    throw new Error(`The native TensorFlow was built but does not work; delete ${addon} and run again.`, {
      cause: error,
    });
  }
}

/** Keras for `npm run model:train`: the same wheel in a virtual environment. Wants Python 3.11. */
async function makePython(): Promise<void> {
  const folder = trainingPython();
  if (existsSync(join(folder, 'ready'))) return;
  needProgram('python3', 'python3');
  const python = findPython();
  need(() => succeeds(python, ['-c', 'import ensurepip, venv']), "Python's venv", 'python3-venv');
  const wheel = await findWheel();
  process.stdout.write(`Making a Python environment with Keras in ${folder} …\n`);
  // What an interrupted installation has left.
  await rm(folder, { recursive: true, force: true });
  run(python, ['-m', 'venv', folder], here);
  const inside = join(folder, 'bin', 'python');
  run(inside, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', wheel, 'numpy==1.26.4'], here);
  run(inside, ['-c', 'import keras'], here);
  await writeFile(join(folder, 'ready'), '');
}

/** The wheel is for one version of Python; a machine may have several. */
function findPython(): string {
  const candidates = ['python3.11', 'python3', '/usr/bin/python3'];
  const right = 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 11) else 1)';
  const found = candidates.find((name) => succeeds(name, ['-c', right]));
  if (found === undefined)
    throw new Error(`Keras is set up with Python 3.11, and none of ${candidates.join(', ')} is that.`);
  return found;
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, [...args], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function needProgram(program: string, debianPackage: string): void {
  need(() => isThere(program), program, debianPackage);
}

/** Installs what is missing where that is allowed (root on Debian), else says what to install. */
function need(isHere: () => boolean, what: string, debianPackage: string): void {
  if (isHere()) return;
  if (process.getuid?.() === 0 && isThere('apt-get')) {
    process.stdout.write(`Installing ${debianPackage} …\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], {
      stdio: 'inherit',
      env,
    });
  }
  if (!isHere()) throw new Error(`${what} is missing: apt-get install ${debianPackage}.`);
}

function isThere(program: string): boolean {
  return (process.env['PATH'] ?? '')
    .split(':')
    .some((folder) => folder !== '' && existsSync(join(folder, program)));
}

function run(program: string, args: readonly string[], cwd: string): void {
  execFileSync(program, [...args], { cwd, stdio: 'inherit' });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
