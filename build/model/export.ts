/** Stage 6: the folder that the app loads. Weights in half precision, labels, calibration, front end, checksums. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type * as tensorflow from '@tensorflow/tfjs';
import { loadBackend } from '#engine/analysis/analyser/model-backend.ts';
import type { NotMusicLimits } from '#engine/analysis/analyser/not-music.ts';
import type { ModelManifest } from '#engine/analysis/model-manifest.ts';
import { outputNames, type Architecture } from './architecture.ts';
import { readCorpus } from './corpus.ts';
import { describeLabels, type HeldOutTrack } from './describe-labels.ts';
import { decibelsOf, studentFrontEnd } from './front-end.ts';
import { familyOfLabel, families, tagColumn, tags } from './genres.ts';
import { toHalf } from './half.ts';
import { applyWeights, buildNetwork, runNetwork, type TensorFlow } from './network.ts';
import { notMusicLimits } from './novelty.ts';
import { centreEmbedding, networkWeights, readFloats, readWeights, type Weight } from './student.ts';
import { readTeacherTags, tagCount } from './teachers.ts';
import { labelSources, runFolder, type TrainingPlan } from './train.ts';
import {
  hashText,
  progress,
  readJson,
  readNeededJson,
  runStage,
  writeWhole,
  type Options,
} from './workspace.ts';

/** Outputs of the TensorFlow.js build may differ from Keras's by this much: summation order, nothing else. */
const parityTolerance = 1e-3;
/** So many training windows settle the mean of the embedding. */
const windowsForMean = 512;

interface WindowOutputs {
  readonly embedding: Float32Array;
  readonly genres: Float32Array;
  readonly tags: Float32Array;
}

