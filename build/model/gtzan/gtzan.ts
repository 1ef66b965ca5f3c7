/**
 * The textbook experiment: five networks learn the genres of GTZAN's clips, judged on the fault-filtered split beside
 * a random one. Nothing of it ships: GTZAN has no licence, and its figures say little about real libraries.
 * `npm run model:gtzan -- --data DIR [--splits DIR] [--seeds N] [--epochs N] [--threads N] [--card]`
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { trainingPython, cacheFolder } from '#build/cache-folder.ts';
import { readModelFolder } from '#engine/analysis/model-folder.ts';
import { hashText, progress, readJson, writeWhole } from '../workspace.ts';
import { clipFeatures, type ClipFeatures } from './clip-features.ts';
import { filteredSplit, randomSplit, readSplitLists, type ClipSplit } from './clip-splits.ts';
import { findClips, type Clip } from './clips.ts';
import { keptBands } from './descriptors.ts';
import { planJobs, planKey, type ExperimentPlan, type JobResult } from './jobs.ts';
import { reportOf, type Experiment } from './report.ts';

const repository = new URL('../../../', import.meta.url).pathname;
const splitSeed = 1;

interface Options {
  readonly data: string;
  readonly splits: string;
  readonly cache: string;
  readonly model: string;
  readonly python: string;
  readonly seeds: number;
  readonly epochs: number;
  readonly threads: number;
  readonly card: boolean;
}

async function readOptions(): Promise<Options> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      splits: { type: 'string' },
      cache: { type: 'string', default: join(cacheFolder(), 'gtzan') },
      model: { type: 'string', default: join(repository, 'resources', 'model') },
      python: { type: 'string', default: trainingPython() },
      seeds: { type: 'string', default: '1' },
      epochs: { type: 'string', default: '16' },
      threads: { type: 'string', default: '2' },
      card: { type: 'boolean', default: false },
    },
  });
  if (values.data === undefined)
    throw new Error(
      '--data DIR is needed: a folder with a folder of clips for each genre, or with a tracks.csv.',
    );
  const data = resolve(values.data);
  const count = (name: 'seeds' | 'epochs' | 'threads') => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`--${name} ${values[name]}: write a number from 1 up.`);
    return value;
  };
  return {
    data,
    splits: await splitFolder(values.splits, data),
    cache: resolve(values.cache),
    model: resolve(values.model),
    python: resolve(values.python),
    seeds: count('seeds'),
    epochs: count('epochs'),
    threads: count('threads'),
    card: values.card,
  };
}

/** A random split by itself would only flatter, so there is no experiment without the lists. */
async function splitFolder(named: string | undefined, data: string): Promise<string> {
  if (named !== undefined) return resolve(named);
  for (const folder of [data, join(data, 'gtzan-split'), join(dirname(data), 'gtzan-split')])
    if (
      await access(join(folder, 'test_filtered.txt')).then(
        () => true,
        () => false,
      )
    )
      return folder;
  throw new Error(
    '--splits DIR is needed: the folder with train_filtered.txt, valid_filtered.txt and test_filtered.txt, the published fault-filtered lists. A random split is only shown beside them.',
  );
}

