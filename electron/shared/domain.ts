/**
 * The words of the product as types: readonly, structured-cloneable and JSON-compatible
 * (they travel by message port, local socket and HTTP alike). Times are milliseconds since 1970, UTC.
 */
import type { BrowsePicks, GenreCorrection } from './domain/finding.ts';
import type { PlaylistId, SmartRules } from './domain/lists.ts';
import type { SoundWords, TrackSound } from './domain/sound.ts';
import type { SetProblem, Transition } from './domain/sets.ts';
import type { ReviewCounts, ReviewGroup, TagProposal } from './domain/tagging.ts';
import type { ErrorCode } from './errors.ts';

export * from './domain/exchange.ts';
export * from './domain/finding.ts';
export * from './domain/lists.ts';
export * from './domain/sets.ts';
export * from './domain/sorting.ts';
export * from './domain/sound.ts';
export * from './domain/tagging.ts';
export * from './domain/upkeep.ts';

export type TrackId = number;
export type FolderId = number;

/** present: the file was there at the last look; missing: gone from a folder that is there; offline: its folder is away. */
export type TrackState = 'present' | 'missing' | 'offline';
export type AnalysisState = 'pending' | 'done' | 'failed';

/** A watched root folder. */
export interface Folder {
  readonly id: FolderId;
  readonly path: string;
  readonly online: boolean;
  readonly trackCount: number;
  readonly addedAt: number;
  readonly lastScanAt: number | null;
}

/** One genre of a track; `genre` is the label's name ("House"), confidence a calibrated probability 0..1. */
export interface GenreScore {
  readonly genre: string;
  readonly confidence: number;
  /** The user said so; then the confidence is 1. */
  readonly corrected?: true;
}

/** Why a file could not be read or analysed. */
export interface TrackError {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly attempts: number;
  readonly at: number;
}

/** A row of the table. Tag fields are what the file says; null where it says nothing. */
export interface Track {
  readonly id: TrackId;
  readonly folderId: FolderId;
  /** Absolute path, for display and export. Bytes that are not UTF-8 are shown as \xHH. */
  readonly path: string;
  readonly title: string | null;
  readonly artist: string | null;
  readonly album: string | null;
  readonly albumArtist: string | null;
  readonly year: number | null;
  readonly trackNumber: number | null;
  readonly discNumber: number | null;
  readonly genreTags: readonly string[];
  readonly durationSeconds: number | null;
  readonly container: string | null;
  readonly codec: string | null;
  readonly bitrateKbps: number | null;
  readonly sampleRateHz: number | null;
  readonly channels: number | null;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
  readonly addedAt: number;
  /** 0..5 stars, the user's own. */
  readonly rating: number;
  readonly hasCover: boolean;
  readonly state: TrackState;
  readonly analysis: AnalysisState;
  /** Best first; empty while not analysed, and when nothing fits ("unknown"). */
  readonly genres: readonly GenreScore[];
  /** Two decimals. Null while not analysed, and where there is no pulse or it is too unsure. */
  readonly bpm: number | null;
  /** Camelot, 1A to 12B; null as of bpm. */
  readonly key: string | null;
  /** 1..10; null while not analysed, and of silence. */
  readonly energy: number | null;
  /** EBU R128 integrated; null as of energy. */
  readonly loudnessLufs: number | null;
  readonly error: TrackError | null;
}

/** What the tags say about loudness (ReplayGain, R128); null for each value that is not there. */
export interface ReplayGain {
  /** dB to add so that the track is as loud as others. */
  readonly trackGainDb: number | null;
  /** Largest sample, 1.0 is full scale. Gain times peak above 1.0 would clip: turn it down to 1 / peak. */
  readonly trackPeak: number | null;
  readonly albumGainDb: number | null;
  readonly albumPeak: number | null;
}

