/** The figures of docs/model-card.md as Markdown tables. */
import type { ModelManifest } from '#engine/analysis/model-manifest.ts';
import type { LabelFigures } from './describe-labels.ts';
import type { CalibrationFigure, Evaluation, Judged } from './evaluation.ts';
import type { Interval } from './metrics.ts';

export function renderTables(
  evaluation: Evaluation,
  manifest: ModelManifest,
  figures: readonly LabelFigures[],
): string {
  const { gtzanMini, emotify, calibration, againstFcn } = evaluation;
  const parts = [
    `Model \`${evaluation.version}\`. Brackets: 95 % bootstrap intervals.`,
    '### GTZAN-mini: 100 clips, ten genres, none trained on',
    'Artists repeat within a genre, so these figures flatter, those of the teachers as well.',
    comparison(gtzanMini),
    againstFcn === null
      ? ''
      : `This model minus MSD-FCN, paired over clips: probe ${interval(againstFcn.probe, true)}, kNN5 ${interval(againstFcn.nearest, true)}.`,
    byGenre(gtzanMini[0]),
    `### emotify: ${clipsOf(emotify[0])} clips of held-out artists, four genres, artist-grouped folds`,
    comparison(emotify),
    byGenre(emotify[0]),
    `### Calibration of the predicted family: ${calibration.clips} labelled clips of held-out artists`,
    table(
      [
        'calibrated on',
        'ECE (15 bins)',
        'floor of a perfect model',
        'accuracy',
        'coverage at the threshold',
        'accuracy when covered',
      ],
      [
        calibrationRow('the other artists (5 folds)', calibration.crossFitted),
        calibrationRow('these clips (as shipped)', calibration.shipped),
        calibrationRow(
          `the same, judged on the ${calibration.elsewhere.clips} clips of GTZAN-mini (ten families)`,
          calibration.elsewhere,
        ),
      ],
    ),
    'What the labelled families were taken for: ' +
      Object.entries(calibration.confusion)
        .map(([family, row]) => {
          const taken = Object.entries(row).sort(([, left], [, right]) => right - left);
          return `${family} → ${taken.map(([name, count]) => `${name} ${count}`).join(', ')}`;
        })
        .join('; ') +
      '.',
    '### Labels',
    'Clips: held-out clips that carry the label by name, with the F1 at its threshold. Agreement: rank correlation with the teachers over held-out tracks. Heard: training windows of which the teachers say it.',
    labelTable(manifest, figures),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function comparison(judged: readonly Judged[]): string {
  return table(
    ['embedding', 'linear probe', 'kNN5', 'hubness'],
    judged.map(({ name, probe, nearest, hubness }) => [
      name,
      interval(probe),
      interval(nearest),
      hubness.toFixed(2),
    ]),
  );
}

function byGenre(judged: Judged | undefined): string {
  if (!judged) return '';
  return table(
    ['genre', 'clips', 'right by the probe', 'right by kNN5'],
    Object.entries(judged.byGenre).map(([genre, [probe, nearest, clips]]) => [
      genre,
      String(clips),
      String(probe),
      String(nearest),
    ]),
  );
}

function labelTable(manifest: ModelManifest, figures: readonly LabelFigures[]): string {
  const byId = new Map(figures.map((figure) => [figure.id, figure]));
  return table(
    ['label', 'known', 'clips', 'F1', 'agreement', 'heard', 'threshold'],
    [...manifest.genres, ...manifest.tags].map(({ id, known, threshold }) => {
      const figure = byId.get(id);
      return [
        id, known, figure?.labelled ? String(figure.labelled) : '–', figure?.f1 == null ? '–' : figure.f1.toFixed(2),
        figure?.agreement.toFixed(2) ?? '–', String(figure?.heard ?? '–'), threshold.toFixed(2),
      ]; // prettier-ignore
    }),
  );
}

function calibrationRow(
  name: string,
  { error, floor, accuracy, coverage, accuracyWhenCovered }: CalibrationFigure,
): string[] {
  return [
    name,
    error.toFixed(3),
    floor.toFixed(3),
    accuracy.toFixed(2),
    coverage.toFixed(2),
    accuracyWhenCovered.toFixed(2),
  ];
}

function clipsOf(judged: Judged | undefined): number {
  return Object.values(judged?.byGenre ?? {}).reduce((sum, [, , clips]) => sum + clips, 0);
}

function interval({ value, low, high }: Interval, signed = false): string {
  const text = (number: number) => (signed && number > 0 ? '+' : '') + number.toFixed(signed ? 3 : 2);
  return `${text(value)} [${text(low)}, ${text(high)}]`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