async function main(options: Options): Promise<void> {
  const python = join(options.python, 'bin', 'python');
  if (!existsSync(python))
    throw new Error(
      `No Python with TensorFlow at ${options.python}: npm run setup:tensorflow -- --training.`,
    );
  const lists = await readSplitLists(options.splits);
  const found = await findClips(options.data);
  const { manifest } = readModelFolder(options.model);
  const { frontEnd, input } = manifest;
  const { clips, features, refused } = await extract(options.cache, found, frontEnd, input.frames);
  const splits = { filtered: filteredSplit(clips, lists), random: randomSplit(clips, splitSeed) };
  const genres = usableGenres(clips, splits.filtered);

  const script = new URL('experiment.py', import.meta.url).pathname;
  const settings = {
    clips: clips.length,
    frames: input.frames,
    bands: frontEnd.melBands,
    bandsKept: keptBands(frontEnd),
    mean: frontEnd.mean,
    deviation: frontEnd.deviation,
    descriptors: features[0]?.descriptors.length ?? 0,
    genres,
    model: options.model,
    epochs: options.epochs,
    samplesPerEpoch: 192,
    batch: 16,
    rate: 1e-3,
    splits,
  };
  const identities = [
    manifest.version,
    hashText(await readFile(script, 'utf8')),
    ...features.map(({ sha256 }) => sha256),
  ];
  const folder = join(options.cache, planKey(settings, identities));
  const plan: ExperimentPlan = { ...settings, threads: options.threads, jobs: planJobs(options.seeds) };
  await mkdir(folder, { recursive: true });
  const bytes = (data: Float32Array | Int32Array) => new Uint8Array(data.buffer);
  await writeWhole(join(folder, 'images.u8'), Buffer.concat(features.map(({ image }) => image)));
  await writeWhole(
    join(folder, 'descriptors.f32'),
    bytes(Float32Array.from(features.flatMap(({ descriptors }) => [...descriptors]))),
  );
  await writeWhole(
    join(folder, 'labels.i32'),
    bytes(Int32Array.from(clips, ({ genre }) => genres.indexOf(genre))),
  );
  await writeWhole(join(folder, 'plan.json'), JSON.stringify(plan, null, 1));
  await runJobs(python, script, folder);

  const results = await Promise.all(
    plan.jobs.map(async (job) => ({
      job,
      result: await readJson<JobResult>(join(folder, 'results', `${job.id}.json`)),
    })),
  );
  const experiment: Experiment = {
    labels: clips.map(({ genre }) => genres.indexOf(genre)),
    ...{ genres, splits, results, refused, epochs: options.epochs, seeds: options.seeds },
    modelVersion: manifest.version,
    found: found.length,
  };
  const { markdown, picture, summary } = reportOf(experiment);
  const target = options.card ? join(repository, 'docs') : folder;
  await writeWhole(join(target, 'gtzan-experiment.md'), markdown);
  await writeWhole(join(target, 'gtzan-confusion.svg'), picture);
  process.stdout.write(`${summary}\nThe whole report: ${join(target, 'gtzan-experiment.md')}\n`);
}

async function extract(
  cache: string,
  found: readonly Clip[],
  frontEnd: Parameters<typeof clipFeatures>[2],
  frames: number,
): Promise<{ clips: Clip[]; features: ClipFeatures[]; refused: string[] }> {
  const clips: Clip[] = [];
  const features: ClipFeatures[] = [];
  const refused: string[] = [];
  const report = progress('clips', found.length);
  for (const [index, clip] of found.entries()) {
    const made = await clipFeatures(cache, clip.path, frontEnd, frames);
    if (typeof made === 'string') refused.push(`${clip.name}: ${made}`);
    else {
      clips.push(clip);
      features.push(made);
    }
    report(index + 1);
  }
  for (const line of refused) process.stdout.write(`left out ${line}\n`);
  return { clips, features, refused };
}

/** Genres of all clips, if the filtered split can be learned from at all. */
function usableGenres(clips: readonly Clip[], filtered: ClipSplit): string[] {
  const genresOn = (side: readonly number[]) => new Set(side.map((index) => clips[index]?.genre ?? ''));
  if (genresOn(filtered.train).size < 2 || filtered.validation.length === 0 || filtered.test.length === 0)
    throw new Error(
      `Of ${clips.length} clips the fault-filtered lists know ${filtered.train.length} for training, ${filtered.validation.length} for validation and ${filtered.test.length} for the test: too few. Clips are matched by their names (blues.00012).`,
    );
  return [...new Set(clips.map(({ genre }) => genre))].sort();
}

async function runJobs(python: string, script: string, folder: string): Promise<void> {
  await new Promise<void>((done, reject) => {
    const child = spawn(python, [script, folder], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0
        ? done()
        : reject(
            new Error(
              `The experiment ended with ${String(code)}; run it again to go on after the last job in ${folder}.`,
            ),
          ),
    );
  });
}

try {
  await main(await readOptions());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
