import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../model-manifest.ts';
import type { WindowOutputs } from './predictor.ts';
import { createTrackSummary, MAXIMUM_SEGMENTS, MAXIMUM_WINDOWS, unitVector } from './track-summary.ts';
import type { WindowPlace } from './windows.ts';

/** 10 frames a second, windows of 10 s, two genres, one tag, embeddings of two numbers. */
const label = (id: string, scale = 1, shift = 0) => ({
  id,
  name: id,
  threshold: 0.5,
  known: 'well',
  scale,
  shift,
});
const manifest = {
  frontEnd: { sampleRateHz: 1000, hopSize: 100 },
  input: { frames: 100 },
  embeddingSize: 2,
  genres: [label('a'), label('b', 2, -1)],
  tags: [label('t')],
} as unknown as ModelManifest;

function outputs(embedding: number[], genres: number[], stepGenres: number[] | null = null): WindowOutputs {
  return {
    embeddings: Float32Array.from(embedding),
    genres: Float32Array.from(genres),
    tags: Float32Array.of(0),
    steps: stepGenres === null ? 0 : stepGenres.length / 2,
    stepGenres: stepGenres === null ? null : Float32Array.from(stepGenres),
    attention: null,
  };
}

function place(start: number, from = start, end = start + 100, silent = false, music = !silent): WindowPlace {
  return { start, from, end, silent, music };
}

const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

describe('createTrackSummary', () => {
  it('takes the mean of logits and of unit vectors, by what is new in each window', () => {
    const summary = createTrackSummary(manifest);
    summary.add(outputs([10, 0], [2, 0]), 0, place(0));
    summary.add(outputs([0, 1], [-1, 3]), 0, place(50, 100, 150));
    const track = summary.finish(150);
    expect(track.genres[0]).toBeCloseTo(sigmoid((2 + 0.5 * -1) / 1.5), 6);
    expect(track.genres[1]).toBeCloseTo(sigmoid(2 * (1.5 / 1.5) - 1), 6);
    expect(track.tags[0]).toBeCloseTo(0.5, 6);
    expect([...track.embedding].map((value) => value.toFixed(4))).toEqual(['0.8944', '0.4472']);
    expect([...track.windowEmbeddings]).toEqual([127, 0, 0, 127]);
    expect(track.windowSeconds).toBe(10);
  });

  it('makes a timeline of segments of five seconds from the steps', () => {
    const summary = createTrackSummary(manifest);
    // Four steps of 2.5 s: genre a in the first half, b in the second.
    summary.add(outputs([1, 0], [0, 0], [9, -9, 9, -9, -9, 9, -9, 9]), 0, place(0));
    // Overlaps by half: only its last two steps are new.
    summary.add(outputs([1, 0], [0, 0], [0, 0, 0, 0, 9, 9, 9, 9]), 0, place(50, 100, 150));
    const { segmentGenres, segmentSeconds } = summary.finish(150);
    expect(segmentSeconds).toBe(5);
    expect([...segmentGenres]).toEqual([255, 0, 0, 255, 255, 255]);
  });

  it('fills segments that no window reaches with what was before, and those of a model without steps', () => {
    const summary = createTrackSummary(manifest);
    summary.add(outputs([1, 0], [9, -9]), 0, place(0));
    const { segmentGenres } = summary.finish(105);
    expect([...segmentGenres]).toEqual([255, 0, 255, 0, 255, 0]);
  });

  it('calls silence unknown, without a number that is none', () => {
    const summary = createTrackSummary(manifest);
    summary.add(outputs([1, 0], [9, 9]), 0, place(0, 0, 100, true));
    const track = summary.finish(100);
    expect([...track.genres, ...track.tags, ...track.embedding]).toEqual([0, 0, 0, 0, 0]);
    expect([...track.segmentGenres]).toEqual([0, 0, 0, 0]);
    expect([...createTrackSummary(manifest).finish(30).genres]).toEqual([0, 0]);
  });

  it('does not let a silent start count', () => {
    const summary = createTrackSummary(manifest);
    summary.add(outputs([0, 1], [-5, 5]), 0, place(0, 0, 100, true));
    summary.add(outputs([1, 0], [5, -5]), 0, place(100));
    const track = summary.finish(200);
    expect(track.genres[0]).toBeCloseTo(sigmoid(5), 6);
    expect([...track.embedding]).toEqual([1, 0]);
    expect([...track.windowEmbeddings]).toEqual([0, 0, 127, 0]);
  });

  it('bounds what a mix of ten hours takes', () => {
    const summary = createTrackSummary(manifest);
    const windows = 3600;
    for (let at = 0; at < windows; at += 1)
      summary.add(outputs([1, 1], [1, 1], [1, 1, 1, 1]), 0, place(at * 100));
    const track = summary.finish(windows * 100);
    const segments = track.segmentGenres.length / 2;
    expect(segments).toBeLessThanOrEqual(MAXIMUM_SEGMENTS);
    expect(segments * track.segmentSeconds).toBeGreaterThanOrEqual(36_000);
    expect(segments * track.segmentSeconds).toBeLessThan(36_000 + track.segmentSeconds);
    expect(track.segmentGenres.every((value, at) => value === (at % 2 === 0 ? 186 : 186))).toBe(true);
    expect(track.windowEmbeddings.length / 2).toBeLessThanOrEqual(MAXIMUM_WINDOWS);
    expect((track.windowEmbeddings.length / 2) * track.windowSeconds).toBeGreaterThanOrEqual(36_000);
  });
});

describe('unitVector', () => {
  it('gives zeros where there is no direction', () => {
    expect([...unitVector(Float32Array.of(0, 0), 0, 2)]).toEqual([0, 0]);
    expect([...unitVector(Float32Array.of(Number.NaN, 1), 0, 2)]).toEqual([0, 0]);
    expect([...unitVector(Float32Array.of(9, 3, 4), 1, 2)].map((value) => value.toFixed(3))).toEqual([
      '0.600',
      '0.800',
    ]);
  });
});
