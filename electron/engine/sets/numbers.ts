/** Makes the numbers that the optimiser works on of candidates and what is asked of the set. */
import { neutralScore, transitionAxes } from '#shared/domain.ts';
import { dot } from '#engine/similarity/nearest.ts';
import { combineAxes, scoreLikeness, scoreMix, tempoChange } from './axes.ts';
import type { SetCandidate } from './candidate.ts';
import { energyAt, scoreEnergyPlace } from './energy.ts';
import { createRandom } from './improve.ts';
import { BROKEN } from './problem.ts';
import type { SetProblemNumbers } from './problem.ts';
import { scoreTempoPlace, stepFaults } from './recipe.ts';
import type { SetRecipe } from './recipe.ts';

/** What a drawn curve, or a way from one track to another, counts against a transition: it was asked for expressly. */
const PLACE_WEIGHT = 1.5;
/** How much another seed favours one candidate over another. */
const SEED_WEIGHT = 0.15;

/** [size × size]: value of each step, less what it breaks. Yields after every row. */
export function* valueSteps(
  candidates: readonly SetCandidate[],
  recipe: SetRecipe,
): Generator<void, Float64Array> {
  const size = candidates.length;
  const steps = new Float64Array(size * size);
  const scores = new Float64Array(transitionAxes.length);
  const { mix, energyCurve, keyRule, greatestTempoStep } = recipe;
  // With a curve, energy is a matter of the place.
  const without = energyCurve.length > 0 ? 'energy' : null;
  const hasRules = keyRule !== 'any' || greatestTempoStep !== null;
  const valueOfStep = (from: SetCandidate, to: SetCandidate): number => {
    const change = tempoChange(from.bpm, to.bpm, mix.pitchRangePercent);
    scoreMix(from, to, mix, change, scores);
    const value = combineAxes(scores, mix.weights, without);
    if (!hasRules) return value;
    const { key, tempo } = stepFaults(from, to, recipe, change);
    return value - BROKEN * ((key > 0 ? 1 + key : 0) + (tempo > 0 ? 1 + tempo / 100 : 0));
  };
  for (let row = 0; row < size; row++) {
    const from = candidates[row]!;
    for (let column = row + 1; column < size; column++) {
      const to = candidates[column]!;
      scoreLikeness(from, to, scores);
      steps[row * size + column] = valueOfStep(from, to);
      steps[column * size + row] = valueOfStep(to, from);
    }
    yield;
  }
  return steps;
}

/** The whole problem for a number of rows. */
export function numbersOf(
  candidates: readonly SetCandidate[],
  recipe: SetRecipe,
  steps: Float64Array,
  rows: number,
): SetProblemNumbers {
  const size = candidates.length;
  const locked = new Int32Array(rows).fill(-1);
  const required = new Uint8Array(size);
  for (const candidate of recipe.required) required[candidate] = 1;
  for (const { position, candidate } of recipe.locked) {
    const row = position < 0 ? rows + position : position;
    if (row >= 0 && row < rows) locked[row] = candidate;
  }
  const numbers = new Map<string, number>();
  const artists = Int32Array.from(candidates, ({ artist }) => {
    if (artist === null) return -1;
    if (!numbers.has(artist)) numbers.set(artist, numbers.size);
    return numbers.get(artist)!;
  });
  const { length, artistGap } = recipe;
  return {
    ...{ size, rows, steps, locked, required, artists, artistGap },
    places: valuePlaces(candidates, recipe, rows),
    seconds: Float64Array.from(candidates, ({ seconds }) => seconds),
    duration: 'count' in length ? null : { seconds: length.seconds, tolerance: length.toleranceSeconds },
  };
}

