import { existsSync } from 'node:fs';
import path from 'node:path';
import { trainingPython } from './cache-folder.ts';
import { repository } from './steps.ts';

/** Has `npm run setup:tensorflow` built the native addon of tfjs-node? */
export function tensorflowIsSetUp(): boolean {
  const addon = 'build/tensorflow/node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node';
  return existsSync(path.join(repository, addon));
}

/** Has `npm run setup:tensorflow -- --training` made the Python environment with Keras? */
export function trainingIsSetUp(): boolean {
  return existsSync(path.join(trainingPython(), 'ready'));
}
