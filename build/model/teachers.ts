/** The taggers that label our music (MIT licence, Music Technology Group, Universitat Pompeu Fabra). Training only: nothing of them ships. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { unpackDecibels, teacherFrames, teacherFrontEnd } from './front-end.ts';
import { readNeededJson } from './workspace.ts';

export type TeacherName = 'msd_fcn' | 'jamendo_fcn' | 'msd_crnn' | 'jamendo_crnn';
export const tagCount = 50;

/** Sizes of the embeddings before each teacher's last layer. */
export const teacherEmbeddings: Readonly<Record<TeacherName, number>> = {
  msd_fcn: 64,
  jamendo_fcn: 64,
  msd_crnn: 32,
  jamendo_crnn: 32,
};

export interface TeacherTags {
  /** Last.fm top 50 by frequency. */
  readonly msd: readonly string[];
  /** MTG-Jamendo top 50, sorted. */
  readonly jamendo: readonly string[];
}

export interface TeacherAnswer {
  /** Embedding, then 50 logits. */
  readonly label: Float32Array;
  /** Feature maps inside the network, as `hintMaps` lists them, each [channels × bands × times]. */
  readonly maps: readonly Float32Array[];
}

export interface Teacher {
  readonly name: TeacherName;
  /** Asks about a window [1813 × 96] of bytes. */
  ask(window: Uint8Array): Promise<TeacherAnswer>;
}

/** A feature map inside both fully convolutional teachers; channels of one of them. */
export interface HintMap {
  readonly output: string;
  readonly times: number;
  readonly bands: number;
  readonly channels: number;
}

/** What the student's layers are shown beside the answers (Romero et al. 2015, FitNets): hundreds of places a window. */
export const hintMaps: readonly HintMap[] = [
  { output: '/layer3/mp/MaxPool_output_0', times: 28, bands: 12, channels: 128 },
  { output: '/layer4/mp/MaxPool_output_0', times: 5, bands: 4, channels: 128 },
  { output: '/layer5/relu/Relu_output_0', times: 5, bands: 4, channels: 64 },
];

interface Runtime {
  InferenceSession: {
    create(
      model: Uint8Array,
      options: object,
    ): Promise<{
      run(feeds: Record<string, unknown>): Promise<Record<string, { data: Float32Array }>>;
    }>;
  };
  Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => unknown;
}

/** The runtime is installed apart from the app: see build/tensorflow/setup.ts. */
function loadRuntime(): Runtime {
  const require = createRequire(new URL('../tensorflow/package.json', import.meta.url));
  try {
    return require('onnxruntime-node') as Runtime;
  } catch (error) {
    throw new Error('ONNX Runtime is not installed: npm run setup:tensorflow.', { cause: error });
  }
}

export function readTeacherTags(extra: string): Promise<TeacherTags> {
  return readNeededJson<TeacherTags>(
    join(extra, 'teachers', 'tags.json'),
    '--extra names the folder that holds teachers/',
  );
}

/** Opens one teacher of the folder <extra>/teachers; a missing one is named. With `hints`, its inner maps are told as well. */
export async function openTeacher(extra: string, name: TeacherName, hints = false): Promise<Teacher> {
  const { InferenceSession, Tensor } = loadRuntime();
  const path = join(extra, 'teachers', `${name}.onnx`);
  const maps = hints ? hintMaps : [];
  const open = async () =>
    InferenceSession.create(
      withOutputs(
        await readFile(path),
        maps.map(({ output }) => output),
      ),
      { intraOpNumThreads: 1, interOpNumThreads: 1 },
    );
  const session = await open().catch((error: unknown) => {
    throw new Error(`The teacher ${path} cannot be opened; --extra names the folder that holds teachers/.`, {
      cause: error,
    });
  });
  const size = teacherEmbeddings[name];
  return {
    name,
    async ask(window) {
      const shape = [1, 1, teacherFrontEnd.melBands, teacherFrames];
      const answers = await session.run({
        mel: new Tensor('float32', bandsFirst(unpackDecibels(window)), shape),
      });
      const { emb, logit } = answers;
      const told = maps.map(({ output }) => answers[output]?.data ?? new Float32Array());
      const complete = maps.every(
        ({ times, bands, channels }, at) => told[at]?.length === times * bands * channels,
      );
      if (emb?.data.length !== size || logit?.data.length !== tagCount || !complete)
        throw new Error(`The teacher ${path} has other outputs than expected.`);
      const label = new Float32Array(size + tagCount);
      label.set(emb.data);
      label.set(logit.data, size);
      return { label, maps: told };
    },
  };
}

/**
 * An ONNX model that also tells these inner tensors. In a protocol buffer, what is appended to a message is merged
 * into it: ModelProto { graph (7): GraphProto { output (12): ValueInfoProto { name (1), type (2) { tensor_type (1) { elem_type (1): float } } } } }.
 */
export function withOutputs(model: Uint8Array, names: readonly string[]): Uint8Array {
  const field = (number: number, content: Uint8Array) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(content.length)]), content]);
  const float = field(2, field(1, Buffer.from([1 << 3, 1])));
  const outputs = names.map((name) => field(12, Buffer.concat([field(1, Buffer.from(name)), float])));
  return Buffer.concat([model, ...outputs.map((output) => field(7, output))]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

/** [frames × bands] → [bands × frames]. */
function bandsFirst(data: Float32Array): Float32Array {
  const { melBands } = teacherFrontEnd;
  const frames = data.length / melBands;
  const result = new Float32Array(data.length);
  for (let frame = 0; frame < frames; frame++)
    for (let band = 0; band < melBands; band++)
      result[band * frames + frame] = data[frame * melBands + band] as number;
  return result;
}
