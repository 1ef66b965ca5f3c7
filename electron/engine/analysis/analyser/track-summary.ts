/** From the outputs of a track's windows to what is stored of the track: pure arithmetic. */
import type { ModelLabel, ModelManifest } from '../model-manifest.ts';
import type { TrackPrediction } from '../protocol.ts';
import type { WindowOutputs } from './predictor.ts';
import type { WindowPlace } from './windows.ts';

/** Length of one segment of the timeline: shorter ones flicker, longer ones hide a break. */
const SEGMENT_SECONDS = 5;
/** A long mix gets longer segments instead of more: bounds what a track takes in the database. */
export const MAXIMUM_SEGMENTS = 480;
export const MAXIMUM_WINDOWS = 480;

export interface TrackSummary {
  /** The outputs of window `index` of a batch, which lies at `place`. */
  add(outputs: WindowOutputs, index: number, place: WindowPlace): void;
  /** @param frames of the whole track. */
  finish(frames: number): TrackPrediction;
}

/** Rows of logits with weights: grows with the length of the track, but slowly (10 hours: 2 MB). */
interface Row {
  readonly sums: Float32Array;
  weight: number;
}

/**
 * Embedding: the mean of the windows' unit vectors, made a unit vector again. Genres and tags: the mean of the
 * windows' logits, calibrated. Windows of pure silence do not count; a track of nothing else has probabilities
 * and an embedding of zeros ("unknown"). Windows without music count for the embedding only where there are no
 * others, and for nothing else: noise is like noise, but of no genre.
 */
export function createTrackSummary(manifest: ModelManifest): TrackSummary {
  const { embeddingSize, genres, tags, frontEnd, input } = manifest;
  const framesPerSecond = frontEnd.sampleRateHz / frontEnd.hopSize;
  const music = new Float64Array(embeddingSize);
  const other = new Float64Array(embeddingSize);
  const genreLogits: Row = { sums: new Float32Array(genres.length), weight: 0 };
  const tagLogits: Row = { sums: new Float32Array(tags.length), weight: 0 };
  const segments: Row[] = [];
  const windowEmbeddings: Float32Array[] = [];

  function addToSegments(logits: Float32Array, offset: number, frame: number, weight: number): void {
    const index = Math.floor(frame / framesPerSecond / SEGMENT_SECONDS);
    while (segments.length <= index) segments.push({ sums: new Float32Array(genres.length), weight: 0 });
    accumulate(segments[index] as Row, logits, offset, weight);
  }

  /** Only steps that no earlier window covers; a step counts where its centre lies. */
  function addSteps({ steps, stepGenres }: WindowOutputs, index: number, place: WindowPlace): void {
    if (stepGenres === null) return;
    const framesPerStep = input.frames / steps;
    for (let step = 0; step < steps; step += 1) {
      const frame = place.start + (step + 0.5) * framesPerStep;
      if (frame < place.from || frame >= place.end) continue;
      addToSegments(stepGenres, (index * steps + step) * genres.length, frame, 1);
    }
  }

  /** A model without outputs per step: every segment within the window is like the window. */
  function addWindowAsSegments(outputs: WindowOutputs, index: number, place: WindowPlace): void {
    const stride = SEGMENT_SECONDS * framesPerSecond;
    for (let frame = place.from; frame < place.end; frame += stride) {
      addToSegments(outputs.genres, index * genres.length, frame, 1);
    }
  }

  return {
    add(outputs, index, place) {
      const unit = unitVector(outputs.embeddings, index * embeddingSize, embeddingSize);
      if (place.silent) {
        windowEmbeddings.push(new Float32Array(embeddingSize));
        return;
      }
      // A window that overlaps the one before it counts for what is new in it.
      const weight = (place.end - place.from) / input.frames;
      windowEmbeddings.push(unit);
      const sum = place.music ? music : other;
      unit.forEach((value, at) => (sum[at] = (sum[at] as number) + value * weight));
      if (!place.music) return;
      accumulate(genreLogits, outputs.genres, index * genres.length, weight);
      if (tags.length > 0) accumulate(tagLogits, outputs.tags, index * tags.length, weight);
      if (outputs.stepGenres === null) addWindowAsSegments(outputs, index, place);
      else addSteps(outputs, index, place);
    },
    finish(frames) {
      const seconds = frames / framesPerSecond;
      const timeline = mergeSegments(segments, Math.max(1, Math.ceil(seconds / SEGMENT_SECONDS)), genres);
      const kept = mergeWindows(windowEmbeddings, embeddingSize);
      return {
        embedding: unitVector(Float32Array.from(genreLogits.weight > 0 ? music : other), 0, embeddingSize),
        genres: calibrated(genreLogits, genres),
        tags: calibrated(tagLogits, tags),
        segmentSeconds: timeline.merged * SEGMENT_SECONDS,
        segmentGenres: timeline.values,
        windowSeconds: (kept.merged * input.frames) / framesPerSecond,
        windowEmbeddings: kept.values,
      };
    },
  };
}