/** How a track is played: the address is that of `kind` and the track's id (mediaUrl of shared/bridge). */
export interface PlayableFile {
  readonly path: string;
  /** Of the file. */
  readonly sizeBytes: number;
  /** Of what the address gives. */
  readonly mimeType: string;
  /**
   * track: a browser decodes the file itself. wav: it cannot, the host decodes it (any part of it, as it is
   * asked for). Where 'track' fails after all, 'wav' may still work.
   */
  readonly kind: 'track' | 'wav';
  /** As decoded, else as the file claims; null when neither is known. */
  readonly durationSeconds: number | null;
  /** As decoded; null before the analysis. */
  readonly decodedSeconds: number | null;
  readonly replayGain: ReplayGain | null;
}

/** Why a track does not play. */
export interface PlayProblem {
  readonly code: ErrorCode;
  readonly detail: string;
}

/**
 * Three-band peaks. Point n covers n × secondsPerPoint up to (n + 1) × secondsPerPoint, mono (mean of the
 * channels), bands split at 200 Hz and 2 kHz.
 */
export interface Waveform {
  readonly trackId: TrackId;
  /** quick: guessed from excerpts; 'waveform.ready' tells when a better one can be asked for. */
  readonly state: 'ready' | 'quick';
  /** overview: at most 2,000 points; detail: 100 points a second (fewer for very long tracks). */
  readonly level: 'overview' | 'detail';
  readonly secondsPerPoint: number;
  readonly points: number;
  /**
   * Base64 of points × 3 bytes: low, mid, high of the first point, then of the second … A byte is
   * 255 × √amplitude (1.0 is full scale): drawn as it is, quiet parts stay visible; (byte / 255)² is linear.
   */
  readonly peaks: string;
}

/** One stretch of a track's genre timeline. */
export interface TimelineSegment {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly genres: readonly GenreScore[];
}

export interface TrackDetail extends Track {
  readonly replayGain: ReplayGain | null;
  readonly comment: string | null;
  /** Unit-length vector of the model named by modelVersion; null while not analysed. */
  readonly embedding: readonly number[] | null;
  readonly modelVersion: string | null;
  /** The model whose genres are shown until the current one has heard the track; null: the current one's are. */
  readonly earlierModel: string | null;
  readonly analysisVersion: number | null;
  readonly moods: readonly GenreScore[];
  readonly timeline: readonly TimelineSegment[];
  /** What was measured, with the user's own word in its place; null while not analysed. */
  readonly sound: TrackSound | null;
  readonly soundWords: SoundWords;
  /** Something in the file was damaged, but it could be analysed. */
  readonly damaged: boolean;
  readonly audioHash: string | null;
  /** What the user said of its genres. */
  readonly corrections: readonly GenreCorrection[];
  readonly playlists: readonly { readonly id: PlaylistId; readonly name: string }[];
}

/** Which tracks a list shows. All given parts must hold. */
export interface TrackQuery {
  /** The search grammar of shared/search. */
  readonly text?: string | undefined;
  /** A genre id of the tree: a family includes its styles. */
  readonly genre?: string | undefined;
  /** Confidence from which a track counts as being of a genre; default: the model's threshold of that genre. */
  readonly minimumConfidence?: number | undefined;
  readonly folderId?: FolderId | undefined;
  /** Also of a smart playlist, or of a folder: what is in any of its lists. */
  readonly playlistId?: PlaylistId | undefined;
  /** Rules that are not saved: what a smart playlist would hold. */
  readonly rules?: SmartRules | undefined;
  /** What is picked in the column browser. */
  readonly picks?: BrowsePicks | undefined;
  readonly state?: TrackState | undefined;
  readonly analysis?: AnalysisState | undefined;
  readonly hasError?: boolean | undefined;
  /** Added after this time. */
  readonly addedAfter?: number | undefined;
}

/** A slice of a query's rows; `revision` tells whether the library changed since. */
export interface TrackWindow {
  readonly total: number;
  readonly totalSeconds: number;
  readonly offset: number;
  readonly rows: readonly Track[];
  readonly revision: number;
}

