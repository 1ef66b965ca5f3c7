/** Calibration, threshold and "how well known" of every label, with the figures behind them. Pure. */
import type { ModelLabel } from '#engine/analysis/model-manifest.ts';
import {
  bestThreshold,
  calibrateFamilies,
  calibrateToTeacher,
  enoughPositives,
  matchSpread,
  probabilityOf,
  rankCorrelation,
  type Calibration,
} from './calibrate.ts';
import { families, genres, tags, type GenreDefinition } from './genres.ts';
import type { GenreSource } from './train.ts';

/** A track of an artist that training never heard. */
export interface HeldOutTrack {
  readonly artist: string;
  /** Index of the family that its source names; -1 if it names none. */
  readonly family: number;
  readonly genres: Float32Array;
  readonly tags: Float32Array;
  /** Target row of the teachers. */
  readonly targets: Float32Array;
}

export interface LabelFigures {
  readonly id: string;
  /** Held-out clips that carry the label by name, or null where no labelled music exists. */
  readonly labelled: number | null;
  readonly f1: number | null;
  /** Spearman between student and teachers over held-out tracks. */
  readonly agreement: number;
  /** Training windows of which the teachers say it. */
  readonly heard: number;
}

interface Material {
  /** The student's genre logits for some training windows, and the teachers' target rows for the same. */
  readonly heard: readonly { readonly genres: Float32Array; readonly targets: Float32Array }[];
  readonly heldOut: readonly HeldOutTrack[];
  readonly trainTargets: readonly Float32Array[];
  readonly genreSources: readonly (readonly GenreSource[])[];
  readonly tagSources: readonly (readonly GenreSource[])[];
}

export function describeLabels({ heard: some, heldOut, trainTargets, genreSources, tagSources }: Material): {
  readonly genres: ModelLabel[];
  readonly tags: ModelLabel[];
  readonly figures: LabelFigures[];
  /** What brings the student's family logits to the teachers' spread, before labelled clips say more. */
  readonly matched: readonly Calibration[];
} {
  const labelled = heldOut.filter(({ family }) => family >= 0);
  const matched = families.map((_, index) =>
    matchSpread(
      some.map((window) => window.genres[index] as number),
      some.map(({ targets }) => combine(targets, genreSources[index] ?? [], 'genres')),
    ),
  );
  const familyCalibrations = calibrateFamilies(
    labelled.map((track) => track.genres),
    labelled.map(({ family }) => family),
    families.length,
    matched,
  );
  const figures: LabelFigures[] = [];
  const describe = (
    definition: GenreDefinition,
    index: number,
    sources: readonly GenreSource[],
    kind: 'genres' | 'tags',
  ): ModelLabel => {
    const isFamily = kind === 'genres' && index < families.length;
    const spoken = trainTargets.map((row) => combine(row, sources, kind));
    const origin = isFamily ? 0 : standsOut(spoken, kind === 'genres' ? styleShare : tagShare);
    const teacher = (row: Float32Array) =>
      1 / (1 + Math.exp(-(isFamily ? 1 : contrast) * (combine(row, sources, kind) - origin)));
    const logits = heldOut.map((track) => track[kind][index] as number);
    const wanted = heldOut.map(({ targets }) => teacher(targets));
    const calibration: Calibration = isFamily
      ? (familyCalibrations[index] as Calibration)
      : calibrateToTeacher(logits, wanted);
    const clips = isFamily ? labelled.filter(({ family }) => family === index).length : 0;
    const probabilities = labelled.map((track) => probabilityOf(track[kind][index] as number, calibration));
    const positive = labelled.map(({ family }) => family === index);
    const threshold = clips >= enoughPositives ? bestThreshold(probabilities, positive) : 0.5;
    const f1 = clips >= enoughPositives ? f1At(probabilities, positive, threshold) : null;
    const agreement = rankCorrelation(logits, wanted);
    const heard = trainTargets.filter((row) => teacher(row) >= 0.5).length;
    figures.push({ id: definition.id, labelled: isFamily ? clips : null, f1, agreement, heard });
    return {
      id: definition.id,
      name: definition.name,
      threshold,
      known: howWellKnown(f1, agreement, heard, trainTargets.length),
      scale: rounded(calibration.scale),
      shift: rounded(calibration.shift),
    };
  };
  return {
    genres: genres.map((definition, index) =>
      describe(definition, index, genreSources[index] ?? [], 'genres'),
    ),
    tags: tags.map((definition, index) => describe(definition, index, tagSources[index] ?? [], 'tags')),
    figures,
    matched,
  };
}

/** A style that two thirds of all music "has" helps nobody: 0.5 is where it stands out among the training music. */
const styleShare = 0.08;
const tagShare = 0.15;
/** How much steeper than the teachers' own logits a probability rises around that place. */
const contrast = 2;

/** The logit that only this share of the training windows reaches; at least 0, i.e. the teachers must mean it. */
export function standsOut(logits: readonly number[], share: number): number {
  const sorted = [...logits].sort((left, right) => left - right);
  return Math.max(0, sorted[Math.floor((1 - share) * (sorted.length - 1))] ?? 0);
}

/** Genres: the strongest source. Tags: the mean, as their head is averaged. */
function combine(row: Float32Array, sources: readonly GenreSource[], kind: 'genres' | 'tags'): number {
  const logits = sources.map(({ column, shift }) => (row[column] as number) + shift);
  if (kind === 'genres') return Math.max(...logits);
  return logits.reduce((sum, value) => sum + value, 0) / logits.length;
}

/** 'well' needs labelled clips that prove it; what only teachers know is 'fairly' known at best. */
export function howWellKnown(
  f1: number | null,
  agreement: number,
  heard: number,
  windows: number,
): ModelLabel['known'] {
  if (f1 !== null) return f1 >= 0.7 ? 'well' : f1 >= 0.45 ? 'fairly' : 'hardly';
  return agreement >= 0.8 && heard >= 0.015 * windows ? 'fairly' : 'hardly';
}

function f1At(probabilities: readonly number[], positive: readonly boolean[], threshold: number): number {
  const chosen = [...probabilities.keys()].filter((index) => (probabilities[index] as number) >= threshold);
  const hits = chosen.filter((index) => positive[index]).length;
  return (2 * hits) / Math.max(chosen.length + positive.filter(Boolean).length, 1);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
