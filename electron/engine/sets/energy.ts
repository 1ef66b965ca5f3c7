/** Energy over a set: how well a step, or a place on the curve, fits. */
import type { EnergyPoint, EnergyStep } from '#shared/domain.ts';

/** Where a step fits wholly, and from where on not at all, both measured from the ends of that range. */
const wanted: Readonly<
  Record<EnergyStep, { readonly from: number; readonly to: number; readonly fades: number }>
> = {
  // A step of one is hardly heard; six from one track to the next empties a floor, or wakes a bar.
  any: { from: -1, to: 1, fades: 5 },
  up: { from: 0.5, to: 2, fades: 3 },
  steady: { from: -0.5, to: 0.5, fades: 3 },
  down: { from: -2, to: -0.5, fades: 3 },
};

/** Energy away from the curve at which nothing fits any more. */
const CURVE_FADES = 4;

/** 0..1 */
export function scoreEnergyStep(difference: number, step: EnergyStep): number {
  const { from, to, fades } = wanted[step];
  const away = Math.max(0, from - difference, difference - to);
  return Math.max(0, 1 - away / fades);
}

/** 0..1: how near an energy is to what the curve wants. */
export function scoreEnergyPlace(energy: number, curve: number): number {
  return Math.max(0, 1 - Math.abs(energy - curve) / CURVE_FADES);
}

/** What the curve wants of row `row` of `rows`; null for a curve without points. Before the first point, and behind the last, it is level. */
export function energyAt(points: readonly EnergyPoint[], row: number, rows: number): number | null {
  const sorted = points.toSorted((one, other) => one.at - other.at);
  const [first] = sorted;
  if (first === undefined) return null;
  const at = rows <= 1 ? 0 : row / (rows - 1);
  let before = first;
  for (const point of sorted) {
    if (point.at >= at) {
      if (point.at === before.at) return at <= before.at ? point.energy : before.energy;
      const share = (at - before.at) / (point.at - before.at);
      return before.energy + Math.max(0, share) * (point.energy - before.energy);
    }
    before = point;
  }
  return before.energy;
}
