/** The energy curve of a set, as points at even distances. */

export const CURVE_POINTS = 9;
export const LEAST_ENERGY = 1;
export const MOST_ENERGY = 10;

export const curveShapes = ['warmUp', 'peak', 'wave', 'down'] as const;
export type CurveShape = (typeof curveShapes)[number];

const shapes: Readonly<Record<CurveShape, readonly number[]>> = {
  warmUp: [3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7],
  peak: [4, 5, 6, 7, 8, 9, 9, 7, 5],
  wave: [5, 7, 8, 6, 5, 7, 9, 8, 6],
  down: [8, 7.5, 7, 6.5, 6, 5, 4.5, 4, 3],
};

/** The energies of a shape, first to last. */
export function curveOf(shape: CurveShape): readonly number[] {
  return shapes[shape];
}

/** Half steps within 1..10. */
export function boundedEnergy(energy: number): number {
  return Math.min(MOST_ENERGY, Math.max(LEAST_ENERGY, Math.round(energy * 2) / 2));
}

/** The curve with one point elsewhere. */
export function withPoint(curve: readonly number[], index: number, energy: number): readonly number[] {
  return curve.map((old, place) => (place === index ? boundedEnergy(energy) : old));
}

/** The curve after a stroke of the mouse from one place to another (both 0..1, 0..1 from the bottom): every point under it moves. */
export function withStroke(
  curve: readonly number[],
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): readonly number[] {
  const [left, right] = from.x <= to.x ? [from, to] : [to, from];
  const last = Math.max(1, curve.length - 1);
  const nearest = Math.round(Math.min(1, Math.max(0, to.x)) * last);
  return curve.map((energy, index) => {
    const x = index / last;
    const under = x >= left.x && x <= right.x;
    if (!under && index !== nearest) return energy;
    const along = right.x === left.x ? 1 : Math.min(1, Math.max(0, (x - left.x) / (right.x - left.x)));
    const y = under ? left.y + (right.y - left.y) * along : to.y;
    return boundedEnergy(LEAST_ENERGY + y * (MOST_ENERGY - LEAST_ENERGY));
  });
}

/** As the engine takes it. */
export function pointsOf(curve: readonly number[]): { at: number; energy: number }[] {
  const last = Math.max(1, curve.length - 1);
  return curve.map((energy, index) => ({ at: index / last, energy }));
}
