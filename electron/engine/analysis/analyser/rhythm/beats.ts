/**
 * Beats at a given tempo: the path through the onsets that keeps its step best (D. Ellis, "Beat tracking by dynamic
 * programming", 2007).
 */
import { LEVELS_PER_SECOND } from './onset-curves.ts';

/** What a step that is not the beat costs against onsets: higher is stiffer. */
const STIFFNESS = 60;
/** Moments after which the tempo is looked up again. */
const TEMPO_EVERY = 50;

/**
 * Moments of the beats, in hundredths of a second with fractions, rising.
 * @param onsets [moments], mean about 0.5
 * @param bpmAt the tempo at a moment
 */
export function trackBeats(onsets: Float32Array, bpmAt: (moment: number) => number): readonly number[] {
  const scores = new Float32Array(onsets.length);
  const before = new Int32Array(onsets.length).fill(-1);
  let step = 0;
  let nearest = 1;
  let farthest = 1;
  let costs: Float32Array = new Float32Array(0);
  for (let at = 0; at < onsets.length; at += 1) {
    if (at % TEMPO_EVERY === 0) {
      const now = (60 * LEVELS_PER_SECOND) / bpmAt(at);
      if (now !== step) {
        step = now;
        nearest = Math.max(1, Math.round(step * 0.6));
        farthest = Math.round(step * 1.6);
        costs = stepCosts(step, farthest);
      }
    }
    let best = 0;
    let from = -1;
    const last = Math.min(farthest, at);
    for (let shift = nearest; shift <= last; shift += 1) {
      const score = (scores[at - shift] as number) + (costs[shift] as number);
      if (score > best) {
        best = score;
        from = at - shift;
      }
    }
    scores[at] = (onsets[at] as number) + best;
    before[at] = from;
  }
  let last = Math.max(0, onsets.length - farthest);
  for (let at = last; at < onsets.length; at += 1) {
    if ((scores[at] as number) > (scores[last] as number)) last = at;
  }
  const beats: number[] = [];
  for (let at = last; at >= 0; at = before[at] as number) beats.push(peakNear(onsets, at));
  return beats.reverse();
}

/** [farthest + 1] of a step of so many moments: none for the beat itself, less the farther from it. */
function stepCosts(step: number, farthest: number): Float32Array {
  return Float32Array.from({ length: farthest + 1 }, (_, shift) =>
    shift === 0 ? -Infinity : -STIFFNESS * Math.log2(shift / step) ** 2,
  );
}

/** The top of the parabola through a moment and its neighbours. */
function peakNear(curve: Float32Array, at: number): number {
  const middle = curve[at] as number;
  const left = curve[at - 1] ?? middle;
  const right = curve[at + 1] ?? middle;
  const bend = left - 2 * middle + right;
  if (middle < left || middle < right || bend >= 0) return at;
  return at + (0.5 * (left - right)) / bend;
}
