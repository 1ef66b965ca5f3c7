/** Tempos that may be meant, and what speaks for each of them. */
import { LEVELS_PER_SECOND } from './onset-curves.ts';
import type { OnsetCurves } from './onset-curves.ts';
import { likenessAt, periodicity } from './periodicity.ts';

/** Nobody counts slower or faster than this. */
export const SLOWEST_BPM = 40;
export const FASTEST_BPM = 220;
const MOST_CANDIDATES = 10;
/** One candidate is this much above the one before it. */
const STEP = 1.004;
/** Shifts, in beats, at which a pulse shows; and how much each counts. */
const pulses: readonly (readonly [beats: number, weight: number])[] = [
  [1, 1],
  [2, 1],
  [3, 0.5],
  [4, 1],
];
/** Shifts, in beats, that tell a beat from its half, its double and its triplet. */
const relations = [1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 2, 3, 4];
/** An onset counts as one from this strength on. */
const ONSET = 1.2;

export interface TempoOffer {
  readonly bpm: number;
  /** How clearly the music repeats at it, about 0..1. */
  readonly clarity: number;
  /** What the ranking goes by; see featureNames. */
  readonly features: readonly number[];
}

const curveNames = ['all', 'low', 'mid', 'high'];
/** In the order of `features`. */
export const featureNames: readonly string[] = [
  ...curveNames.flatMap((curve) => relations.map((relation) => `${curve} ${relation.toFixed(2)}`)),
  'tempo',
  'tempo squared',
  'distance',
  ...curveNames
    .slice(1)
    .flatMap((curve) => [`${curve} onsets`, `${curve} onsets squared`, `${curve} onsets by tempo`]),
];

/** The clearest first; none for a curve without any repetition. */
export function offerTempos(curves: OnsetCurves): readonly TempoOffer[] {
  const likenesses = [curves.sum, ...curves.bands].map(periodicity);
  const all = likenesses[0] as Float64Array;
  const clarity = (bpm: number): number => {
    let sum = 0;
    let weights = 0;
    for (const [beats, weight] of pulses) {
      sum += weight * likenessAt(all, (beats * 60 * LEVELS_PER_SECOND) / bpm);
      weights += weight;
    }
    return sum / weights;
  };
  const rates = curves.bands.map(onsetsPerMinute);
  const tried: { readonly bpm: number; readonly clarity: number }[] = [];
  for (let bpm = SLOWEST_BPM / STEP; bpm <= FASTEST_BPM * STEP; bpm *= STEP)
    tried.push({ bpm, clarity: clarity(bpm) });
  return tried
    .filter((offer, index) => {
      const before = tried[index - 1]?.clarity ?? Infinity;
      const after = tried[index + 1]?.clarity ?? Infinity;
      return offer.clarity > 0 && offer.clarity >= before && offer.clarity > after;
    })
    .sort((left, right) => right.clarity - left.clarity)
    .slice(0, MOST_CANDIDATES)
    .map((offer) => ({ ...offer, features: featuresOf(offer.bpm, likenesses, rates) }));
}

function featuresOf(
  bpm: number,
  likenesses: readonly Float64Array[],
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
