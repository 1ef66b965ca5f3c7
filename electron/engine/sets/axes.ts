/** How well one track follows another on each axis, as numbers. */
import { neutralScore, transitionAxes } from '#shared/domain.ts';
import type { MixSettings, TransitionAxis, TransitionWeights } from '#shared/domain.ts';
import { camelotKeys, matchKeys, shiftKey } from '#shared/music/keys.ts';
import { matchTempos, semitonesOf } from '#shared/music/tempo.ts';
import type { TempoMatch } from '#shared/music/tempo.ts';
import { dot } from '#engine/similarity/nearest.ts';
import type { SetCandidate } from './candidate.ts';
import { scoreEnergyStep } from './energy.ts';

const KEYS = camelotKeys.length;
const keyIndexes = new Map(camelotKeys.map((key, index) => [key, index]));
/** All pairs: 24 × 24 matches are looked up some million times a set. */
const keyScores = Float64Array.from(
  { length: KEYS * KEYS },
  (_, pair) => matchKeys(camelotKeys[Math.floor(pair / KEYS)]!, camelotKeys[pair % KEYS]!)?.score ?? NaN,
);

/** How the tempo of a track is brought to that of the one before. */
export interface TempoChange extends TempoMatch {
  /** More than the pitch fader reaches: then they do not run together, and nothing is changed. */
  readonly beyond: boolean;
}

/** Null where one of the tempos is not known. */
export function tempoChange(
  from: number | null,
  to: number | null,
  pitchRangePercent: number,
): TempoChange | null {
  if (from === null || to === null) return null;
  const match = matchTempos(from, to);
  if (match === null) return null;
  const beyond = exceeds(match.changePercent, pitchRangePercent);
  const { changePercent, factor } = match;
  return { score: beyond ? 0 : match.score, changePercent, factor, beyond };
}

/** Whether a change is larger than the user allows, as precisely as it is shown. */
export function exceeds(changePercent: number, most: number): boolean {
  return Math.abs(changePercent) - most > 0.05;
}

/** The second key as it sounds when its tempo is changed; the same with key lock, or where nothing is changed. */
export function soundingKey(key: string, change: TempoChange | null, keyLock: boolean): string {
  return keyLock || change === null || change.beyond ? key : shiftKey(key, semitonesOf(change.changePercent));
}

/** 0..1 in the order of `transitionAxes`; NaN where something is not known of one of the two. */
export function scoreAxes(from: SetCandidate, to: SetCandidate, mix: MixSettings): Float64Array {
  const scores = new Float64Array(transitionAxes.length);
  scoreMix(from, to, mix, tempoChange(from.bpm, to.bpm, mix.pitchRangePercent), scores);
  scoreLikeness(from, to, scores);
  return scores;
}

/** Key, tempo and energy. */
export function scoreMix(
  from: SetCandidate,
  to: SetCandidate,
  mix: MixSettings,
  change: TempoChange | null,
  scores: Float64Array,
): void {
  scores[0] =
    from.key === null || to.key === null
      ? NaN
      : scoreKeys(from.key, soundingKey(to.key, change, mix.keyLock));
  scores[1] = change === null ? NaN : change.score;
  scores[2] =
    from.energy === null || to.energy === null
      ? NaN
      : scoreEnergyStep(to.energy - from.energy, mix.energyStep);
}

/** Sound, genre and mood: the same in both directions. */
export function scoreLikeness(from: SetCandidate, to: SetCandidate, scores: Float64Array): void {
  scores[3] = cosine(from.embedding, to.embedding);
  scores[4] = scoreGenres(from.genres, to.genres);
  scores[5] = (cosine(from.moods, to.moods, -1) + 1) / 2;
}

/** Weighted mean, what is not known as neutral. `without`: an axis that does not count here. */
export function combineAxes(
  scores: Float64Array,
  weights: TransitionWeights,
  without: TransitionAxis | null = null,
): number {
  let sum = 0;
  let total = 0;
  for (let axis = 0; axis < transitionAxes.length; axis++) {
    const name = transitionAxes[axis]!;
    if (name === without) continue;
    const score = scores[axis]!;
    sum += weights[name] * (score === score ? score : neutralScore);
    total += weights[name];
  }
  return total > 0 ? sum / total : neutralScore;
}

/** 0..1; NaN where one is no key. */
export function scoreKeys(from: string, to: string): number {
  const row = keyIndexes.get(from);
  const column = keyIndexes.get(to);
  return row === undefined || column === undefined ? NaN : keyScores[row * KEYS + column]!;
}

/** `least` to 1. */
function cosine(one: Float32Array | null, other: Float32Array | null, least = 0): number {
  if (one === null || other?.length !== one.length) return NaN;
  return Math.max(least, Math.min(1, dot(one, 0, other)));
}

/** Lengths of lists of genres, which are asked for again and again. */
const genreLengths = new WeakMap<ReadonlyMap<string, number>, number>();

function lengthOfGenres(genres: ReadonlyMap<string, number>): number {
  const known = genreLengths.get(genres);
  if (known !== undefined) return known;
  const length = Math.hypot(...genres.values());
  genreLengths.set(genres, length);
  return length;
}

/** Cosine of the genres that fit: 1 for the same mixture, 0 for none in common. */
function scoreGenres(from: ReadonlyMap<string, number>, to: ReadonlyMap<string, number>): number {
  if (from.size === 0 || to.size === 0) return NaN;
  let product = 0;
  const [fewer, more] = from.size <= to.size ? [from, to] : [to, from];
  for (const [genre, confidence] of fewer) product += confidence * (more.get(genre) ?? 0);
  return product / (lengthOfGenres(from) * lengthOfGenres(to));
}
