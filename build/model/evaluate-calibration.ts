/** Is 70 % right seven times of ten? For the predicted family, on artists that training never heard. */
import type { ModelManifest } from '#engine/analysis/model-manifest.ts';
import { calibrateFamilies, probabilityOf, type Calibration } from './calibrate.ts';
import type { CalibrationFigure, CalibrationFigures, StudentTrack } from './evaluation.ts';
import { families, familyOfLabel } from './genres.ts';
import { calibrationError, foldsOf, largest } from './metrics.ts';
import { seededRandom } from './random.ts';

interface Clips {
  readonly rows: readonly Float32Array[];
  /** Index of the family, clip by clip. */
  readonly labels: readonly number[];
}

function clipsOf(said: readonly StudentTrack[]): Clips {
  return {
    rows: said.map(({ genres }) => Float32Array.from(genres.subarray(0, families.length))),
    labels: said.map(({ track }) => families.findIndex(({ id }) => id === familyOfLabel(track.genre))),
  };
}

/**
 * @param said labelled clips of held-out artists
 * @param elsewhere labelled clips of a set that had no part in anything
 * @param matched what export did to the logits before it fitted the families
 */
export function judgeCalibration(
  said: readonly StudentTrack[],
  elsewhere: readonly StudentTrack[],
  manifest: ModelManifest,
  matched: readonly Calibration[],
): CalibrationFigures {
  const { rows, labels } = clipsOf(said);
  const shipped: Calibration[] = manifest.genres.slice(0, families.length);
  const thresholds = manifest.genres.slice(0, families.length).map(({ threshold }) => threshold);
  const folds = foldsOf(
    labels,
    5,
    3,
    said.map(({ track }) => track.artist),
  );
  const fitted = new Map(
    [...new Set(folds)].map((fold) => {
      const others = [...rows.keys()].filter((index) => folds[index] !== fold);
      return [
        fold,
        calibrateFamilies(
          others.map((index) => rows[index] as Float32Array),
          others.map((index) => labels[index] as number),
          families.length,
          matched,
        ),
      ];
    }),
  );
  const crossFitted = (index: number) => fitted.get(folds[index] as number) ?? shipped;
  return {
    clips: said.length,
    confusion: confusionOf(
      labels,
      rows.map((row, clip) => predicted(row, crossFitted(clip)).family),
    ),
    crossFitted: figure(rows, labels, thresholds, crossFitted),
    shipped: figure(rows, labels, thresholds, () => shipped),
    elsewhere: {
      clips: elsewhere.length,
      ...figure(clipsOf(elsewhere).rows, clipsOf(elsewhere).labels, thresholds, () => shipped),
    },
  };
}

function predicted(row: Float32Array, calibration: readonly Calibration[]) {
  const probabilities = [...row].map((logit, family) =>
    probabilityOf(logit, calibration[family] as Calibration),
  );
  const family = largest(probabilities);
  return { family, probability: probabilities[family] as number };
}

function confusionOf(
  labels: readonly number[],
  chosen: readonly number[],
): Record<string, Record<string, number>> {
  const confusion: Record<string, Record<string, number>> = {};
  labels.forEach((label, clip) => {
    const row = (confusion[families[label]?.id ?? ''] ??= {});
    const name = families[chosen[clip] as number]?.id ?? '';
    row[name] = (row[name] ?? 0) + 1;
  });
  return confusion;
}

function figure(
  rows: readonly Float32Array[],
  labels: readonly number[],
  thresholds: readonly number[],
  calibrationOf: (clip: number) => readonly Calibration[],
): CalibrationFigure {
  const best = rows.map((row, clip) => predicted(row, calibrationOf(clip)));
  const right = best.map(({ family }, clip) => family === labels[clip]);
  const covered = [...best.keys()].filter(
    (clip) => (best[clip]?.probability ?? 0) >= (thresholds[best[clip]?.family ?? 0] ?? 1),
  );
  const share = (clips: readonly number[]) =>
    clips.filter((clip) => right[clip]).length / Math.max(clips.length, 1);
  const confidences = best.map(({ probability }) => probability);
  return {
    floor: errorFloor(confidences),
    error: calibrationError(
      best.map(({ probability }) => probability),
      right,
    ),
    accuracy: share([...best.keys()]),
    coverage: covered.length / Math.max(best.length, 1),
    accuracyWhenCovered: share(covered),
  };
}

/** The mean error over draws in which each clip is right with exactly its confidence. */
export function errorFloor(confidences: readonly number[], draws = 400): number {
  const random = seededRandom(21);
  let sum = 0;
  for (let draw = 0; draw < draws; draw++)
    sum += calibrationError(
      confidences,
      confidences.map((confidence) => random() < confidence),
    );
  return sum / draws;
}
