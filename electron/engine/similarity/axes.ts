/** How alike a recording is to what is looked for, on each axis by itself: -1 (opposite) to 1 (the same). */
import type { SimilarityAxis } from '#shared/domain.ts';
import { dot } from './nearest.ts';
import type { Recordings } from './recordings.ts';

/**
 * How much "less like this" takes away, measured against one seed. Less than the whole (as Rocchio's formula is used in
 * retrieval): what somebody does not want says less about what he wants than an example of it.
 */
const LESS = 0.5;
/** Shorter than that, a vector points nowhere. */
const NO_DIRECTION = 1e-6;

/** NaN where nothing is known, of the recording or of what is looked for. */
export type AxisScore = (row: number) => number;
export type AxisScores = Readonly<Record<SimilarityAxis, AxisScore>>;

/** `more`: rows of the seeds, one or more; `less`: rows of what is not wanted. */
export function createAxisScores(
  recordings: Recordings,
  embeddingSize: number,
  more: readonly number[],
  less: readonly number[],
): AxisScores {
  return {
    sound: soundScore(recordings, embeddingSize, more, less),
    genres: genreScore(recordings, more, less),
    mood: moodScore(recordings, more, less),
  };
}

/** Cosine of the embeddings. */
function soundScore(
  { matrix }: Recordings,
  size: number,
  more: readonly number[],
  less: readonly number[],
): AxisScore {
  const vectorOf = (row: number): Float32Array => matrix.subarray(row * size, (row + 1) * size);
  const query = toUnit(blend(size, more.map(vectorOf), less.map(vectorOf)));
  return (row) => dot(matrix, row * size, query);
}

/** Cosine of the lists of genres with their confidences: 1 for the same mixture, 0 for none in common. */
function genreScore(recordings: Recordings, more: readonly number[], less: readonly number[]): AxisScore {
  const size = 1 + Math.max(-1, ...[...more, ...less].map((row) => highestGenre(recordings, row)));
  const vectorOf = (row: number): Float32Array => {
    const vector = new Float32Array(size);
    recordings.forEachGenre(row, (label, confidence) => (vector[label] = confidence));
    return vector;
  };
  // A recording cannot have less than nothing of a genre.
  const wanted = blend(size, more.map(vectorOf), less.map(vectorOf)).map((value) => Math.max(0, value));
  const length = lengthOf(wanted);
  let product = 0;
  let squares = 0;
  const visit = (label: number, confidence: number): void => {
    if (label < size) product += confidence * wanted[label]!;
    squares += confidence * confidence;
  };
  return (row) => {
    product = 0;
    squares = 0;
    recordings.forEachGenre(row, visit);
    return length < NO_DIRECTION || squares === 0 ? NaN : product / (length * Math.sqrt(squares));
  };
}

/**
 * How much the genres that fit a recording have in common with those that fit the seeds: 1 for the same mixture, 0 for
 * none; NaN for a recording that no genre fits. Of seeds that no genre fits, every genre is another one. Unlike the
 * axis, it looks over traces: nearly every recording has a trace of every genre.
 */
export function createCommonGenres(
  recordings: Recordings,
  more: readonly number[],
  thresholds: Float64Array,
): AxisScore {
  const wanted = new Float64Array(thresholds.length);
  for (const row of more) {
    recordings.forEachGenre(row, (label, confidence) => {
      if (confidence >= thresholds[label]!) wanted[label]! += confidence / more.length;
    });
  }
  const length = Math.hypot(...wanted);
  let product = 0;
  let squares = 0;
  const visit = (label: number, confidence: number): void => {
    if (confidence < thresholds[label]!) return;
    product += confidence * wanted[label]!;
    squares += confidence * confidence;
  };
  return (row) => {
    product = 0;
    squares = 0;
    recordings.forEachGenre(row, visit);
    if (squares === 0) return NaN;
    return length < NO_DIRECTION ? 0 : product / (length * Math.sqrt(squares));
  };
}

function highestGenre(recordings: Recordings, row: number): number {
  let highest = -1;
  recordings.forEachGenre(row, (label) => (highest = Math.max(highest, label)));
  return highest;
}

/** Correlation of moods, instruments and voice: cosine of what is unusual about each. */
function moodScore({ tags }: Recordings, more: readonly number[], less: readonly number[]): AxisScore {
  const { width, bytes } = tags;
  const means = tags.means();
  const unusual = (row: number): Float32Array => means.map((mean, tag) => tags.value(row, tag) - mean);
  const seeds = more.filter((row) => tags.has(row));
  if (seeds.length === 0) return () => NaN;
  const query = toUnit(blend(width, seeds.map(unusual), less.filter((row) => tags.has(row)).map(unusual)));
  return (row) => {
    if (!tags.has(row)) return NaN;
    const start = row * width;
    let product = 0;
    let squares = 0;
    for (let tag = 0; tag < width; tag++) {
      const value = bytes[start + tag]! / 255 - means[tag]!;
      product += value * query[tag]!;
      squares += value * value;
    }
    return squares < NO_DIRECTION ? NaN : product / Math.sqrt(squares);
  };
}

/** The mean of the seeds, less a part of the mean of what is not wanted. */
function blend(size: number, more: readonly Float32Array[], less: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(size);
  for (const vector of more) for (let i = 0; i < size; i++) sum[i]! += vector[i]! / more.length;
  const wanted = sum.slice();
  for (const vector of less) for (let i = 0; i < size; i++) sum[i]! -= (LESS * vector[i]!) / less.length;
  // The same tracks wanted and not: then the wish counts.
  return lengthOf(sum) < NO_DIRECTION ? wanted : sum;
}

function lengthOf(vector: Float32Array): number {
  return Math.hypot(...vector);
}

function toUnit(vector: Float32Array): Float32Array {
  const length = lengthOf(vector);
  return length < NO_DIRECTION ? vector : vector.map((value) => value / length);
}
