/**
 * Loads the network of a model folder and runs it on windows. The one owner of tensors: whatever it is given
 * and gives back are plain arrays, and none of its tensors outlives a call.
 */
import type { GraphModel, LayersModel, Tensor } from '@tensorflow/tfjs';
import type * as tensorflow from '@tensorflow/tfjs';
import { AppError } from '#shared/errors.ts';
import { readModelFile } from '../model-folder.ts';
import type { ModelFolder } from '../model-folder.ts';
import type { ModelManifest } from '../model-manifest.ts';
import { loadBackend } from './model-backend.ts';
import type { Backend, TensorFlow } from './model-backend.ts';
import type { Predictor, WindowOutputs } from './predictor.ts';

export interface Model extends Predictor {
  readonly backend: Backend;
  /** Tensors alive now: the weights, and nothing else between calls. */
  tensorCount(): number;
  dispose(): void;
}

export interface LoadOptions {
  readonly backend: Backend | 'auto';
  /** Where the native TensorFlow.js lives; default: the clone's, or the environment's. */
  readonly tensorflowFolder?: string | null;
}

interface Network {
  /** One tensor for each name. */
  run(input: Tensor): Tensor[];
  dispose(): void;
}

/**
 * Loads a model that readModelFolder has checked.
 * @throws AppError model-damaged, or model-incompatible when network and manifest do not fit each other.
 */
export async function loadModel(folder: ModelFolder, options: LoadOptions): Promise<Model> {
  const { manifest } = folder;
  const { tf, backend } = await loadBackend(options.backend, options.tensorflowFolder);
  const names = outputNames(manifest);
  let network: Network;
  try {
    network = await loadNetwork(tf, folder, names);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'model-damaged',
      `The network of the model in ${folder.path} cannot be loaded: ${reason}`,
    );
  }
  const model = createModel(tf, backend, manifest, network, names);
  // Compiles what is compiled on first use, and finds out now whether the outputs are what the manifest says.
  const { frames } = manifest.input;
  try {
    await model.predict(new Float32Array(frames * manifest.frontEnd.melBands), 1);
  } catch (error) {
    network.dispose();
    throw error;
  }
  return model;
}

/** Names of the outputs in the order in which they are computed; absent ones are null. */
function outputNames({ network: { outputs } }: ModelManifest): readonly string[] {
  const { embedding, genres, tags, stepGenres, attention } = outputs;
  return [embedding, genres, tags, stepGenres, attention].filter((name) => name !== null);
}

async function loadNetwork(tf: TensorFlow, folder: ModelFolder, names: readonly string[]): Promise<Network> {
  const handler = tf.io.fromMemory(readArtifacts(folder));
  if (folder.manifest.network.kind === 'graph') {
    const model: GraphModel = await tf.loadGraphModel(handler);
    return {
      run: (input) => model.execute(input, [...names]) as Tensor[],
      dispose: () => model.dispose(),
    };
  }
  const model: LayersModel = await tf.loadLayersModel(handler);
  // Only what is asked for is computed: any layer can be an output.
  const chosen = tf.model({
    inputs: model.inputs,
    outputs: names.map((name) => model.getLayer(name).output as tensorflow.SymbolicTensor),
  });
  return {
    run(input) {
      const result = chosen.predict(input, { batchSize: input.shape[0] as number });
      return Array.isArray(result) ? result : [result];
    },
    dispose: () => model.dispose(),
  };
}

interface ModelJson {
  readonly modelTopology: object;
  readonly format?: string;
  readonly signature?: NonNullable<tensorflow.io.ModelArtifacts['signature']>;
  readonly userDefinedMetadata?: NonNullable<tensorflow.io.ModelArtifacts['userDefinedMetadata']>;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: tensorflow.io.WeightsManifestEntry[];
  }[];
}

/** model.json and its weight files, read from the disk: nothing here knows of a network to fetch from. */
function readArtifacts(folder: ModelFolder): tensorflow.io.ModelArtifacts {
  const json = JSON.parse(
    readModelFile(folder.path, folder.manifest.network.file).toString('utf8'),
  ) as ModelJson;
  const files = json.weightsManifest.flatMap(({ paths }) => paths);
  const unknown = files.find((name) => !(name in folder.manifest.checksums));
  if (unknown !== undefined) {
    throw new AppError(
      'model-damaged',
      `The model in ${folder.path} is damaged: ${unknown} has no checksum.`,
    );
  }
  const weights = Buffer.concat(files.map((name) => readModelFile(folder.path, name)));
  return {
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
    weightData: new Uint8Array(weights).buffer,
    ...(json.format === undefined ? {} : { format: json.format }),
    ...(json.signature === undefined ? {} : { signature: json.signature }),
    ...(json.userDefinedMetadata === undefined ? {} : { userDefinedMetadata: json.userDefinedMetadata }),
  };
}

function createModel(
  tf: TensorFlow,
  backend: Backend,
  manifest: ModelManifest,
  network: Network,
  names: readonly string[],
): Model {
  const { frames, layout } = manifest.input;
  const { melBands } = manifest.frontEnd;
  const shape = layout === 'time-mel' ? [frames, melBands] : [melBands, frames];
  const { outputs } = manifest.network;

  function run(windows: Float32Array, count: number): WindowOutputs {
    // tidy() must not return arrays: it would walk through every number of them.
    const results = tf.tidy(() => network.run(tf.tensor(windows, [count, ...shape, 1], 'float32')));
    try {
      const take = (name: string | null): Tensor | null =>
        name === null ? null : (results[names.indexOf(name)] ?? null);
      const steps = take(outputs.stepGenres);
      const attention = take(outputs.attention);
      const stepCount = steps?.shape[1] ?? attention?.shape[1] ?? 0;
      return {
        embeddings: values(take(outputs.embedding), [count, manifest.embeddingSize]),
        genres: values(take(outputs.genres), [count, manifest.genres.length]),
        tags: values(take(outputs.tags), [count, outputs.tags === null ? 0 : manifest.tags.length]),
        steps: stepCount,
        stepGenres: steps === null ? null : values(steps, [count, stepCount, manifest.genres.length]),
        attention: attention === null ? null : values(attention, [count, stepCount]),
      };
    } finally {
      tf.dispose(results);
    }
  }

  return {
    manifest,
    backend,
    predict: async (windows, count) => run(windows, count),
    tensorCount: () => tf.memory().numTensors,
    dispose: () => network.dispose(),
  };
}

/** The numbers of a tensor that must have the given shape; an absent one has none. */
function values(tensor: Tensor | null, shape: readonly number[]): Float32Array {
  if (tensor === null) return new Float32Array(0);
  if (tensor.shape.join() !== shape.join()) {
    throw new AppError(
      'model-incompatible',
      `An output of the model has the shape [${tensor.shape.join(', ')}] where its manifest says [${shape.join(', ')}].`,
    );
  }
  return tensor.dataSync<'float32'>();
}
