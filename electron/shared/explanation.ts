/** What `explain.track` answers: why the model gives a track a genre. Structured-cloneable and JSON-compatible. */
import type { Track, TrackId } from './domain.ts';

export interface Explanation {
  readonly trackId: TrackId;
  readonly genre: ExplainedGenre;
  /**
   * No genre at all reaches its threshold: the model does not know what this is. The evidence is then only that
   * of the best guess.
   */
  readonly unknown: boolean;
  /** The confidence over time, in order, as stored with the track. */
  readonly segments: readonly ExplainedSegment[];
  /** What the model listened to again for the evidence; null when there is nothing to hear (silence). */
  readonly evidence: Evidence | null;
  /** Most similar first. */
  readonly neighbours: LabelledNeighbours;
}

export interface ExplainedGenre {
  /** Label id: 'electronic/house'. */
  readonly id: string;
  readonly name: string;
  /** Calibrated probability, 0..1. */
  readonly confidence: number;
  /** The confidence from which the genre counts. */
  readonly threshold: number;
  readonly known: 'well' | 'fairly' | 'hardly';
}

export interface ExplainedSegment {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly confidence: number;
}

export interface Evidence {
  /** The stretch of the track that was listened to: all of it, or the best part of a long one. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Null when the model has no attention, or the track is too short (a minute) to tell it from the model's habits. */
  readonly attention: AttentionCurve | null;
  readonly occlusion: OcclusionMap;
}

/** How much each moment counts in the model's judgement of the stretch. */
export interface AttentionCurve {
  /** Weight n belongs to [startSeconds + n * stepSeconds, startSeconds + (n + 1) * stepSeconds). */
  readonly startSeconds: number;
  readonly stepSeconds: number;
  /** Not negative; their sum is 1. */
  readonly weights: readonly number[];
}

/**
 * What happens to the confidence when one tile of time and frequency after the other is hidden, in the window in
 * which the genre is heard most clearly.
 */
export interface OcclusionMap {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Confidence of this window with nothing hidden. */
  readonly confidence: number;
  readonly rows: number;
  readonly columns: number;
  /** rows x columns, the lowest frequencies first, each row in the order of time. */
  readonly tiles: readonly OcclusionTile[];
}

export interface OcclusionTile {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly lowHz: number;
  readonly highHz: number;
  /** Confidence lost when the tile is hidden: above 0 it speaks for the genre, below 0 against it. */
  readonly drop: number;
}

export interface LabelledNeighbours {
  /** How many of the most similar recordings were looked at … */
  readonly considered: number;
  /** … and how many of them carry the genre. */
  readonly carrying: number;
  /** The nearest that surely carry it (the user said so, or 50 % and more), wherever they stand. */
  readonly tracks: readonly LabelledNeighbour[];
}

export interface LabelledNeighbour {
  readonly track: Track;
  /** Cosine similarity of the embeddings, -1..1. */
  readonly score: number;
  /** user: the user said so; model: the model is confident. */
  readonly labelledBy: 'user' | 'model';
  /** The model's confidence in the genre; null where only the user gave it. */
  readonly confidence: number | null;
}
