/** The evidence for one genre of a file: listens to it again, then hides one tile after the other of its best window. */
import { basename } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { ExplainRequest, TrackEvidence, WindowEvidence } from '../protocol.ts';
import { createAttentionCurve } from './attention-curve.ts';
import { decodeAudio } from './decode.ts';
import { createLogMel } from './log-mel.ts';
import { bandEdgesHz } from './mel-filterbank.ts';
import { bandMeans, cellMeans, hide, occlusionGrid, occlusionTiles } from './occlusion.ts';
import type { Predictor, WindowOutputs } from './predictor.ts';
import { createWindowCutter } from './windows.ts';
import type { WindowPlace } from './windows.ts';

/** Windows a run of the network: larger runs are no faster for each, and a cancelled request waits for one. */
const WINDOWS_A_RUN = 8;

export interface ExplainOptions {
  readonly shouldStop?: (() => boolean) | undefined;
  /** Called often: a sign of life. */
  readonly onProgress?: ((decodedSeconds: number) => void) | undefined;
}

interface Heard {
  readonly window: Float32Array;
  readonly place: WindowPlace;
  /** Calibrated log-odds of the genre. */
  readonly evidence: number;
}

/**
 * Listens to a file, or to the asked part of it, and explains the genre with the window in which it is heard most
 * clearly. Windows of digital silence are left out.
 * @throws AppError with a file-* code, 'cancelled', 'not-found' (the model has no such genre), or 'internal'
 */
export async function explainFile(
  path: string,
  predictor: Predictor,
  request: ExplainRequest,
  options: ExplainOptions = {},
): Promise<TrackEvidence> {
  const { manifest } = predictor;
  const { hopSize, sampleRateHz } = manifest.frontEnd;
  const label = manifest.genres.findIndex(({ id }) => id === request.genre);
  if (label < 0) throw new AppError('not-found', `The model knows no genre “${request.genre}”.`);
  const measure = genreMeter(predictor, label, path, options.shouldStop);
  const attention = createAttentionCurve(manifest);
  const pending: { readonly window: Float32Array; readonly place: WindowPlace }[] = [];
  let best: Heard | null = null;
  const cutter = createWindowCutter(manifest, (window, place) => pending.push({ window, place }));
  const frontEnd = createLogMel(manifest.frontEnd, (frame) => cutter.push(frame));

  async function predictWhile(waiting: number): Promise<void> {
    while (pending.length > waiting) {
      const run = pending.splice(0, WINDOWS_A_RUN);
      const { outputs, evidence } = await measure(run.map(({ window }) => window));
      run.forEach(({ window, place }, index) => {
        attention.add(outputs, index, place);
        const heard = { window, place, evidence: evidence[index] as number };
        if (!place.silent && (best === null || isBetter(heard, best))) best = heard;
      });
    }
  }

  const part = await decodePart(path, manifest.frontEnd.sampleRateHz, request, {
    ...options,
    onSamples: (samples) => frontEnd.push(samples),
    onTurn: () => predictWhile(WINDOWS_A_RUN - 1),
  });
  frontEnd.finish();
  cutter.finish();
  await predictWhile(0);
  const startSeconds = part.startSeconds;
  const endSeconds = startSeconds + (cutter.frames * hopSize) / sampleRateHz;
  const chosen = best as Heard | null;
  return {
    audioHash: part.audioHash,
    startSeconds,
    endSeconds: Math.min(endSeconds, part.endSeconds),
    attention: attention.finish(cutter.frames),
    window:
      chosen === null
        ? null
        : await explainWindow(predictor, chosen, startSeconds, measure, () =>
            options.onProgress?.(endSeconds),
          ),
  };
}

/** Music goes before noise and speech, whatever the model hears in those. */
function isBetter(one: Heard, other: Heard): boolean {
  return one.place.music === other.place.music ? one.evidence > other.evidence : one.place.music;
}

type GenreMeter = (
  windows: readonly Float32Array[],
) => Promise<{ readonly outputs: WindowOutputs; readonly evidence: readonly number[] }>;

