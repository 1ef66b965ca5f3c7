/**
 * The k rows of a matrix that point most nearly the same way as a query: exact, by brute force. At
 * 100,000 rows of 128 numbers one pass is 12.8 million multiplications, about 10 ms.
 */

/** Row index and its dot product with the query. */
export interface Neighbour {
  readonly row: number;
  readonly score: number;
}

/** Keeps the best k of a stream: a heap whose root is the worst that is kept. */
export interface BestRows {
  /** Looks at the rows from `from` up to (not including) `to`. */
  scan(from: number, to: number): void;
  /** Best first; equal scores in the order of rows. */
  sorted(): readonly Neighbour[];
}

/**
 * `matrix` is row-major [rows x query.length], all rows and the query of unit length (so that the dot
 * product is the cosine). Rows for which `skip` is not 0 are passed over.
 */
export function createBestRows(
  matrix: Float32Array,
  query: Float32Array,
  skip: Uint8Array,
  k: number,
): BestRows {
  const scores = new Float64Array(k);
  const rows = new Int32Array(k);
  const size = query.length;
  let kept = 0;

  /** Worse: a lower score, or the later row of two with the same one. */
  function isWorse(a: number, b: number): boolean {
    return scores[a]! < scores[b]! || (scores[a]! === scores[b]! && rows[a]! > rows[b]!);
  }

  function swap(a: number, b: number): void {
    const score = scores[a]!;
    const row = rows[a]!;
    scores[a] = scores[b]!;
    rows[a] = rows[b]!;
    scores[b] = score;
    rows[b] = row;
  }

  function siftUp(start: number): void {
    for (let child = start; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!isWorse(child, parent)) return;
      swap(child, parent);
      child = parent;
    }
  }

  function siftDown(): void {
    for (let parent = 0; ;) {
      let worst = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < kept && isWorse(child, worst)) worst = child;
      }
      if (worst === parent) return;
      swap(parent, worst);
      parent = worst;
    }
  }

  function offer(row: number, score: number): void {
    if (kept < k) {
      scores[kept] = score;
      rows[kept] = row;
      siftUp(kept++);
    } else if (score > scores[0]!) {
      scores[0] = score;
      rows[0] = row;
      siftDown();
    }
  }

  return {
    scan(from, to) {
      if (k === 0) return;
      for (let row = from; row < to; row++) {
        if (skip[row] !== 0) continue;
        const start = row * size;
        // Four sums at once: the additions do not wait for each other.
        let a = 0;
        let b = 0;
        let c = 0;
        let d = 0;
        let i = 0;
        for (; i + 3 < size; i += 4) {
          a += matrix[start + i]! * query[i]!;
          b += matrix[start + i + 1]! * query[i + 1]!;
          c += matrix[start + i + 2]! * query[i + 2]!;
          d += matrix[start + i + 3]! * query[i + 3]!;
        }
        for (; i < size; i++) a += matrix[start + i]! * query[i]!;
        offer(row, a + b + c + d);
      }
    },
    sorted() {
      return Array.from({ length: kept }, (_, i) => ({ row: rows[i]!, score: scores[i]! })).sort(
        (one, other) => other.score - one.score || one.row - other.row,
      );
    },
  };
}
