/** The thread that looks through copies of the library. */
import { parentPort, workerData } from 'node:worker_threads';
import { toWire } from '#shared/errors.ts';
import { doCopyWork } from './copy-work.ts';
import type { CopyAnswer, CopyWork } from './copy-work.ts';

function answer(): CopyAnswer {
  try {
    return { ok: true, contents: doCopyWork(workerData as CopyWork) };
  } catch (error) {
    return { ok: false, error: toWire(error) };
  }
}

parentPort?.postMessage(answer());
