/** A worker thread of the analyser: one file at a time, with synchronous native calls. */
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, fromWire, toWire } from '#shared/errors.ts';
import { readModelFolder } from '../model-folder.ts';
import { analyseFile } from './analyse.ts';
import { hashAudio } from './decode.ts';
import { explainFile } from './explain.ts';
import { loadModel } from './model.ts';
import type { Predictor, WindowOutputs } from './predictor.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-messages.ts';

/** The engine takes a job without a word for a minute as hanging; more often than this nobody looks. */
const PROGRESS_MS = 500;

const settings = workerData as WorkerSettings;
const port = parentPort;
if (port === null) throw new Error('This is a worker thread, not a program.');
const cancelled = new Int32Array(settings.cancelled);
const waiting = new Map<number, { resolve(outputs: WindowOutputs): void; reject(error: Error): void }>();
let requests = 0;

function tell(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

/** Runs the network in the process's main thread, which serves all workers. */
function remotePredictor(): Predictor {
  return {
    manifest: readModelFolder(settings.modelDir).manifest,
    elsewhere: true,
    predict(windows, count) {
      requests += 1;
      const request = requests;
      tell({ kind: 'predict', request, windows, count }, [windows.buffer as ArrayBuffer]);
      return new Promise((resolve, reject) => waiting.set(request, { resolve, reject }));
    },
  };
}

async function start(): Promise<Predictor> {
  if (settings.network === 'process') return remotePredictor();
  return loadModel(readModelFolder(settings.modelDir), { backend: 'wasm' });
}

type WorkerJob = ToWorker & { kind: 'analyse' | 'hash' | 'explain' };

async function work(message: WorkerJob, predictor: Predictor): Promise<void> {
  const { job, path, kind } = message;
  let told = performance.now();
  const onProgress = (decodedSeconds = 0): void => {
    const now = performance.now();
    if (now - told < PROGRESS_MS) return;
    told = now;
    tell({ kind: 'progress', job, decodedSeconds });
  };
  const shouldStop = (): boolean => Atomics.load(cancelled, 0) === job;
  try {
    if (shouldStop()) throw new AppError('cancelled');
    tell({ kind: 'progress', job, decodedSeconds: 0 });
    if (kind === 'hash') {
      tell({
        kind: 'hashed',
        job,
        audioHash: await hashAudio(path, { shouldStop, onProgress: () => onProgress() }),
      });
    } else if (kind === 'explain') {
      const evidence = await explainFile(path, predictor, message.request, { shouldStop, onProgress });
      tell({ kind: 'explained', job, evidence });
    } else {
      tell({
        kind: 'analysed',
        job,
        analysis: await analyseFile(path, predictor, { shouldStop, onProgress, known: message.known }),
      });
    }
  } catch (error) {
    tell({ kind: 'failed', job, ...toWire(explain(error)) });
  }
}

/** WebAssembly says it has no memory left in several ways; none of them is a defect of ours. */
function explain(error: unknown): unknown {
  const memory =
    error instanceof Error &&
    /out of memory|memory access|allocation failed|Cannot enlarge/i.test(error.message);
  if (error instanceof AppError || !memory) return error;
  return new AppError(
    'analysis-out-of-memory',
    `There was not enough memory to analyse the file (${error.message}).`,
  );
}

function onMessage(message: ToWorker, predictor: Promise<Predictor>): void {
  switch (message.kind) {
    case 'analyse':
    case 'hash':
    case 'explain':
      void predictor.then((ready) => work(message, ready));
      break;
    case 'predicted':
      waiting.get(message.request)?.resolve(message.outputs);
      waiting.delete(message.request);
      break;
    case 'not-predicted':
      waiting.get(message.request)?.reject(fromWire(message));
      waiting.delete(message.request);
      break;
    case 'end':
      port?.close();
  }
}

const predictor = start();
port.on('message', (message: ToWorker) => onMessage(message, predictor));
predictor.then(
  () => tell({ kind: 'ready' }),
  (error: unknown) => {
    tell({ kind: 'unusable', ...toWire(error) });
    port.close();
  },
);
