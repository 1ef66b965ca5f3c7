import { expect, it } from 'vitest';
import { drawCurves } from './curves.ts';
import { describeLabels, howWellKnown, standsOut } from './describe-labels.ts';
import { errorFloor } from './evaluate-calibration.ts';
import { families, genres, tags } from './genres.ts';
import { table } from './model-card.ts';
import { seededRandom } from './random.ts';
import { tinyLabels, tinyTags } from './tiny.ts';
import { labelSources, targetColumns } from './train.ts';

const teacherTags = tinyTags();
const columns = targetColumns();

function targetsOf(family: string): Float32Array {
  return Float32Array.from(tinyLabels(family, teacherTags).flatMap((row) => [...row]));
}

it('finds a column for every source of every label', () => {
  const targets = families.map(({ id }) => targetsOf(id));
  const sources = labelSources([...genres, ...tags], teacherTags, columns.logits, targets);
  expect(sources.flat().every(({ column }) => columns.logits.includes(column))).toBe(true);
  // A family's own piece has the strongest of its sources at +3, others at -3.
  families.forEach(({ id }, index) => {
    const strongest = Math.max(
      ...(sources[index] ?? []).map(({ column }) => targetsOf(id)[column] as number),
    );
    expect(strongest).toBe(3);
  });
});

it('calibrates, thresholds and rates every label', () => {
  const random = seededRandom(6);
  const heldOut = Array.from({ length: 120 }, (_, index) => {
    const family = index % 4;
    const logits = Float32Array.from(
      genres,
      (_, genre) => (genre === family ? 2 : -2) + 3 * (random() - 0.5),
    );
    return {
      artist: String(index),
      family,
      genres: logits,
      tags: Float32Array.from(tags, () => random() - 2),
      targets: targetsOf(families[family]?.id ?? ''),
    };
  });
  const trainTargets = heldOut.map(({ targets }) => targets);
  const described = describeLabels({
    heard: heldOut,
    heldOut,
    trainTargets,
    genreSources: labelSources(genres, teacherTags, columns.logits, trainTargets),
    tagSources: labelSources(tags, teacherTags, columns.logits, trainTargets),
  });
  expect(described.genres.map(({ id }) => id)).toEqual(genres.map(({ id }) => id));
  expect(described.tags).toHaveLength(tags.length);
  expect(described.genres[0]?.known).toBe('well');
  // Nobody labelled any: it stays below 'well'.
  expect(described.genres[8]?.known).not.toBe('well');
  for (const { threshold, scale, shift } of [...described.genres, ...described.tags]) {
    expect(threshold).toBeGreaterThan(0);
    expect(threshold).toBeLessThan(1);
    expect(scale).toBeGreaterThan(0);
    expect(Number.isFinite(shift)).toBe(true);
  }
});

it('rates by evidence', () => {
  expect(howWellKnown(0.8, 0, 0, 100)).toBe('well');
  expect(howWellKnown(0.3, 1, 100, 100)).toBe('hardly');
  expect(howWellKnown(null, 0.9, 50, 100)).toBe('fairly');
  expect(howWellKnown(null, 0.9, 0, 100)).toBe('hardly');
});

it('knows that few clips cannot show a perfect calibration', () => {
  const confidences = Array.from({ length: 60 }, (_, index) => 0.3 + (0.6 * index) / 60);
  expect(errorFloor(confidences)).toBeGreaterThan(0.05);
  const many = Array.from({ length: 6000 }, (_, index) => 0.3 + (0.6 * index) / 6000);
  expect(errorFloor(many, 5)).toBeLessThan(0.03);
});

it('draws a panel a loss, and tables', () => {
  const curves = [1, 2].map((epoch) => ({
    epoch,
    train: { labels: 3 - epoch },
    validation: { labels: 4 - epoch },
    seconds: 1,
    mixes: 0,
  }));
  expect(drawCurves(curves).match(/<polyline/g)).toHaveLength(2);
  expect(table(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
});

it('lets a label stand out only where few windows reach it, and the teachers mean it', () => {
  const logits = Array.from({ length: 1001 }, (_, index) => index / 100);
  expect(standsOut(logits, 0.1)).toBeCloseTo(9);
  expect(
    standsOut(
      logits.map((logit) => logit - 20),
      0.1,
    ),
  ).toBe(0);
});
