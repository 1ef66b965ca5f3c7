/** An explanation as text that a person reads in a terminal. */
import type { Track } from '#shared/domain.ts';
import type { AttentionCurve, Explanation, OcclusionMap, OcclusionTile } from '#shared/explanation.ts';
import { lineOf } from './list.ts';
import { counted } from './output.ts';

/** The tiles that say most; more is the map itself. */
const NAMED_TILES = 4;
/** Hiding a tile that changes less than half a percent says nothing. */
const LEAST_DROP = 0.005;
const LINE_POINTS = 60;
const BARS = '▁▂▃▄▅▆▇█';
const SHADES = ' ░▒▓█';

export function describeExplanation({
  track,
  explanation,
}: {
  readonly track: Track;
  readonly explanation: Explanation;
}): string {
  const head = [lineOf(track).trimStart(), verdict(explanation)];
  // The model's best guess for noise is noise.
  if (isNoMusic(explanation)) return head.join('\n');
  return [...head, ...timeline(explanation), ...evidence(explanation), ...neighbours(explanation)].join('\n');
}

function isNoMusic({ genre, unknown }: Explanation): boolean {
  return unknown && genre.confidence === 0;
}

function verdict(explanation: Explanation): string {
  const { genre, unknown } = explanation;
  const { name, confidence, threshold, known } = genre;
  const bounds = `counts from ${percent(threshold)}; the model knows it ${known}`;
  if (isNoMusic(explanation)) return 'Unknown: nothing in it sounds like music of any genre.';
  if (unknown) {
    return `Unknown: no genre fits well enough. ${name} gets ${percent(confidence)} (${bounds}).`;
  }
  const word = confidence >= threshold ? 'yes' : 'no';
  return `${name}: ${word}, ${percent(confidence)} (${bounds}).`;
}

function timeline({ segments }: Explanation): readonly string[] {
  const first = segments[0];
  const last = segments.at(-1);
  if (first === undefined || last === undefined || segments.every(({ confidence }) => confidence === 0))
    return [];
  const best = segments.reduce((a, b) => (b.confidence > a.confidence ? b : a));
  const least = segments.reduce((a, b) => (b.confidence < a.confidence ? b : a));
  const values = resample(
    segments.map(({ confidence }) => confidence),
    LINE_POINTS,
  );
  const line = values.map((value) => BARS[Math.min(7, Math.floor(value * 8))]).join('');
  return [
    '',
    'When',
    `  ${clock(first.startSeconds)} ${line} ${clock(last.endSeconds)}`,
    `  most at ${clock(best.startSeconds)}–${clock(best.endSeconds)} (${percent(best.confidence)}), ` +
      `least at ${clock(least.startSeconds)}–${clock(least.endSeconds)} (${percent(least.confidence)})`,
  ];
}

function evidence({ evidence: found, genre }: Explanation): readonly string[] {
  if (found === null) return ['', 'There is nothing to hear in it: no part of it could be judged.'];
  const { attention, occlusion } = found;
  return [
    ...(attention === null ? [] : [`  the model listened most to ${busiest(attention)}`]),
    '',
    `Where, in ${clock(occlusion.startSeconds)}–${clock(occlusion.endSeconds)}, where it is heard best ` +
      `(${percent(occlusion.confidence)})`,
    ...map(occlusion),
    ...tiles(occlusion, genre.name),
  ];
}

/** The shortest stretch that holds a quarter of the weight. */
function busiest({ weights, stepSeconds, startSeconds }: AttentionCurve): string {
  let best = { from: 0, end: weights.length };
  let from = 0;
  let sum = 0;
  weights.forEach((weight, at) => {
    sum += weight;
    while (sum - (weights[from] ?? 0) >= 0.25) sum -= weights[from++] ?? 0;
    if (sum >= 0.25 && at + 1 - from < best.end - best.from) best = { from, end: at + 1 };
  });
  const secondsAt = (step: number): string => clock(startSeconds + step * stepSeconds);
  return `${secondsAt(best.from)}–${secondsAt(best.end)} (a quarter of its attention)`;
}

function map({ rows, columns, tiles: all, startSeconds, endSeconds }: OcclusionMap): readonly string[] {
  const most = Math.max(LEAST_DROP, ...all.map(({ drop }) => drop));
  const lines = Array.from({ length: rows }, (_, upside) => {
    const row = rows - 1 - upside;
    const cells = all.slice(row * columns, (row + 1) * columns);
    const label = hertz(cells[0]?.highHz ?? 0).padStart(8);
    const shades = cells.map(({ drop }) =>
      (SHADES[Math.round((Math.max(0, drop) / most) * 4)] ?? ' ').repeat(3),
    );
    return `  ${label} │${shades.join('')}│`;
  });
  const width = columns * 3;
  const end = clock(endSeconds);
  const from = clock(startSeconds);
  return [...lines, `  ${' '.repeat(8)} ${from}${end.padStart(Math.max(1, width + 2 - from.length))}`];
}

function tiles({ tiles: all }: OcclusionMap, name: string): readonly string[] {
  const sorted = all.toSorted((a, b) => b.drop - a.drop);
  const speaking = sorted.filter(({ drop }) => drop >= LEAST_DROP).slice(0, NAMED_TILES);
  const against = sorted.filter(({ drop }) => drop <= -LEAST_DROP).at(-1);
  const place = ({ startSeconds, endSeconds, lowHz, highHz }: OcclusionTile): string =>
    `${clock(startSeconds)}–${clock(endSeconds)}, ${hertz(lowHz)}–${hertz(highHz)}`;
  if (speaking.length === 0 && against === undefined)
    return [`  no single place decides: hiding any of them hardly changes it`];
  return [
    ...speaking.map((tile) => `  without ${place(tile)}: ${percentagePoints(-tile.drop)} ${name}`),
    ...(against === undefined
      ? []
      : [`  against it: without ${place(against)}: ${percentagePoints(-against.drop)} ${name}`]),
  ];
}

function neighbours({ neighbours: found, genre }: Explanation): readonly string[] {
  const { considered, carrying, tracks } = found;
  if (considered === 0) return [];
  const share = `  ${carrying} of the ${counted(considered, 'most similar track')} ${carrying === 1 ? 'carries' : 'carry'} ${genre.name}`;
  if (tracks.length === 0) return ['', 'Beside', `${share}; none is a sure example`];
  return [
    '',
    'Beside',
    `${share}; the nearest that surely do:`,
    ...tracks.map(
      ({ track, score, labelledBy }) =>
        `  ${score.toFixed(3)}  ${lineOf(track).trimStart()}${labelledBy === 'user' ? '  (you said so)' : ''}`,
    ),
  ];
}

/** At most so many points, each the mean of those it stands for. */
function resample(values: readonly number[], points: number): readonly number[] {
  if (values.length <= points) return values;
  return Array.from({ length: points }, (_, at) => {
    const part = values.slice(
      Math.floor((at * values.length) / points),
      Math.ceil(((at + 1) * values.length) / points),
    );
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}

function percentagePoints(value: number): string {
  const rounded = Math.round(value * 1000) / 10;
  return `${rounded < 0 ? '−' : '+'}${Math.abs(rounded).toFixed(1)} points of`;
}

/** "350 Hz", "1.2 kHz". */
function hertz(value: number): string {
  return value < 1000 ? `${Math.round(value)} Hz` : `${(value / 1000).toFixed(1)} kHz`;
}

/** "1:05", "2:03:07". */
function clock(seconds: number): string {
  const whole = Math.floor(seconds + 1e-6);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