async function main(options: Options): Promise<void> {
  if (options.extra === null)
    throw new Error('--extra DIR is needed: the folder that holds teachers/tags.json.');
  const folder = runFolder(options);
  const plan = await readNeededJson<TrainingPlan>(join(folder, 'plan.json'), 'npm run model:train first');
  const teacherTags = await readTeacherTags(options.extra);
  const { tf } = await loadBackend('wasm');

  const architecture: Architecture = { ...plan.architecture, tagCount: tags.length };
  const weights = await readWeights(join(folder, options.weights));
  await checkParity(tf, plan, folder, options.weights);
  const sources = tags.map((tag) => tag.sources.map((source) => tagColumn(source, teacherTags)));
  const layers = networkWeights(weights, architecture.blocks.length, sources);
  const network = buildNetwork(tf, architecture);
  applyWeights(tf, network, layers);

  const chosen = evenly(plan.train, windowsForMean);
  const heard = await predictWindows(tf, network, plan, join(folder, 'train.u8'), chosen);
  centreEmbedding(layers, meanOf(heard.map(({ embedding }) => embedding)));
  const rounded = new Map([...layers].map(([name, parts]) => [name, parts.map(throughHalf)]));
  applyWeights(tf, network, rounded);

  const heldOut = await heldOutTracks(tf, network, plan, options, folder);
  const trainTargets = rowsOf(await readFloats(join(folder, 'train.f32')), plan.targetWidth);
  const described = describeLabels({
    heard: heard.map(({ genres }, row) => ({
      genres,
      targets: trainTargets[chosen[row] as number] as Float32Array,
    })),
    heldOut,
    trainTargets,
    genreSources: plan.genres,
    tagSources: labelSources(tags, teacherTags, plan.tagColumns, trainTargets),
  });
  const files = networkFiles(network, rounded);
  const manifest = {
    ...manifestOf(plan, architecture, described.genres, described.tags, files),
    notMusic: await limitsOf(plan, folder),
  };
  for (const [name, content] of files) await writeWhole(join(options.model, name), content);
  await writeWhole(join(options.model, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
  await writeWhole(join(folder, 'labels.json'), JSON.stringify(described.figures, null, 1));
  await writeWhole(join(folder, 'matched.json'), JSON.stringify(described.matched, null, 1));
  network.dispose();
  const bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
  process.stdout.write(`${manifest.version}: ${(bytes / 1e6).toFixed(2)} MB in ${options.model}\n`);
}

/** What is no music, by measures that spare the training music. */
async function limitsOf(plan: TrainingPlan, folder: string): Promise<NotMusicLimits> {
  const { frames, melBands } = plan.architecture;
  const chosen = evenly(plan.train, windowsForMean);
  const inputs = await readInputs(plan, join(folder, 'train.u8'), chosen);
  const size = frames * melBands;
  return notMusicLimits(
    chosen.map((_, row) => inputs.subarray(row * size, (row + 1) * size)),
    { frontEnd: studentFrontEnd(plan.mean, plan.deviation), input: { frames, layout: 'time-mel' } },
  );
}

/** Holds the TensorFlow.js network to what Keras said of the same four windows. */
async function checkParity(tf: TensorFlow, plan: TrainingPlan, folder: string, name: string): Promise<void> {
  const wanted = await readFloats(join(folder, `${name}.probe.f32`)).catch(() => null);
  if (wanted === null)
    throw new Error(`${join(folder, name)}.probe.f32 is missing: train at least one epoch.`);
  const weights = await readWeights(join(folder, name));
  const each = Array.from({ length: 2 * tagCount }, (_, column) => [column]);
  const network = buildNetwork(tf, plan.architecture);
  applyWeights(tf, network, networkWeights(weights, plan.architecture.blocks.length, each));
  const source = plan.validation >= 4 ? 'validation.u8' : 'train.u8';
  const input = await readInputs(plan, join(folder, source), [0, 1, 2, 3]);
  const outputs = runNetwork(tf, network, input, 4).flatMap((values) => [...values]);
  const worst = outputs.reduce((most, value, at) => Math.max(most, Math.abs(value - (wanted[at] ?? NaN))), 0);
  network.dispose();
  process.stdout.write(`parity with Keras: largest difference ${worst.toExponential(1)}\n`);
  if (!(worst <= parityTolerance))
    throw new Error(`The TensorFlow.js network differs from Keras's by ${worst}.`);
}

async function readInputs(
  plan: TrainingPlan,
  path: string,
  indices: readonly number[],
): Promise<Float32Array> {
  const size = plan.architecture.frames * plan.architecture.melBands;
  const result = new Float32Array(indices.length * size);
  const file = await open(path);
  try {
    const window = new Uint8Array(size);
    for (const [row, index] of indices.entries()) {
      await file.read(window, 0, size, index * size);
      for (let at = 0; at < size; at++)
        result[row * size + at] = (decibelsOf(window[at] as number) - plan.mean) / plan.deviation;
    }
  } finally {
    await file.close();
  }
  return result;
}

async function predictWindows(
  tf: TensorFlow,
  network: tensorflow.LayersModel,
  plan: TrainingPlan,
  path: string,
  indices: readonly number[],
): Promise<WindowOutputs[]> {
  const outputs: WindowOutputs[] = [];
  const batch = 8;
  const report = progress('predict', indices.length);
  for (let start = 0; start < indices.length; start += batch) {
    const chosen = indices.slice(start, start + batch);
    const [embedding, genreLogits, tagLogits] = runNetwork(
      tf,
      network,
      await readInputs(plan, path, chosen),
      chosen.length,
    ) as [Float32Array, Float32Array, Float32Array];
    chosen.forEach((_, row) => {
      const slice = (values: Float32Array) =>
        values.slice((row * values.length) / chosen.length, ((row + 1) * values.length) / chosen.length);
      outputs.push({ embedding: slice(embedding), genres: slice(genreLogits), tags: slice(tagLogits) });
    });
    report(start + chosen.length);
  }
  return outputs;
}

/** Held-out tracks with the mean of their windows' logits, as the app takes it, and of the teachers'. */
async function heldOutTracks(
  tf: TensorFlow,
  network: tensorflow.LayersModel,
  plan: TrainingPlan,
  options: Options,
  folder: string,
): Promise<HeldOutTrack[]> {
  const windows = await readJson<{ id: string }[]>(join(folder, 'validation.windows.json'));
  const targets = rowsOf(await readFloats(join(folder, 'validation.f32')), plan.targetWidth);
  const outputs = await predictWindows(tf, network, plan, join(folder, 'validation.u8'), [...windows.keys()]);
  const byId = new Map((await readCorpus(options.cache)).tracks.map((track) => [track.id, track]));
  const members = new Map<string, number[]>();
  windows.forEach(({ id }, index) => members.set(id, [...(members.get(id) ?? []), index]));
  return [...members].map(([id, indices]) => {
    const track = byId.get(id);
    const family = familyOfLabel(track?.genre ?? null);
    return {
      artist: track?.artist ?? id,
      family: families.findIndex((definition) => definition.id === family),
      genres: meanOf(indices.map((index) => outputs[index]?.genres as Float32Array)),
      tags: meanOf(indices.map((index) => outputs[index]?.tags as Float32Array)),
      targets: meanOf(indices.map((index) => targets[index] as Float32Array)),
    };
  });
}

function manifestOf(
  plan: TrainingPlan,
  architecture: Architecture,
  genreLabels: ModelManifest['genres'],
  tagLabels: ModelManifest['tags'],
  files: ReadonlyMap<string, Buffer>,
): ModelManifest {
  const checksums = Object.fromEntries(
    [...files].map(([name, content]) => [name, createHash('sha256').update(content).digest('hex')]),
  );
  const labels = { genreLabels, tagLabels, mean: plan.mean, deviation: plan.deviation };
  const fingerprint = hashText(JSON.stringify({ checksums, labels })).slice(0, 8);
  return {
    format: 1,
    name: 'Cratewise CRNN',
    version: `${architecture.name}-${fingerprint}`,
    license: 'GPL-3.0-or-later',
    frontEnd: studentFrontEnd(plan.mean, plan.deviation),
    input: { frames: architecture.frames, layout: 'time-mel' },
    network: { kind: 'layers', file: 'model.json', outputs: outputNames },
    embeddingSize: architecture.embeddingSize,
    genres: genreLabels,
    tags: tagLabels,
    checksums,
  };
}

/** model.json (topology) and weights.bin (half precision), in the layout of TensorFlow.js. */
function networkFiles(
  network: tensorflow.LayersModel,
  layers: ReadonlyMap<string, readonly Weight[]>,
): Map<string, Buffer> {
  const specs: object[] = [];
  const parts: Uint8Array[] = [];
  for (const layer of network.layers) {
    const weights = layers.get(layer.name) ?? [];
    layer.weights.forEach((variable, index) => {
      const { shape, values } = weights[index] as Weight;
      specs.push({
        name: variable.originalName,
        shape,
        dtype: 'float32',
        quantization: { dtype: 'float16', original_dtype: 'float32' },
      });
      parts.push(toHalf(values));
    });
  }
  const topology = network.toJSON(null, false) as object;
  const model = {
    format: 'layers-model',
    modelTopology: topology,
    weightsManifest: [{ paths: ['weights.bin'], weights: specs }],
  };
  return new Map([
    ['model.json', Buffer.from(JSON.stringify(model))],
    ['weights.bin', Buffer.concat(parts)],
  ]);
}

/** What is left of a weight after half precision: calibration sees what the app will compute. */
function throughHalf({ shape, values }: Weight): Weight {
  const view = new DataView(toHalf(values).buffer);
  return {
    shape,
    values: Float32Array.from(values, (_, index) => fromHalf(view.getUint16(index * 2, true))),
  };
}

function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

export function meanOf(rows: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(rows[0]?.length ?? 0);
  for (const row of rows) row.forEach((value, at) => ((result[at] as number) += value / rows.length));
  return result;
}

function rowsOf(values: Float32Array, width: number): Float32Array[] {
  return Array.from({ length: values.length / width }, (_, row) =>
    values.subarray(row * width, (row + 1) * width),
  );
}

function evenly(total: number, count: number): number[] {
  return Array.from({ length: Math.min(total, count) }, (_, index) =>
    Math.floor((index * total) / Math.min(total, count)),
  );
}

if (import.meta.main) await runStage(main);
