/** What the rankings of the rhythm learn from: their own offers for a recording, and which one is right. */
import { offerBars } from '#engine/analysis/analyser/rhythm/bars.ts';
import { foldBeats, moveBeats, phaseOffers } from '#engine/analysis/analyser/rhythm/beat-phase.ts';
import { trackBeats } from '#engine/analysis/analyser/rhythm/beats.ts';
import { LEVELS_PER_SECOND, onsetCurves } from '#engine/analysis/analyser/rhythm/onset-curves.ts';
import { offerTempos } from '#engine/analysis/analyser/rhythm/tempo-candidates.ts';
import type { Recording } from './corpus.ts';
import type { Condition } from './degrade.ts';
import type { PieceKind, Truth } from './pieces.ts';
import { sameTempo } from './scores.ts';
import type { Choice } from './softmax.ts';

export interface Example {
  readonly kind: PieceKind;
  readonly condition: Condition;
  readonly group: string;
  readonly truth: Truth;
  readonly tempo: Choice & { readonly tempos: readonly number[]; readonly clarity: number };
  /** Null where the beats could not be tracked even at the right tempo. */
  readonly phase: Choice | null;
  /** Null for what has neither three nor four beats a bar. */
  readonly bars: Choice | null;
}

/** Beats that were tracked are right within this, as onsets are seen 10 ms late. */
const NEAR_SECONDS = 0.07;
const DELAY_SECONDS = 0.01;
/** So many of the tracked beats have to be right for one of the phases to be called right. */
const RIGHT_SHARE = 0.6;

export function exampleOf({ levels, truth, piece, condition }: Recording): Example {
  const { group } = piece;
  const curves = onsetCurves(levels);
  const { offers, path } = offerTempos(curves);
  const tracked = trackBeats(curves.sum, (moment) => truth.bpm * path(moment));
  const phases = tracked.length < 8 ? [] : phaseOffers(foldBeats(levels, curves, tracked), truth.bpm);
  const shares = phases.map(({ shift }) => shareNear(moveBeats(tracked, shift), truth));
  const best = shares.indexOf(Math.max(...shares));
  return {
    ...{ kind: piece.kind, condition, group, truth },
    tempo: {
      group,
      offers: offers.map(({ features }) => features),
      right: offers.map(({ bpm }) => sameTempo(bpm, truth.bpm)),
      tempos: offers.map(({ bpm }) => bpm),
      clarity: Math.max(0, ...offers.map(({ clarity }) => clarity)),
    },
    phase:
      Math.max(0, ...shares) < RIGHT_SHARE
        ? null
        : {
            group,
            offers: phases.map(({ features }) => features),
            right: phases.map((_, index) => index === best),
          },
    bars: barsOf(),
  };

  function barsOf(): Choice | null {
    if (truth.beatsPerBar !== 3 && truth.beatsPerBar !== 4) return null;
    const found = offerBars(
      levels,
      curves,
      truth.beats.map((beat) => beat + DELAY_SECONDS),
    );
    if (found.length === 0) return null;
    return {
      group,
      offers: found.map(({ features }) => features),
      right: found.map((offer) => offer.beatsPerBar === truth.beatsPerBar && offer.first === 0),
    };
  }
}

function shareNear(beats: readonly number[], truth: Truth): number {
  const reach = Math.min(NEAR_SECONDS, 60 / truth.bpm / 8);
  let next = 0;
  let near = 0;
  for (const beat of beats) {
    const seconds = beat / LEVELS_PER_SECOND - DELAY_SECONDS;
    const at = (index: number): number => Math.abs((truth.beats[index] ?? Infinity) - seconds);
    while (at(next + 1) < at(next)) next += 1;
    if (at(next) < reach) near += 1;
  }
  return near / Math.max(1, beats.length);
}
