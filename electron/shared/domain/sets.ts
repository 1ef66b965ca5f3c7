/** Sets: how well one track follows another, and what can be asked of playlists that are put together by that. */
import type { Playlist } from './lists.ts';

/** What a transition is judged by. energy: the step, against what is wanted; sound: timbre and style. */
export const transitionAxes = ['key', 'tempo', 'energy', 'sound', 'genre', 'mood'] as const;
export type TransitionAxis = (typeof transitionAxes)[number];

/** How much each axis counts, 0..1. */
export type TransitionWeights = Readonly<Record<TransitionAxis, number>>;

export const defaultTransitionWeights: TransitionWeights = {
  key: 1,
  tempo: 1,
  energy: 0.7,
  sound: 0.8,
  genre: 0.5,
  mood: 0.3,
};

/** What pitch faders reach, ± per cent. */
export const pitchRanges = [6, 8, 10, 16] as const;
export type PitchRange = (typeof pitchRanges)[number];

/** Where energy shall go from one track to the next. any: no great step, up or down. */
export const energySteps = ['any', 'up', 'steady', 'down'] as const;
export type EnergyStep = (typeof energySteps)[number];

/** How the user mixes. */
export interface MixSettings {
  readonly weights: TransitionWeights;
  readonly pitchRangePercent: PitchRange;
  /** Without it a change of tempo moves the pitch, and the key with it. */
  readonly keyLock: boolean;
  /** Where no energy curve says it. */
  readonly energyStep: EnergyStep;
}

export const defaultMix: MixSettings = {
  weights: defaultTransitionWeights,
  pitchRangePercent: 8,
  keyLock: true,
  energyStep: 'any',
};

export interface TransitionReason {
  readonly axis: TransitionAxis;
  /** 0..1; null where something is not known of one of the two: it then counts as `neutralScore`. */
  readonly score: number | null;
  /** In words: "8A to 9A, a fifth up". */
  readonly reason: string;
}

/** What an axis counts as that nothing is known about. */
export const neutralScore = 0.5;

/** How well a track follows another. */
export interface Transition {
  /** Weighted mean of the axes, 0..1. */
  readonly score: number;
  /** All axes, in the order of `transitionAxes`. */
  readonly axes: readonly TransitionReason[];
  /** What the second track has to be changed by to run with the first, per cent; null where a tempo is not known. */
  readonly tempoChangePercent: number | null;
}

/** A point of the energy curve: at the start of the set 0, at its end 1; energy 1..10. Straight lines between. */
export interface EnergyPoint {
  readonly at: number;
  readonly energy: number;
}

/**
 * any: keys are only judged. related: the same, one or two steps, relative, one step with the other letter (0.45 and
 * more). harmonic: the same, one step, relative (0.8 and more).
 */
export const keyRules = ['any', 'related', 'harmonic'] as const;
export type KeyRule = (typeof keyRules)[number];

/** What can be asked of a set that it may not be able to keep. */
export const setConstraints = [
  'count',
  'duration',
  'tempoRange',
  'tempoStep',
  'keyRule',
  'artistGap',
  'include',
  'exclude',
  'locked',
] as const;
export type SetConstraint = (typeof setConstraints)[number];

/** A constraint that the set does not keep, and the nearest it came. */
export interface SetProblem {
  readonly constraint: SetConstraint;
  /** For people. */
  readonly detail: string;
  /** Rows (from 0) that it is about; of a step, the second of the two. */
  readonly rows: readonly number[];
}

/** How a stretch of a list runs: for each of its rows the transition from the row before, null for the first of all. */
export interface ListTransitions {
  readonly total: number;
  readonly offset: number;
  readonly transitions: readonly (Transition | null)[];
}

/** A list that was put in another order. */
export interface ReorderedList {
  readonly playlist: Playlist;
  /** Mean score of its transitions, 0..1. */
  readonly scoreBefore: number;
  readonly scoreAfter: number;
}

export const setLimits = {
  /** Rows of a set. */
  rows: 500,
  /** Candidates that are weighed against each other; of more, those that fit best. */
  candidates: 1000,
  /** Rows of a list that is put in another order. */
  reordered: 1000,
  curvePoints: 64,
} as const;
