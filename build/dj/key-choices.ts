/** Keys as offers to choose from, in the shape that softmax.ts learns from and key-weights.ts is read in. */
import type { KeyWeights } from '#engine/analysis/analyser/key/key-weights.ts';
import { pitchClasses, tuningOf } from '#engine/analysis/analyser/key/key.ts';
import type { Chroma } from '#engine/analysis/analyser/key/chroma.ts';

const PITCHES = 12;

/**
 * @returns [24 keys: major from C up, then minor] of [73 features]: the roots of the pitch classes of each register from the
 * tonic up, for major or for minor (nothing in the other's places), and whether it is minor
 */
export function keyOffers(chroma: Chroma): readonly (readonly number[])[] {
  const roots = pitchClasses(chroma, tuningOf(chroma).cents).map(Math.sqrt);
  return [0, 1].flatMap((mode) =>
    Array.from({ length: PITCHES }, (_, tonic) => {
      const features = Array<number>(2 * roots.length + 1).fill(0);
      for (let at = 0; at < roots.length; at += 1) {
        const pitch = ((at % PITCHES) + tonic) % PITCHES;
        features[mode * roots.length + at] = roots[at - (at % PITCHES) + pitch] as number;
      }
      features[2 * roots.length] = mode;
      return features;
    }),
  );
}

/** Of a major or minor key by its tonic (semitones above C): its place among the offers. */
export function offerOf(tonic: number, minor: boolean): number {
  return (minor ? PITCHES : 0) + tonic;
}

/** @param fitted [73]; @param sharpness what they are multiplied by, so that probabilities are as sure as they are right */
export function toKeyWeights(
  fitted: readonly number[],
  sharpness: number,
): { readonly major: KeyWeights; readonly minor: KeyWeights } {
  const size = (fitted.length - 1) / 2;
  const rounded = (value: number): number => Number((sharpness * value).toPrecision(4));
  const offset = (fitted[2 * size] as number) / 2;
  return {
    major: { weights: fitted.slice(0, size).map(rounded), offset: rounded(-offset) },
    minor: { weights: fitted.slice(size, 2 * size).map(rounded), offset: rounded(offset) },
  };
}

/** The other way round. */
export function fromKeyWeights(major: KeyWeights, minor: KeyWeights): readonly number[] {
  return [...major.weights, ...minor.weights, minor.offset - major.offset];
}