/** A node of the genre tree with how many tracks carry it. */
export interface GenreCount {
  readonly id: string;
  readonly name: string;
  /** Id of the family, null for a family. */
  readonly parent: string | null;
  readonly count: number;
  /** How well the model knows it, from its evaluation. */
  readonly known: 'well' | 'fairly' | 'hardly';
  /** The confidence from which a track counts. */
  readonly threshold: number;
}

export interface GenreList {
  readonly genres: readonly GenreCount[];
  /** Analysed, but nothing fits. */
  readonly unknownCount: number;
  readonly analysedCount: number;
  /** Those of the analysed ones whose genres are an earlier model's, until the current one has heard them. */
  readonly earlierCount: number;
}

/** What two tracks can be alike in; each axis has a weight of its own. */
export const similarityAxes = ['sound', 'genres', 'mood'] as const;
export type SimilarityAxis = (typeof similarityAxes)[number];

/** How much each axis counts, 0..1. */
export type SimilarityWeights = Readonly<Record<SimilarityAxis, number>>;

export interface SimilarTrack {
  readonly track: Track;
  /** The weighted mean of the axes, -1..1; without weights the cosine of the embeddings. */
  readonly score: number;
  /** Each axis by itself, -1..1; an axis about which nothing is known of one of the two is left out. */
  readonly axes: readonly { readonly axis: SimilarityAxis; readonly score: number }[];
  /** Other tracks that hold the same recording, folded into this row. */
  readonly duplicates: readonly TrackId[];
  /** One sentence a person understands. */
  readonly reason: string;
}

/** One row of a playlist: the same track may stand in it twice, so a row has an id of its own. */
export interface PlaylistEntry {
  readonly entryId: number;
  readonly position: number;
  readonly track: Track;
}

/** What counts as recently added. */
export const recentDays = 7;

/** What counts as incoming. */
export const incomingDays = 30;

export interface LibraryCounts {
  readonly all: number;
  readonly missing: number;
  readonly offline: number;
  readonly errors: number;
  /** Waiting to be analysed; without what is missing or offline. */
  readonly pending: number;
  readonly analysed: number;
  /** Added within the last `recentDays`. */
  readonly recentlyAdded: number;
  /** Came in within the last `incomingDays`, and neither rated nor in any list yet. */
  readonly incoming: number;
}

/** A row of the review queue: a track with all that is proposed for it. */
export interface ReviewRow {
  readonly track: Track;
  readonly proposals: readonly TagProposal[];
}

/** A stretch of the queue. */
export interface ReviewPage {
  /** Tracks with a proposal that fits the filter. */
  readonly total: number;
  readonly rows: readonly ReviewRow[];
  /** Of the filter, whatever the state. */
  readonly counts: ReviewCounts;
  /** Of the rows, in their order; empty without grouping. */
  readonly groups: readonly ReviewGroup[];
}

/** A row of a set that was put together. */
export interface SetRow {
  readonly track: Track;
  /** Must be in the set, or has its place. */
  readonly fixed: boolean;
  /** What the curve wants here; null without one. */
  readonly wantedEnergy: number | null;
  /** From the row before; null for the first. */
  readonly transition: Transition | null;
}

/** A set that was put together; nothing is stored. */
export interface BuiltSet {
  readonly rows: readonly SetRow[];
  readonly durationSeconds: number;
  /** Mean of what it was judged by, 0..1. */
  readonly score: number;
  /** Constraints that are not kept; empty where all are. */
  readonly problems: readonly SetProblem[];
  /** What else is worth knowing, in sentences: values that are not known, candidates that were left out. */
  readonly remarks: readonly string[];
  /** Tracks that could have stood in it. */
  readonly candidates: number;
}

/** A track that could come next, and why. */
export interface NextTrack {
  readonly track: Track;
  readonly transition: Transition;
}
