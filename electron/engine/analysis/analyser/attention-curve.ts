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
 * and within a window its steps as the network weighed them, but for the outermost two (see `withoutEdges`).
 */
export function createAttentionCurve({ input, frontEnd }: ModelManifest): AttentionCurve {
  const points: number[] = [];
  let framesPerStep = 0;

  return {
    add({ attention, steps }, index, place) {
      if (attention === null || steps === 0 || place.silent) return;
      framesPerStep = input.frames / steps;
      const weights = withoutEdges(attention.subarray(index * steps, (index + 1) * steps));
      const length = place.end - place.start;
      const share = (place.end - place.from) / input.frames;
      for (let step = 0; step < steps; step += 1) {
        // A short track is repeated until it fills the window.
        const frame = place.start + (((step + 0.5) * framesPerStep) % length);
        const point = Math.floor(frame / framesPerStep);
        while (points.length <= point) points.push(0);
        points[point] = (points[point] as number) + share * (weights[step] as number);
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

/**
 * The recurrent layer knows nothing yet at a window's first step, and the network puts there what attention it has to
 * spare: a quarter of all of it, whatever the music (the last step gets half as much again as others). As a curve that
 * would be a peak every window. So an edge counts as its inner neighbour does. The sum stays 1.
 */
function withoutEdges(attention: Float32Array): Float32Array {
  if (attention.length < 3) return attention;
  const weights = attention.slice();
  weights[0] = weights[1] as number;
  weights[weights.length - 1] = weights[weights.length - 2] as number;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum > 0 ? weights.map((weight) => weight / sum) : attention;
}
