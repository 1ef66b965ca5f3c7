/**
 * Chooses and prepares TensorFlow.js: the native one where it has been set up, else WebAssembly with SIMD,
 * which comes with the package and runs on every system.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as util from 'node:util';
import type * as tensorflow from '@tensorflow/tfjs';
import type * as wasmBackend from '@tensorflow/tfjs-backend-wasm';
import { AppError } from '#shared/errors.ts';

export type TensorFlow = typeof tensorflow;
export type Backend = 'tensorflow' | 'wasm';

export interface LoadedBackend {
  readonly tf: TensorFlow;
  readonly backend: Backend;
}

/** Names a folder with another node_modules that holds @tensorflow/tfjs-node. */
const FOLDER_VARIABLE = 'CRATEWISE_TENSORFLOW';

/** Where `npm run setup:tensorflow` puts the native one in a clone of the repository; null in an installed app. */
export function tensorflowFolder(): string | null {
  const chosen = process.env[FOLDER_VARIABLE];
  if (chosen !== undefined && chosen !== '') return chosen;
  if (!import.meta.url.endsWith('.ts')) return null;
  return fileURLToPath(new URL('../../../../build/tensorflow', import.meta.url));
}

/** Whether the native TensorFlow.js is there, without loading it. */
export function hasNativeTensorFlow(folder: string | null = tensorflowFolder()): boolean {
  return (
    folder !== null &&
    existsSync(join(folder, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'))
  );
}

/**
 * @param wanted 'auto' takes the native one when it can be loaded.
 * @throws AppError model-incompatible when the wanted one cannot be had.
 */
export async function loadBackend(
  wanted: Backend | 'auto',
  folder = tensorflowFolder(),
): Promise<LoadedBackend> {
  if (wanted === 'wasm') return loadWasm();
  if (hasNativeTensorFlow(folder)) {
    try {
      return await loadNative(folder as string);
    } catch (error) {
      if (wanted === 'tensorflow') throw unavailable(error);
      return loadWasm();
    }
  }
  if (wanted === 'tensorflow') throw unavailable('it has not been set up (npm run setup:tensorflow)');
  return loadWasm();
}

function unavailable(reason: unknown): AppError {
  const text = reason instanceof Error ? reason.message : String(reason);
  return new AppError('model-incompatible', `The native TensorFlow cannot be loaded: ${text}.`);
}

async function loadNative(folder: string): Promise<LoadedBackend> {
  // It still uses a function that Node 23 removed.
  const old = createRequire(import.meta.url)('node:util') as typeof util & { isNullOrUndefined?: unknown };
  old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  // Files are analysed side by side, at low priority: one inference at a time uses one core.
  process.env['TF_NUM_INTRAOP_THREADS'] ??= '1';
  process.env['TF_NUM_INTEROP_THREADS'] ??= '1';
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  const load = createRequire(join(folder, 'package.json'));
  const tf = load('@tensorflow/tfjs-node') as TensorFlow;
  // Not the default where another one was loaded before: all of a process share one registry.
  if (!(await tf.setBackend('tensorflow'))) throw new Error('its addon could not be started');
  await tf.ready();
  return { tf, backend: 'tensorflow' };
}

async function loadWasm(): Promise<LoadedBackend> {
  const require = createRequire(import.meta.url);
  const tf = require('@tensorflow/tfjs') as TensorFlow;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof wasmBackend;
  // Beside the script that was just loaded, also inside an app.asar.
  const files = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
  wasm.setWasmPaths(files.endsWith(sep) ? files : `${files}${sep}`);
  if (!(await tf.setBackend('wasm'))) {
    throw new AppError(
      'model-incompatible',
      'WebAssembly with SIMD is not available, so the model cannot run here.',
    );
  }
  await tf.ready();
  return { tf, backend: 'wasm' };
}
