/** How the tempo moves through a recording: a drummer who gets faster, several tracks in a row. */
import type { OnsetCurves } from './onset-curves.ts';
import { clarityOf } from './periodicity.ts';
import type { Periodicity } from './periodicity.ts';

/** Tempos tried: all that people count and their doubles, so that no path ends at an edge; in steps of one per cent. */
const SLOWEST_BPM = 40;
const STEP = 1.01;
const TEMPOS = 242;
/** So many steps between two stretches, at most: an octave is no change of tempo. */
const MOST_STEPS = 20;
/** What a change by one step between two stretches costs, in clarity: three per cent in four seconds are common. */
const CHANGE_COST = 0.004;
/** A path is believed if the stretches are, on average, so much clearer along it than all of them at one tempo. */
const LEAST_GAIN = 0.03;

/** Nothing is this much faster than the commonest tempo. */
const FASTEST_RATIO = 3;

/** The tempo at a moment, as a multiple of the commonest one. */
export type TempoPath = (moment: number) => number;

export const constantTempo: TempoPath = () => 1;

/** Constant unless the stretches say clearly that it is not. */
export function followTempo({ whole, stretches }: Periodicity): TempoPath {
  const tempos = Array.from({ length: TEMPOS }, (_, index) => SLOWEST_BPM * STEP ** index);
  const clarities = stretches.map(({ likeness }) =>
    Float64Array.from(tempos, (tempo) => clarityOf(likeness, tempo)),
  );
  const path = clearestPath(clarities);
  const constant = Math.max(...tempos.map((tempo) => clarityOf(whole, tempo)));
  const along = path.reduce((sum, tempo, index) => sum + (clarities[index]?.[tempo] as number), 0);
  if (path.length < 2 || along / path.length - constant < LEAST_GAIN) return constantTempo;
  const sorted = [...path].sort((left, right) => left - right);
  const common = sorted[sorted.length >> 1] as number;
  const ratios = path.map((tempo) => STEP ** (tempo - common));
  const middles = stretches.map(({ middle }) => middle);
  const last = middles.length - 1;
  return (moment) => {
    let after = 1;
    while (after < last && (middles[after] as number) <= moment) after += 1;
    const from = middles[after - 1] as number;
    const part = (moment - from) / ((middles[after] as number) - from);
    const ratio = (ratios[after - 1] as number) * (1 - part) + (ratios[after] as number) * part;
    // Before the first middle and after the last one it goes on as it did between the two that are nearest.
    return Math.min(FASTEST_RATIO, Math.max(1 / FASTEST_RATIO, ratio));
  };
}

/** The same music as if it were played at its commonest tempo all the time. */
export function straighten({ bands, sum }: OnsetCurves, path: TempoPath): OnsetCurves {
  const places: number[] = [];
  for (let at = 0; at < sum.length - 1; at += 1 / path(at)) places.push(at);
  const straight = (curve: Float32Array): Float32Array =>
    Float32Array.from(places, (place) => {
      const before = Math.floor(place);
      const part = place - before;
      return (curve[before] as number) * (1 - part) + (curve[before + 1] as number) * part;
    });
  return { bands: bands.map(straight), sum: straight(sum) };
}

/** Indices of tempos, one a stretch (Viterbi). */
function clearestPath(clarities: readonly Float64Array[]): readonly number[] {
  let scores = Float64Array.from(clarities[0] ?? [0]);
  const origins: Int32Array[] = [];
  for (const row of clarities.slice(1)) {
    const { reached, origin } = spread(scores);
    scores = reached.map((score, tempo) => score + (row[tempo] as number));
    origins.push(origin);
  }
  const path = [scores.indexOf(Math.max(...scores))];
  for (const origin of origins.reverse()) path.push(origin[path.at(-1) as number] as number);
  return path.reverse();
}

/** The best way to each tempo. */
function spread(scores: Float64Array): { readonly reached: Float64Array; readonly origin: Int32Array } {
  const reached = new Float64Array(scores.length);
  const origin = new Int32Array(scores.length);
  for (let tempo = 0; tempo < scores.length; tempo += 1) {
    let best = -Infinity;
    const last = Math.min(scores.length - 1, tempo + MOST_STEPS);
    for (let from = Math.max(0, tempo - MOST_STEPS); from <= last; from += 1) {
      const score = (scores[from] as number) - CHANGE_COST * Math.abs(from - tempo);
      if (score <= best) continue;
      best = score;
      origin[tempo] = from;
    }
    reached[tempo] = best;
  }
  return { reached, origin };
}
