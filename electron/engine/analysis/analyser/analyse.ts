/** One pass over a file: decode -> log-mel -> windows -> network -> summary. Memory does not grow with the track. */
import { basename } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { ANALYSIS_VERSION } from '../protocol.ts';
import type { KnownPrediction, TrackAnalysis } from '../protocol.ts';
import { decodeAudio } from './decode.ts';
import { INPUT_RATE_HZ } from './key/chroma.ts';
import { createLogMel } from './log-mel.ts';
import type { Predictor } from './predictor.ts';
import { createSoundMeter } from './sound-meter.ts';
import { createTrackSummary } from './track-summary.ts';
import { createWaveformOutput, OVERVIEW_POINTS } from './waveform.ts';
import { createWindowCutter } from './windows.ts';
import type { WindowPlace } from './windows.ts';

/** Less than this says nothing about music. */
export const MINIMUM_SECONDS = 1;
/** -80 dB of full scale: below the noise of any recording, above the dither of a silent one. */
const SILENT_PEAK = 1e-4;
/**
 * Windows a run of the network. A run has a fixed cost (the recurrent steps): one window alone measures 60 ms,
 * one of eight 27. Six cost a few percent more than twelve and take 36 MiB less at the peak (docs/odd-input.md).
 */
const WINDOWS_PER_BATCH = 6;
/** 8 MiB of input: bounds the memory for models with larger windows. */
const VALUES_PER_BATCH = 1 << 21;

export interface AnalyseOptions {
  readonly shouldStop?: (() => boolean) | undefined;
  readonly onProgress?: ((decodedSeconds: number) => void) | undefined;
  /** Then the network is not asked again, if it is of this audio. */
  readonly known?: KnownPrediction | undefined;
}

interface Batch {
  readonly windows: Float32Array[];
  readonly places: WindowPlace[];
}

/**
 * Analyses one file.
 * @throws AppError with a file-* code, 'cancelled', or 'internal' when the network gives no numbers.
 */
export async function analyseFile(
  path: string,
  predictor: Predictor,
  options: AnalyseOptions = {},
): Promise<TrackAnalysis> {
  const { manifest } = predictor;
  const windowValues = manifest.input.frames * manifest.frontEnd.melBands;
  const batchSize = Math.max(1, Math.min(WINDOWS_PER_BATCH, Math.floor(VALUES_PER_BATCH / windowValues)));
  const began = threadMs();
  const modelMs = predictor.elsewhere === true ? () => performance.now() : threadMs;
  const { known } = options;
  const spent = { frontEnd: 0, waveform: 0, sound: 0, model: 0 };
  const pending: Batch = { windows: [], places: [] };
  const summary = createTrackSummary(manifest);
  const cutter = createWindowCutter(manifest, (window, place) => {
    pending.windows.push(window);
    pending.places.push(place);
  });
  const frontEnd = createLogMel(manifest.frontEnd, (frame) => cutter.push(frame));
  let peak = 0;
  const sound = createSoundMeter();
  const sharesRate = manifest.frontEnd.sampleRateHz === INPUT_RATE_HZ;
  const waveform = createWaveformOutput(sound.onLevel);

  function listen(samples: Float32Array): void {
    const start = threadMs();
    for (let index = 0; index < samples.length; index += 1) {
      const value = Math.abs(samples[index] as number);
      if (value > peak) peak = value;
    }
    if (known === undefined) frontEnd.push(samples);
    spent.frontEnd += threadMs() - start;
    if (sharesRate) measure(() => sound.onSamples(samples));
  }

  function measure<Result>(work: () => Result): Result {
    const start = threadMs();
    const result = work();
    spent.sound += threadMs() - start;
    return result;
  }

  async function predictWhile(waiting: number): Promise<void> {
    const start = modelMs();
    while (pending.windows.length > waiting) {
      const windows = pending.windows.splice(0, batchSize);
      const places = pending.places.splice(0, batchSize);
      const outputs = await predictor.predict(join(windows), windows.length);
      if (!outputs.genres.every(Number.isFinite) || !outputs.embeddings.every(Number.isFinite)) {
        throw new AppError('internal', `The model gave values that are not numbers for “${basename(path)}”.`);
      }
      places.forEach((place, index) => summary.add(outputs, index, place));
    }
    spent.model += modelMs() - start;
  }

  const decoded = await decodeAudio(path, {
    sampleRateHz: manifest.frontEnd.sampleRateHz,
    onChunk: listen,
    alongside: [
      // Of its own: at the rate of the network most of the highs are gone.
      {
        sampleRateHz: waveform.sampleRateHz,
        onChunk(samples) {
          const start = threadMs();
          waveform.onChunk(samples);
          spent.waveform += threadMs() - start;
        },
      },
      ...(sharesRate
        ? []
        : [
            {
              sampleRateHz: INPUT_RATE_HZ,
              onChunk: (samples: Float32Array) => measure(() => sound.onSamples(samples)),
            },
          ]),
    ],
    onChannels: (channels, rateHz) => measure(() => sound.onChannels(channels, rateHz)),
    shouldStop: options.shouldStop,
    async onTurn(decodedSeconds) {
      options.onProgress?.(decodedSeconds);
      await predictWhile(batchSize - 1);
    },
  });
  if (decoded.durationSeconds < MINIMUM_SECONDS) {
    throw new AppError(
      'file-too-short',
      `“${basename(path)}” lasts ${decoded.durationSeconds.toFixed(2)} seconds; at least ${MINIMUM_SECONDS} is needed to say what it sounds like.`,
    );
  }
  if (known !== undefined && !isSameAudio(known.audioHash, decoded.audioHash))
    return analyseFile(path, predictor, { ...options, known: undefined });
  const finishing = threadMs();
  frontEnd.finish();
  cutter.finish();
  spent.frontEnd += threadMs() - finishing;
  await predictWhile(0);
  // A summary to which nothing was added is that of silence.
  const heard = peak < SILENT_PEAK ? createTrackSummary(manifest) : summary;
  const prediction = known?.prediction ?? heard.finish(cutter.frames);
  const measured = measure(() => sound.finish(prediction, decoded));
  return {
    audioHash: decoded.audioHash,
    durationSeconds: decoded.durationSeconds,
    damaged: decoded.damaged,
    modelVersion: manifest.version,
    analysisVersion: ANALYSIS_VERSION,
    prediction,
    sound: measured,
    waveform: waveform.finish(OVERVIEW_POINTS),
    timings: {
      decode:
        threadMs() -
        began -
        spent.frontEnd -
        spent.waveform -
        spent.sound -
        (predictor.elsewhere === true ? 0 : spent.model),
      ...spent,
    },
  };
}

function join(windows: readonly Float32Array[]): Float32Array {
  const [first] = windows;
  if (windows.length === 1 && first !== undefined) return first;
  const size = first?.length ?? 0;
  const batch = new Float32Array(size * windows.length);
  windows.forEach((window, index) => batch.set(window, index * size));
  return batch;
}

/** Time that this thread worked, in ms: on a busy machine the clock tells little. Node 22 has only the clock. */
function threadMs(): number {
  if (typeof process.threadCpuUsage !== 'function') return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function isSameAudio(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
