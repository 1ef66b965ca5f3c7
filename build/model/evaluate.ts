/**
 * Stage 5: the exported folder, run by the app's own loader, judged beside its teachers with the same code:
 * GTZAN-mini (never trained on), the artists of emotify held out, calibration, hubness. Writes docs/model-card.md's
 * tables and evaluation.json.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { loadModel, type Model } from '#engine/analysis/analyser/model.ts';
import { readModelFolder } from '#engine/analysis/model-folder.ts';
import type { ModelManifest } from '#engine/analysis/model-manifest.ts';
import type { Calibration } from './calibrate.ts';
import { readCorpus, type CorpusTrack } from './corpus.ts';
import { judgeCalibration } from './evaluate-calibration.ts';
import type { Evaluation, Judged, StudentTrack } from './evaluation.ts';
import { featuredTracks, readFeatures, readWindow } from './feature-store.ts';
import { decibelsOf, studentWindow } from './front-end.ts';
import { familyOfLabel } from './genres.ts';
import { bootstrap, foldsOf, hubness, nearestVote, probe } from './metrics.ts';
import { renderTables } from './model-card.ts';
import { readLabels } from './teach.ts';
import type { TeacherName } from './teachers.ts';
import { progress, readJson, readJsonIfThere, runStage, writeWhole, type Options } from './workspace.ts';

const teacherSets: readonly (readonly [string, readonly TeacherName[]])[] = [
  ['teacher MSD-FCN', ['msd_fcn']],
  ['teacher Jamendo-FCN', ['jamendo_fcn']],
  ['teacher MSD-CRNN', ['msd_crnn']],
  ['both FCN teachers side by side', ['msd_fcn', 'jamendo_fcn']],
  ['four teachers side by side', ['msd_fcn', 'jamendo_fcn', 'msd_crnn', 'jamendo_crnn']],
];

async function main(options: Options): Promise<void> {
  const folder = readModelFolder(options.model);
  const model = await loadModel(folder, { backend: 'wasm' });
  const { tracks } = await readCorpus(options.cache);
  const featured = await featuredTracks(options.cache);
  const usable = tracks.filter(({ id }) => featured.has(id));
  const mini = usable.filter(({ set }) => set === 'gtzan-mini');
  const heldOut = usable.filter(
    ({ split, set, genre }) => split === 'validation' && set !== 'debian' && familyOfLabel(genre) !== null,
  );
  const emotify = heldOut.filter(({ set }) => set === 'emotify');

  const matched = await readJson<Calibration[]>(join(options.cache, 'runs', options.run, 'matched.json'));
  const clock = { milliseconds: 0, windows: 0 };
  const miniSaid = await listen(model, options.cache, mini, clock);
  const heldOutSaid = await listen(model, options.cache, heldOut, clock);
  const emotifySaid = heldOutSaid.filter(({ track }) => track.set === 'emotify');
  const gtzanMini = await judgeAll(options.cache, mini, miniSaid, false);
  const evaluation: Evaluation = {
    version: folder.manifest.version,
    gtzanMini,
    emotify: await judgeAll(options.cache, emotify, emotifySaid, true),
    againstFcn: compare(gtzanMini, 'teacher MSD-FCN'),
    calibration: judgeCalibration(heldOutSaid, miniSaid, folder.manifest, matched),
    millisecondsPerWindow: clock.milliseconds / Math.max(clock.windows, 1),
  };
  model.dispose();
  await report(evaluation, folder.manifest, options);
}

/** Runs the model over all windows of the tracks. */
async function listen(
  model: Model,
  cache: string,
  tracks: readonly CorpusTrack[],
  clock: { milliseconds: number; windows: number },
): Promise<StudentTrack[]> {
  const { manifest } = model;
  const { mean, deviation } = manifest.frontEnd;
  const said: StudentTrack[] = [];
  const tell = progress('evaluate', tracks.length);
  for (const [index, track] of tracks.entries()) {
    const { starts } = await readFeatures(cache, track.id);
    if (starts.length === 0) continue;
    const windows: number[] = [];
    for (let at = 0; at < starts.length; at++)
      for (const value of studentWindow(await readWindow(cache, track.id, at)))
        windows.push((decibelsOf(value) - mean) / deviation);
    const before = performance.now();
    const outputs = await model.predict(Float32Array.from(windows), starts.length);
    clock.milliseconds += performance.now() - before;
    clock.windows += starts.length;
    said.push({
      track,
      embedding: meanOfUnits(outputs.embeddings, starts.length),
      genres: meanOfRows(outputs.genres, starts.length),
    });
    tell(index + 1);
  }
  return said;
}

