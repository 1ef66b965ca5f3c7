import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../model-manifest.ts';
import { createAttentionCurve } from './attention-curve.ts';
import { bandEdgesHz } from './mel-filterbank.ts';
import { bandMeans, cellMeans, hide, occlusionGrid, occlusionTiles } from './occlusion.ts';
import type { WindowOutputs } from './predictor.ts';
import type { WindowPlace } from './windows.ts';

/** 24 frames of a second each, 16 bands. */
function shape(layout: 'time-mel' | 'mel-time' = 'time-mel'): ModelManifest {
  return {
    frontEnd: {
      melBands: 16,
      sampleRateHz: 512,
      hopSize: 512,
      minimumHz: 0,
      maximumHz: 8000,
      melScale: 'htk',
    },
    input: { frames: 24, layout },
  } as unknown as ModelManifest;
}

describe('occlusion', () => {
  it('judges every cell by as many tiles, those of edges and corners included', () => {
    const grid = occlusionGrid(shape(), 24);
    expect([grid.rows, grid.columns]).toEqual([8, 12]);
    const tiles = occlusionTiles(grid);
    const covering = (row: number, column: number) =>
      tiles.filter(
        (tile) => tile.row <= row && row < tile.rowEnd && tile.column <= column && column < tile.columnEnd,
      ).length;
    const counts = Array.from({ length: 8 * 12 }, (_, cell) => covering(Math.floor(cell / 12), cell % 12));
    expect(new Set(counts)).toEqual(new Set([4]));
  });

  it('covers the window without a gap, whatever divides', () => {
    const grid = occlusionGrid(shape(), 23);
    expect([grid.frames[0], grid.frames.at(-1), grid.bands[0], grid.bands.at(-1)]).toEqual([0, 23, 0, 16]);
    expect(grid.frames).toEqual([...grid.frames].sort((a, b) => a - b));
    expect(occlusionGrid(shape(), 1)).toMatchObject({ columns: 1, frames: [0, 1] });
  });

  it.each(['time-mel', 'mel-time'] as const)(
    'hides a tile behind the means of its bands, repetitions too (%s)',
    (layout) => {
      const manifest = shape(layout);
      const [frameStep, bandStep] = layout === 'time-mel' ? [16, 1] : [1, 24];
      // A track of 10 s, repeated; the value tells frame and band.
      const window = new Float32Array(24 * 16);
      for (let frame = 0; frame < 24; frame += 1) {
        for (let band = 0; band < 16; band += 1) {
          window[frame * frameStep + band * bandStep] = (frame % 10) + 100 * band;
        }
      }
      const grid = occlusionGrid(manifest, 10);
      const means = bandMeans(window, manifest, 10);
      expect([...means]).toEqual(Array.from({ length: 16 }, (_, band) => 4.5 + 100 * band));
      const copy = window.slice();
      hide(copy, manifest, grid, means, { row: 1, rowEnd: 2, column: 0, columnEnd: 1 });
      const changed = [...copy.keys()].filter((at) => copy[at] !== window[at]);
      const expected = [0, 10, 20].flatMap((frame) =>
        [2, 3].map((band) => frame * frameStep + band * bandStep),
      );
      expect(grid.frames.slice(0, 2)).toEqual([0, 1]);
      expect(changed).toEqual(expected.sort((a, b) => a - b));
      expect(copy[2 * bandStep]).toBe(204.5);
    },
  );

  it('finds the one cell that matters', () => {
    const grid = occlusionGrid(shape(), 24);
    const tiles = occlusionTiles(grid);
    const holds = tiles.map(({ row, rowEnd, column, columnEnd }) =>
      row <= 3 && 3 < rowEnd && column <= 5 && 5 < columnEnd ? -2 : 1,
    );
    const cells = cellMeans(grid, tiles, holds);
    expect(cells[3 * 12 + 5]).toBe(-2);
    expect([...cells].filter((value) => value === -2)).toHaveLength(1);
  });

  it('gives the borders of bands in hertz, rising from end to end', () => {
    const edges = bandEdgesHz(shape().frontEnd);
    expect(edges).toHaveLength(17);
    expect([edges[0], edges[16]]).toEqual([0, 8000]);
    expect(edges.every((edge, at) => at === 0 || edge > (edges[at - 1] as number))).toBe(true);
  });
});

describe('attention over a track', () => {
  const outputs = (weights: readonly number[]): WindowOutputs =>
    ({ attention: Float32Array.from(weights), steps: weights.length }) as unknown as WindowOutputs;
  const place = (start: number, from: number, end: number, silent = false): WindowPlace => ({
    start,
    from,
    end,
    silent,
    music: !silent,
  });

  it('shows what the music did, and no peak where every window has one', () => {
    const curve = createAttentionCurve(shape());
    // The first step gets most in each; only the second window has something of its own, in its third step.
    curve.add(outputs([0.7, 0.1, 0.1, 0.1]), 0, place(0, 0, 24));
    curve.add(outputs([0.4, 0.1, 0.4, 0.1]), 0, place(24, 24, 48));
    curve.add(outputs([0.7, 0.1, 0.1, 0.1]), 0, place(48, 48, 72));
    const found = curve.finish(72);
    const weights = [...(found?.weights ?? [])];
    expect(found?.stepSeconds).toBe(6);
    expect(weights).toHaveLength(12);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    expect(weights.indexOf(Math.max(...weights))).toBe(6);
    expect(Math.max(...weights.filter((_, at) => at !== 6))).toBeLessThan(1.5 / 12);
  });

  it('counts of a window that overlaps only what is new, and leaves silence out', () => {
    const curve = createAttentionCurve(shape());
    const even = outputs([0.25, 0.25, 0.25, 0.25]);
    curve.add(even, 0, place(0, 0, 24));
    curve.add(even, 0, place(24, 24, 48, true));
    curve.add(even, 0, place(48, 48, 72));
    curve.add(even, 0, place(60, 72, 84));
    const weights = [...(curve.finish(84)?.weights ?? [])];
    expect(weights.map((weight) => weight / (weights[0] as number))).toEqual(
      [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1].map((ratio) => expect.closeTo(ratio, 4)),
    );
  });

  it('tells nothing of a track with too few windows to tell music and place apart, nor of silence', () => {
    const short = createAttentionCurve(shape());
    short.add(outputs([0.7, 0.1, 0.1, 0.1]), 0, place(0, 0, 24));
    short.add(outputs([0.7, 0.1, 0.1, 0.1]), 0, place(24, 24, 48));
    expect(short.finish(48)).toBeNull();
    const silent = createAttentionCurve(shape());
    for (const start of [0, 24, 48])
      silent.add(outputs([0.5, 0.5]), 0, place(start, start, start + 24, true));
    expect(silent.finish(72)).toBeNull();
  });
});
