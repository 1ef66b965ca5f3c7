/**
 * `npm run dj:character -- --folder DIR`: what the features of character are usually like, over rendered grooves and a folder of
 * music, half of the weight each; how many of the pairs (character-pairs.ts) come out right by that; with `--write` it goes into
 * character-reference.ts of the analyser. `--files N` takes N grooves and N recordings only.
 */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { characterFeatures } from '#engine/analysis/analyser/character/character-features.ts';
import type { CharacterFeatures } from '#engine/analysis/analyser/character/character-features.ts';
import { reference } from '#engine/analysis/analyser/character/character-reference.ts';
import type { CharacterReference, Spread } from '#engine/analysis/analyser/character/character-reference.ts';
import { characterOf, characterSums } from '#engine/analysis/analyser/character/character.ts';
import type { FeatureReference, Pulse } from '#engine/analysis/analyser/character/character.ts';
import { measureTempo } from '#engine/analysis/analyser/rhythm/rhythm.ts';
import { createWaveformMeter } from '#engine/analysis/analyser/waveform.ts';
import type { SoundCharacter } from '#shared/domain.ts';
import { cacheFolder } from '#build/cache-folder.ts';
import { synthesisePieces } from '../model/synthesise.ts';
import { hashText, progress, writeWhole } from '../model/workspace.ts';
import { table } from '../steps.ts';
import { RATE_HZ, readAudio } from './audio.ts';
import { judgeCharacterPairs } from './character-pairs.ts';
import { writeSource } from './source-file.ts';

/** Of each recording; half a minute of grooves is all there is. */
const SECONDS = 100;
/** Of one album, package or whatever a folder is; effects and jingles are smaller. */
const PER_FOLDER = 9;
const SMALLEST_BYTES = 400 * 1024;
const GROOVES = 316;

interface Source {
  /** As in character-pairs.ts. */
  readonly name: string;
  readonly path: string;
}

interface Measured {
  readonly name: string;
  readonly weight: number;
  readonly features: CharacterFeatures;
  readonly tempo: Pulse | null;
}

