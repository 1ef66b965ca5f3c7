/** Tempo and beats of a recording, out of the levels of its waveform. */
import type { TrackSound } from '#shared/domain.ts';
import { foldBeats, phaseFeatures, phaseShifts } from './beat-phase.ts';
import { trackBeats } from './beats.ts';
import { fitGrid } from './grid.ts';
import { LEVELS_PER_SECOND, onsetCurves } from './onset-curves.ts';
import { phaseWeights, tempoWeights } from './rhythm-weights.ts';
import { offerTempos } from './tempo-candidates.ts';
import type { TempoOffer } from './tempo-candidates.ts';

/** Too short to tell a pulse from chance. */
const SHORTEST_SECONDS = 8;
const FEWEST_BEATS = 8;
/** The onset of a sound is seen this late, on average over the rendered grooves: half the length of a level. */
const DELAY_SECONDS = 0.01;
/** Below this there is no pulse: clicks at random times reach 0.02, of 302 grooves one in a hundred falls below 0.08. */
const LEAST_CLARITY = 0.04;
/** From here on the pulse is as clear as that of dance music; in between, the confidence rises. */
const FULL_CLARITY = 0.15;
/** Other tempos that are told. */
const CANDIDATES = 4;

export type Tempo = NonNullable<TrackSound['tempo']>;

/**
 * @param levels [moments x 3], linear amplitudes of the three bands of the waveform, 100 a second
 * @returns null where there is no pulse: silence, noise, speech, music without a beat, or too little of it
 */
export function measureTempo(levels: Float32Array): Tempo | null {
  if (levels.length / 3 < SHORTEST_SECONDS * LEVELS_PER_SECOND) return null;
  const curves = onsetCurves(levels);
  const offers = rank(offerTempos(curves));
  const [best] = offers;
  if (best === undefined) return null;
  const clarity = Math.max(...offers.map(({ offer }) => offer.clarity));
  if (clarity < LEAST_CLARITY) return null;
  const tracked = trackBeats(curves.sum, best.offer.bpm);
  if (tracked.length < FEWEST_BEATS) return null;
  const profile = foldBeats(levels, curves, tracked);
  const shifts = phaseShifts.map((shift) => dot(phaseFeatures(profile, shift, best.offer.bpm), phaseWeights));
  const beats = moved(tracked, (phaseShifts[argMax(shifts)] as number) / 24);
  const grid = fitGrid(beats, curves.sum);
  const pulse = Math.min(1, (clarity - LEAST_CLARITY) / (FULL_CLARITY - LEAST_CLARITY));
  const firstBeatSeconds = Math.max(
    0,
    (grid.kind === 'constant' ? grid.firstBeatSeconds : (grid.beats[0] as number)) - DELAY_SECONDS,
  );
  return {
    bpm: grid.bpm,
    confidence: best.probability * pulse,
    candidates: offers
      .slice(1, 1 + CANDIDATES)
      .map(({ offer, probability }) => ({ bpm: round(offer.bpm), confidence: probability * pulse })),
    grid: {
      kind: grid.kind,
      bpm: grid.bpm,
      firstBeatSeconds,
      firstDownbeat: null,
      beatsPerBar: 4,
      beats: grid.kind === 'constant' ? null : grid.beats.map((beat) => Math.max(0, beat - DELAY_SECONDS)),
    },
  };
}

interface Ranked {
  readonly offer: TempoOffer;
  readonly probability: number;
}

function rank(offers: readonly TempoOffer[]): readonly Ranked[] {
  const scores = offers.map((offer) => dot(offer.features, tempoWeights));
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return offers
    .map((offer, index) => ({ offer, probability: (powers[index] as number) / sum }))
    .sort((left, right) => right.probability - left.probability);
}

/** Every beat later by a part of the step to the next one. */
function moved(beats: readonly number[], part: number): readonly number[] {
  if (part === 0) return beats;
  return beats.map((beat, index) => {
    const next = beats[index + 1] ?? beat + (beat - (beats[index - 1] as number));
    return beat + part * (next - beat);
  });
}

function dot(features: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < features.length; index += 1)
    sum += (features[index] as number) * (weights[index] as number);
  return sum;
}

function argMax(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

function round(bpm: number): number {
  return Math.round(bpm * 100) / 100;
}
