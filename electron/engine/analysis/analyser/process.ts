/**
 * Entry of the analyser process. A process of its own, because decoders are C code that is fed with hostile
 * files: what they break, they break here. Forked by plain Node, or by Electron as a utility process.
 */
import { constants, setPriority } from 'node:os';
import { toWire } from '#shared/errors.ts';
import { linkToParent } from '../../parent-link.ts';
import { readModelFolder } from '../model-folder.ts';
import type { AnalyserOptions, FromAnalyser, ToAnalyser } from '../protocol.ts';
import { hasNativeTensorFlow } from './model-backend.ts';
import { loadModel } from './model.ts';
import type { Model } from './model.ts';
import { createPool } from './worker-pool.ts';
import type { Pool } from './worker-pool.ts';

/** When the engine is gone, jobs get this long to end by themselves. */
const LAST_MS = 5000;

let pool: Pool | null = null;
/** Resolves when the pool is there, or will never be: loading the native TensorFlow takes a while. */
let started: Promise<void> = Promise.resolve();
let leaving = false;

function receive(message: ToAnalyser): void {
  switch (message.kind) {
    case 'start':
      started = start(message.options);
      break;
    case 'analyse':
    case 'hash':
    case 'explain':
      // The engine gives the first jobs at once. In order: a cancel stays behind its job.
      void started.then(() => pool?.add(message));
      break;
    case 'cancel':
      void started.then(() => pool?.cancel(message.job));
      break;
    case 'stop':
      void leave();
  }
}

async function start(options: AnalyserOptions): Promise<void> {
  if (options.urgent !== true) stepBack();
  try {
    const folder = readModelFolder(options.modelDir);
    const native = options.backend === 'tensorflow' || (options.backend === 'auto' && hasNativeTensorFlow());
    // Several native instances in one process can crash it, and one is fast enough for all workers.
    let model: Model | null = native ? await loadModel(folder, { backend: options.backend }) : null;
    if (model?.backend === 'wasm') {
      model.dispose();
      model = null;
    }
    const backend = model?.backend ?? 'wasm';
    let ready = 0;
    pool = createPool({
      workers: options.workers,
      modelDir: options.modelDir,
      model,
      tell: send,
      onReady() {
        ready += 1;
        if (ready !== options.workers) return;
        send({ kind: 'ready', backend, modelVersion: folder.manifest.version, workers: options.workers });
      },
      onUnusable: ({ code, detail }) => send({ kind: 'unusable', code, detail }),
    });
  } catch (error) {
    send({ kind: 'unusable', ...toWire(error) });
  }
}

/** The window and the music that plays go first. Inherited by the threads that are started after it. */
function stepBack(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Some containers forbid it; then it runs at the usual priority.
  }
}

/** Ends all jobs and the process. A decoder that hangs cannot be asked: after a while the process ends hard. */
async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_MS).unref();
  await pool?.end();
  process.exit(0);
}

// Ctrl-C in a terminal reaches every process of it. The engine decides what ends when; to die here would put the
// blame on the files in hand. Without an engine the process ends by itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const send = linkToParent<ToAnalyser, FromAnalyser>(receive, () => void leave());
