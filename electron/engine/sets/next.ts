/** What comes next: all tracks by what is quickly said of two of them, then the best of these by everything. */
import { neutralScore } from '#shared/domain.ts';
import type { MixSettings } from '#shared/domain.ts';
import { camelotKeys } from '#shared/music/keys.ts';
import { dot } from '#engine/similarity/nearest.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import { combineAxes, scoreAxes, scoreKeys, soundingKey, tempoChange } from './axes.ts';
import type { SetCandidate } from './candidate.ts';
import { scoreEnergyStep } from './energy.ts';
import type { TrackIndex } from './track-index.ts';

/** Tracks looked at between two looks at the clock. */
const TRACKS_A_SLICE = 4000;
/** Tracks of which all is found out at once. */
const A_HANDFUL = 256;

export interface NextAsked {
  readonly from: SetCandidate;
  readonly mix: MixSettings;
  /** Rows of the index that may come; null: any that are present. */
  readonly allowed: readonly number[] | null;
  /** Rows of the index that do not come again. */
  readonly left: ReadonlySet<number>;
  /** Recordings (rows) that do not come again, under whatever name. */
  readonly leftRecordings: ReadonlySet<number>;
  /** Numbers of artists that were just heard. */
  readonly heardArtists: ReadonlySet<number>;
  readonly limit: number;
}

export interface FoundNext {
  readonly candidate: SetCandidate;
  readonly score: number;
}

/** What a track loses when its artist was just heard. */
const HEARD_COST = 0.25;

/**
 * The best `limit`, best first, each recording once: exactly those that scoring every one in full would find. What is
 * slow to find out (genres, moods) is taken for perfect at first; in the order of that bound they are then scored in
 * full, until the bound falls below the last of the best.
 */
export function* findNext(
  index: TrackIndex,
  recordings: Recordings,
  asked: NextAsked,
): Generator<void, readonly FoundNext[]> {
  const { from, mix, limit, left } = asked;
  const bounds = yield* boundAll(index, recordings, asked);
  const best: FoundNext[] = [];
  const taken = new Set<number>();
  const ordered = createOrder(bounds, left);
  for (;;) {
    const some = ordered.next(A_HANDFUL);
    const bound = some.length === 0 ? -1 : bounds[some[0]!]!;
    const last = best[limit - 1];
    if (some.length === 0 || (last !== undefined && last.score >= bound)) return best;
    for (const candidate of index.candidates(recordings, some)) {
      const row = index.rowOf(candidate.id);
      const full = combineAxes(scoreAxes(from, candidate, mix), mix.weights) - cost(index, row, asked);
      best.push({ candidate, score: full });
    }
    best.sort((one, other) => other.score - one.score || one.candidate.id - other.candidate.id);
    // Copies of one recording stand for one.
    taken.clear();
    const kept = best.filter(({ candidate }) => {
      const recording = recordings.rowOfTrack(candidate.id);
      if (recording < 0) return true;
      if (taken.has(recording)) return false;
      taken.add(recording);
      return true;
    });
    best.splice(0, best.length, ...kept.slice(0, limit));
    yield;
  }
}

function cost(index: TrackIndex, row: number, { heardArtists }: NextAsked): number {
  return heardArtists.has(index.artists[row]!) ? HEARD_COST : 0;
}

/** At least what each row would score; −1 for those that do not come. */
function* boundAll(
  index: TrackIndex,
  recordings: Recordings,
  asked: NextAsked,
): Generator<void, Float64Array> {
  const { from, mix } = asked;
  const { weights } = mix;
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const bounds = new Float64Array(index.rowCount).fill(-1);
  const { allowed } = asked;
  const count = allowed === null ? bounds.length : allowed.length;
  const query = from.embedding;
  const mayBePerfect = weights.genre + weights.mood;
  // Score of each key as it is; a change of tempo may move it first.
  const keyScores = camelotKeys.map((key) => (from.key === null ? NaN : scoreKeys(from.key, key)));
  const known = (score: number): number => (score === score ? score : neutralScore);
  // Columns may be replaced while others have a turn, but what is read here stays as it was.
  const { present, ids, bpm: bpms, energy: energies, keys } = index;
  const { matrix } = recordings;
  for (let place = 0; place < count; place++) {
    if (place % TRACKS_A_SLICE === TRACKS_A_SLICE - 1) yield;
    const row = allowed === null ? place : allowed[place]!;
    if (present[row] !== 1) continue;
    const recording = recordings.rowOfTrack(ids[row]!);
    if (recording >= 0 && asked.leftRecordings.has(recording)) continue;
    const change =
      from.bpm === null || bpms[row]! !== bpms[row]!
        ? null
        : tempoChange(from.bpm, bpms[row]!, mix.pitchRangePercent);
    let key = NaN;
    const keyPlace = keys[row]!;
    if (keyPlace >= 0 && from.key !== null) {
      key = mix.keyLock
        ? keyScores[keyPlace]!
        : scoreKeys(from.key, soundingKey(camelotKeys[keyPlace]!, change, false));
    }
    const step = from.energy === null ? NaN : scoreEnergyStep(energies[row]! - from.energy, mix.energyStep);
    const sum =
      weights.key * known(key) +
      weights.tempo * (change?.score ?? neutralScore) +
      weights.energy * known(step) +
      weights.sound * soundScore(matrix, recording, query) +
      mayBePerfect;
    bounds[row] = Math.max(0, (total > 0 ? sum / total : neutralScore) - cost(index, row, asked));
  }
  return bounds;
}

function soundScore(matrix: Float32Array, recording: number, query: Float32Array | null): number {
  if (query === null || recording < 0) return neutralScore;
  const product = dot(matrix, recording * query.length, query);
  // A row of zeros was never heard.
  return product === 0 ? neutralScore : Math.max(0, Math.min(1, product));
}

/** Rows by falling bounds, in handfuls: buckets, because most of them are never asked for. */
function createOrder(bounds: Float64Array, left: ReadonlySet<number>): { next(count: number): number[] } {
  const BUCKETS = 512;
  const buckets: number[][] = Array.from({ length: BUCKETS + 1 }, () => []);
  for (let row = 0; row < bounds.length; row++) {
    const bound = bounds[row]!;
    if (bound >= 0 && !left.has(row)) buckets[Math.floor(Math.min(1, bound) * BUCKETS)]!.push(row);
  }
  let bucket = BUCKETS;
  let sorted: number[] = [];
  return {
    next(count) {
      while (sorted.length === 0 && bucket >= 0) {
        sorted = buckets[bucket--]!.sort((one, other) => bounds[other]! - bounds[one]! || one - other);
      }
      return sorted.splice(0, count);
    },
  };
}
