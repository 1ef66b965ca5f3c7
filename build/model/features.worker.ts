/** One thread of stage 2. */
import { parentPort } from 'node:worker_threads';
import { decodeAudio } from '#engine/analysis/analyser/decode.ts';
import { createLogMel } from '#engine/analysis/analyser/log-mel.ts';
import { featurePath, windowBytes, type TrackFeatures } from './feature-store.ts';
import { packDecibels, teacherFrames, teacherFrontEnd } from './front-end.ts';
import { writeWhole } from './workspace.ts';

export interface FeatureRequest {
  readonly cache: string;
  readonly id: string;
  readonly path: string;
  readonly most: number;
  readonly apartSeconds: number;
}
export interface FeatureReply {
  readonly path: string;
  readonly refused: string | null;
}

const { sampleRateHz, hopSize, melBands } = teacherFrontEnd;
/** A window whose mean is below this is silence or nearly so (byte scale of front-end.ts, about -70 dB). */
const silentMean = 50;
/** Half an hour holds more windows than are ever taken from one track. */
const longestSeconds = 1800;

async function extract(request: FeatureRequest): Promise<FeatureReply> {
  const frames: Uint8Array[] = [];
  let samples = 0;
  let refused: string | null = null;
  try {
    const stream = createLogMel(teacherFrontEnd, (frame) => frames.push(packDecibels(frame)));
    await decodeAudio(request.path, {
      sampleRateHz,
      onChunk: (chunk) => {
        samples += chunk.length;
        if (samples < longestSeconds * sampleRateHz) stream.push(chunk);
      },
    });
    stream.finish();
  } catch (error) {
    refused = error instanceof Error ? error.message : String(error);
  }
  const starts = refused === null ? windowStarts(frames.length, request) : [];
  if (starts.length === 0) refused ??= 'shorter than a window of 29 s';
  const windows = starts
    .map((start) => ({ start, data: joinFrames(frames, start) }))
    .filter(({ data }) => data.reduce((sum, value) => sum + value, 0) / data.length > silentMean);
  if (starts.length > 0 && windows.length === 0) refused = 'silent';
  const packed = new Uint8Array(windows.length * windowBytes);
  windows.forEach(({ data }, index) => packed.set(data, index * windowBytes));
  await writeWhole(featurePath(request.cache, request.id, 'u8'), packed);
  const features: TrackFeatures = {
    id: request.id,
    seconds: samples / sampleRateHz,
    starts: windows.map(({ start }) => start),
    refused,
  };
  await writeWhole(featurePath(request.cache, request.id, 'json'), JSON.stringify(features));
  return { path: request.path, refused };
}

/** As many as asked for, evenly over the track; a single one is taken from the middle. */
function windowStarts(frames: number, { most, apartSeconds }: FeatureRequest): number[] {
  const last = frames - teacherFrames;
  if (last < 0) return [];
  const apart = (apartSeconds * sampleRateHz) / hopSize;
  const count = Math.min(most, 1 + Math.floor(last / apart));
  if (count === 1) return [Math.floor(last / 2)];
  return Array.from({ length: count }, (_, index) => Math.round((index * last) / (count - 1)));
}

function joinFrames(frames: readonly Uint8Array[], start: number): Uint8Array {
  const window = new Uint8Array(windowBytes);
  for (let index = 0; index < teacherFrames; index++)
    window.set(frames[start + index] as Uint8Array, index * melBands);
  return window;
}

parentPort?.on('message', (request: FeatureRequest | null) => {
  if (request === null) parentPort?.close();
  else void extract(request).then((reply) => parentPort?.postMessage(reply));
});
