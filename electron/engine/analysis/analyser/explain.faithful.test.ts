/**
 * Whether an explanation is true: with the shipped model and music whose genre is known, hiding what the map marks
 * must cost more than hiding as much elsewhere.
 */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pieces } from '#build/demo/pieces.ts';
import { seededRandom } from '#build/demo/random.ts';
import { synthesise } from '#build/demo/synthesise.ts';
import { writeWav } from '#build/demo/wav.ts';
import { readModelFolder } from '../model-folder.ts';
import type { WindowEvidence } from '../protocol.ts';
import { explainFile } from './explain.ts';
import { createLogMel } from './log-mel.ts';
import { loadModel } from './model.ts';
import type { Model } from './model.ts';
import { bandMeans, hide, occlusionGrid } from './occlusion.ts';
import { decodeAudio } from './decode.ts';
import { createWindowCutter } from './windows.ts';

const folder = mkdtempSync(join(tmpdir(), 'cratewise-faithful-'));
/** An eighth of the window is hidden. */
const HIDDEN_CELLS = 12;
const RANDOM_DRAWS = 8;
const SHUFFLES = 3;
let model: Model;
beforeAll(async () => {
  const resources = fileURLToPath(new URL('../../../../resources/model', import.meta.url));
  model = await loadModel(readModelFolder(resources), { backend: 'wasm' });
});
afterAll(() => {
  model.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** The one window of a file that is as long as a window. */
async function windowOf(file: string): Promise<Float32Array> {
  const { manifest } = model;
  let first: Float32Array | null = null;
  const cutter = createWindowCutter(manifest, (window) => (first ??= window));
  const frontEnd = createLogMel(manifest.frontEnd, (frame) => cutter.push(frame));
  const { sampleRateHz } = manifest.frontEnd;
  await decodeAudio(file, { sampleRateHz, onChunk: (samples) => frontEnd.push(samples) });
  frontEnd.finish();
  cutter.finish();
  return first as unknown as Float32Array;
}

/** Log-odds of a genre for copies of a window, each with its cells hidden. */
async function evidenceWithout(
  window: Float32Array,
  label: number,
  hidden: readonly (readonly number[])[],
): Promise<readonly number[]> {
  const { manifest } = model;
  const grid = occlusionGrid(manifest, manifest.input.frames);
  const means = bandMeans(window, manifest, manifest.input.frames);
  const { scale, shift } = manifest.genres[label] as (typeof manifest.genres)[number];
  const result: number[] = [];
  for (const cells of hidden) {
    const copy = window.slice();
    for (const cell of cells) {
      const [row, column] = [Math.floor(cell / grid.columns), cell % grid.columns];
      hide(copy, manifest, grid, means, { row, rowEnd: row + 1, column, columnEnd: column + 1 });
    }
    const { genres } = await model.predict(copy, 1);
    result.push(scale * (genres[label] as number) + shift);
  }
  return result;
}

function marked({ drops }: Pick<WindowEvidence, 'drops'>): readonly number[] {
  return [...drops.keys()]
    .toSorted((a, b) => (drops[b] as number) - (drops[a] as number))
    .slice(0, HIDDEN_CELLS);
}

function shuffled(values: readonly number[], random: () => number): number[] {
  const result = [...values];
  for (let at = result.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [result[at], result[other]] = [result[other] as number, result[at] as number];
  }
  return result;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('hiding what the map marks costs more than hiding as much at random, and a shuffled map does not', async () => {
  const random = seededRandom(4);
  const chosen = ['house', 'techno', 'rock', 'quartet', 'swing'].flatMap(
    (style) => pieces.find((piece) => piece.style === style) ?? [],
  );
  expect(chosen).toHaveLength(5);
  const losses: { marked: number; random: number; shuffled: number }[] = [];
  for (const piece of chosen) {
    const file = join(folder, `${piece.style}.wav`);
    await writeWav(file, synthesise(piece, 29));
    const window = await windowOf(file);
    const { genres } = await model.predict(window.slice(), 1);
    const label = genres.indexOf(Math.max(...genres));
    const { id } = model.manifest.genres[label] as { id: string };
    const { window: evidence, attention } = await explainFile(file, model, { genre: id, part: null });
    if (evidence === null) throw new Error('There is no evidence.');
    const all = [...evidence.drops.keys()];
    const someCells = () => shuffled(all, random).slice(0, HIDDEN_CELLS);
    const wrong = () => marked({ drops: Float32Array.from(shuffled([...evidence.drops], random)) });
    const [whole = 0, right = 0, ...others] = await evidenceWithout(window, label, [
      [],
      marked(evidence),
      ...Array.from({ length: SHUFFLES }, wrong),
      ...Array.from({ length: RANDOM_DRAWS }, someCells),
    ]);
    losses.push({
      marked: whole - right,
      shuffled: whole - mean(others.slice(0, SHUFFLES)),
      random: whole - mean(others.slice(SHUFFLES)),
    });
    expect(attention).toBeNull(); // one window: what is the music's, and what the window's, cannot be told
  }
  const [right, chance, wrong] = (['marked', 'random', 'shuffled'] as const).map((kind) =>
    mean(losses.map((loss) => loss[kind])),
  ) as [number, number, number];
  const isFaithful = (loss: number) => loss > 2 * Math.max(0, chance) + 0.1;
  expect({ losses, faithful: isFaithful(right) }).toMatchObject({ faithful: true });
  // The test can fail: a map that marks the wrong places does.
  expect({ losses, faithful: isFaithful(wrong) }).toMatchObject({ faithful: false });
  expect(losses.filter((loss) => loss.marked > loss.random).length).toBeGreaterThanOrEqual(4);
}, 600_000);
