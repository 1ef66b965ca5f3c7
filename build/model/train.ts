/** Stage 4: packs windows and labels, describes the task in plan.json, runs the training loop, draws its curves. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { studentArchitecture, tinyArchitecture, type Architecture } from './architecture.ts';
import { readCorpus, type CorpusTrack } from './corpus.ts';
import { drawCurves, type EpochFigures } from './curves.ts';
import { featuredTracks, readFeatures, readWindow } from './feature-store.ts';
import { decibelsOf, studentWindow } from './front-end.ts';
import { families, familyOfLabel, genres, tagColumn, type GenreDefinition } from './genres.ts';
import { hintBytes, hintPath } from './hints.ts';
import { mainTeachers, readLabels } from './teach.ts';
import { readTeacherTags, tagCount, teacherEmbeddings, type TeacherTags } from './teachers.ts';
import { readJson, readJsonIfThere, runStage, writeWhole, type Options } from './workspace.ts';

export interface GenreSource {
  readonly column: number;
  /** Added to the teacher's logit: rare tags hardly ever come near 1 by themselves. */
  readonly shift: number;
}

/** What train.py reads; also what export needs to know of the run. */
export interface TrainingPlan {
  readonly architecture: Architecture;
  readonly train: number;
  readonly validation: number;
  readonly targetWidth: number;
  readonly tagColumns: readonly number[];
  readonly embeddingColumns: readonly number[];
  readonly genres: readonly (readonly GenreSource[])[];
  readonly familyCount: number;
  readonly labelWeight: number;
  readonly mean: number;
  readonly deviation: number;
  readonly batch: number;
  readonly samplesPerEpoch: number;
  readonly mixShare: number;
  readonly epochs: number;
  readonly patience: number;
  readonly rate: number;
  readonly threads: number;
  readonly seed: number;
  readonly mixesFolder: string;
  /** Weights (without their ending) of an earlier run to start from. */
  readonly initial: string | null;
}

/** A target row: for each teacher its embedding, then its logits. */
export function targetColumns(): {
  readonly width: number;
  readonly logits: number[];
  readonly embeddings: number[];
} {
  const logits: number[] = [];
  const embeddings: number[] = [];
  let at = 0;
  for (const teacher of mainTeachers) {
    for (let index = 0; index < teacherEmbeddings[teacher]; index++) embeddings.push(at++);
    for (let index = 0; index < tagCount; index++) logits.push(at++);
  }
  return { width: at, logits, embeddings };
}

export function runFolder(options: Options): string {
  return join(options.cache, 'runs', options.run);
}

/** How often a window of a set is drawn against one of Debian's: vocal and labelled music is scarce. */
const windowWeights: Readonly<Record<string, number>> = {
  debian: 1,
  synthesised: 1,
  emotify: 2.5,
  fma: 4,
  folder: 2,
};
const weightOfOthers = 2;

async function main(options: Options): Promise<void> {
  const folder = runFolder(options);
  await mkdir(folder, { recursive: true });
  const plan =
    (await readJsonIfThere<TrainingPlan>(join(folder, 'plan.json'))) ?? (await pack(options, folder));
  const final = { ...plan, epochs: options.epochs ?? plan.epochs, threads: options.threads };
  await writeWhole(join(folder, 'plan.json'), JSON.stringify(final, null, 1));
  process.stdout.write(`${plan.train} windows, ${plan.validation} held out\n`);
  await runTraining(options, folder);
  const curves = await readJson<EpochFigures[]>(join(folder, 'curves.json'));
  await writeWhole(join(folder, 'curves.svg'), drawCurves(curves));
}

async function pack(options: Options, folder: string): Promise<TrainingPlan> {
  if (options.extra === null)
    throw new Error('--extra DIR is needed: the folder that holds teachers/tags.json.');
  const teacherTags = await readTeacherTags(options.extra);
  const { tracks } = await readCorpus(options.cache);
  const featured = await featuredTracks(options.cache);
  const usable = tracks.filter(({ id }) => featured.has(id));
  const columns = targetColumns();
  const architecture = (options.tiny ? tinyArchitecture : studentArchitecture)(
    genres.length,
    columns.logits.length,
  );
  const hinted = architecture.hints.length > 0;
  const train = await packSplit(
    options.cache,
    folder,
    'train',
    usable.filter(({ split }) => split === 'train'),
    hinted,
  );
  const validation = await packSplit(
    options.cache,
    folder,
    'validation',
    usable.filter(({ split }) => split === 'validation'),
    hinted,
  );
  if (train.targets.length === 0) throw new Error('No labelled windows: npm run model:teach first.');
  return {
    architecture,
    train: train.targets.length,
    validation: validation.targets.length,
    targetWidth: columns.width,
    tagColumns: columns.logits,
    embeddingColumns: columns.embeddings,
    genres: labelSources(genres, teacherTags, columns.logits, train.targets),
    familyCount: families.length,
    labelWeight: 0.1,
    mean: train.mean,
    deviation: train.deviation,
    batch: options.tiny ? 8 : 32,
    samplesPerEpoch: options.tiny ? 64 : 4096,
    mixShare: 0.6,
    epochs: options.tiny ? 36 : 24,
    patience: options.tiny ? 36 : 6,
    rate: options.from === null ? 2e-3 : 1e-3,
    threads: options.threads,
    seed: 1,
    mixesFolder: join(options.cache, 'mixes'),
    initial: options.from === null ? null : join(options.cache, 'runs', options.from, 'best'),
  };
}

