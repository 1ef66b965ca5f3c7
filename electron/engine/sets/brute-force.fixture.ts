/** The best of all orders, by trying every one: for small problems in tests. */
import { valueOf } from './problem.ts';
import type { SetProblemNumbers } from './problem.ts';

export function tryAllOrders(problem: SetProblemNumbers): {
  readonly order: Int32Array;
  readonly value: number;
} {
  const { rows, size, locked, required } = problem;
  const order = new Int32Array(rows);
  let best = { order: new Int32Array(0), value: -Infinity };
  const visit = (row: number, used: ReadonlySet<number>): void => {
    if (row === rows) {
      if (required.some((must, candidate) => must === 1 && !used.has(candidate))) return;
      const value = valueOf(problem, order);
      if (value > best.value) best = { order: order.slice(), value };
      return;
    }
    for (let candidate = 0; candidate < size; candidate++) {
      if (used.has(candidate)) continue;
      const own = locked[row]!;
      if (own >= 0 ? own !== candidate : locked.includes(candidate)) continue;
      order[row] = candidate;
      visit(row + 1, new Set([...used, candidate]));
    }
  };
  visit(0, new Set());
  return best;
}
