/** Which tracks may stand in a set, and which of very many are weighed against each other. */
import type { EnergyPoint } from '#shared/domain.ts';
import { dot } from '#engine/similarity/nearest.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import { energyAt, scoreEnergyPlace } from './energy.ts';
import { createRandom } from './improve.ts';
import { isInTempoRange } from './recipe.ts';
import type { TempoRange } from './recipe.ts';
import type { TrackIndex } from './track-index.ts';

/** Tracks looked at between two looks at the clock. */
const TRACKS_A_SLICE = 4000;
/** Places of the curve that a track may fit. */
const CURVE_SAMPLES = 16;
/** Chance keeps the pool mixed: not only what is nearest to the given tracks. */
const CHANCE_WEIGHT = 0.5;

export interface PoolAsked {
  /** Rows of the index that the query gives. */
  readonly rows: readonly number[];
  /** Rows that are in it anyway. */
  readonly fixed: readonly number[];
  readonly excluded: ReadonlySet<number>;
  readonly tempoRange: TempoRange | null;
  /** The length is asked for in minutes: tracks without one cannot be reckoned with. */
  readonly needsLength: boolean;
  readonly energyCurve: readonly EnergyPoint[];
  /** Directions that the set passes: embeddings of given tracks. */
  readonly anchors: readonly Float32Array[];
  readonly most: number;
  readonly seed: number;
}

export interface Pool {
  /** Rows of the index; the fixed ones first. */
  readonly rows: readonly number[];
  /** That could have stood in the set, before the best were chosen. */
  readonly fitting: number;
  readonly withoutTempo: number;
  readonly outsideRange: number;
  readonly withoutLength: number;
}

/** Each recording once. The same request gives the same pool. */
export function* choosePool(
  index: TrackIndex,
  recordings: Recordings,
  asked: PoolAsked,
): Generator<void, Pool> {
  const taken = new Set<number>();
  const recordingOf = (row: number): number => recordings.rowOfTrack(index.ids[row]!);
  const fixed = new Set(asked.fixed);
  for (const row of asked.fixed) taken.add(recordingOf(row));
  const fitting: number[] = [];
  let [withoutTempo, outsideRange, withoutLength] = [0, 0, 0];
  for (const [place, row] of asked.rows.entries()) {
    if (place % TRACKS_A_SLICE === TRACKS_A_SLICE - 1) yield;
    if (index.present[row] !== 1 || fixed.has(row) || asked.excluded.has(row)) continue;
    const bpm = index.bpm[row]!;
    if (asked.tempoRange !== null && Number.isNaN(bpm)) withoutTempo++;
    else if (asked.tempoRange !== null && !isInTempoRange(bpm, asked.tempoRange)) outsideRange++;
    else if (asked.needsLength && !(index.seconds[row]! > 0)) withoutLength++;
    else {
      const recording = recordingOf(row);
      if (recording >= 0 && taken.has(recording)) continue;
      if (recording >= 0) taken.add(recording);
      fitting.push(row);
    }
  }
  const room = Math.max(0, asked.most - fixed.size);
  const chosen =
    fitting.length <= room ? fitting : yield* chooseBest(index, recordings, asked, fitting, room);
  return {
    rows: [...fixed, ...chosen],
    fitting: fitting.length + fixed.size,
    ...{ withoutTempo, outsideRange, withoutLength },
  };
}

/** Those near the given tracks, within reach of the curve, of which most is known; the rest by chance. */
function* chooseBest(
  index: TrackIndex,
  recordings: Recordings,
  { anchors, energyCurve, seed }: PoolAsked,
  fitting: readonly number[],
  room: number,
): Generator<void, readonly number[]> {
  const random = createRandom(seed + 1);
  const wanted = Array.from({ length: CURVE_SAMPLES }, (_, at) => energyAt(energyCurve, at, CURVE_SAMPLES));
  const scores = new Float64Array(fitting.length);
  for (const [place, row] of fitting.entries()) {
    if (place % TRACKS_A_SLICE === TRACKS_A_SLICE - 1) yield;
    const energy = index.energy[row]!;
    let score = CHANCE_WEIGHT * random();
    if (!Number.isNaN(index.bpm[row]!)) score += 0.25;
    if (index.keys[row]! >= 0) score += 0.25;
    if (energyCurve.length > 0 && !Number.isNaN(energy)) {
      score += Math.max(...wanted.map((one) => scoreEnergyPlace(energy, one ?? energy)));
    }
    const recording = recordings.rowOfTrack(index.ids[row]!);
    if (recording >= 0 && anchors.length > 0) {
      score += Math.max(
        0,
        ...anchors.map((anchor) => dot(recordings.matrix, recording * anchor.length, anchor)),
      );
    }
    scores[place] = score;
  }
  const order = Array.from(fitting.keys()).sort((one, other) => scores[other]! - scores[one]! || one - other);
  return order.slice(0, room).map((place) => fitting[place]!);
}
