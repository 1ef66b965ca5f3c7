/** From the weights that training wrote to a TensorFlow.js network: batch normalisation folded, tags chosen, embedding centred. */
import { readFile } from 'node:fs/promises';
import { readJson } from './workspace.ts';

export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
export type Weights = ReadonlyMap<string, Weight>;

/** Keras's epsilon of BatchNormalization. */
const epsilon = 1e-3;

/** Reads <path>.json (names and shapes) and <path>.f32. */
export async function readWeights(path: string): Promise<Weights> {
  const index = await readJson<{ name: string; shape: number[] }[]>(`${path}.json`);
  const values = await readFloats(`${path}.f32`);
  const weights = new Map<string, Weight>();
  let at = 0;
  for (const { name, shape } of index) {
    const size = shape.reduce((product, length) => product * length, 1);
    weights.set(name, { shape, values: values.slice(at, at + size) });
    at += size;
  }
  if (at !== values.length) throw new Error(`${path}.f32 does not fit its index: train again.`);
  return weights;
}

export async function readFloats(path: string): Promise<Float32Array> {
  const data = await readFile(path);
  return new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
}

function take(weights: Weights, name: string): Weight {
  const weight = weights.get(name);
  if (!weight) throw new Error(`The training run has no weight named ${name}.`);
  return weight;
}

/** Kernel and bias of a convolution with the batch normalisation behind it: k·γ/√(σ²+ε), β − μ·γ/√(σ²+ε). */
export function foldNormalisation(
  weights: Weights,
  block: number,
): { readonly kernel: Weight; readonly bias: Weight } {
  const kernel = take(weights, `block_${block}/kernel`);
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
    (name) => take(weights, `norm_${block}/${name}`).values,
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const filters = gamma.length;
  const scale = gamma.map((value, filter) => value / Math.sqrt((variance[filter] as number) + epsilon));
  return {
    kernel: {
      shape: kernel.shape,
      values: kernel.values.map((value, at) => value * (scale[at % filters] as number)),
    },
    bias: {
      shape: [filters],
      values: beta.map((value, filter) => value - (mean[filter] as number) * (scale[filter] as number)),
    },
  };
}

/** All weights by the layer names of network.ts. `tagSources` lists for each of our tags the columns that are averaged. */
export function networkWeights(
  weights: Weights,
  blocks: number,
  tagSources: readonly (readonly number[])[],
): Map<string, Weight[]> {
  const layers = new Map<string, Weight[]>();
  for (let block = 0; block < blocks; block++) {
    const { kernel, bias } = foldNormalisation(weights, block);
    layers.set(`block_${block}`, [kernel, bias]);
  }
  layers.set(
    'recurrent',
    ['kernel', 'recurrent_kernel', 'bias'].map((name) => take(weights, `recurrent/gru_cell/${name}`)),
  );
  for (const name of ['attention_scores', 'local', 'embedding', 'genres', 'step_genres'])
    layers.set(name, [take(weights, `${name}/kernel`), take(weights, `${name}/bias`)]);
  layers.set('tags', averageColumns(take(weights, 'tags/kernel'), take(weights, 'tags/bias'), tagSources));
  return layers;
}

/** Columns of a dense layer, averaged by groups: the mean of the logits, still one dense layer. */
export function averageColumns(
  kernel: Weight,
  bias: Weight,
  groups: readonly (readonly number[])[],
): Weight[] {
  const [rows = 0, width = 0] = kernel.shape;
  const mean = (offset: number, source: Float32Array, group: readonly number[]) =>
    group.reduce((sum, column) => sum + (source[offset + column] as number), 0) / group.length;
  const values = new Float32Array(rows * groups.length);
  for (let row = 0; row < rows; row++)
    groups.forEach(
      (group, column) => (values[row * groups.length + column] = mean(row * width, kernel.values, group)),
    );
  return [
    { shape: [rows, groups.length], values },
    { shape: [groups.length], values: Float32Array.from(groups, (group) => mean(0, bias.values, group)) },
  ];
}

/**
 * Moves the origin of the embedding to its mean over the training music, so that plain cosines spread; the heads'
 * biases make up for it, their outputs stay as they were.
 */
export function centreEmbedding(layers: Map<string, Weight[]>, mean: Float32Array): void {
  const [kernel, bias] = layers.get('embedding') as [Weight, Weight];
  layers.set('embedding', [
    kernel,
    { ...bias, values: bias.values.map((value, at) => value - (mean[at] as number)) },
  ]);
  for (const head of ['genres', 'tags']) {
    const [weights, offsets] = layers.get(head) as [Weight, Weight];
    const width = offsets.values.length;
    const values = offsets.values.map((value, column) =>
      mean.reduce((sum, part, row) => sum + part * (weights.values[row * width + column] as number), value),
    );
    layers.set(head, [weights, { ...offsets, values }]);
  }
}
