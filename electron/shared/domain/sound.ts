/** What is measured of a recording besides its genres: tempo and beats, key, loudness, energy, sections, quality. */

/** Beats per minute, and how sure (0..1). */
export interface TempoCandidate {
  readonly bpm: number;
  readonly confidence: number;
}

/**
 * Where the beats are. constant: beat n is at firstBeatSeconds + n × 60 / bpm over the whole track. warped: the beats
 * are listed, because the tempo moves (a live drummer, a mix of several tracks).
 */
export interface BeatGrid {
  readonly kind: 'constant' | 'warped';
  /** Two decimals; of a warped grid the commonest tempo. */
  readonly bpm: number;
  /** The first beat of the track, seconds from the start of the decoded audio. */
  readonly firstBeatSeconds: number;
  /** Which beat, counted from the first one, begins the first bar: 0 to beatsPerBar - 1. Null where unsure. */
  readonly firstDownbeat: number | null;
  readonly beatsPerBar: number;
  /** Seconds, rising; of a warped grid only. */
  readonly beats: readonly number[] | null;
}

/** Camelot keys, 1A to 12B: A minor, B major. Other notations are made of them (shared/music/keys). */
export interface KeyCandidate {
  readonly key: string;
  readonly confidence: number;
}

export interface Loudness {
  /** EBU R128 integrated loudness, LUFS; null for silence. */
  readonly integratedLufs: number | null;
  /** EBU Tech 3342, LU; null for what is too short. */
  readonly rangeLu: number | null;
  /** dBTP, four times oversampled; null for silence. */
  readonly truePeakDb: number | null;
}

/** What may be wrong with a recording. */
export interface SoundQuality {
  /** Samples in runs at full scale, as a part of all: 0..1. */
  readonly clippedShare: number;
  /** Mean of the samples, 1.0 is full scale; of the channel where it is largest. */
  readonly dcOffset: number;
  readonly leadingSilenceSeconds: number;
  readonly trailingSilenceSeconds: number;
  /** Where the spectrum ends as if cut with a knife, Hz; null where it does not. */
  readonly cutoffHz: number | null;
  /** The cut-off belies the bit rate or the format: likely made from a lossy file. */
  readonly likelyTranscode: boolean;
}

/** Each 0..1 but energy (1..10); not moved by gain, against a fixed reference. */
export interface SoundCharacter {
  readonly energy: number;
  readonly danceability: number;
  readonly brightness: number;
  readonly percussiveness: number;
}

export const sectionKinds = ['intro', 'build', 'drop', 'break', 'main', 'outro'] as const;
export type SectionKind = (typeof sectionKinds)[number];

export interface TrackSection {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly kind: SectionKind;
  /** 1..10, of this section. */
  readonly energy: number;
}

/** A place worth jumping to, at the start of a phrase of 8, 16 or 32 beats. */
export interface SuggestedCue {
  readonly seconds: number;
  readonly label: string;
}

/** All that is measured of one recording. Null where it would be made up: silence, noise, speech, no pulse, no key. */
export interface TrackSound {
  readonly tempo: {
    readonly bpm: number;
    readonly confidence: number;
    /** Others that fit, half and double first among them. */
    readonly candidates: readonly TempoCandidate[];
    readonly grid: BeatGrid;
  } | null;
  readonly key: {
    readonly key: string;
    readonly confidence: number;
    readonly second: KeyCandidate | null;
    /** Of the whole tuning from A = 440 Hz, -50..50. */
    readonly tuningCents: number;
  } | null;
  readonly loudness: Loudness;
  readonly quality: SoundQuality;
  /** Null for silence. */
  readonly character: SoundCharacter | null;
  readonly sections: readonly TrackSection[];
  readonly cues: readonly SuggestedCue[];
}

/** The user's own word on what was measured: it always wins. Null: none on that. */
export interface SoundWords {
  readonly bpm: number | null;
  /** Tempo and grid refuse to be changed until they are unlocked. */
  readonly locked: boolean;
  /** The grid goes through this moment, seconds. */
  readonly beatSeconds: number | null;
  /** A bar begins at the beat nearest to this moment, seconds. */
  readonly barSeconds: number | null;
  /** Camelot. */
  readonly key: string | null;
  readonly energy: number | null;
}

/** What a tempo is multiplied by where the pulse was heard at another level. */
export const tempoFactors = ['2', '1/2', '3/2', '2/3'] as const;
export type TempoFactor = (typeof tempoFactors)[number];

export const soundWordFields = ['tempo', 'grid', 'key', 'energy'] as const;
export type SoundWordField = (typeof soundWordFields)[number];
