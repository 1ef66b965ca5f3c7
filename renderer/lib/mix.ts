/** How the user mixes, as it is remembered and as the engine is asked. */
import {
  defaultMix,
  pitchRanges,
  transitionAxes,
  type MixSettings,
  type TransitionWeights,
} from '#shared/domain.ts';

/** As a request takes it: a copy that can be sent. */
export function mixInput({ weights, ...rest }: MixSettings): {
  weights: { -readonly [Axis in keyof TransitionWeights]: number };
} & Omit<MixSettings, 'weights'> {
  return { ...rest, weights: { ...weights } };
}

/** What was stored, without anything an older version or another hand may have left in another form. */
export function readMix(stored: unknown): MixSettings {
  if (typeof stored !== 'object' || stored === null) return defaultMix;
  const { pitchRangePercent, keyLock, weights } = stored as Record<string, unknown>;
  const read = typeof weights === 'object' && weights !== null ? (weights as Record<string, unknown>) : {};
  const shares = transitionAxes.map((axis) => {
    const share = read[axis];
    const valid = typeof share === 'number' && share >= 0 && share <= 1;
    return [axis, valid ? share : defaultMix.weights[axis]] as const;
  });
  return {
    ...defaultMix,
    weights: Object.fromEntries(shares) as unknown as TransitionWeights,
    ...(pitchRanges.some((known) => known === pitchRangePercent)
      ? { pitchRangePercent: pitchRangePercent as MixSettings['pitchRangePercent'] }
      : {}),
    ...(typeof keyLock === 'boolean' ? { keyLock } : {}),
  };
}
