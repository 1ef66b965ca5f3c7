/** Builds a set: gathers the candidates, composes, and says what came of it. */
import type { Input } from '#shared/contract.ts';
import { setLimits } from '#shared/domain.ts';
import type { BuiltSet, SetRow, Track, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import type { SetCandidate } from './candidate.ts';
import { compose } from './compose.ts';
import { energyAt } from './energy.ts';
import { between } from './numbers.ts';
import { choosePool } from './pool.ts';
import type { Pool } from './pool.ts';
import type { SetRecipe } from './recipe.ts';
import { findProblems, findRemarks } from './report.ts';
import { mixOf, sortGiven } from './request.ts';
import type { TrackIndex } from './track-index.ts';
import { describeTransition } from './transition.ts';

/** A minute more or less. */
const DEFAULT_TOLERANCE = 60;

export interface BuildSources {
  readonly index: TrackIndex;
  readonly recordings: Recordings;
  /** Rows of the index that the query and the genres give. */
  readonly rows: readonly number[];
  readonly readTracks: (ids: readonly TrackId[]) => readonly Track[];
}

/**
 * Yields every few ms.
 * @throws AppError not-found for a track that is not there, and where no track fits; bad-request
 */
export function* build(asked: Input<'sets.build'>, sources: BuildSources): Generator<void, BuiltSet> {
  const { index, recordings, readTracks } = sources;
  const nameOf = (id: TrackId): string => nameOfTrack(readTracks([id])[0]);
  const rowOf = (id: TrackId): number => {
    const row = index.rowOf(id);
    if (row < 0) throw new AppError('not-found', `There is no track ${id} in the library.`);
    return row;
  };
  for (const id of [asked.from, asked.to]) if (id !== undefined) rowOf(id);
  for (const id of [...(asked.include ?? []), ...(asked.locked ?? []).map(({ trackId }) => trackId)])
    rowOf(id);
  const given = sortGiven(asked, nameOf);
  const fixed = [...given.placed.map(({ trackId }) => trackId), ...given.included].map(rowOf);
  const energyCurve = asked.energyCurve ?? [];
  const needsLength = 'seconds' in asked.length;
  const seed = asked.seed ?? 0;
  const pool = yield* choosePool(index, recordings, {
    rows: sources.rows,
    fixed,
    excluded: new Set((asked.exclude ?? []).map((id) => index.rowOf(id))),
    tempoRange: asked.tempoRange ?? null,
    ...{ needsLength, energyCurve, seed },
    anchors: anchorsOf(index.candidates(recordings, fixed.slice(0, 8))),
    most: setLimits.candidates,
  });
  if (pool.rows.length === 0) throw nothingFits(pool);
  const candidates = index.candidates(recordings, pool.rows);
  const recipe: SetRecipe = {
    mix: mixOf(asked.mix),
    keyRule: asked.keyRule ?? 'any',
    greatestTempoStep: asked.greatestTempoStep ?? null,
    artistGap: asked.artistGap ?? 1,
    tempoRange: asked.tempoRange ?? null,
    length:
      'count' in asked.length
        ? { count: asked.length.count }
        : {
            seconds: asked.length.seconds,
            toleranceSeconds: asked.length.toleranceSeconds ?? DEFAULT_TOLERANCE,
          },
    energyCurve,
    // The fixed ones come first in the pool, in this order.
    locked: given.placed.map(({ position }, candidate) => ({ position, candidate })),
    required: given.included.map((_, place) => given.placed.length + place),
    isPath: isPlaced(given.placed, 0) && isPlaced(given.placed, -1),
    seed,
  };
  const order = yield* compose(candidates, recipe);
  return describe(order, candidates, recipe, { pool, given, nameOf, readTracks });
}

function isPlaced(placed: readonly { readonly position: number }[], position: number): boolean {
  return placed.some((one) => one.position === position);
}

/** The given tracks, and what lies between the first two of them. */
function anchorsOf(fixed: readonly SetCandidate[]): readonly Float32Array[] {
  const anchors = fixed.flatMap(({ embedding }) => embedding ?? []);
  const [first, second] = anchors;
  return first === undefined || second === undefined ? anchors : [...anchors, between(first, second, 0.5)];
}

interface Found {
  readonly pool: Pool;
  readonly given: ReturnType<typeof sortGiven>;
  readonly nameOf: (id: TrackId) => string;
  readonly readTracks: BuildSources['readTracks'];
}

function describe(
  order: readonly number[],
  candidates: readonly SetCandidate[],
  recipe: SetRecipe,
  { pool, given, nameOf, readTracks }: Found,
): BuiltSet {
  const chosen = order.map((candidate) => candidates[candidate]!);
  const tracks = new Map(readTracks(chosen.map(({ id }) => id)).map((track) => [track.id, track]));
  const fixedCount = given.placed.length + given.included.length;
  const rows = order.flatMap((candidate, row): SetRow[] => {
    const own = candidates[candidate]!;
    const before = chosen[row - 1];
    const track = tracks.get(own.id);
    // Gone while it was being built.
    if (track === undefined) return [];
    const wantedEnergy = energyAt(recipe.energyCurve, row, order.length);
    const transition =
      before === undefined ? null : describeTransition(before, own, recipe.mix, wantedEnergy);
    return [{ track, fixed: candidate < fixedCount, wantedEnergy, transition }];
  });
  const scores = rows.flatMap(({ transition }) => transition?.score ?? []);
  const asked = {
    ...recipe,
    count: 'count' in recipe.length ? recipe.length.count : null,
    seconds: 'seconds' in recipe.length ? recipe.length.seconds : null,
    toleranceSeconds: 'seconds' in recipe.length ? recipe.length.toleranceSeconds : 0,
    candidates: pool.fitting,
  };
  return {
    rows,
    durationSeconds: chosen.reduce((sum, { seconds }) => sum + seconds, 0),
    score: scores.length === 0 ? 1 : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    problems: [...given.problems, ...findProblems(chosen, asked, ({ id }) => `“${nameOf(id)}”`)],
    remarks: [...poolRemarks(pool), ...findRemarks(chosen)],
    candidates: pool.fitting,
  };
}

function poolRemarks(pool: Pool): readonly string[] {
  return [
    ...leftOut(pool.outsideRange, 'outside the range of tempos'),
    ...leftOut(pool.withoutTempo, 'whose tempo is not known'),
    ...leftOut(pool.withoutLength, 'whose length is not known'),
    ...(pool.fitting > pool.rows.length
      ? [
          `${pool.fitting.toLocaleString('en')} tracks fit; the ${pool.rows.length.toLocaleString('en')} that promised most were weighed against each other.`,
        ]
      : []),
  ];
}

function leftOut(count: number, why: string): string[] {
  if (count === 0) return [];
  return [
    count === 1
      ? `1 track ${why} was left out.`
      : `${count.toLocaleString('en')} tracks ${why} were left out.`,
  ];
}

function nothingFits(pool: Pool): AppError {
  const why = poolRemarks(pool).join(' ');
  return new AppError(
    'not-found',
    `No track whose file is there now fits. ${why === '' ? 'Ask for more genres, or search for something else.' : why}`,
  );
}

/** "Artist – Title", else the name of the file. */
function nameOfTrack(track: Track | undefined): string {
  if (track === undefined) return 'a track that is gone';
  const name = [track.artist, track.title].filter((part) => part !== null).join(' – ');
  return name === '' ? (track.path.split(/[\\/]/u).at(-1) ?? track.path) : name;
}
