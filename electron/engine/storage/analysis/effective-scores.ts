/** What counts of a recording's genres: the model's confidence, unless the user had a word on it. */
import { familyOf } from './current-model.ts';

/** Lower scores are not indexed for search: nobody asks for tracks that are surely not house. */
const MINIMUM_STORED_CONFIDENCE = 0.05;

/**
 * Genre and confidence of everything that is worth finding. A “yes” of the user counts as certain, a “no” takes the
 * genre away, and with a family all its styles that have no “yes” of their own.
 * @param genres ids of the labels in the order of `confidences`
 * @param corrections what the user said: id of a label → whether it fits
 */
export function effectiveScores(
  genres: readonly string[],
  confidences: Float32Array,
  corrections: ReadonlyMap<string, boolean>,
): readonly (readonly [genre: string, confidence: number])[] {
  return genres.flatMap((genre, index): (readonly [string, number])[] => {
    const family = familyOf(genre);
    const word = corrections.get(genre);
    if (word === true) return [[genre, 1]];
    if (word === false || (family !== null && corrections.get(family) === false)) return [];
    const confidence = confidences[index] ?? 0;
    return confidence >= MINIMUM_STORED_CONFIDENCE ? [[genre, confidence]] : [];
  });
}
