import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tryAllOrders } from './brute-force.fixture.ts';
import { createRandom } from './improve.ts';
import { BROKEN, valueOf } from './problem.ts';
import type { SetProblemNumbers } from './problem.ts';
import { solve } from './solve.ts';

function finish<Result>(work: Generator<void, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

interface Shape {
  readonly size: number;
  readonly rows: number;
  readonly locked?: readonly (readonly [row: number, candidate: number])[];
  readonly required?: readonly number[];
  readonly artistGap?: number;
  readonly artists?: number;
  readonly places?: boolean;
  readonly broken?: number;
  readonly duration?: SetProblemNumbers['duration'];
}

function made(seed: number, shape: Shape): SetProblemNumbers {
  const random = createRandom(seed);
  const { size, rows } = shape;
  const locked = new Int32Array(rows).fill(-1);
  for (const [row, candidate] of shape.locked ?? []) locked[row] = candidate;
  return {
    size,
    rows,
    steps: Float64Array.from(
      { length: size * size },
      () => random() - (random() < (shape.broken ?? 0) ? BROKEN * (1 + random()) : 0),
    ),
    places: shape.places === true ? Float32Array.from({ length: rows * size }, random) : null,
    locked,
    required: Uint8Array.from({ length: size }, (_, candidate) =>
      shape.required?.includes(candidate) === true ? 1 : 0,
    ),
    artists: Int32Array.from({ length: size }, () =>
      shape.artists === undefined ? -1 : Math.floor(random() * shape.artists),
    ),
    artistGap: shape.artistGap ?? 1,
    seconds: Float64Array.from({ length: size }, () => 120 + Math.floor(random() * 240)),
    duration: shape.duration ?? null,
  };
}

const shapes: Readonly<Record<string, Shape>> = {
  'all of them in the best order': { size: 7, rows: 7 },
  'some of them': { size: 9, rows: 5 },
  'places that matter': { size: 8, rows: 5, places: true },
  'the first and the last given': {
    size: 9,
    rows: 6,
    locked: [
      [0, 3],
      [5, 7],
    ],
  },
  'one in the middle given, two required': { size: 9, rows: 5, locked: [[2, 1]], required: [1, 4, 8] },
  'no artist twice in three': { size: 8, rows: 6, artists: 3, artistGap: 3 },
  'steps that are not allowed': { size: 8, rows: 6, broken: 0.6 },
  'a length to the minute': { size: 9, rows: 5, duration: { seconds: 1100, tolerance: 5 } },
};

test.each(Object.entries(shapes))('finds the best of all orders: %s', (_, shape) => {
  for (let seed = 1; seed <= 12; seed++) {
    const problem = made(seed, shape);
    const best = tryAllOrders(problem);
    const found = finish(solve(problem, 1, 400_000));
    expect(found.value).toBeCloseTo(best.value, 6);
    expect(found.value).toBe(valueOf(problem, found.order));
  }
});

test('whatever is asked: nobody twice, locked rows kept, required ones in, never worse than another seed by far', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.integer({ min: 2, max: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 6 }),
      fc.boolean(),
      (seed, size, share, artistGap, places) => {
        const rows = Math.max(1, Math.round(size * share));
        const random = createRandom(seed + 1);
        const shuffled = Array.from({ length: size }, (_, candidate) => candidate).sort(() => random() - 0.5);
        const locked = shuffled
          .slice(0, Math.floor(rows / 3))
          .map((candidate, index) => [index * 2, candidate] as const);
        const required = shuffled.slice(Math.floor(rows / 3), Math.floor(rows / 2));
        const shape = { size, rows, locked, required, artistGap, artists: 5, places, broken: 0.3 };
        const { order } = finish(solve(made(seed, shape), seed, 20_000));
        expect(new Set(order).size).toBe(rows);
        for (const [row, candidate] of locked) expect(order[row]).toBe(candidate);
        for (const candidate of required) expect(order).toContain(candidate);
      },
    ),
    { numRuns: 60 },
  );
});

test('the same seed gives the same set, whenever it is asked', () => {
  const problem = made(5, { size: 120, rows: 30, places: true, artists: 20, artistGap: 4 });
  const first = finish(solve(problem, 7, 200_000));
  expect(finish(solve(problem, 7, 200_000)).order).toEqual(first.order);
});

test('a rule that cannot be kept is broken as little as can be', () => {
  // Only one artist: four rows with a gap of two break it three times, whatever the order.
  const one = made(1, { size: 6, rows: 4, artists: 1, artistGap: 2 });
  expect(Math.round(-finish(solve(one, 1, 50_000)).value / BROKEN)).toBe(3);
  // Nothing lasts that long: the longest five come nearest.
  const long = made(2, { size: 12, rows: 5, duration: { seconds: 36_000, tolerance: 10 } });
  const { order } = finish(solve(long, 1, 50_000));
  const longest = [...long.seconds].sort((a, b) => b - a).slice(0, 5);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  expect(sum([...order].map((candidate) => long.seconds[candidate]!))).toBe(sum(longest));
});
