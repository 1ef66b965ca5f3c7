/** The taggers that label our music (MIT licence, Music Technology Group, Universitat Pompeu Fabra). Training only: nothing of them ships. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { unpackDecibels, teacherFrames, teacherFrontEnd } from './front-end.ts';
import { readJson } from './workspace.ts';

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

export interface Teacher {
  readonly name: TeacherName;
  /** Window [1813 × 96] bytes → Float32 [embedding, then 50 logits]. */
  label(window: Uint8Array): Promise<Float32Array>;
}

interface Runtime {
  InferenceSession: {
    create(
      path: string,
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
  return readJson<TeacherTags>(join(extra, 'teachers', 'tags.json'));
}

/** Opens one teacher of the folder <extra>/teachers; a missing one is named. */
export async function openTeacher(extra: string, name: TeacherName): Promise<Teacher> {
  const { InferenceSession, Tensor } = loadRuntime();
  const path = join(extra, 'teachers', `${name}.onnx`);
  const session = await InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 }).catch(
    (error: unknown) => {
      throw new Error(
        `The teacher ${path} cannot be opened; --extra names the folder that holds teachers/.`,
        { cause: error },
      );
    },
  );
  const size = teacherEmbeddings[name];
  return {
    name,
    async label(window) {
      const { emb, logit } = await session.run({
        mel: new Tensor('float32', bandsFirst(unpackDecibels(window)), [
          1,
          1,
          teacherFrontEnd.melBands,
          teacherFrames,
        ]),
      });
      if (emb?.data.length !== size || logit?.data.length !== tagCount)
        throw new Error(`The teacher ${path} has other outputs than expected.`);
      const result = new Float32Array(size + tagCount);
      result.set(emb.data);
      result.set(logit.data, size);
      return result;
    },
  };
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
