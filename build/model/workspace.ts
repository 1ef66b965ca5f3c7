/** Where the pipeline keeps what it makes, and the options every stage understands. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder, trainingPython } from '#build/cache-folder.ts';

export interface Options {
  /** Everything made on the way: outside the tree, safe to delete, made again by the same commands. */
  readonly cache: string;
  /** A folder with tracks.csv and teachers/ (see its own README for the terms). */
  readonly extra: string | null;
  /** Folders of one's own music. */
  readonly folders: readonly string[];
  /** The model folder that export writes and evaluate reads. */
  readonly model: string;
  /** A few synthesised pieces and a small network: the whole pipeline in two minutes. */
  readonly tiny: boolean;
  /** How many labelled mixes the teachers make beside the windows. */
  readonly mixes: number;
  /** Which of how many processes this one is, from 0: mixes are shared out among them. */
  readonly part: readonly [number, number];
  /** Ask the slower teachers, too. */
  readonly allTeachers: boolean;
  /** How many pieces are synthesised. */
  readonly pieces: number | null;
  /** Name of a training run: its folder under runs/. */
  readonly run: string;
  /** Which weights of the run are exported: best (on held-out windows) or last. */
  readonly weights: string;
  /** Write the figures into docs/model-card.md. */
  readonly card: boolean;
  /** The run whose weights another one starts from. */
  readonly from: string | null;
  /** A virtual environment with tensorflow-cpu (Keras). */
  readonly python: string;
  readonly threads: number;
  readonly epochs: number | null;
}

/** Reads the options of a stage. Paths are taken from the working folder. */
export function readOptions(args: readonly string[] = process.argv.slice(2)): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cache: { type: 'string' },
      extra: { type: 'string' },
      folder: { type: 'string', multiple: true },
      model: { type: 'string' },
      tiny: { type: 'boolean' },
      pieces: { type: 'string' },
      mixes: { type: 'string' },
      part: { type: 'string' },
      'all-teachers': { type: 'boolean' },
      epochs: { type: 'string' },
      run: { type: 'string' },
      weights: { type: 'string' },
      card: { type: 'boolean' },
      from: { type: 'string' },
      python: { type: 'string' },
      threads: { type: 'string' },
    },
  });
  const tiny = values.tiny ?? false;
  const fallback = join(cacheFolder(), tiny ? 'model-tiny' : 'model');
  return {
    cache: resolve(values.cache ?? fallback),
    extra: values.extra === undefined ? null : resolve(values.extra),
    folders: (values.folder ?? []).map((folder) => resolve(folder)),
    model: resolve(values.model ?? new URL('../../resources/model', import.meta.url).pathname),
    tiny,
    mixes: Number(values.mixes ?? 0),
    part: partOf(values.part ?? '1/1'),
    allTeachers: values['all-teachers'] ?? false,
    pieces: values.pieces === undefined ? null : Number(values.pieces),
    epochs: values.epochs === undefined ? null : Number(values.epochs),
    run: values.run ?? 'student',
    weights: values.weights ?? 'best',
    card: values.card ?? false,
    from: values.from ?? null,
    python: resolve(values.python ?? trainingPython()),
    threads: Number(values.threads ?? 2),
  };
}

/** '2/3' → [1, 3]. */
function partOf(text: string): readonly [number, number] {
  const [part = NaN, parts = NaN] = text.split('/').map(Number);
  if (!(Number.isInteger(part) && Number.isInteger(parts) && part >= 1 && part <= parts))
    throw new Error(`--part ${text}: write which of how many, for example 1/2.`);
  return [part - 1, parts];
}

/** SHA-256 of a file's bytes, hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Writes beside and renames, so that a killed stage never leaves half a file that looks whole. */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, data);
  await rename(`${path}.part`, path);
}

export async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}

/** The same, or null if there is no such file yet. */
export async function readJsonIfThere<T>(path: string): Promise<T | null> {
  try {
    return await readJson<T>(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The same; if there is no such file, the error names it and what makes it (`remedy`: "npm run … first"). */
export async function readNeededJson<T>(path: string, remedy: string): Promise<T> {
  const found = await readJsonIfThere<T>(path);
  if (found === null) throw new Error(`${path} is missing: ${remedy}.`);
  return found;
}

/** Runs a stage as a command: what goes wrong is said in its own words, and the exit code is 1. */
export async function runStage(
  main: (options: Options) => Promise<void>,
  more: readonly string[] = [],
): Promise<void> {
  try {
    await main(readOptions([...process.argv.slice(2), ...more]));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // A fault of the program itself is of use only with its place.
    const isFault =
      error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
    process.stderr.write(`${isFault && !('code' in error) ? (error.stack ?? text) : text}\n`);
    process.exitCode = 1;
  }
}

/** A progress line at most every two seconds: `features 120/900 (35/s)`. */
export function progress(name: string, total: number): (done: number, note?: string) => void {
  const start = performance.now();
  let last = 0;
  return (done, note = '') => {
    const now = performance.now();
    if (now - last < 2000 && done < total) return;
    last = now;
    const rate = (done / Math.max((now - start) / 1000, 1e-3)).toFixed(1);
    process.stdout.write(`${name} ${done}/${total} (${rate}/s) ${note}\n`);
  };
}