function accumulate(row: Row, values: Float32Array, offset: number, weight: number): void {
  const { sums } = row;
  for (let at = 0; at < sums.length; at += 1) {
    sums[at] = (sums[at] as number) + weight * (values[offset + at] as number);
  }
  row.weight += weight;
}

/** Probabilities of a row of summed logits; zeros when nothing was summed. Never NaN. */
function calibrated(row: Row, labels: readonly ModelLabel[]): Float32Array {
  return Float32Array.from(labels, ({ scale, shift }, at) => {
    if (row.weight === 0) return 0;
    const logit = (row.sums[at] as number) / row.weight;
    const probability = 1 / (1 + Math.exp(-(scale * logit + shift)));
    return Number.isFinite(probability) ? probability : 0;
  });
}

/** Length 1, or zeros when there is no direction to speak of. */
export function unitVector(values: Float32Array, offset: number, length: number): Float32Array {
  const vector = values.slice(offset, offset + length);
  const norm = Math.hypot(...vector);
  if (!Number.isFinite(norm) || norm < 1e-12) return vector.fill(0);
  return vector.map((value) => value / norm);
}

/** Uint8 [segments x genres]. A segment that no step fell into (a remainder without a window) is like the one before. */
function mergeSegments(
  segments: readonly Row[],
  count: number,
  labels: readonly ModelLabel[],
): { readonly merged: number; readonly values: Uint8Array } {
  const merged = Math.ceil(count / MAXIMUM_SEGMENTS);
  const rows = Math.ceil(count / merged);
  const values = new Uint8Array(rows * labels.length);
  for (let row = 0; row < rows; row += 1) {
    const sum: Row = { sums: new Float32Array(labels.length), weight: 0 };
    for (const part of segments.slice(row * merged, (row + 1) * merged)) {
      accumulate(sum, part.sums, 0, 1);
      sum.weight += part.weight - 1;
    }
    const past = row > 0 && row * merged >= segments.length;
    if (past) values.copyWithin(row * labels.length, (row - 1) * labels.length, row * labels.length);
    else
      values.set(
        calibrated(sum, labels).map((probability) => Math.round(probability * 255)),
        row * labels.length,
      );
  }
  return { merged, values };
}

/** Int8 [windows x size]: neighbours are averaged when there are too many. */
function mergeWindows(
  windows: readonly Float32Array[],
  size: number,
): { readonly merged: number; readonly values: Int8Array } {
  const merged = Math.max(1, Math.ceil(windows.length / MAXIMUM_WINDOWS));
  const rows = Math.ceil(windows.length / merged);
  const values = new Int8Array(rows * size);
  for (let row = 0; row < rows; row += 1) {
    const sum = new Float32Array(size);
    for (const window of windows.slice(row * merged, (row + 1) * merged)) {
      window.forEach((value, at) => (sum[at] = (sum[at] as number) + value));
    }
    values.set(
      unitVector(sum, 0, size).map((value) => Math.round(value * 127)),
      row * size,
    );
  }
  return { merged, values };
}
