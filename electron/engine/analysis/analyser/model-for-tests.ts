/** For tests only: a small network with random weights in a real model folder, made in a moment. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as tensorflow from '@tensorflow/tfjs';
import { readModelFolder } from '../model-folder.ts';
import type { ModelFolder } from '../model-folder.ts';
import type { ModelLabel, ModelManifest } from '../model-manifest.ts';
import { loadBackend } from './model-backend.ts';

export const testGenres = ['electronic', 'electronic/house', 'rock', 'jazz', 'classical'];
export const testTags = ['mood/dark', 'voice/female'];
const FRAMES = 64;
const MEL_BANDS = 32;
const EMBEDDING_SIZE = 16;

function label(id: string): ModelLabel {
  return { id, name: id.split('/').at(-1) ?? id, threshold: 0.5, known: 'fairly', scale: 1, shift: 0 };
}

/** Writes network and manifest into an existing folder. The same seed gives the same weights. */
export async function writeTestModel(
  folder: string,
  changes: Partial<ModelManifest> = {},
  seed = 1,
): Promise<ModelFolder> {
  const { tf } = await loadBackend('wasm');
  const network = buildNetwork(tf, seed);
  let artifacts: tensorflow.io.ModelArtifacts | undefined;
  await network.save(
    tf.io.withSaveHandler((made) => {
      artifacts = made;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    }),
  );
  network.dispose();
  if (artifacts === undefined) throw new Error('The network could not be saved.');
  const weights = Buffer.from(artifacts.weightData as ArrayBuffer);
  const model = JSON.stringify({
    format: 'layers-model',
    modelTopology: artifacts.modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: artifacts.weightSpecs }],
  });
  const files: Record<string, string | Buffer> = { 'model.json': model, 'weights.bin': weights };
  const checksums: Record<string, string> = {};
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    checksums[name] = createHash('sha256').update(content).digest('hex');
  }
  const manifest: ModelManifest = {
    format: 1,
    name: 'Test',
    version: `test-${seed}`,
    license: 'CC0-1.0',
    frontEnd: {
      kind: 'log-mel',
      sampleRateHz: 16000,
      fftSize: 512,
      hopSize: 512,
      melBands: MEL_BANDS,
      minimumHz: 0,
      maximumHz: 8000,
      melScale: 'slaney',
      normalisation: 'slaney',
      floor: 1e-10,
      mean: -30,
      deviation: 20,
    },
    input: { frames: FRAMES, layout: 'time-mel' },
    network: {
      kind: 'layers',
      file: 'model.json',
      outputs: {
        embedding: 'embedding',
        genres: 'genres',
        tags: 'tags',
        stepGenres: 'step_genres',
        attention: null,
      },
    },
    embeddingSize: EMBEDDING_SIZE,
    genres: testGenres.map(label),
    tags: testTags.map(label),
    checksums,
    ...changes,
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return readModelFolder(folder);
}

/** A convolution, a recurrent layer and the heads: the shape of the real one, at a thousandth of its cost. */
function buildNetwork(tf: typeof tensorflow, seed: number): tensorflow.LayersModel {
  const random = (offset: number) => tf.initializers.glorotUniform({ seed: seed * 100 + offset });
  const input = tf.input({ shape: [FRAMES, MEL_BANDS, 1] });
  const image = tf.layers
    .conv2d({
      filters: 4,
      kernelSize: 5,
      strides: 4,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: random(1),
    })
    .apply(input) as tensorflow.SymbolicTensor;
  const sequence = tf.layers
    .reshape({ targetShape: [FRAMES / 4, (MEL_BANDS / 4) * 4] })
    .apply(image) as tensorflow.SymbolicTensor;
  const recurrent = tf.layers
    .gru({
      units: 8,
      returnSequences: true,
      kernelInitializer: random(2),
      recurrentInitializer: random(3),
    })
    .apply(sequence) as tensorflow.SymbolicTensor;
  const pooled = tf.layers.globalAveragePooling1d({}).apply(recurrent) as tensorflow.SymbolicTensor;
  const dense = (name: string, units: number, from: tensorflow.SymbolicTensor, offset: number) =>
    tf.layers
      .dense({ name, units, kernelInitializer: random(offset) })
      .apply(from) as tensorflow.SymbolicTensor;
  const embedding = dense('embedding', EMBEDDING_SIZE, pooled, 4);
  return tf.model({
    inputs: input,
    outputs: [
      embedding,
      dense('genres', testGenres.length, embedding, 5),
      dense('tags', testTags.length, embedding, 6),
      dense('step_genres', testGenres.length, recurrent, 7),
    ],
  });
}
