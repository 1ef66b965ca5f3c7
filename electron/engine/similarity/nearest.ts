/** The best of a stream of scored rows, and the product that scores them by sound. */

/** A row and its score. */
export interface ScoredRow {
  readonly row: number;
  readonly score: number;
}

/** Keeps the best k of a stream: a heap whose root is the worst that is kept. */
export interface BestRows {
  offer(row: number, score: number): void;
  /** Best first; equal scores in the order of rows. */
  sorted(): readonly ScoredRow[];
}

export function createBestRows(k: number): BestRows {
  const scores = new Float64Array(k);
  const rows = new Int32Array(k);
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

  return {
    offer(row, score) {
      if (kept < k) {
        scores[kept] = score;
        rows[kept] = row;
        siftUp(kept++);
      } else if (k > 0 && score > scores[0]!) {
        scores[0] = score;
        rows[0] = row;
        siftDown();
      }
    },
    sorted() {
      return Array.from({ length: kept }, (_, i) => ({ row: rows[i]!, score: scores[i]! })).sort(
        (one, other) => other.score - one.score || one.row - other.row,
      );
    },
  };
}

/** The product of `query` with the `query.length` numbers of `matrix` from `start` on. */
export function dot(matrix: Float32Array, start: number, query: Float32Array): number {
  const size = query.length;
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
  return a + b + c + d;
}
