/**
 * Messages between the engine and the analyser process (and, inside it, between the process and its
 * worker threads). A discriminated union; numeric job ids; typed arrays are transferred, not copied.
 */
import type { TrackSound } from '#shared/domain.ts';
import type { ErrorCode } from '#shared/errors.ts';
import type { ChildProcess } from '../child-process.ts';

/**
 * Version of everything an analysis computes beside the model. Raise it when a stored value would come
 * out differently; tracks of older versions are then analysed again.
 */
export const ANALYSIS_VERSION = 2;

/** Version of what is measured besides the genres. Raise it when it would come out differently; older ones are measured again. */
export const SOUND_VERSION = 1;

/** Version of the peaks. Raise it when they would come out differently; older ones are made anew when they are shown. */
export const WAVEFORM_VERSION = 1;

export interface AnalyserOptions {
  readonly modelDir: string;
  readonly workers: number;
  /** A file that takes longer than this many ms without progress is given up (the process is ended). */
  readonly backend: 'auto' | 'wasm' | 'tensorflow';
  /** Somebody waits for the answer: not below what else runs, as a scan is. */
  readonly urgent?: boolean | undefined;
}

export type ToAnalyser =
  | { readonly kind: 'start'; readonly options: AnalyserOptions }
  /** Decode, hash, measure and run the model; not the model where its answer is known. */
  | {
      readonly kind: 'analyse';
      readonly job: number;
      readonly path: string;
      readonly known?: KnownPrediction;
    }
  /** Only the hash of the audio packets: reads the file, decodes nothing. */
  | { readonly kind: 'hash'; readonly job: number; readonly path: string }
  /** Decode again, and say what speaks for a genre. */
  | {
      readonly kind: 'explain';
      readonly job: number;
      readonly path: string;
      readonly request: ExplainRequest;
    }
  | { readonly kind: 'cancel'; readonly job: number }
  | { readonly kind: 'stop' };

export type FromAnalyser =
  | {
      readonly kind: 'ready';
      readonly backend: 'tensorflow' | 'wasm';
      readonly modelVersion: string;
      readonly workers: number;
    }
  /** Alive: sent at least every few seconds for each job in hand, so that a hang can be told from a long file. */
  | { readonly kind: 'progress'; readonly job: number; readonly decodedSeconds: number }
  | { readonly kind: 'analysed'; readonly job: number; readonly analysis: TrackAnalysis }
  | { readonly kind: 'hashed'; readonly job: number; readonly audioHash: Uint8Array }
  | { readonly kind: 'explained'; readonly job: number; readonly evidence: TrackEvidence }
  | { readonly kind: 'failed'; readonly job: number; readonly code: ErrorCode; readonly detail: string }
  /** The analyser cannot work at all (no model, no backend). */
  | { readonly kind: 'unusable'; readonly code: ErrorCode; readonly detail: string };

/** Everything one pass over a file yields. */
export interface TrackAnalysis {
  /** SHA-256 over the encoded audio packets, 32 bytes. */
  readonly audioHash: Uint8Array;
  /** As decoded, not as the container claims. */
  readonly durationSeconds: number;
  /** What was damaged, in words; null if nothing. */
  readonly damaged: string | null;
  readonly modelVersion: string;
  readonly analysisVersion: number;
  readonly prediction: TrackPrediction;
  readonly sound: TrackSound;
  /** At most 2,000 points. */
  readonly waveform: WaveformPeaks;
  /** Where the time went: ms that the worker thread computed (on Node 22: that passed). */
  readonly timings: {
    readonly decode: number;
    readonly frontEnd: number;
    readonly waveform: number;
    /** Tempo, key, loudness, character, structure. */
    readonly sound: number;
    readonly model: number;
  };
}

/** What the current model said before of the audio of this hash: it counts if the file still holds that audio. */
export interface KnownPrediction {
  readonly audioHash: Uint8Array;
  readonly prediction: TrackPrediction;
}

/** Three-band peaks of a whole recording, in steps of one length. */
export interface WaveformPeaks {
  readonly secondsPerPoint: number;
  /** Low, mid, high of the first point, then of the second … 255 × √amplitude. */
  readonly peaks: Uint8Array;
}

/** What the model says of a track; shapes in terms of G genre labels, M tag labels, D embedding size. */
export interface TrackPrediction {
  /** Float32 [D], unit length. */
  readonly embedding: Float32Array;
  /** Float32 [G], calibrated probabilities. */
  readonly genres: Float32Array;
  /** Float32 [M], calibrated probabilities of moods, instruments and voice. */
  readonly tags: Float32Array;
  readonly segmentSeconds: number;
  /** Uint8 [segments x G], 255 = 1.0. */
  readonly segmentGenres: Uint8Array;
  readonly windowSeconds: number;
  /** Int8 [windows x D], 127 = 1.0. */
  readonly windowEmbeddings: Int8Array;
}

export interface ExplainRequest {
  /** Label id. */
  readonly genre: string;
  /** Only this part of the file is listened to; null: all of it. */
  readonly part: { readonly startSeconds: number; readonly endSeconds: number } | null;
}

/** What a second listening found out about one genre. */
export interface TrackEvidence {
  /** As in TrackAnalysis; null when the file was not read to its end. */
  readonly audioHash: Uint8Array | null;
  /** What was listened to. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Weights of the moments from startSeconds on, which sum to 1; null when the model tells none, or of silence. */
  readonly attention: { readonly stepSeconds: number; readonly weights: Float32Array } | null;
  /** The window in which the genre is heard most clearly; null when all is silence. */
  readonly window: WindowEvidence | null;
}

/** Tiles of a window and what hiding them costs: R rows from low to high, C columns in the order of time. */
export interface WindowEvidence {
  /** Calibrated probability of the genre with nothing hidden. */
  readonly confidence: number;
  readonly rows: number;
  readonly columns: number;
  /** [C + 1], seconds of the track. */
  readonly timesSeconds: Float32Array;
  /** [R + 1]. */
  readonly frequenciesHz: Float32Array;
  /** [R x C], confidence lost; negative where the tile speaks against the genre. */
  readonly drops: Float32Array;
}

/** The analyser as the engine sees it, whatever process holds it. Hosts provide the function that starts one. */
export type AnalyserProcess = ChildProcess<ToAnalyser, FromAnalyser>;
export type SpawnAnalyser = () => AnalyserProcess;