function valuePlaces(
  candidates: readonly SetCandidate[],
  recipe: SetRecipe,
  rows: number,
): Float32Array | null {
  const { energyCurve, seed } = recipe;
  if (energyCurve.length === 0 && !recipe.isPath && seed === 0) return null;
  const size = candidates.length;
  const places = new Float32Array(rows * size);
  const add = (valueIn: (candidate: SetCandidate, row: number) => number): void => {
    for (let row = 0; row < rows; row++) {
      for (let index = 0; index < size; index++) {
        places[row * size + index]! += valueIn(candidates[index]!, row);
      }
    }
  };
  if (energyCurve.length > 0) {
    const wanted = Array.from({ length: rows }, (_, row) => energyAt(energyCurve, row, rows)!);
    add(
      ({ energy }, row) =>
        PLACE_WEIGHT * (energy === null ? neutralScore : scoreEnergyPlace(energy, wanted[row]!)),
    );
  }
  if (recipe.isPath) {
    const first = candidates[recipe.locked.find(({ position }) => position === 0)!.candidate]!;
    const last = candidates[recipe.locked.find(({ position }) => position === -1)!.candidate]!;
    const soundOnWay = scoreSoundOnWay(first, last, rows);
    const tempoOnWay = scoreTempoOnWay(first, last, rows);
    add(
      (candidate, row) =>
        PLACE_WEIGHT * ((2 / 3) * soundOnWay(candidate, row) + (1 / 3) * tempoOnWay(candidate, row)),
    );
  }
  if (seed !== 0) {
    const random = createRandom(seed);
    const favour = new Map(candidates.map((candidate) => [candidate, SEED_WEIGHT * random()]));
    add((candidate) => favour.get(candidate)!);
  }
  return places;
}

type PlaceScore = (candidate: SetCandidate, row: number) => number;

/** Near the point of the way that the row stands for, and as far along it: 0..1. */
function scoreSoundOnWay(first: SetCandidate, last: SetCandidate, rows: number): PlaceScore {
  const [start, end] = [first.embedding, last.embedding];
  if (start === null || end?.length !== start.length) return () => neutralScore;
  const points = Array.from({ length: rows }, (_, row) => {
    const share = rows <= 1 ? 0 : row / (rows - 1);
    return { share, point: between(start, end, share) };
  });
  return ({ embedding }, row) => {
    if (embedding?.length !== start.length) return neutralScore;
    const { share, point } = points[row]!;
    const [toStart, toEnd] = [angle(embedding, start), angle(embedding, end)];
    const along = toStart + toEnd === 0 ? share : toStart / (toStart + toEnd);
    return (Math.max(0, dot(embedding, 0, point)) + 1 - Math.abs(along - share)) / 2;
  };
}

/** As many per cent from one row to the next, where both tempos are known. */
function scoreTempoOnWay(first: SetCandidate, last: SetCandidate, rows: number): PlaceScore {
  const [start, end] = [first.bpm, last.bpm];
  if (start === null || end === null) return () => neutralScore;
  // The nearer way: to half or double the tempo there is none to go.
  const nearest = [end, end * 2, end / 2].toSorted(
    (one, other) => Math.abs(Math.log(one / start)) - Math.abs(Math.log(other / start)),
  )[0]!;
  const wanted = Array.from(
    { length: rows },
    (_, row) => start * (nearest / start) ** (rows <= 1 ? 0 : row / (rows - 1)),
  );
  return ({ bpm }, row) => (bpm === null ? neutralScore : scoreTempoPlace(bpm, wanted[row]!));
}

function angle(one: Float32Array, other: Float32Array): number {
  return Math.acos(Math.max(-1, Math.min(1, dot(one, 0, other))));
}

/** A point on the great circle from one direction to another. */
export function between(start: Float32Array, end: Float32Array, share: number): Float32Array {
  const whole = angle(start, end);
  const sine = Math.sin(whole);
  // The same direction, or the opposite one: then any way is as good as the straight line.
  const [first, second] =
    sine < 1e-4 ? [1 - share, share] : [Math.sin((1 - share) * whole) / sine, Math.sin(share * whole) / sine];
  const point = start.map((value, index) => first * value + second * end[index]!);
  const length = Math.hypot(...point);
  return length < 1e-6 ? start : point.map((value) => value / length);
}
