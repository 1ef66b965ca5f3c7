/**
 * Beats at a given tempo: the path through the onsets that keeps its step best (D. Ellis, "Beat tracking by dynamic
 * programming", 2007).
 */
import { LEVELS_PER_SECOND } from './onset-curves.ts';

/** What a step that is not the beat costs against onsets: higher is stiffer. */
const STIFFNESS = 60;

/**
 * Moments of the beats, in hundredths of a second with fractions, rising.
 * @param onsets [moments], mean about 0.5
 */
export function trackBeats(onsets: Float32Array, bpm: number): readonly number[] {
  const step = (60 * LEVELS_PER_SECOND) / bpm;
  const nearest = Math.max(1, Math.round(step * 0.6));
  const farthest = Math.round(step * 1.6);
  const costs = Float32Array.from({ length: farthest + 1 }, (_, shift) =>
    shift < nearest ? -Infinity : -STIFFNESS * Math.log2(shift / step) ** 2,
  );
  const scores = new Float32Array(onsets.length);
  const before = new Int32Array(onsets.length).fill(-1);
  for (let at = 0; at < onsets.length; at += 1) {
    let best = 0;
    let from = -1;
    for (let shift = nearest; shift <= farthest && shift <= at; shift += 1) {
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

/** The top of the parabola through a moment and its neighbours. */
function peakNear(curve: Float32Array, at: number): number {
  const middle = curve[at] as number;
  const left = curve[at - 1] ?? middle;
  const right = curve[at + 1] ?? middle;
  const bend = left - 2 * middle + right;
  if (middle < left || middle < right || bend >= 0) return at;
  return at + (0.5 * (left - right)) / bend;
}
