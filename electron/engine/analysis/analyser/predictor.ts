/** What runs the network, wherever it is: in this thread, or for all threads in one place. */
import type { ModelManifest } from '../model-manifest.ts';

/** Raw outputs for a batch of windows; N windows, D embedding size, G genres, M tags, S steps. */
export interface WindowOutputs {
  /** [N x D], not normalised. */
  readonly embeddings: Float32Array;
  /** [N x G], logits before calibration. */
  readonly genres: Float32Array;
  /** [N x M], logits; empty when the model knows no tags. */
  readonly tags: Float32Array;
  /** Time steps of a window; 0 when the model tells none. */
  readonly steps: number;
  /** [N x S x G], logits; null when the model tells none. */
  readonly stepGenres: Float32Array | null;
  /** [N x S], the weights of a window's steps, which sum to 1; null when the model tells none. */
  readonly attention: Float32Array | null;
}

export interface Predictor {
  readonly manifest: ModelManifest;
  /** The work is done in another thread, so that this one only waits. */
  readonly elsewhere?: boolean;
  /** @param windows [count x frames x melBands] of standardised log-mel, in the manifest's layout. */
  predict(windows: Float32Array, count: number): Promise<WindowOutputs>;
}
