/** How much each moment of a track counts, from the attention of its windows. */
import type { ModelManifest } from '../model-manifest.ts';
import type { WindowOutputs } from './predictor.ts';
import type { WindowPlace } from './windows.ts';

/** More points than this nobody sees. */
const MOST_POINTS = 480;

export interface AttentionCurve {
  /** The outputs of window `index` of a batch, which lies at `place`. */
  add(outputs: WindowOutputs, index: number, place: WindowPlace): void;
  /** Weights that sum to 1, and the seconds that each stands for; null when the model tells none, or the track is too short. */
  finish(frames: number): { readonly stepSeconds: number; readonly weights: Float32Array } | null;
}

/** Of fewer windows it cannot be told what the music did and what the place within the window. */
const LEAST_WINDOWS = 3;

interface HeardWindow {
  readonly attention: Float32Array;
  readonly place: WindowPlace;
}

/**
 * Every window counts the same, one that overlaps its predecessor with what is new in it,
 * and within a window its steps as the network weighed them, measured by what steps at that place get on average over
 * the track: the network looks hardest at where its recurrent layer begins, whatever the music, and as a curve that
 * would be a peak at every window's edge.
 */
export function createAttentionCurve({ input, frontEnd }: ModelManifest): AttentionCurve {
  const windows: HeardWindow[] = [];

  return {
    add({ attention, steps }, index, place) {
      if (attention === null || steps === 0 || place.silent) return;
      windows.push({ attention: attention.slice(index * steps, (index + 1) * steps), place });
    },
    finish(frames) {
      const steps = windows[0]?.attention.length ?? 0;
      if (windows.length < LEAST_WINDOWS || steps === 0) return null;
      const framesPerStep = input.frames / steps;
      const usual = Float64Array.from(
        { length: steps },
        (_, step) => windows.reduce((sum, { attention }) => sum + (attention[step] ?? 0), 0) / windows.length,
      );
      const points = new Float64Array(Math.ceil(frames / framesPerStep));
      for (const { attention, place } of windows) {
        const relative = Array.from(attention, (weight, step) => weight / ((usual[step] ?? 0) || 1));
        const sum = relative.reduce((total, weight) => total + weight, 0);
        if (!(sum > 0)) continue;
        for (const [step, weight] of relative.entries()) {
          const frame = place.start + (step + 0.5) * framesPerStep;
          const point = Math.floor(frame / framesPerStep);
          if (frame >= place.from && point < points.length)
            points[point] = (points[point] ?? 0) + weight / sum;
        }
      }
      const total = points.reduce((sum, weight) => sum + weight, 0);
      if (!(total > 0)) return null;
      const merged = Math.ceil(points.length / MOST_POINTS);
      const weights = new Float32Array(Math.ceil(points.length / merged));
      points.forEach((weight, point) => {
        const at = Math.floor(point / merged);
        weights[at] = (weights[at] as number) + weight / total;
      });
      return { stepSeconds: (merged * framesPerStep * frontEnd.hopSize) / frontEnd.sampleRateHz, weights };
    },
  };
}
