/** What is asked of a set, with all that was left open filled in; tracks are positions among the candidates. */
import type { EnergyPoint, KeyRule, MixSettings } from '#shared/domain.ts';
import { matchTempos } from '#shared/music/tempo.ts';
import { exceeds, scoreKeys, soundingKey, tempoChange } from './axes.ts';
import type { SetCandidate } from './candidate.ts';

export interface TempoRange {
  readonly min: number;
  readonly max: number;
}

export interface SetRules {
  readonly mix: MixSettings;
  readonly keyRule: KeyRule;
  /** Per cent; null: any. */
  readonly greatestTempoStep: number | null;
  readonly artistGap: number;
  readonly tempoRange: TempoRange | null;
}

export interface SetRecipe extends SetRules {
  readonly length:
    { readonly count: number } | { readonly seconds: number; readonly toleranceSeconds: number };
  readonly energyCurve: readonly EnergyPoint[];
  /** Places that are given, from the start and, for the last row, whatever their number: −1. */
  readonly locked: readonly { readonly position: number; readonly candidate: number }[];
  /** Must be in it. */
  readonly required: readonly number[];
  /** First and last row are given, and the others lie on the way. */
  readonly isPath: boolean;
  readonly seed: number;
}

const leastKeyScore: Readonly<Record<KeyRule, number>> = { any: 0, related: 0.45, harmonic: 0.8 };

/** How far a step is from what the rules allow, each rule by itself; 0: kept, or not known. */
export function stepFaults(
  from: SetCandidate,
  to: SetCandidate,
  rules: SetRules,
  change = tempoChange(from.bpm, to.bpm, rules.mix.pitchRangePercent),
): { readonly key: number; readonly tempo: number; readonly changePercent: number } {
  let key = 0;
  if (rules.keyRule !== 'any' && from.key !== null && to.key !== null) {
    const score = scoreKeys(from.key, soundingKey(to.key, change, rules.mix.keyLock));
    key = Math.max(0, leastKeyScore[rules.keyRule] - score);
  }
  const changePercent = change?.changePercent ?? 0;
  const most = rules.greatestTempoStep;
  const tempo = most !== null && exceeds(changePercent, most) ? Math.abs(changePercent) - most : 0;
  return { key, tempo, changePercent };
}

/** Half and double count. */
export function isInTempoRange(bpm: number, { min, max }: TempoRange): boolean {
  return [1, 2, 0.5].some((factor) => bpm * factor >= min - 0.005 && bpm * factor <= max + 0.005);
}

/** 0..1: how near a tempo is to one on the way. */
export function scoreTempoPlace(bpm: number, wanted: number): number {
  return matchTempos(wanted, bpm)?.score ?? 0;
}
