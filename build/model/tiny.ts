/**
 * The whole pipeline in two minutes, without fetched music and without teachers: pieces of the demo's synthesiser,
 * whose style is known, take the teachers' place. Ends with an error unless the exported model tells the styles of
 * pieces that it never heard far better than chance. `npm run model:tiny`
 */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Piece } from '#build/demo/pieces.ts';
import { synthesise } from '#build/demo/synthesise.ts';
import { writeWav } from '#build/demo/wav.ts';
import { loadModel } from '#engine/analysis/analyser/model.ts';
import { readModelFolder } from '#engine/analysis/model-folder.ts';
import { corpusPath, type Corpus, type CorpusTrack } from './corpus.ts';
import { readWindow } from './feature-store.ts';
import { decibelsOf, studentWindow } from './front-end.ts';
import { families, genres, tags } from './genres.ts';
import { largest } from './metrics.ts';
import { seededRandom } from './random.ts';
import { labelPath, mainTeachers } from './teach.ts';
import { tagCount, teacherEmbeddings, type TeacherTags } from './teachers.ts';
import { hashFile, runStage, writeWhole, type Options } from './workspace.ts';

/** Styles of the synthesiser that are plainly unlike each other, and the family each stands for. */
const styles: readonly (readonly [Piece['style'], string])[] = [
  ['techno', 'electronic'],
  ['metal', 'metal'],
  ['swing', 'jazz'],
  ['quartet', 'classical'],
  ['reggae', 'reggae'],
  ['boomBap', 'hip-hop'],
];
const variants = { train: 7, validation: 3 };
const seconds = 29.6;
/** Held-out pieces must be told apart at least this well; chance is a sixth. */
const leastAccuracy = 0.5;

/** Made for tiny runs: stands where the teachers' tags.json lies. Every source of genres.ts has a column. */
export function tinyTags(): TeacherTags {
  const sources = [...new Set([...genres, ...tags].flatMap((definition) => definition.sources))];
  const of = (teacher: string) => {
    const names = sources
      .filter((source) => source.startsWith(`${teacher}:`))
      .map((source) => source.slice(teacher.length + 1));
    return [...names, ...Array.from({ length: tagCount - names.length }, (_, index) => `unused ${index}`)];
  };
  return { msd: of('msd'), jamendo: of('jamendo') };
}

/** What perfect teachers would say of a piece of this family. */
export function tinyLabels(family: string, teacherTags: TeacherTags): Float32Array[] {
  const sources = families.find(({ id }) => id === family)?.sources ?? [];
  const position = families.findIndex(({ id }) => id === family);
  return mainTeachers.map((teacher) => {
    const size = teacherEmbeddings[teacher];
    const [prefix, list] = teacher.startsWith('msd')
      ? ['msd', teacherTags.msd]
      : ['jamendo', teacherTags.jamendo];
    const row = new Float32Array(size + tagCount).fill(-3, size);
    row[position % size] = 1;
    list.forEach((tag, index) => {
      if (sources.includes(`${prefix}:${tag}`)) row[size + index] = 3;
    });
    return row;
  });
}

/** Says that a folder was made by a tiny run and may be emptied by the next. */
const mark = 'tiny-run';

async function emptyFolder(folder: string): Promise<void> {
  const content = await readdir(folder).catch((): string[] => []);
  if (content.length > 0 && !content.includes(mark))
    throw new Error(`${folder} holds something else: a tiny run wants a folder of its own, or an empty one.`);
  await rm(folder, { recursive: true, force: true });
  await writeWhole(join(folder, mark), '');
}

async function main(options: Options): Promise<void> {
  await emptyFolder(options.cache);
  const extra = join(options.cache, 'extra');
  const model = join(options.cache, 'model');
  const teacherTags = tinyTags();
  await writeWhole(join(extra, 'teachers', 'tags.json'), JSON.stringify(teacherTags));
  const tracks = await makePieces(options.cache);
  await writeWhole(corpusPath(options.cache), JSON.stringify({ tracks, missing: [] } satisfies Corpus));
  stage('features', options, []);
  for (const { id, genre } of tracks)
    for (const [which, label] of tinyLabels(genre ?? '', teacherTags).entries())
      await writeWhole(
        labelPath(options.cache, mainTeachers[which] ?? 'msd_fcn', id),
        new Uint8Array(label.buffer),
      );
  stage('train', options, ['--extra', extra]);
  stage('export', options, ['--extra', extra, '--model', model]);
  await judge(
    tracks.filter(({ split }) => split === 'validation'),
    model,
    options.cache,
  );
}

async function makePieces(cache: string): Promise<CorpusTrack[]> {
  const folder = join(cache, 'pieces');
  await mkdir(folder, { recursive: true });
  const random = seededRandom(4);
  const tonics = ['C', 'D', 'E', 'F', 'G', 'A'] as const;
  const tracks: CorpusTrack[] = [];
  for (const [style, family] of styles)
    for (let variant = 0; variant < variants.train + variants.validation; variant++) {
      const split = variant < variants.train ? 'train' : 'validation';
      const title = `${style} ${variant}`;
      const piece: Piece = {
        ...{ title, artist: split, album: 'tiny', year: 2000, style, seed: Math.floor(random() * 1e6) },
        bpm: Math.round(80 + 60 * random()),
        key: {
          tonic: tonics[Math.floor(random() * tonics.length)] ?? 'C',
          mode: random() < 0.5 ? 'major' : 'minor',
        },
      };
      const path = join(folder, `${style}-${variant}.wav`);
      await writeWav(path, synthesise(piece, seconds));
      const sha256 = await hashFile(path);
      tracks.push({
        id: sha256.slice(0, 16),
        path,
        set: 'synthesised',
        artist: title,
        title,
        genre: family,
        license: 'made here',
        sha256,
        split,
      });
    }
  return tracks;
}

function stage(name: string, options: Options, more: readonly string[]): void {
  const script = new URL(`${name}.ts`, import.meta.url).pathname;
  const common = [
    '--tiny',
    '--cache',
    options.cache,
    '--python',
    options.python,
    '--threads',
    String(options.threads),
  ];
  execFileSync(process.execPath, [script, ...common, ...more], { stdio: 'inherit' });
}

/** How many held-out pieces the exported model puts into their family, among the families that there are. */
async function judge(tracks: readonly CorpusTrack[], folder: string, cache: string): Promise<void> {
  const model = await loadModel(readModelFolder(folder), { backend: 'wasm' });
  const { mean, deviation } = model.manifest.frontEnd;
  const known = styles.map(([, family]) => family);
  const columns = known.map((family) => families.findIndex(({ id }) => id === family));
  let right = 0;
  for (const { id, genre } of tracks) {
    const window = studentWindow(await readWindow(cache, id, 0));
    const { genres: logits } = await model.predict(
      Float32Array.from(window, (value) => (decibelsOf(value) - mean) / deviation),
      1,
    );
    if (known[largest(columns.map((column) => logits[column] as number))] === genre) right++;
  }
  model.dispose();
  const accuracy = right / tracks.length;
  process.stdout.write(
    `${right} of ${tracks.length} unheard pieces right (${accuracy.toFixed(2)}; chance is ${(1 / styles.length).toFixed(2)})\n`,
  );
  if (accuracy < leastAccuracy)
    throw new Error(`The tiny run has learned too little: ${accuracy.toFixed(2)}.`);
}

if (import.meta.main) await runStage(main, ['--tiny']);
