/**
 * Short lists of (label, confidence) for very many rows, in three typed arrays: 200,000 small arrays of
 * their own would take ten times the memory and be slow to walk over.
 */

export interface LabelPool {
  set(row: number, labels: readonly number[], confidences: readonly number[]): void;
  /** Calls back with every label of a row. */
  forEach(row: number, visit: (label: number, confidence: number) => void): void;
}

const FIRST_ROWS = 1024;
const FIRST_ITEMS = 4096;

export function createLabelPool(): LabelPool {
  let starts = new Int32Array(FIRST_ROWS);
  let lengths = new Int32Array(FIRST_ROWS);
  let labelPool = new Uint16Array(FIRST_ITEMS);
  let confidencePool = new Float64Array(FIRST_ITEMS);
  let used = 0;

  function reserve(rows: number, items: number): void {
    if (rows > starts.length) {
      starts = grown(new Int32Array(Math.max(rows, starts.length * 2)), starts);
      lengths = grown(new Int32Array(starts.length), lengths);
    }
    if (items > labelPool.length) {
      labelPool = grown(new Uint16Array(Math.max(items, labelPool.length * 2)), labelPool);
      confidencePool = grown(new Float64Array(labelPool.length), confidencePool);
    }
  }

  return {
    set(row, labels, confidences) {
      const fits = row < starts.length && labels.length <= lengths[row]!;
      // A longer list goes to the end and leaves a gap: an analysis is seldom repeated.
      const start = fits ? starts[row]! : used;
      reserve(row + 1, start + labels.length);
      labelPool.set(labels, start);
      confidencePool.set(confidences, start);
      starts[row] = start;
      lengths[row] = labels.length;
      used = Math.max(used, start + labels.length);
    },
    forEach(row, visit) {
      if (row >= starts.length) return;
      const end = starts[row]! + lengths[row]!;
      for (let i = starts[row]!; i < end; i++) visit(labelPool[i]!, confidencePool[i]!);
    },
  };
}

function grown<Target extends Int32Array | Uint16Array | Float64Array>(target: Target, old: Target): Target {
  target.set(old);
  return target;
}
