/**
 * The native backend and WebAssembly have to say the same of the same music. Each runs in an analyser process
 * of its own (two TensorFlow.js in one process share their globals), with the shipped model.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createForkAnalyser, type FromAnalyser } from '#engine/engine.ts';
import { writeDemoLibrary } from './demo/library.ts';
import { pieces } from './demo/pieces.ts';
import { repository } from './steps.ts';

type Analysis = Extract<FromAnalyser, { kind: 'analysed' }>['analysis'];

/** What the same network may differ by when it is computed in another order. */
const TOLERANCE = 1e-3;
/** Probabilities of the timeline are stored in steps of 1/255: one step more where rounding tips over. */
const TIMELINE_STEPS = 1;
const WINDOW_STEPS = 1;

let folder = '';
let files: readonly string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cratewise-parity-'));
  const chosen = pieces.filter(({ style }) => ['house', 'metal', 'quartet', 'swing'].includes(style));
  const tracks = await writeDemoLibrary(folder, { pieces: chosen, seconds: 45, endings: ['flac'] });
  files = tracks.map((track) => track.file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Analyses all files, one after the other, with a process of this backend; none other is accepted. */
function analyseWith(backend: 'wasm' | 'tensorflow'): Promise<readonly Analysis[]> {
  return new Promise((resolve, reject) => {
    const analyser = createForkAnalyser()();
    const found: Analysis[] = [];
    const next = (): void => {
      const file = files[found.length];
      if (file === undefined) {
        analyser.post({ kind: 'stop' });
        resolve(found);
      } else analyser.post({ kind: 'analyse', job: found.length + 1, path: file });
    };
    analyser.onExit(({ code, signal }) => reject(new Error(`The analyser died: ${signal ?? code}`)));
    analyser.onMessage((message) => {
      if (message.kind === 'ready') {
        if (message.backend === backend) next();
        else reject(new Error(`Asked for ${backend}, got ${message.backend}`));
      } else if (message.kind === 'analysed') {
        found.push(message.analysis);
        next();
      } else if (message.kind === 'failed' || message.kind === 'unusable') {
        reject(new Error(`${message.code}: ${message.detail}`));
      }
    });
    const modelDir = path.join(repository, 'resources', 'model');
    analyser.post({ kind: 'start', options: { modelDir, workers: 1, backend } });
  });
}

function largestDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  expect(left.length).toBe(right.length);
  expect(left.length).toBeGreaterThan(0);
  let largest = 0;
  for (let i = 0; i < left.length; i++) {
    const difference = Math.abs((left[i] ?? NaN) - (right[i] ?? NaN));
    largest = difference <= largest ? largest : difference; // NaN wins
  }
  return largest;
}

test('both backends give the same genres, tags, embeddings and timelines', async () => {
  const wasm = await analyseWith('wasm');
  const native = await analyseWith('tensorflow');
  wasm.forEach((one, index) => {
    const other = native[index]!;
    const file = path.basename(files[index]!);
    expect(Buffer.from(other.audioHash), file).toEqual(Buffer.from(one.audioHash));
    const [left, right] = [one.prediction, other.prediction];
    for (const part of ['genres', 'tags', 'embedding'] as const) {
      expect(largestDifference(left[part], right[part]), `${file}: ${part}`).toBeLessThan(TOLERANCE);
    }
    expect(largestDifference(left.segmentGenres, right.segmentGenres), file).toBeLessThanOrEqual(
      TIMELINE_STEPS,
    );
    expect(largestDifference(left.windowEmbeddings, right.windowEmbeddings), file).toBeLessThanOrEqual(
      WINDOW_STEPS,
    );
  });
  // They are no two ways of saying nothing: the pieces differ.
  expect(largestDifference(wasm[0]!.prediction.embedding, wasm[1]!.prediction.embedding)).toBeGreaterThan(
    0.05,
  );
});
