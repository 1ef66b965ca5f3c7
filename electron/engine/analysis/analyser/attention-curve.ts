/** How much each moment of a track counts, from the attention of its windows. */
import type { ModelManifest } from '../model-manifest.ts';
import type { WindowOutputs } from './predictor.ts';
import type { WindowPlace } from './windows.ts';

/** More points than this nobody sees. */
const MOST_POINTS = 480;

export interface AttentionCurve {
  /** The outputs of window `index` of a batch, which lies at `place`. */
  add(outputs: WindowOutputs, index: number, place: WindowPlace): void;
  /** Weights that sum to 1, and the seconds that each stands for; null when the model tells none. */
  finish(frames: number): { readonly stepSeconds: number; readonly weights: Float32Array } | null;
}

/**
 * Each window counts as it does in the track's summary (one that overlaps its predecessor for what is new in it),
 * and within a window its steps as the network weighed them.
 */
export function createAttentionCurve({ input, frontEnd }: ModelManifest): AttentionCurve {
  const points: number[] = [];
  let framesPerStep = 0;

  return {
    add({ attention, steps }, index, place) {
      if (attention === null || steps === 0 || place.silent) return;
      framesPerStep = input.frames / steps;
      const length = place.end - place.start;
      const share = (place.end - place.from) / input.frames;
      for (let step = 0; step < steps; step += 1) {
        // A short track is repeated until it fills the window.
        const frame = place.start + (((step + 0.5) * framesPerStep) % length);
        const point = Math.floor(frame / framesPerStep);
        while (points.length <= point) points.push(0);
        points[point] = (points[point] as number) + share * (attention[index * steps + step] as number);
      }
    },
    finish(frames) {
      const total = points.reduce((sum, weight) => sum + weight, 0);
      if (!(total > 0)) return null;
      const count = Math.max(points.length, Math.ceil(frames / framesPerStep));
      const merged = Math.ceil(count / MOST_POINTS);
      const weights = new Float32Array(Math.ceil(count / merged));
      points.forEach((weight, point) => {
        const at = Math.floor(point / merged);
        weights[at] = (weights[at] as number) + weight / total;
      });
      return { stepSeconds: (merged * framesPerStep * frontEnd.hopSize) / frontEnd.sampleRateHz, weights };
    },
  };
}