async function judgeAll(
  cache: string,
  tracks: readonly CorpusTrack[],
  said: readonly StudentTrack[],
  byArtist: boolean,
): Promise<Judged[]> {
  const judged = [
    judge(
      'Cratewise',
      said.map(({ embedding }) => embedding),
      said.map(({ track }) => track),
      byArtist,
    ),
  ];
  for (const [name, teachers] of teacherSets) {
    const rows: Float64Array[] = [];
    const known: CorpusTrack[] = [];
    for (const track of tracks) {
      const labels = await Promise.all(teachers.map((teacher) => readLabels(cache, teacher, track.id)));
      const [first] = labels;
      if (!first || labels.some((label) => label === null) || first.length === 0) continue;
      // Not made unit vectors: the teachers' figures of the issue are of their plain embeddings.
      const windows = first.map((_, at) =>
        Float64Array.from(labels.flatMap((label) => [...(label?.[at]?.embedding ?? [])])),
      );
      rows.push(meanOfRows(Float32Array.from(windows.flatMap((row) => [...row])), windows.length));
      known.push(track);
    }
    if (rows.length === tracks.length) judged.push(judge(name, rows, known, byArtist));
  }
  return judged;
}

/** Ten-fold linear probe and leave-one-out vote of five; with `byArtist`, no artist on both sides. */
export function judge(
  name: string,
  rows: readonly Float64Array[],
  tracks: readonly CorpusTrack[],
  byArtist: boolean,
): Judged {
  const genres = [...new Set(tracks.map(({ genre }) => genre ?? ''))].sort();
  const labels = tracks.map(({ genre }) => genres.indexOf(genre ?? ''));
  const groups = byArtist ? tracks.map(({ artist }) => artist) : undefined;
  const folds = foldsOf(labels, 10, 1, groups);
  const byProbe = probe(rows, labels, folds, genres.length).map((value, index) =>
    Number(value === labels[index]),
  );
  const byNearest = nearestVote(rows, labels, 5, groups).map((value, index) =>
    Number(value === labels[index]),
  );
  const share = (right: readonly number[], genre: number) =>
    right.reduce((sum, value, index) => sum + (labels[index] === genre ? value : 0), 0);
  return {
    name,
    probe: bootstrap(byProbe, groups),
    nearest: bootstrap(byNearest, groups),
    hubness: hubness(rows),
    byGenre: Object.fromEntries(
      genres.map((genre, index) => [
        genre,
        [
          share(byProbe, index),
          share(byNearest, index),
          labels.filter((label) => label === index).length,
        ] as const,
      ]),
    ),
    right: byProbe,
    rightByNearest: byNearest,
  };
}

function compare(judged: readonly Judged[], other: string): Evaluation['againstFcn'] {
  const [ours, theirs] = [judged[0], judged.find(({ name }) => name === other)];
  if (!ours || !theirs || ours.right.length !== theirs.right.length) return null;
  const paired = (list: 'right' | 'rightByNearest') =>
    bootstrap(ours[list].map((value, index) => value - (theirs[list][index] ?? 0)));
  return { probe: paired('right'), nearest: paired('rightByNearest') };
}

function meanOfUnits(values: Float32Array, rows: number): Float64Array {
  const width = values.length / rows;
  const result = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    const vector = values.subarray(row * width, (row + 1) * width);
    const length = Math.hypot(...vector) || 1;
    vector.forEach((value, at) => ((result[at] as number) += value / length / rows));
  }
  return result;
}

function meanOfRows(values: Float32Array, rows: number): Float64Array {
  const width = values.length / rows;
  const result = new Float64Array(width);
  values.forEach((value, at) => ((result[at % width] as number) += value / rows));
  return result;
}

/** Prints the tables; for the shipped model, puts them between the marks of docs/model-card.md as well. */
async function report(evaluation: Evaluation, manifest: ModelManifest, options: Options): Promise<void> {
  const figures = await readJsonIfThere<object[]>(join(options.cache, 'runs', options.run, 'labels.json'));
  const tables = renderTables(evaluation, manifest, (figures ?? []) as Parameters<typeof renderTables>[2]);
  process.stdout.write(`${tables}\n`);
  await writeWhole(
    join(options.cache, 'evaluations', `${evaluation.version}.json`),
    JSON.stringify(evaluation, null, 1),
  );
  if (!options.card) return;
  const docs = new URL('../../docs/', import.meta.url).pathname;
  const card = await readFile(join(docs, 'model-card.md'), 'utf8');
  const marks = /<!-- figures -->[\s\S]*<!-- end of figures -->/;
  if (!marks.test(card))
    throw new Error('docs/model-card.md has lost its marks <!-- figures --> and <!-- end of figures -->.');
  const filled = card.replace(marks, () => `<!-- figures -->\n\n${tables}\n\n<!-- end of figures -->`);
  await writeFormatted(join(docs, 'model-card.md'), filled);
  await writeFormatted(join(docs, 'model-evaluation.json'), JSON.stringify(evaluation));
}

/** As the repository's format check wants it. */
async function writeFormatted(path: string, text: string): Promise<void> {
  await writeWhole(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}

if (import.meta.main) await runStage(main);
