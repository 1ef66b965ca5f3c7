/** Beam search: sets are put together row by row, and only the best beginnings are carried on. */
import { createBestRows } from '#engine/similarity/nearest.ts';
import { artistRepeats, BROKEN } from './problem.ts';
import type { SetProblemNumbers } from './problem.ts';

/** Beginnings that are carried on; fewer where each is much work. */
const WIDTH = 32;
const LEAST_WIDTH = 6;
/** Extensions of beginnings that are looked at in all: about 200 ms. */
const MOST_WORK = 12_000_000;
/** Extensions between two looks at the clock. */
const WORK_A_SLICE = 20_000;

interface Beginning {
  readonly order: Int32Array;
  readonly used: Uint8Array;
  /** Required candidates that are not in it yet. */
  readonly missing: number;
  readonly value: number;
}

/** The best whole orders it found, best first. Yields now and then so that others get a turn. */
export function* searchBeam(problem: SetProblemNumbers): Generator<void, readonly Int32Array[]> {
  const { size, rows, steps, places, locked, required } = problem;
  const width = Math.max(LEAST_WIDTH, Math.min(WIDTH, Math.floor(MOST_WORK / (rows * size))));
  // A candidate with a row of its own stands nowhere else.
  const reserved = new Uint8Array(size);
  for (const candidate of locked) if (candidate >= 0) reserved[candidate] = 1;
  const free = new Int32Array(rows + 1);
  for (let row = rows - 1; row >= 0; row--) free[row] = free[row + 1]! + (locked[row]! < 0 ? 1 : 0);

  let beginnings: readonly Beginning[] = [
    {
      order: new Int32Array(rows).fill(-1),
      used: new Uint8Array(size),
      missing: required.reduce((sum, must, candidate) => sum + (reserved[candidate] === 1 ? 0 : must), 0),
      value: 0,
    },
  ];
  let work = 0;
  for (let row = 0; row < rows; row++) {
    const best = createBestRows(width);
    for (const [number, beginning] of beginnings.entries()) {
      const { order, used, missing, value } = beginning;
      const mustFill = missing >= free[row]!;
      const before = row === 0 ? -1 : order[row - 1]! * size;
      const offer = (candidate: number): void => {
        let sum = value;
        if (before >= 0) sum += steps[before + candidate]!;
        if (places !== null) sum += places[row * size + candidate]!;
        sum -= BROKEN * artistRepeats(problem, order, row, candidate, row);
        best.offer(number * size + candidate, sum);
      };
      const own = locked[row]!;
      if (own >= 0) {
        offer(own);
        continue;
      }
      for (let candidate = 0; candidate < size; candidate++) {
        if (used[candidate] === 1 || reserved[candidate] === 1) continue;
        if (mustFill && missing > 0 && required[candidate] === 0) continue;
        offer(candidate);
        if (++work % WORK_A_SLICE === 0) yield;
      }
    }
    beginnings = best.sorted().map(({ row: found, score }) => {
      const parent = beginnings[Math.floor(found / size)]!;
      const candidate = found % size;
      const order = parent.order.slice();
      const used = parent.used.slice();
      order[row] = candidate;
      used[candidate] = 1;
      const isMissed = required[candidate] === 1 && reserved[candidate] === 0;
      return { order, used, missing: parent.missing - (isMissed ? 1 : 0), value: score };
    });
    yield;
  }
  return beginnings.map(({ order }) => order);
}
