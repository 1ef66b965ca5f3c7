/**
 * Musical keys as DJs write them. Stored and compared in Camelot notation: a number around the circle of fifths (8B is C
 * major, one step up is a fifth) and a letter (A minor, B major; the same number is the relative key).
 */

export const keyNotations = ['camelot', 'openKey', 'traditional'] as const;
export type KeyNotation = (typeof keyNotations)[number];

/** All 24, in the order of the circle. */
export const camelotKeys: readonly string[] = Array.from(
  { length: 24 },
  (_, index) => `${Math.floor(index / 2) + 1}${index % 2 === 0 ? 'A' : 'B'}`,
);

/** As DJ software spells them: flats, but F# minor and F# major. */
const majorNames = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];
const minorNames = ['Cm', 'C#m', 'Dm', 'Ebm', 'Em', 'Fm', 'F#m', 'Gm', 'G#m', 'Am', 'Bbm', 'Bm'];

interface Place {
  readonly number: number;
  readonly minor: boolean;
}

function placeOf(camelot: string): Place | null {
  const match = /^([1-9]|1[0-2])([AB])$/.exec(camelot);
  return match === null ? null : { number: Number(match[1]), minor: match[2] === 'A' };
}

/** The Camelot key of a tonic, in semitones above C (any integer). */
export function camelotOf(tonic: number, minor: boolean): string {
  // One fifth is seven semitones; C major is 8B, and a minor key stands where the major key three semitones up does.
  const semitones = (((minor ? tonic + 3 : tonic) % 12) + 12) % 12;
  return `${((semitones * 7 + 7) % 12) + 1}${minor ? 'A' : 'B'}`;
}

/** Semitones above C (0..11) and mode of a Camelot key; null when it is none. */
export function tonicOf(camelot: string): { readonly tonic: number; readonly minor: boolean } | null {
  const place = placeOf(camelot);
  if (place === null) return null;
  const major = ((place.number - 8) * 7 + 84) % 12;
  return { tonic: place.minor ? (major + 9) % 12 : major, minor: place.minor };
}

/** "8A", "1m" or "Am"; what is no Camelot key comes back as it is. */
export function writeKey(camelot: string, notation: KeyNotation): string {
  const place = placeOf(camelot);
  const named = tonicOf(camelot);
  if (place === null || named === null || notation === 'camelot') return camelot;
  // Open Key begins at C major and A minor, where Camelot has 8.
  if (notation === 'openKey') return `${((place.number + 4) % 12) + 1}${place.minor ? 'm' : 'd'}`;
  return (named.minor ? minorNames : majorNames)[named.tonic] ?? camelot;
}

/** How well two keys mix, 0..1, and in words. */
export interface KeyMatch {
  readonly score: number;
  readonly reason: string;
}

/** The score that DJs go by: same 1.0; one step 0.9; relative 0.8; one step and the other letter 0.55; two steps 0.45; else 0.1. */
export function matchKeys(from: string, to: string): KeyMatch | null {
  const left = placeOf(from);
  const right = placeOf(to);
  if (left === null || right === null) return null;
  const around = (right.number - left.number + 12) % 12;
  const steps = Math.min(around, 12 - around);
  const sameLetter = left.minor === right.minor;
  if (steps === 0)
    return sameLetter
      ? { score: 1, reason: 'same key' }
      : { score: 0.8, reason: right.minor ? 'relative minor' : 'relative major' };
  if (steps === 1)
    return sameLetter
      ? { score: 0.9, reason: around === 1 ? 'a fifth up' : 'a fifth down' }
      : { score: 0.55, reason: 'a step around the wheel, other mode' };
  if (steps === 2 && sameLetter)
    return { score: 0.45, reason: around === 2 ? 'two steps up the wheel' : 'two steps down the wheel' };
  return { score: 0.1, reason: 'keys that clash' };
}

/** The key as it sounds after a change of speed without key lock: 6 % is one semitone. */
export function shiftKey(camelot: string, semitones: number): string {
  const named = tonicOf(camelot);
  return named === null ? camelot : camelotOf(named.tonic + Math.round(semitones), named.minor);
}
