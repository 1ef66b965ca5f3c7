/** A thread that synthesises and encodes pieces, one message each; null ends it. */
import { parentPort } from 'node:worker_threads';
import { encodeAudio } from './encode.ts';
import type { PieceJob } from './library.ts';
import { synthesise } from './synthesise.ts';

parentPort?.on('message', (job: PieceJob | null) => {
  if (job === null) {
    parentPort?.close();
    return;
  }
  const { file, tags, codec } = job;
  const sound = synthesise(job.piece, job.seconds);
  encodeAudio({ ...sound, file, tags, ...(codec === undefined ? {} : { codec }) }).then(
    () => parentPort?.postMessage('written'),
    // Outside the promise: an uncaught error ends the thread and reaches whoever started it.
    (error: unknown) =>
      setImmediate(() => {
        throw error;
      }),
  );
});
