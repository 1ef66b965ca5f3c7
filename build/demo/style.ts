/**
 * Styles as data: what each part plays in a bar. A pattern has one sign a step; bars of several patterns
 * are played in turn.
 *   drums   x hit   o soft hit   . nothing
 *   bass    digit = note of the chord (1 root, 3, 5, 8 octave …)   - held on   . rest
 *   chords  x the whole chord   - held on   . rest
 *   arpeggio  x the next note of the chord
 *   melody  x a note (which one the seed decides)   - held on
 */
import type { Drum, Kit } from './drums.ts';
import type { VoiceName } from './voices.ts';

export interface Part {
  readonly voice: VoiceName;
  /** Bars in turn. */
  readonly bars: readonly string[];
  readonly octave: number;
  readonly gain: number;
  /** -1 left … 1 right. */
  readonly pan?: number;
  /** Power chords: the voice itself adds fifth and octave. */
  readonly rootOnly?: boolean;
}

export interface Style {
  readonly name: string;
  readonly beatsPerBar: number;
  readonly stepsPerBeat: number;
  /** How late every second step comes, as a part of a step: 0 straight, 0.33 triplets. */
  readonly swing?: number;
  /** Timing and loudness of people rather than machines, 0..1. */
  readonly human?: number;
  readonly kit?: Kit;
  readonly drums: Partial<Record<Drum, readonly string[]>>;
  /** Scale degrees of the chords, one a bar: 0 = tonic. */
  readonly progression: readonly number[];
  readonly chordSize?: number;
  readonly bass?: Part;
  readonly chords?: readonly Part[];
  readonly arpeggio?: Part;
  readonly melody?: Part;
  readonly room: { readonly gain: number; readonly size: number };
  /** Echo after this many steps. */
  readonly echo?: { readonly steps: number; readonly gain: number };
  /** How far the music ducks under each kick, 0..1. */
  readonly pump?: number;
  /** Vinyl crackle and hiss. */
  readonly crackle?: number;
}

/** What the styles share: rooms and beats. */
export const smallRoom = { gain: 0.3, size: 0.3 };
export const hall = { gain: 0.8, size: 0.75 };
export const cathedral = { gain: 1.6, size: 0.95 };
export const dry = { gain: 0.12, size: 0.2 };

/** Four beats of four sixteenths. */
export const four = { beatsPerBar: 4, stepsPerBeat: 4 };
/** A kick on every beat, and the open hat between. */
export const straightKick = ['x...x...x...x...'];
export const offHat = ['..x...x...x...x.'];
