/** Builds the student of architecture.ts as a TensorFlow.js layers model, batch normalisation folded away. */
import type * as tensorflow from '@tensorflow/tfjs';
import type { Weight } from './student.ts';
import { outputNames, reduced, type Architecture } from './architecture.ts';

/** Works with any build of TensorFlow.js (WASM, tfjs-node): the caller passes the one it has loaded. */
export type TensorFlow = typeof tensorflow;

/**
 * The inference network: input [batch, frames, mel, 1] of standardised log-mel; outputs as in outputNames.
 * Each convolution carries the folded scale and shift of its batch normalisation as kernel and bias.
 */
export function buildNetwork(tf: TensorFlow, architecture: Architecture): tensorflow.LayersModel {
  const { frames, melBands, blocks, recurrentUnits, embeddingSize } = architecture;
  const input = tf.input({ shape: [frames, melBands, 1], name: 'log_mel' });
  let image = input as tensorflow.SymbolicTensor;
  blocks.forEach((block, index) => {
    const layer = tf.layers.conv2d({
      filters: block.filters,
      kernelSize: [...block.kernel],
      strides: [...block.stride],
      padding: 'same',
      activation: 'relu',
      name: `block_${index}`,
    });
    image = layer.apply(image) as tensorflow.SymbolicTensor;
    if (block.pool[0] * block.pool[1] > 1)
      image = tf.layers
        .maxPooling2d({
          poolSize: [...block.pool],
          strides: [...block.pool],
          padding: 'same',
          name: `pool_${index}`,
        })
        .apply(image) as tensorflow.SymbolicTensor;
  });
  const steps = reduced(frames, 0, blocks);
  const width = reduced(melBands, 1, blocks) * (blocks.at(-1)?.filters ?? 1);
  const sequence = apply(tf.layers.reshape({ targetShape: [steps, width], name: 'sequence' }), image);
  const recurrent = apply(
    tf.layers.gru({
      units: recurrentUnits,
      returnSequences: true,
      // Its own default would be the hard sigmoid.
      recurrentActivation: 'sigmoid',
      // The default (orthogonal) is slow to make and every weight is replaced at once.
      recurrentInitializer: 'glorotNormal',
      name: 'recurrent',
    }),
    sequence,
  );
  const scores = apply(tf.layers.dense({ units: 1, name: 'attention_scores' }), recurrent);
  // Two dimensions: softmax works along the last axis only.
  const attention = apply(
    tf.layers.softmax({ name: outputNames.attention }),
    apply(tf.layers.reshape({ targetShape: [steps], name: 'attention_row' }), scores),
  );
  const pooled = apply(tf.layers.dot({ axes: 1, name: 'attended' }), [attention, recurrent]);
  const local = apply(
    tf.layers.dense({ units: recurrentUnits, activation: 'relu', name: 'local' }),
    sequence,
  );
  const strongest = apply(tf.layers.globalMaxPooling1d({ name: 'strongest' }), local);
  const summary = apply(tf.layers.concatenate({ name: 'summary' }), [pooled, strongest]);
  const embedding = apply(tf.layers.dense({ units: embeddingSize, name: outputNames.embedding }), summary);
  const head = (units: number, name: string, from: tensorflow.SymbolicTensor) =>
    apply(tf.layers.dense({ units, name }), from);
  return tf.model({
    inputs: input,
    outputs: [
      embedding,
      head(architecture.genreCount, outputNames.genres, embedding),
      head(architecture.tagCount, outputNames.tags, embedding),
      head(architecture.genreCount, outputNames.stepGenres, recurrent),
      attention,
    ],
    name: 'student',
  });
}

/** Puts weights into the layers that carry their names. */
export function applyWeights(
  tf: TensorFlow,
  network: tensorflow.LayersModel,
  layers: ReadonlyMap<string, readonly Weight[]>,
): void {
  for (const [name, parts] of layers) {
    const tensors = parts.map(({ shape, values }) => tf.tensor(values, [...shape], 'float32'));
    network.getLayer(name).setWeights(tensors);
    tf.dispose(tensors);
  }
}

/** Standardised windows [count × frames × mel] → one array an output, in the order of the network. */
export function runNetwork(
  tf: TensorFlow,
  network: tensorflow.LayersModel,
  input: Float32Array,
  count: number,
): Float32Array[] {
  const [, frames, melBands] = network.inputs[0]?.shape as number[];
  const shape = [count, frames as number, melBands as number, 1];
  const results = tf.tidy(
    () => network.predict(tf.tensor(input, shape), { batchSize: count }) as tensorflow.Tensor[],
  );
  const values = results.map((result) => result.dataSync<'float32'>().slice());
  tf.dispose(results);
  return values;
}

function apply(
  layer: tensorflow.layers.Layer,
  inputs: tensorflow.SymbolicTensor | tensorflow.SymbolicTensor[],
): tensorflow.SymbolicTensor {
  return layer.apply(inputs) as tensorflow.SymbolicTensor;
}
