/**
 * Energy, danceability, brightness and percussiveness. Each is a weighted sum of features (character-features.ts), each of
 * them in standard deviations from its mean over a fixed reference of music (character-reference.ts), brought into its
 * range by the logistic function: no number moves when a library grows, nor with the gain. Formulae: docs/sound.md.
 */
import type { SoundCharacter, TrackSound } from '#shared/domain.ts';
import { characterFeatures } from './character-features.ts';
import type { CharacterFeatures } from './character-features.ts';
import { reference } from './character-reference.ts';
import type { CharacterReference, Spread } from './character-reference.ts';

/** How steep: 1.7 makes of the logistic function the share of a normal distribution that is below. */
const STEEPNESS = 1.7;
/** What a tempo counts as quick from, and how much an octave counts for energy: little, since octaves are mistaken. */
const MIDDLE_BPM = 115;
const QUICKNESS = 0.7;
/** What a tempo that is half of one for dancing is worth beside it: it may be one. */
const HALF_TEMPO = 0.7;
/** The middle of the tempos that people dance to, and how many octaves away it is half as good. */
const DANCE_BPM = 120;
const DANCE_OCTAVES = 0.45;

export type Pulse = Pick<NonNullable<TrackSound['tempo']>, 'bpm' | 'confidence'>;

/**
 * @param levels [moments x 3], linear amplitudes of the three bands of the waveform, 100 a second
 * @param tempo of the same recording; null where there is no pulse
 * @returns null for silence, or for less than half a second
 */
export function measureCharacter(levels: Float32Array, tempo: Pulse | null): SoundCharacter | null {
  const features = characterFeatures(levels);
  return features === null ? null : characterOf(features, tempo);
}

/** The same, of features beside any reference. */
export function characterOf(
  features: CharacterFeatures,
  tempo: Pulse | null,
  usual: CharacterReference = reference,
): SoundCharacter {
  const sums = characterSums(features, tempo, usual);
  return {
    energy: toEnergy(sums.energy, usual),
    danceability: logistic(from(sums.dance, usual.dance)),
    brightness: logistic(from(features.highShare, usual.highShare)),
    percussiveness: logistic(from(sums.percussion, usual.percussion)),
  };
}

/** The weighted sums that values are made of; `usual` needs no spreads of the sums themselves. */
export function characterSums(
  features: CharacterFeatures,
  tempo: Pulse | null,
  usual: FeatureReference,
): Readonly<Record<'energy' | 'dance' | 'percussion', number>> {
  return {
    energy: energySum(features, tempo, usual),
    dance: danceSum(features, tempo, usual),
    percussion: percussionSum(features, usual),
  };
}

export type FeatureReference = Omit<CharacterReference, 'energy' | 'dance' | 'percussion'>;

/** Energy of a part of a recording, 1..10, of its own levels and the tempo of the whole; null for silence. */
export function measureEnergy(levels: Float32Array, tempo: Pulse | null): number | null {
  const features = characterFeatures(levels);
  return features === null ? null : toEnergy(energySum(features, tempo, reference), reference);
}

function toEnergy(sum: number, usual: CharacterReference): number {
  return 1 + 9 * logistic(from(sum, usual.energy));
}

/** Much begins, the sound is dense, highs are strong, and the pulse is quick. */
function energySum(
  { rises, fullness, highShare, lowShare }: CharacterFeatures,
  tempo: Pulse | null,
  usual: FeatureReference,
): number {
  const quick = tempo === null ? 0 : tempo.confidence * Math.log2(tempo.bpm / MIDDLE_BPM);
  return (
    QUICKNESS * Math.min(1, Math.max(-1, quick)) +
    0.5 * from(rises[2], usual.riseHigh) +
    0.7 * from(rises[1], usual.riseMid) +
    0.3 * from(rises[0], usual.riseLow) +
    0.3 * from(fullness, usual.fullness) +
    0.9 * from(highShare, usual.highShare) +
    0.1 * from(lowShare, usual.lowShare)
  );
}

/** A clear pulse at a tempo for dancing, with bass and drums. */
function danceSum(features: CharacterFeatures, tempo: Pulse | null, usual: FeatureReference): number {
  const fitting =
    tempo === null ? 0 : Math.max(danceTempo(tempo.bpm), HALF_TEMPO * danceTempo(2 * tempo.bpm));
  return (
    1.2 * (tempo?.confidence ?? 0) * (0.5 + 0.5 * fitting) +
    0.6 * fitting +
    0.5 * from(features.rises[0], usual.riseLow) +
    0.5 * from(features.rises[2], usual.riseHigh) +
    0.3 * from(features.lowShare, usual.lowShare)
  );
}

/** 1 in the middle of what people dance to. */
function danceTempo(bpm: number): number {
  return 2 ** -((Math.log2(bpm / DANCE_BPM) / DANCE_OCTAVES) ** 2);
}

/** Levels jump, and fall again. */
function percussionSum({ rises, punch }: CharacterFeatures, usual: FeatureReference): number {
  return (
    from(rises[0], usual.riseLow) +
    from(rises[1], usual.riseMid) +
    1.5 * from(rises[2], usual.riseHigh) +
    0.3 * from(punch, usual.punch)
  );
}

/** In standard deviations, at most four: what is farther off says no more. */
function from(value: number, { mean, deviation }: Spread): number {
  return Math.min(4, Math.max(-4, (value - mean) / deviation));
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-STEEPNESS * value));
}
