/** Keys, scales and chords as MIDI note numbers (60 = middle C, 69 = 440 Hz). */

export type Mode = 'major' | 'minor' | 'dorian' | 'mixolydian' | 'phrygian';

/** Semitones above the tonic. */
const scales: Readonly<Record<Mode, readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
};

const tonics = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'] as const;
export type Tonic = (typeof tonics)[number];

export interface Key {
  readonly tonic: Tonic;
  readonly mode: Mode;
}

/** 0 = C … 11 = B. */
export function pitchClass(tonic: Tonic): number {
  return tonics.indexOf(tonic);
}

function soundsMinor(mode: Mode): boolean {
  return scales[mode][2] === 3;
}

/** As files write it: "Am", "F#". Modes count as the major or minor they sound like. */
export function keyName(key: Key): string {
  return `${key.tonic}${soundsMinor(key.mode) ? 'm' : ''}`;
}

/** The Camelot wheel's name: "8A" for A minor, "8B" for C major. */
export function camelot(key: Key): string {
  const minor = soundsMinor(key.mode);
  // A fifth up is one hour on; C major stands at 8.
  const major = (pitchClass(key.tonic) + (minor ? 3 : 0)) % 12;
  return `${((major * 7 + 7) % 12) + 1}${minor ? 'A' : 'B'}`;
}

/** The note of a scale degree (0 = tonic, 7 = the octave above, -1 the one below) with the tonic in the given octave. */
export function degreeNote(key: Key, degree: number, octave: number): number {
  const scale = scales[key.mode];
  const wrapped = ((degree % 7) + 7) % 7;
  return 12 * (octave + 1 + Math.floor(degree / 7)) + pitchClass(key.tonic) + (scale[wrapped] ?? 0);
}

/** Notes of the chord on a degree: thirds stacked. 3 notes are a triad, 4 a seventh chord. */
export function chordNotes(key: Key, degree: number, octave: number, size: number): readonly number[] {
  return Array.from({ length: size }, (_, third) => degreeNote(key, degree + 2 * third, octave));
}

/** Equal temperament, A4 = 440 Hz. */
export function frequencyOf(note: number): number {
  return 440 * 2 ** ((note - 69) / 12);
}
