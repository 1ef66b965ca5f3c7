/**
 * What each pitch class of each register counts for a key, from the tonic up: learned from rendered music whose key is
 * known. `npm run dj:train-key -- --write` fits them anew (build/dj/README.md); these are from before that command, by another
 * optimiser, and name the same key as its weights for 93 % of what it learns from. Do not edit by hand.
 */

export interface KeyWeights {
  /** [3 registers x 12], low first. */
  readonly weights: readonly number[];
  readonly offset: number;
}

export const majorWeights: KeyWeights = {
  weights: [
    7.222, -1.651, -1.553, -3.768, 0.7874, 3.105, -3.37, 5.444, -1.728, -0.3822, -4.391, 1.051, 4.803, -4.121,
    -1.712, -3.193, 4.347, 2.856, -5.183, 6.233, -3.734, 1.891, -7.137, 2.051, 4.438, -2.597, -0.7779, -3.41,
    2.94, 0.87, -2.987, 4.728, -1.741, -1.439, -4.459, 3.327,
  ],
  offset: 0.3092,
};

export const minorWeights: KeyWeights = {
  weights: [
    5.516, -2.995, 0.4813, 1.662, -3.597, 0.9032, -2.698, 4.397, 0.8377, -2.428, -1.864, -0.9831, 5.618,
    -6.303, 0.8952, 7.325, -3.018, -0.5497, -3.034, 4.576, 0.9194, -3.691, -0.1229, 0.2895, 5.3, -5.99, 1.78,
    4.856, -0.4391, -2.851, -1.582, 3.356, -0.7869, -1.595, 0.5132, -1.452,
  ],
  offset: -0.3099,
};
