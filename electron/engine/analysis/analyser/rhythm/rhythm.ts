/** Tempo, beats and bars of a recording, out of the levels of its waveform. */
import type { BeatGrid, TempoCandidate, TrackSound } from '#shared/domain.ts';
import { offerBars } from './bars.ts';
import { foldBeats, moveBeats, phaseOffers } from './beat-phase.ts';
import { trackBeats } from './beats.ts';
import { fitGrid } from './grid.ts';
import type { FittedGrid } from './grid.ts';
import { LEVELS_PER_SECOND, onsetCurves } from './onset-curves.ts';
import type { OnsetCurves } from './onset-curves.ts';
import { argMax, likely, rank } from './ranking.ts';
import type { RhythmWeights } from './ranking.ts';
import { rhythmWeights } from './rhythm-weights.ts';
import { offerTempos } from './tempo-candidates.ts';
import type { TempoOffer, TempoOffers } from './tempo-candidates.ts';

/** Too short to tell a pulse from chance. */
const SHORTEST_SECONDS = 8;
const FEWEST_BEATS = 8;
/** A hard kick is seen at once, the soft onsets of the rendered grooves 10 ms late: in between, no beat is off by more than 5 ms. */
const DELAY_SECONDS = 0.005;
/** Below this there is no pulse: clicks at random times reach 0.03, of 302 grooves one in a hundred falls below 0.08. */
const LEAST_CLARITY = 0.04;
/** Up to here the confidence is less than the tempo alone would give: what little of a pulse there is may be chance. */
const FULL_CLARITY = 0.08;
/** Bars are told from this likelihood on. */
export const SURE_OF_BARS = 0.7;
/** Other tempos that are told besides those that are related. */
const OTHER_CANDIDATES = 2;
/** Half and double are told first; the others where threes are in play. */
const relatives = [1 / 2, 2, 3 / 2, 2 / 3];
/** What nobody would set: no half of 40, no double of 220. */
const SLOWEST_TOLD = 20;
const FASTEST_TOLD = 440;
/** Two tempos this close are one. */
const SAME_TEMPO = 0.03;

export type Tempo = NonNullable<TrackSound['tempo']>;

/**
 * @param levels [moments x 3], linear amplitudes of the three bands of the waveform, 100 a second; of long recordings
 *   the beginning will do
 * @returns null where there is no pulse: silence, noise, speech, music without a beat, or too little of it
 */
export function measureTempo(levels: Float32Array, weights: RhythmWeights = rhythmWeights): Tempo | null {
  if (levels.length / 3 < SHORTEST_SECONDS * LEVELS_PER_SECOND) return null;
  const curves = onsetCurves(levels);
  const found = offerTempos(curves);
  const clarity = Math.max(0, ...found.offers.map((offer) => offer.clarity));
  if (clarity < LEAST_CLARITY) return null;
  const pulse = Math.min(1, (clarity - LEAST_CLARITY) / (FULL_CLARITY - LEAST_CLARITY));
  const shares = rank(found.offers, weights.tempo);
  const best = argMax(shares);
  const chosen = found.offers[best] as TempoOffer;
  const tracked = trackBeats(curves.sum, (moment) => chosen.bpm * found.path(moment));
  if (tracked.length < FEWEST_BEATS) return null;
  const phases = phaseOffers(foldBeats(levels, curves, tracked), chosen.bpm);
  const shift = phases[argMax(rank(phases, weights.phase))]?.shift ?? 0;
  const grid = fitGrid(moveBeats(tracked, shift), curves.sum);
  return {
    bpm: grid.bpm,
    confidence: pulse * likely(confidenceFeatures(shares[best] as number, clarity), weights.confidence),
    candidates: otherTempos(found, grid.bpm, weights),
    grid: withBars(grid, levels, curves, weights),
  };
}

/**
 * What the confidence is made of: how far the chosen tempo is ahead of the others, and how clear the pulse is.
 * @param share of the chosen tempo, 0..1
 */
export function confidenceFeatures(share: number, clarity: number): readonly number[] {
  const held = Math.min(0.999, Math.max(0.001, share));
  return [1, Math.log(held / (1 - held)), Math.log(Math.max(LEAST_CLARITY, clarity))];
}

/** Half and double first, then those of threes, then what else is likely; of each the likeliest first. */
function otherTempos(found: TempoOffers, bpm: number, weights: RhythmWeights): readonly TempoCandidate[] {
  const isNear = (left: number, right: number): boolean => Math.abs(left / right - 1) < SAME_TEMPO;
  const related = relatives
    .map((factor) => bpm * factor)
    .filter((tempo) => tempo >= SLOWEST_TOLD && tempo <= FASTEST_TOLD);
  const others = found.offers.filter((offer) => ![bpm, ...related].some((tempo) => isNear(offer.bpm, tempo)));
  const offers = [found.offer(bpm), ...related.map(found.offer), ...others];
  const shares = rank(offers, weights.tempo);
  const told = offers.map((offer, index) => ({
    bpm: Math.round(offer.bpm * 100) / 100,
    confidence: shares[index] as number,
  }));
  const byConfidence = (from: number, to: number): readonly TempoCandidate[] =>
    told.slice(from, to).sort((left, right) => right.confidence - left.confidence);
  // Told is: the tempo itself, its octaves, those of threes, all others.
  const threes = 1 + related.filter((tempo) => isOctave(tempo / bpm)).length;
  return [
    ...byConfidence(1, threes),
    ...byConfidence(threes, 1 + related.length),
    ...byConfidence(1 + related.length, told.length).slice(0, OTHER_CANDIDATES),
  ];
}

function isOctave(factor: number): boolean {
  return Math.abs(factor - 2) < SAME_TEMPO || Math.abs(factor - 1 / 2) < SAME_TEMPO;
}

function withBars(
  grid: FittedGrid,
  levels: Float32Array,
  curves: OnsetCurves,
  weights: RhythmWeights,
): BeatGrid {
  const beats = grid.kind === 'warped' ? grid.beats : straightBeats(grid, curves.sum.length);
  const offers = offerBars(levels, curves, beats);
  const shares = rank(offers, weights.bars);
  const best = offers[argMax(shares)];
  const isSure = best !== undefined && Math.max(...shares) >= SURE_OF_BARS;
  const early = (seconds: number): number => Math.max(0, seconds - DELAY_SECONDS);
  return {
    kind: grid.kind,
    bpm: grid.bpm,
    firstBeatSeconds: early(beats[0] as number),
    firstDownbeat: isSure ? best.first : null,
    beatsPerBar: isSure ? best.beatsPerBar : 4,
    beats: grid.kind === 'constant' ? null : beats.map(early),
  };
}

/** Seconds of the beats on a constant grid, within so many moments. */
function straightBeats(
  { bpm, firstBeatSeconds }: Extract<FittedGrid, { kind: 'constant' }>,
  moments: number,
): readonly number[] {
  const period = 60 / bpm;
  const count = Math.max(1, Math.ceil((moments / LEVELS_PER_SECOND - firstBeatSeconds) / period));
  return Array.from({ length: count }, (_, beat) => firstBeatSeconds + beat * period);
}
