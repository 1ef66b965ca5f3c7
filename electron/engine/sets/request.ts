/** What a request for a set says of given tracks: which must be in it, where, and what contradicts itself. */
import type { Input } from '#shared/contract.ts';
import { defaultMix } from '#shared/domain.ts';
import type { MixSettings, SetProblem, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';

export interface Placed {
  /** −1: the last row. */
  readonly position: number;
  readonly trackId: TrackId;
}

export interface GivenTracks {
  readonly placed: readonly Placed[];
  /** Must be in it, wherever. */
  readonly included: readonly TrackId[];
  readonly problems: readonly SetProblem[];
}

type Asked = Input<'sets.build'>;

export function mixOf(mix: Asked['mix']): MixSettings {
  return {
    weights: mix?.weights ?? defaultMix.weights,
    pitchRangePercent: mix?.pitchRangePercent ?? defaultMix.pitchRangePercent,
    keyLock: mix?.keyLock ?? defaultMix.keyLock,
    energyStep: mix?.energyStep ?? defaultMix.energyStep,
  };
}

/**
 * What is excluded is not in the set, whatever else is said of it; of two tracks for one row the first has it. `nameOf`
 * for the sentences.
 * @throws AppError bad-request for a range without tempos in it
 */
export function sortGiven(asked: Asked, nameOf: (trackId: TrackId) => string): GivenTracks {
  const { tempoRange, length } = asked;
  if (tempoRange !== undefined && tempoRange.min > tempoRange.max) {
    throw new AppError(
      'bad-request',
      `There is no tempo from ${tempoRange.min} to ${tempoRange.max} BPM: give the lower one first.`,
    );
  }
  const excluded = new Set(asked.exclude);
  const count = 'count' in length ? length.count : Infinity;
  const problems: SetProblem[] = [];
  const refuse = (constraint: SetProblem['constraint'], detail: string): void => {
    problems.push({ constraint, detail, rows: [] });
  };
  const wanted: readonly Placed[] = [
    ...(asked.from === undefined ? [] : [{ position: 0, trackId: asked.from }]),
    ...(asked.to === undefined ? [] : [{ position: -1, trackId: asked.to }]),
    ...(asked.locked ?? []),
  ];
  const placed: Placed[] = [];
  const isIn = new Set<TrackId>();
  for (const { position, trackId } of wanted) {
    // The last row of a set of known length is one like all others.
    const row = position === count - 1 ? -1 : position === -1 && count === 1 ? 0 : position;
    if (excluded.has(trackId)) {
      refuse(
        'exclude',
        `“${nameOf(trackId)}” has a row of its own and must not be in the set: it is left out.`,
      );
    } else if (row >= count) {
      refuse('locked', `“${nameOf(trackId)}” has row ${row + 1}, and the set has ${count}: it is left out.`);
    } else if (isIn.has(trackId)) {
      refuse('locked', `“${nameOf(trackId)}” has two rows: only the first is kept.`);
    } else if (placed.some((one) => one.position === row)) {
      const where = row === -1 ? 'the last row' : `row ${row + 1}`;
      refuse('locked', `Two tracks have ${where}: “${nameOf(trackId)}” is left out.`);
    } else {
      placed.push({ position: row, trackId });
      isIn.add(trackId);
    }
  }
  const included: TrackId[] = [];
  for (const trackId of asked.include ?? []) {
    if (isIn.has(trackId)) continue;
    if (excluded.has(trackId)) {
      refuse('exclude', `“${nameOf(trackId)}” both must and must not be in the set: it is left out.`);
    } else if (isIn.size >= count) {
      refuse('include', `“${nameOf(trackId)}” is left out: the ${count} rows of the set are all given.`);
    } else {
      included.push(trackId);
      isIn.add(trackId);
    }
  }
  return { placed, included, problems };
}
