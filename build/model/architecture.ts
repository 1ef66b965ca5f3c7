/**
 * The one description of the student network. Keras (train.py) and TensorFlow.js (network.ts) both build from
 * its JSON, so neither can drift: layer names, order and shapes come from here.
 *
 * Convolution blocks over the log-mel image [frames, mel, 1] → one vector a time step → GRU → attention pooling,
 * beside a maximum over time → embedding → heads.
 */

export interface ConvolutionBlock {
  readonly filters: number;
  /** Both in [time, mel]. */
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly pool: readonly [number, number];
}

/** Where a layer is held to a feature map of the teachers while training; the app's network knows nothing of it. */
export interface HintPoint {
  /** Layer of the training network: relu_N before, pool_N after the block's pooling. */
  readonly layer: string;
  /** Steps of the layer for one time of the map: the strongest counts. */
  readonly poolTime: number;
  readonly times: number;
  readonly bands: number;
  /** Of both teachers together. */
  readonly channels: number;
}

export interface Architecture {
  readonly name: string;
  readonly frames: number;
  readonly melBands: number;
  readonly blocks: readonly ConvolutionBlock[];
  readonly recurrentUnits: number;
  readonly embeddingSize: number;
  readonly genreCount: number;
  readonly tagCount: number;
  /** In the order of the maps in a hint file (hints.ts); none for a network without teachers. */
  readonly hints: readonly HintPoint[];
}

/** Names of the layers whose outputs the app reads. */
export const outputNames = {
  embedding: 'embedding',
  genres: 'genres',
  tags: 'tags',
  stepGenres: 'step_genres',
  attention: 'attention',
} as const;

const block = (
  filters: number,
  kernel: readonly [number, number],
  stride: readonly [number, number],
  pool: readonly [number, number],
): ConvolutionBlock => ({ filters, kernel, stride, pool });

/**
 * The shipped shape. The first two layers halve both axes: at full resolution they alone would cost more than
 * all the others (see docs/model-card.md, inference). From the fourth block on its grid of time and frequency is
 * that of the teachers (12 bands of about a second, then 4), so that their feature maps can be hints. 906 frames of
 * hop 512 at 16 kHz are the teachers' 29 s; 29 steps of a second go into the recurrent layer.
 */
export function studentArchitecture(genreCount: number, tagCount: number): Architecture {
  const map = (layer: string, poolTime: number, times: number, bands: number, channels: number) => ({
    ...{ layer, poolTime, times, bands, channels },
  });
  return {
    name: 'crnn-3',
    frames: 906,
    melBands: 96,
    blocks: [
      block(16, [5, 5], [2, 2], [1, 1]),
      block(32, [3, 3], [2, 2], [1, 1]),
      block(64, [3, 3], [1, 1], [2, 2]),
      block(128, [3, 3], [1, 1], [4, 1]),
      block(128, [3, 3], [1, 1], [1, 3]),
      block(128, [5, 3], [1, 1], [1, 4]),
    ],
    recurrentUnits: 128,
    embeddingSize: 128,
    genreCount,
    tagCount,
    hints: [map('pool_3', 1, 28, 12, 256), map('pool_4', 5, 5, 4, 256), map('relu_5', 5, 5, 4, 128)],
  };
}

/** Small and quick to teach, for the tiny run: five blocks of few filters, steps of half a second. */
export function tinyArchitecture(genreCount: number, tagCount: number): Architecture {
  return {
    ...studentArchitecture(genreCount, tagCount),
    name: 'crnn-tiny',
    blocks: [
      block(4, [5, 5], [2, 2], [1, 1]),
      block(10, [3, 3], [2, 2], [1, 1]),
      block(16, [3, 3], [1, 1], [2, 2]),
      block(24, [3, 3], [1, 1], [2, 2]),
      block(32, [3, 3], [1, 1], [1, 2]),
    ],
    recurrentUnits: 32,
    embeddingSize: 32,
    hints: [],
  };
}

/** What is left of an axis after every block ('same' padding: rounded up at each step). */
export function reduced(length: number, axis: 0 | 1, blocks: readonly ConvolutionBlock[]): number {
  return blocks.reduce(
    (left, { stride, pool }) => Math.ceil(Math.ceil(left / stride[axis]) / pool[axis]),
    length,
  );
}

/** Multiplications of one window, by block and for the recurrent part: the budget before any training. */
export function multiplications(architecture: Architecture): readonly number[] {
  let [time, mel, channels] = [architecture.frames, architecture.melBands, 1];
  const costs: number[] = [];
  for (const { filters, kernel, stride, pool } of architecture.blocks) {
    time = Math.ceil(time / stride[0]);
    mel = Math.ceil(mel / stride[1]);
    const area = kernel[0] * kernel[1];
    costs.push(time * mel * area * channels * filters);
    time = Math.ceil(time / pool[0]);
    mel = Math.ceil(mel / pool[1]);
    channels = filters;
  }
  const units = architecture.recurrentUnits;
  costs.push(time * 3 * units * (mel * channels + units));
  return costs;
}
