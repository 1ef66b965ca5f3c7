/**
 * A set as a problem of numbers: which candidate stands in which row. Steps and places have a value, breaking a rule
 * costs more than any set is worth, and the more the further it is from being kept: so the search comes as near as it can.
 */

/** What a broken rule costs. The rows of the longest set are worth some thousand together. */
export const BROKEN = 10_000;

export interface SetProblemNumbers {
  /** Candidates. */
  readonly size: number;
  readonly rows: number;
  /** [size × size], from row-major to column: value of a step, less what it breaks. */
  readonly steps: Float64Array;
  /** [rows × size]: value of a candidate in a row; null where every row is as good. */
  readonly places: Float32Array | null;
  /** The candidate that has the row; -1: any. */
  readonly locked: Int32Array;
  /** 1: must be in the set. */
  readonly required: Uint8Array;
  /** -1: nobody's. */
  readonly artists: Int32Array;
  /** Of so many rows in succession no two are by one artist; 1: no rule. */
  readonly artistGap: number;
  readonly seconds: Float64Array;
  readonly duration: { readonly seconds: number; readonly tolerance: number } | null;
}

/** What a length costs: nothing within the tolerance, then the more the further it is away. */
export function durationCost({ duration }: SetProblemNumbers, seconds: number): number {
  if (duration === null) return 0;
  const away = Math.abs(seconds - duration.seconds) - duration.tolerance;
  return away <= 0 ? 0 : BROKEN * (1 + away / 60);
}

/** Rows within reach of `row` that hold its artist, only those for which `counts` holds. */
export function artistRepeats(
  problem: SetProblemNumbers,
  order: Int32Array,
  row: number,
  candidate: number,
  upTo: number,
): number {
  const { artistGap, artists } = problem;
  const artist = artists[candidate]!;
  if (artist < 0) return 0;
  const last = Math.min(upTo, row + artistGap - 1);
  let repeats = 0;
  for (let other = Math.max(0, row - artistGap + 1); other <= last; other++) {
    if (other !== row && artists[order[other]!] === artist) repeats++;
  }
  return repeats;
}

/** Value of a whole order. */
export function valueOf(problem: SetProblemNumbers, order: Int32Array): number {
  const { size, steps, places } = problem;
  let value = 0;
  let seconds = 0;
  for (let row = 0; row < order.length; row++) {
    const candidate = order[row]!;
    if (row > 0) value += steps[order[row - 1]! * size + candidate]!;
    if (places !== null) value += places[row * size + candidate]!;
    value -= BROKEN * artistRepeats(problem, order, row, candidate, row);
    seconds += problem.seconds[candidate]!;
  }
  return value - durationCost(problem, seconds);
}
