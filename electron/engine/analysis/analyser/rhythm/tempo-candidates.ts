/** Tempos that may be meant, and what speaks for each of them. */
import { LEVELS_PER_SECOND } from './onset-curves.ts';
import type { OnsetCurves } from './onset-curves.ts';
import { clarityOf, likenessAt, periodicity } from './periodicity.ts';
import type { Likeness } from './periodicity.ts';
import { constantTempo, followTempo, straighten } from './tempo-path.ts';
import type { TempoPath } from './tempo-path.ts';

/** Nobody counts slower or faster than this. */
const SLOWEST_BPM = 40;
const FASTEST_BPM = 220;
const MOST_CANDIDATES = 10;
/** One candidate is this much above the one before it. */
const STEP = 1.004;
/** Shifts, in beats, that tell a beat from its half, its double and its triplet. */
const relations = [1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 2, 3, 4];
/** An onset counts as one from this strength on. */
const ONSET = 1.2;

export interface TempoOffer {
  readonly bpm: number;
  /** How clearly the music repeats at it, about 0..1. */
  readonly clarity: number;
  /** What the ranking goes by, in the order of tempoWeights. */
  readonly features: readonly number[];
}

export interface TempoOffers {
  /** The clearest first; none for a curve without any repetition. */
  readonly offers: readonly TempoOffer[];
  /** Any other tempo, offered as if it had been found. */
  readonly offer: (bpm: number) => TempoOffer;
  /** How the tempo moves; the offers are for where it is at its commonest. */
  readonly path: TempoPath;
}

export function offerTempos(curves: OnsetCurves): TempoOffers {
  const first = periodicity(curves.sum);
  const path = followTempo(first);
  if (path === constantTempo) return offersOf(curves, first.whole, path);
  const straight = straighten(curves, path);
  return offersOf(straight, periodicity(straight.sum).whole, path);
}

function offersOf(curves: OnsetCurves, whole: Likeness, path: TempoPath): TempoOffers {
  const likenesses = [whole, ...curves.bands.map((band) => periodicity(band).whole)];
  const rates = curves.bands.map(onsetsPerMinute);
  const offer = (bpm: number): TempoOffer => ({
    bpm,
    clarity: clarityOf(whole, bpm),
    features: featuresOf(bpm, likenesses, rates),
  });
  const tried: { readonly bpm: number; readonly clarity: number }[] = [];
  for (let bpm = SLOWEST_BPM / STEP; bpm <= FASTEST_BPM * STEP; bpm *= STEP)
    tried.push({ bpm, clarity: clarityOf(whole, bpm) });
  const offers = tried
    .filter(({ clarity }, index) => {
      const before = tried[index - 1]?.clarity ?? Infinity;
      const after = tried[index + 1]?.clarity ?? Infinity;
      return clarity > 0 && clarity >= before && clarity > after;
    })
    .sort((left, right) => right.clarity - left.clarity)
    .slice(0, MOST_CANDIDATES)
    .map(({ bpm }) => offer(bpm));
  return { offers, offer, path };
}

function featuresOf(
  bpm: number,
  likenesses: readonly Likeness[],
  rates: readonly number[],
): readonly number[] {
  const beat = (60 * LEVELS_PER_SECOND) / bpm;
  // Octaves above the middle of what people dance to.
  const tempo = Math.log2(bpm / 115);
  return [
    ...likenesses.flatMap((likeness) => relations.map((relation) => likenessAt(likeness, relation * beat))),
    tempo,
    tempo * tempo,
    Math.abs(tempo),
    ...rates.flatMap((rate) => {
      const onsetsPerBeat = Math.log2(rate / bpm + 0.05);
      return [onsetsPerBeat, onsetsPerBeat * onsetsPerBeat, onsetsPerBeat * tempo];
    }),
  ];
}

function onsetsPerMinute(curve: Float32Array): number {
  let onsets = 0;
  for (let at = 1; at < curve.length - 1; at += 1) {
    const value = curve[at] as number;
    if (value > ONSET && value >= (curve[at - 1] as number) && value > (curve[at + 1] as number)) onsets += 1;
  }
  return (onsets * 60 * LEVELS_PER_SECOND) / Math.max(1, curve.length);
}
