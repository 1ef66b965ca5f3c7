/**
 * Which parts of a window matter: tiles of time and frequency are hidden one after the other, and what that takes
 * from the genre is measured (Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks").
 * Pure arithmetic on the image; the network is run by the caller.
 */
import type { ModelManifest } from '../model-manifest.ts';

/** Cells of a whole window along time: 2.4 s each with the model's 29 s, about a bar of music. */
const COLUMNS = 12;
/** A short track has fewer: cells of less time say nothing. */
const SHORTEST_CELL_SECONDS = 0.5;
/** Groups of mel bands; in the order of frequency. */
const ROWS = 8;
/**
 * A tile is so many cells along either axis and moves by one: each cell is judged by all tiles that cover it, so
 * that no edge of the grid decides what counts, and a single cell is not made up for by what lies beside it.
 */
const CELLS_A_TILE = 2;

/** A grid over the part of a window that is not repetition. */
export interface OcclusionGrid {
  readonly rows: number;
  readonly columns: number;
  /** Frames of the window that are not repeated: all of it, or a whole short track. */
  readonly period: number;
  /** rows + 1 borders in mel bands. */
  readonly bands: readonly number[];
  /** columns + 1 borders in frames. */
  readonly frames: readonly number[];
}

/** A tile: cells [row, rowEnd) x [column, columnEnd). */
export interface OcclusionTileCells {
  readonly row: number;
  readonly rowEnd: number;
  readonly column: number;
  readonly columnEnd: number;
}

/** @param period frames of the window that are not repeated */
export function occlusionGrid({ frontEnd, input }: ModelManifest, period: number): OcclusionGrid {
  const { melBands, sampleRateHz, hopSize } = frontEnd;
  const rows = Math.min(ROWS, melBands);
  const most = Math.floor((period * hopSize) / sampleRateHz / SHORTEST_CELL_SECONDS);
  const columns = Math.max(1, Math.min(COLUMNS, most, period));
  const borders = (count: number, length: number) =>
    Array.from({ length: count + 1 }, (_, at) => Math.round((at * length) / count));
  const whole = Math.min(period, input.frames);
  return { rows, columns, period: whole, bands: borders(rows, melBands), frames: borders(columns, whole) };
}

/** Every place of a tile, those that stand over the edge included, so that all cells are judged equally often. */
export function occlusionTiles({ rows, columns }: OcclusionGrid): readonly OcclusionTileCells[] {
  const places = (count: number) =>
    Array.from({ length: count + CELLS_A_TILE - 1 }, (_, at) => ({
      from: Math.max(0, at - CELLS_A_TILE + 1),
      end: Math.min(count, at + 1),
    }));
  return places(rows).flatMap((row) =>
    places(columns).map((column) => ({
      row: row.from,
      rowEnd: row.end,
      column: column.from,
      columnEnd: column.end,
    })),
  );
}

/** Mean of each band over the part that is not repeated: what a hidden tile shows. Values as the network takes them. */
export function bandMeans(window: Float32Array, manifest: ModelManifest, period: number): Float32Array {
  const { melBands } = manifest.frontEnd;
  const at = indexOf(manifest);
  return Float32Array.from({ length: melBands }, (_, band) => {
    let sum = 0;
    for (let frame = 0; frame < period; frame += 1) sum += window[at(frame, band)] as number;
    return sum / period;
  });
}

/**
 * Hides cells of a window, in place: they take the mean of their bands, so that the sound stays as loud and as
 * bright as the window is on average, and hiding is no event in itself. Repetitions are hidden with the original.
 */
export function hide(
  window: Float32Array,
  manifest: ModelManifest,
  grid: OcclusionGrid,
  means: Float32Array,
  { row, rowEnd, column, columnEnd }: OcclusionTileCells,
): void {
  const at = indexOf(manifest);
  const [fromFrame, endFrame] = [grid.frames[column] as number, grid.frames[columnEnd] as number];
  const [fromBand, endBand] = [grid.bands[row] as number, grid.bands[rowEnd] as number];
  for (let start = 0; start < manifest.input.frames; start += grid.period) {
    const end = Math.min(start + endFrame, manifest.input.frames);
    for (let frame = start + fromFrame; frame < end; frame += 1) {
      for (let band = fromBand; band < endBand; band += 1) {
        window[at(frame, band)] = means[band] as number;
      }
    }
  }
}

/**
 * From what each tile leaves to one value for each cell: the mean over the tiles that cover it.
 * @param left one value a tile, in the order of occlusionTiles
 * @returns Float32 [rows x columns]
 */
export function cellMeans(
  grid: OcclusionGrid,
  tiles: readonly OcclusionTileCells[],
  left: ArrayLike<number>,
): Float32Array {
  const sums = new Float64Array(grid.rows * grid.columns);
  const counts = new Float64Array(sums.length);
  tiles.forEach(({ row, rowEnd, column, columnEnd }, tile) => {
    for (let y = row; y < rowEnd; y += 1) {
      for (let x = column; x < columnEnd; x += 1) {
        const cell = y * grid.columns + x;
        sums[cell] = (sums[cell] as number) + (left[tile] as number);
        counts[cell] = (counts[cell] as number) + 1;
      }
    }
  });
  return Float32Array.from(sums, (sum, cell) => sum / (counts[cell] as number));
}

/** Where a frame and a band lie in a window. */
function indexOf({ input, frontEnd }: ModelManifest): (frame: number, band: number) => number {
  return input.layout === 'time-mel'
    ? (frame, band) => frame * frontEnd.melBands + band
    : (frame, band) => band * input.frames + frame;
}