/**
 * Shifts: the 99th percentile of a tag over the training windows becomes 0.75, within -0.5…2.5. The families and
 * the validation labels set the rest straight when the model is calibrated.
 */
export function labelSources(
  labels: readonly GenreDefinition[],
  teacherTags: TeacherTags,
  logitColumns: readonly number[],
  targets: readonly Float32Array[],
): GenreSource[][] {
  const shiftOf = (column: number) => {
    const sorted = targets.map((row) => row[column] as number).sort((left, right) => left - right);
    const high = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0;
    return Math.max(-0.5, Math.min(2.5, Math.log(3) - high));
  };
  return labels.map(({ sources }) =>
    sources.map((source) => {
      const column = logitColumns[tagColumn(source, teacherTags)] as number;
      return { column, shift: Math.round(shiftOf(column) * 100) / 100 };
    }),
  );
}

/** Writes <name>.u8, .f32, .weights.f32, .families.i32, with hints .hints.u8, and the list of windows. */
async function packSplit(
  cache: string,
  folder: string,
  name: 'train' | 'validation',
  tracks: readonly CorpusTrack[],
  hinted: boolean,
) {
  const targets: Float32Array[] = [];
  const weights: number[] = [];
  const labels: number[] = [];
  const windows: { id: string; index: number }[] = [];
  let [sum, squares, count] = [0, 0, 0];
  const file = await open(join(folder, `${name}.u8`), 'w');
  const hints = hinted ? await open(join(folder, `${name}.hints.u8`), 'w') : null;
  try {
    for (const { id, set, genre } of tracks) {
      const said = await Promise.all(mainTeachers.map((teacher) => readLabels(cache, teacher, id)));
      if (said.some((label) => label === null)) continue;
      const { starts } = await readFeatures(cache, id);
      if (hints) {
        const maps = await readFile(hintPath(cache, id)).catch(() => null);
        if (maps?.length !== starts.length * hintBytes) continue;
        await hints.write(maps);
      }
      const family = set === 'synthesised' ? null : familyOfLabel(genre);
      for (let index = 0; index < starts.length; index++) {
        const window = studentWindow(await readWindow(cache, id, index));
        await file.write(window);
        for (let at = 0; at < window.length; at += 37) {
          const decibels = decibelsOf(window[at] as number);
          sum += decibels;
          squares += decibels * decibels;
          count++;
        }
        targets.push(
          Float32Array.from(
            said.flatMap((label) => [
              ...(label?.[index]?.embedding ?? []),
              ...(label?.[index]?.logits ?? []),
            ]),
          ),
        );
        weights.push(windowWeights[set] ?? weightOfOthers);
        labels.push(families.findIndex(({ id: known }) => known === family));
        windows.push({ id, index });
      }
    }
  } finally {
    await file.close();
    await hints?.close();
  }
  await writeWhole(join(folder, `${name}.f32`), bytes(Float32Array.from(targets.flatMap((row) => [...row]))));
  await writeWhole(join(folder, `${name}.weights.f32`), bytes(Float32Array.from(weights)));
  await writeWhole(join(folder, `${name}.families.i32`), bytes(Int32Array.from(labels)));
  await writeWhole(join(folder, `${name}.windows.json`), JSON.stringify(windows));
  const mean = sum / Math.max(count, 1);
  const round = (value: number) => Math.round(value * 100) / 100;
  return {
    targets,
    mean: round(mean),
    deviation: round(Math.sqrt(Math.max(squares / Math.max(count, 1) - mean * mean, 1))),
  };
}

function bytes(values: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Keras needs a Python with tensorflow-cpu 2.15; `npm run setup:tensorflow -- --training` makes one in the cache. */
async function runTraining(options: Options, folder: string): Promise<void> {
  const python = join(options.python, 'bin', 'python');
  if (!existsSync(python))
    throw new Error(
      `No Python with TensorFlow at ${options.python}: npm run setup:tensorflow -- --training.`,
    );
  const script = new URL('train.py', import.meta.url).pathname;
  await new Promise<void>((resolve, reject) => {
    const child = spawn(python, [script, folder], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0
        ? resolve()
        : reject(
            new Error(
              `Training ended with ${String(code)}; run it again to go on from the last checkpoint in ${folder}.`,
            ),
          ),
    );
  });
}

if (import.meta.main) await runStage(main);
