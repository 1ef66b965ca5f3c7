/** What an evaluation says, and what it is made from. */
import type { CorpusTrack } from './corpus.ts';
import type { Interval } from './metrics.ts';

export interface Judged {
  readonly name: string;
  readonly probe: Interval;
  readonly nearest: Interval;
  readonly hubness: number;
  /** genre → [right by the probe, right by neighbours, clips] */
  readonly byGenre: Readonly<Record<string, readonly [number, number, number]>>;
  /** 1 where the probe is right, and where the neighbours are, clip by clip: for paired comparisons. */
  readonly right: readonly number[];
  readonly rightByNearest: readonly number[];
}

export interface Evaluation {
  readonly version: string;
  readonly gtzanMini: readonly Judged[];
  readonly emotify: readonly Judged[];
  /** Student minus MSD-FCN on GTZAN-mini, paired over clips. */
  readonly againstFcn: { readonly probe: Interval; readonly nearest: Interval } | null;
  readonly calibration: CalibrationFigures;
  readonly millisecondsPerWindow: number;
}

/** What the student says of a track: as the app, the mean of unit embeddings and of logits over its windows. */
export interface StudentTrack {
  readonly track: CorpusTrack;
  readonly embedding: Float64Array;
  readonly genres: Float64Array;
}

export interface CalibrationFigures {
  /** labelled family → predicted family (calibrated on the other artists) → clips */
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly clips: number;
  /** Calibrated on the other artists (five folds): the honest figure. */
  readonly crossFitted: CalibrationFigure;
  /** With the shipped calibration, which was fitted on these very clips. */
  readonly shipped: CalibrationFigure;
  /** With the shipped calibration on clips that had no part in training or calibration (GTZAN-mini, other genres). */
  readonly elsewhere: CalibrationFigure & { readonly clips: number };
}

export interface CalibrationFigure {
  /** Expected calibration error, 15 bins. */
  readonly error: number;
  /** What a perfectly calibrated model with these confidences would show on average on so few clips. */
  readonly floor: number;
  readonly accuracy: number;
  /** Share of clips whose best family passes its threshold, and the accuracy among them. */
  readonly coverage: number;
  readonly accuracyWhenCovered: number;
}
