/**
 * Moods, instruments and voice of very many recordings, a byte each (3 MB for 100,000 recordings of 27 tags), and what
 * is usual in the library: what all of them have tells nothing about two of them.
 */

export interface TagTable {
  /** Tags of a row. */
  readonly width: number;
  /** Values 0..1 in the model's order; null, or another number of values: nothing is known of the row. */
  set(row: number, values: Float32Array | null): void;
  has(row: number): boolean;
  /** 0..1 */
  value(row: number, tag: number): number;
  /** Row-major [rows x width], 255 = 1.0; replaced when it grows. */
  readonly bytes: Uint8Array;
  /** The usual value of each tag, 0..1. */
  means(): Float32Array;
}

const FIRST_ROWS = 1024;
/** Until the library is large enough to say what is usual: as many recordings that have a quarter of everything. */
const ASSUMED_ROWS = 20;
const ASSUMED_VALUE = 0.25;

export function createTagTable(width: number): TagTable {
  let bytes = new Uint8Array(FIRST_ROWS * width);
  let known = new Uint8Array(FIRST_ROWS);
  const sums = new Float64Array(width);
  let knownRows = 0;

  function count(row: number, sign: 1 | -1): void {
    for (let tag = 0; tag < width; tag++) sums[tag]! += (sign * bytes[row * width + tag]!) / 255;
    knownRows += sign;
  }

  function grow(rows: number): void {
    const capacity = Math.max(rows, known.length * 2);
    const [oldBytes, oldKnown] = [bytes, known];
    bytes = new Uint8Array(capacity * width);
    bytes.set(oldBytes);
    known = new Uint8Array(capacity);
    known.set(oldKnown);
  }

  return {
    width,
    set(row, values) {
      if (row >= known.length) grow(row + 1);
      if (known[row] === 1) count(row, -1);
      known[row] = width > 0 && values?.length === width ? 1 : 0;
      if (known[row] === 0) return;
      for (let tag = 0; tag < width; tag++) {
        bytes[row * width + tag] = Math.round(Math.min(1, Math.max(0, values![tag]!)) * 255);
      }
      count(row, 1);
    },
    has: (row) => known[row] === 1,
    value: (row, tag) => bytes[row * width + tag]! / 255,
    get bytes() {
      return bytes;
    },
    means: () =>
      Float32Array.from(sums, (sum) => (sum + ASSUMED_ROWS * ASSUMED_VALUE) / (knownRows + ASSUMED_ROWS)),
  };
}