const { values } = parseArgs({
  options: {
    cache: { type: 'string', default: join(cacheFolder(), 'dj') },
    others: { type: 'string', default: join(cacheFolder(), 'model', 'synthesised') },
    folder: { type: 'string' },
    files: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const files = values.files === undefined ? null : Number(values.files);
if (files !== null && !(Number.isInteger(files) && files > 0))
  throw new Error(`--files ${values.files}: write how many of each kind.`);
if (values.folder === undefined)
  throw new Error('--folder is missing: write a folder of music, one folder in it per album or package.');
if (files !== null && values.write)
  throw new Error('--write with --files: the reference of the product is made of all of them.');

async function grooves(): Promise<readonly Source[]> {
  const pieces = await synthesisePieces(resolve(values.others), files ?? GROOVES);
  return pieces.map(({ path }) => ({ name: `mma:${basename(path, '.wav')}`, path }));
}

async function recordings(folder: string): Promise<readonly Source[]> {
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => /\.(ogg|mp3|flac|opus|wav|m4a)$/i.test(name))
    .sort();
  const taken = new Map<string, number>();
  const sources: Source[] = [];
  for (const name of names) {
    const [album = ''] = name.split(/[\\/]/);
    const path = join(folder, name);
    if ((taken.get(album) ?? 0) >= PER_FOLDER || (await stat(path)).size < SMALLEST_BYTES) continue;
    taken.set(album, (taken.get(album) ?? 0) + 1);
    sources.push({ name: `debian:${album}/${basename(name).replace(/\.\w+$/, '')}`, path });
  }
  const step = files === null ? 1 : Math.max(1, Math.floor(sources.length / files));
  return sources.filter((_, index) => index % step === 0).slice(0, files ?? sources.length);
}

/** [moments x 3], as the analyser reads them out of a stored waveform; kept. */
async function levelsOf(path: string): Promise<Float32Array> {
  const { size, mtimeMs } = await stat(path);
  const stored = join(levels, `${hashText(`${path} ${size} ${mtimeMs}`).slice(0, 20)}.u8`);
  let bytes: Uint8Array | null = await readFile(stored).catch(() => null);
  if (bytes === null) {
    const meter = createWaveformMeter(RATE_HZ);
    meter.push((await readAudio(path)).subarray(0, SECONDS * RATE_HZ));
    meter.finish();
    bytes = meter.read().peaks;
    await writeWhole(stored, bytes);
  }
  return Float32Array.from(bytes, (byte) => (byte / 255) ** 2);
}

/** What cannot be read, and silence, is left out. */
async function measure(name: string, sources: readonly Source[]): Promise<readonly Measured[]> {
  const found: Omit<Measured, 'weight'>[] = [];
  const report = progress(name, sources.length);
  for (const [done, source] of sources.entries()) {
    try {
      const own = await levelsOf(source.path);
      const features = characterFeatures(own);
      if (features !== null) found.push({ name: source.name, features, tempo: measureTempo(own) });
    } catch (error) {
      console.log(`${source.name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
    report(done + 1);
  }
  return found.map((one) => ({ ...one, weight: 1 / found.length }));
}

function spread(measured: readonly Measured[], valueOf: (one: Measured) => number): Spread {
  let sum = 0;
  let squares = 0;
  let all = 0;
  for (const one of measured) {
    const value = valueOf(one);
    sum += one.weight * value;
    squares += one.weight * value * value;
    all += one.weight;
  }
  const mean = sum / all;
  const deviation = Math.sqrt(Math.max(0, squares / all - mean * mean));
  return { mean: Number(mean.toPrecision(4)), deviation: Number(deviation.toPrecision(4)) };
}

function referenceOf(measured: readonly Measured[]): CharacterReference {
  const usual: FeatureReference = {
    riseLow: spread(measured, ({ features }) => features.rises[0]),
    riseMid: spread(measured, ({ features }) => features.rises[1]),
    riseHigh: spread(measured, ({ features }) => features.rises[2]),
    fullness: spread(measured, ({ features }) => features.fullness),
    lowShare: spread(measured, ({ features }) => features.lowShare),
    highShare: spread(measured, ({ features }) => features.highShare),
    punch: spread(measured, ({ features }) => features.punch),
  };
  const sumOf = (name: 'energy' | 'dance' | 'percussion'): Spread =>
    spread(measured, ({ features, tempo }) => characterSums(features, tempo, usual)[name]);
  return { ...usual, energy: sumOf('energy'), dance: sumOf('dance'), percussion: sumOf('percussion') };
}

function judge(title: string, measured: readonly Measured[], usual: CharacterReference): void {
  const characters = new Map<string, SoundCharacter>(
    measured.map(({ name, features, tempo }) => [name, characterOf(features, tempo, usual)]),
  );
  const { right, judged, wrong } = judgeCharacterPairs(characters);
  console.log(`${title}: ${right} of ${judged} pairs are right.`);
  for (const [what, more, less] of wrong) console.log(`  wrong: ${what} of ${more} above ${less}`);
}

const levels = join(resolve(values.cache), 'character');
await mkdir(levels, { recursive: true });
const measured = [
  ...(await measure('grooves', await grooves())),
  ...(await measure('recordings', await recordings(resolve(values.folder)))),
];
const made = referenceOf(measured);
const names = Object.keys(made) as (keyof CharacterReference)[];
const figures = ({ mean, deviation }: Spread): string => `${mean} ± ${deviation}`;
console.log(
  table([
    ['', `of ${measured.length} files`, 'character-reference.ts', 'mean apart, in deviations'],
    ...names.map((name) => [
      name,
      figures(made[name]),
      figures(reference[name]),
      ((made[name].mean - reference[name].mean) / reference[name].deviation).toFixed(3),
    ]),
  ]),
);
judge('By this', measured, made);
judge('By character-reference.ts', measured, reference);

if (values.write)
  await writeSource(
    'electron/engine/analysis/analyser/character/character-reference.ts',
    `/**
 * What music is usually like: means and standard deviations over rendered grooves and the music in Debian's packages, half
 * of the weight each. Fixed, so that numbers do not move; made by \`npm run dj:character -- --folder DIR --write\`
 * (build/dj/README.md). Do not edit by hand.
 */

export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

export const reference = ${JSON.stringify(made)} as const satisfies Readonly<Record<string, Spread>>;

export type CharacterReference = Readonly<Record<keyof typeof reference, Spread>>;
`,
  );
