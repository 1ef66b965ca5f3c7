/**
 * Local improvement: rows are replaced, exchanged, moved and reversed as long as the set gets better; then some are
 * disturbed at random and it begins anew from there (iterated local search), for a fixed amount of work.
 */
import { artistRepeats, BROKEN, durationCost, valueOf } from './problem.ts';
import type { SetProblemNumbers } from './problem.ts';

/** Less than that is rounding. */
const BETTER = 1e-7;
/** Rows that are moved or reversed at once, at most: longer ones seldom help and take long. */
const LONGEST_STRETCH = 60;
/** Rows that are disturbed. */
const DISTURBED = 3;
/** Units of work (a step looked at) between two looks at the clock: some ms. */
const WORK_A_SLICE = 100_000;

/** 0 to 1, the same with every run of one seed. */
export function createRandom(seed: number): () => number {
  // Mulberry32.
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The best order that `work` units found from `start`, as good as it or better. */
export function* improve(
  problem: SetProblemNumbers,
  start: Int32Array,
  random: () => number,
  work: number,
): Generator<void, Int32Array> {
  const search = createSearch(problem, start);
  yield* search.descend(work);
  let best = search.order.slice();
  let bestValue = valueOf(problem, best);
  while (search.work() < work) {
    search.disturb(random);
    yield* search.descend(work);
    const value = valueOf(problem, search.order);
    if (value > bestValue + BETTER) {
      best = search.order.slice();
      bestValue = value;
    } else search.goTo(best);
  }
  return best;
}

function createSearch(problem: SetProblemNumbers, start: Int32Array) {
  const { size, rows, steps, places, locked, required } = problem;
  const order = start.slice();
  const used = new Uint8Array(size);
  const stretch = new Int32Array(LONGEST_STRETCH);
  // Ones with a row of their own are nowhere else, not even when that row holds another for now.
  const reserved = new Uint8Array(size);
  for (const candidate of locked) if (candidate >= 0) reserved[candidate] = 1;
  let seconds = 0;
  let spent = 0;
  let told = 0;

  function goTo(other: Int32Array): void {
    order.set(other);
    used.fill(0);
    seconds = 0;
    for (const candidate of order) {
      used[candidate] = 1;
      seconds += problem.seconds[candidate]!;
    }
    spent += rows;
  }

  /** Value of the rows from `from` to `to` with the steps into and out of them; the length is not in it. */
  function valueAround(from: number, to: number): number {
    let value = 0;
    const last = Math.min(rows - 1, to + 1);
    for (let row = Math.max(1, from); row <= last; row++) {
      value += steps[order[row - 1]! * size + order[row]!]!;
    }
    for (let row = from; row <= to; row++) {
      if (places !== null) value += places[row * size + order[row]!]!;
      if (problem.artistGap > 1) value -= BROKEN * repeatsOf(row, from, to);
    }
    spent += to - from + 2;
    return value;
  }

  /** Each pair once: of those in the stretch the later one counts it. */
  function repeatsOf(row: number, from: number, to: number): number {
    const all = artistRepeats(problem, order, row, order[row]!, rows - 1);
    if (all === 0) return 0;
    const artist = problem.artists[order[row]!]!;
    let later = 0;
    for (let other = row + 1; other <= Math.min(to, row + problem.artistGap - 1); other++) {
      if (other >= from && problem.artists[order[other]!] === artist) later++;
    }
    return all - later;
  }

  function canMove(row: number): boolean {
    return locked[row]! < 0;
  }

  function isPinned(from: number, to: number): boolean {
    for (let row = from; row <= to; row++) if (!canMove(row)) return true;
    return false;
  }

  function put(row: number, candidate: number): void {
    const old = order[row]!;
    used[old] = 0;
    used[candidate] = 1;
    seconds += problem.seconds[candidate]! - problem.seconds[old]!;
    order[row] = candidate;
  }

  function exchange(one: number, other: number): void {
    const kept = order[one]!;
    order[one] = order[other]!;
    order[other] = kept;
  }

  /** The best other candidate for a row. */
  function tryReplace(row: number): boolean {
    const old = order[row]!;
    if (!canMove(row) || required[old] === 1) return false;
    const before = row === 0 ? -1 : order[row - 1]! * size;
    const after = row === rows - 1 ? -1 : order[row + 1]!;
    const valueIn = (candidate: number): number =>
      (before < 0 ? 0 : steps[before + candidate]!) +
      (after < 0 ? 0 : steps[candidate * size + after]!) +
      (places === null ? 0 : places[row * size + candidate]!) -
      durationCost(problem, seconds + problem.seconds[candidate]! - problem.seconds[old]!);
    const repeats = (candidate: number): number =>
      BROKEN * artistRepeats(problem, order, row, candidate, rows - 1);
    let best = old;
    let bestValue = valueIn(old) - repeats(old) + BETTER;
    for (let candidate = 0; candidate < size; candidate++) {
      if (used[candidate] === 1 || reserved[candidate] === 1) continue;
      const value = valueIn(candidate);
      if (value <= bestValue) continue;
      const whole = value - repeats(candidate);
      if (whole <= bestValue) continue;
      best = candidate;
      bestValue = whole;
    }
    spent += size;
    if (best === old) return false;
    put(row, best);
    return true;
  }

  function tryExchange(one: number, other: number): boolean {
    if (!canMove(one) || !canMove(other)) return false;
    // Near each other they share steps: then the rows between are looked at, too.
    const near = other - one <= 2;
    const value = (): number =>
      near ? valueAround(one, other) : valueAround(one, one) + valueAround(other, other);
    const before = value();
    exchange(one, other);
    if (value() > before + BETTER) return true;
    exchange(one, other);
    return false;
  }

  function tryReverse(from: number, to: number): boolean {
    const before = valueAround(from, to);
    order.subarray(from, to + 1).reverse();
    if (valueAround(from, to) > before + BETTER) return true;
    order.subarray(from, to + 1).reverse();
    return false;
  }

  /** Takes the row at one end of a stretch to its other end. */
  function tryMove(from: number, to: number, backwards: boolean): boolean {
    const part = order.subarray(from, to + 1);
    stretch.set(part);
    const before = valueAround(from, to);
    if (backwards) {
      part.copyWithin(1, 0, part.length - 1);
      part[0] = stretch[part.length - 1]!;
    } else {
      part.copyWithin(0, 1);
      part[part.length - 1] = stretch[0]!;
    }
    if (valueAround(from, to) > before + BETTER) return true;
    part.set(stretch.subarray(0, part.length));
    return false;
  }

  /** Until no move makes it better. */
  function* descend(work: number): Generator<void, void> {
    for (let improved = true; improved;) {
      improved = false;
      for (let row = 0; row < rows; row++) {
        if (tryReplace(row)) improved = true;
        for (let other = row + 1; other < rows; other++) {
          if (tryExchange(row, other)) improved = true;
          if (other - row < LONGEST_STRETCH && other - row > 1 && !isPinned(row, other)) {
            if (tryReverse(row, other)) improved = true;
            if (tryMove(row, other, false)) improved = true;
            if (tryMove(row, other, true)) improved = true;
          }
          if (spent - told > WORK_A_SLICE) {
            told = spent;
            yield;
            if (spent > work) return;
          }
        }
      }
    }
  }

  goTo(start);
  return {
    order,
    goTo,
    descend,
    work: () => spent,
    /** Exchanges rows, and puts other candidates in, whatever comes of it. */
    disturb(random: () => number): void {
      const below = (limit: number): number => Math.floor(random() * limit);
      for (let count = 0; count < DISTURBED; count++) {
        const row = below(rows);
        const other = below(rows);
        const candidate = below(size);
        const replaces = random() < 0.5;
        if (!canMove(row)) continue;
        if (!replaces) {
          if (canMove(other)) exchange(row, other);
        } else if (used[candidate] === 0 && reserved[candidate] === 0 && required[order[row]!] === 0) {
          put(row, candidate);
        }
      }
      // Also where nothing could be disturbed, work is spent: else it would never end.
      spent += DISTURBED;
    },
  };
}