/** Runs the network and takes one genre's calibrated log-odds from its outputs. The windows are copied. */
function genreMeter(
  predictor: Predictor,
  label: number,
  path: string,
  shouldStop: (() => boolean) | undefined,
): GenreMeter {
  const { genres, input, frontEnd } = predictor.manifest;
  const { scale, shift } = genres[label] as (typeof genres)[number];
  const size = input.frames * frontEnd.melBands;
  return async (windows) => {
    // Other work gets a turn: a message that stops this one, too.
    await new Promise((resolve) => setImmediate(resolve));
    if (shouldStop?.() === true) throw new AppError('cancelled');
    const batch = new Float32Array(windows.length * size);
    windows.forEach((window, index) => batch.set(window, index * size));
    const outputs = await predictor.predict(batch, windows.length);
    const evidence = windows.map(
      (_, index) => scale * (outputs.genres[index * genres.length + label] as number) + shift,
    );
    if (!evidence.every(Number.isFinite)) {
      throw new AppError('internal', `The model gave values that are not numbers for “${basename(path)}”.`);
    }
    return { outputs, evidence };
  };
}

async function explainWindow(
  { manifest }: Predictor,
  { window, place, evidence }: Heard,
  offsetSeconds: number,
  measure: GenreMeter,
  onProgress: () => void,
): Promise<WindowEvidence> {
  const framesPerSecond = manifest.frontEnd.sampleRateHz / manifest.frontEnd.hopSize;
  const period = place.end - place.start;
  const grid = occlusionGrid(manifest, period);
  const tiles = occlusionTiles(grid);
  const means = bandMeans(window, manifest, period);
  const left: number[] = [];
  for (let start = 0; start < tiles.length; start += WINDOWS_A_RUN) {
    const hidden = tiles.slice(start, start + WINDOWS_A_RUN).map((tile) => {
      const copy = window.slice();
      hide(copy, manifest, grid, means, tile);
      return copy;
    });
    left.push(...(await measure(hidden)).evidence);
    onProgress();
  }
  const confidence = probability(evidence);
  const edges = bandEdgesHz(manifest.frontEnd);
  const secondsAt = (frame: number) => offsetSeconds + (place.start + frame) / framesPerSecond;
  return {
    confidence,
    rows: grid.rows,
    columns: grid.columns,
    timesSeconds: Float32Array.from(grid.frames, secondsAt),
    frequenciesHz: Float32Array.from(grid.bands, (band) => edges[band] as number),
    drops: cellMeans(grid, tiles, left).map((value) => confidence - probability(value)),
  };
}

function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

interface PartOptions extends ExplainOptions {
  readonly onSamples: (samples: Float32Array) => void;
  readonly onTurn: () => Promise<void>;
}

/**
 * Decodes up to the end of the asked part and gives its samples. There is no leaping ahead: in files without an
 * index one would land anywhere; what lies before the part is decoded (some 500 times as fast as it plays).
 */
async function decodePart(
  path: string,
  sampleRateHz: number,
  { part }: ExplainRequest,
  { onSamples, onTurn, onProgress, shouldStop }: PartOptions,
): Promise<{
  readonly audioHash: Uint8Array | null;
  readonly startSeconds: number;
  readonly endSeconds: number;
}> {
  const first = part === null ? 0 : Math.floor(part.startSeconds * sampleRateHz);
  const last = part === null ? Number.POSITIVE_INFINITY : Math.floor(part.endSeconds * sampleRateHz);
  let total = 0;
  try {
    const decoded = await decodeAudio(path, {
      sampleRateHz,
      onChunk(samples) {
        const from = Math.max(0, first - total);
        const end = Math.min(samples.length, last - total);
        if (from < end) onSamples(samples.subarray(from, end));
        total += samples.length;
      },
      shouldStop: () => total >= last || shouldStop?.() === true,
      async onTurn(decodedSeconds) {
        onProgress?.(decodedSeconds);
        await onTurn();
      },
    });
    const { durationSeconds } = decoded;
    return {
      audioHash: decoded.audioHash,
      startSeconds: first / sampleRateHz,
      endSeconds: Math.min(durationSeconds, last / sampleRateHz),
    };
  } catch (error) {
    const enough = total >= last && shouldStop?.() !== true;
    if (!enough || !(error instanceof AppError) || error.code !== 'cancelled') throw error;
    return { audioHash: null, startSeconds: first / sampleRateHz, endSeconds: last / sampleRateHz };
  }
}
