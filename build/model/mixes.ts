/**
 * Endless training input: windows played at another speed and pitch, two of them combined, with another colour;
 * what the teachers say of that very mix is its label (Beyer et al. 2022: a patient and consistent teacher).
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hzToMel, melToHz } from '#engine/analysis/analyser/mel-filterbank.ts';
import { readCorpus } from './corpus.ts';
import { featuredTracks, readFeatures, readWindow } from './feature-store.ts';
import { decibelsOf, packDecibels, studentWindow, teacherFrames, teacherFrontEnd } from './front-end.ts';
import { packHints, type HintScale } from './hints.ts';
import { seededRandom } from './random.ts';
import type { Teacher } from './teachers.ts';
import { progress, writeWhole, type Options } from './workspace.ts';

/** Mixes a file: small enough that training finds new ones soon. */
export const mixesPerShard = 200;

/** How two windows become one: added in power, one after the other in time, or one below and one above a frequency. */
export type MixKind = 'alone' | 'sum' | 'cut' | 'bands';

/** Played faster or slower, and higher or lower: what a turntable and a key-lock do to a record. */
export interface Warp {
  /** Frames of the source a frame of the result. */
  readonly speed: number;
  readonly semitones: number;
  /** Frame of the source to begin at. */
  readonly roll: number;
}

export interface MixRecipe {
  readonly kind: MixKind;
  readonly warps: readonly [Warp, Warp];
  /** dB added to the second window. */
  readonly gainDecibels: number;
  /** Frame ('cut') or band ('bands') where the second window takes over, as a part of the axis. */
  readonly crossing: number;
  /** An equaliser: amplitudes in dB of one half, one and two waves over the bands; the first is a tilt. */
  readonly curve: readonly [number, number, number];
  readonly levelDecibels: number;
  /** Bands from here up are lost, as a low bit rate loses them; null: none. */
  readonly lowPassBand: number | null;
  /** Level of a hiss below everything, dB under the loudest value; null: none. */
  readonly hissDecibels: number | null;
}

/** Three tenths stay alone; nearly half are added within 6 dB. */
export function drawRecipe(random: () => number): MixRecipe {
  const between = (low: number, high: number) => low + (high - low) * random();
  const sometimes = <Value>(chance: number, value: () => Value) => (random() < chance ? value() : null);
  const warp = (): Warp => {
    const varied = random() < 0.5;
    return {
      speed: varied ? 2 ** between(-0.25, 0.25) : 1,
      semitones: varied ? between(-4, 4) : 0,
      roll: Math.floor(random() * teacherFrames),
    };
  };
  const which = random();
  return {
    kind: which < 0.3 ? 'alone' : which < 0.76 ? 'sum' : which < 0.88 ? 'cut' : 'bands',
    warps: [warp(), warp()],
    gainDecibels: between(-6, 6),
    crossing: between(0.25, 0.75),
    curve: [between(-4, 6), between(-3, 3), between(-2, 2)],
    // Games are mixed quieter and duller than records.
    levelDecibels: between(-6, 8),
    lowPassBand: sometimes(0.15, () => Math.floor(between(60, 92))),
    hissDecibels: sometimes(0.15, () => between(-60, -30)),
  };
}

const { melBands } = teacherFrontEnd;

/** Window(s) [1813 × 96] bytes → the mix, likewise. */
export function mixWindows(first: Uint8Array, second: Uint8Array, recipe: MixRecipe): Uint8Array {
  const mixed = warped(first, recipe.warps[0]);
  if (recipe.kind !== 'alone') addWindow(mixed, warped(second, recipe.warps[1]), recipe);
  colour(mixed, recipe);
  return packDecibels(mixed);
}

/** dB [1813 × 96], read at another speed (nearest frame) and pitch (between bands); what lies above 8 kHz is not known and repeats the last band. */
function warped(window: Uint8Array, { speed, semitones, roll }: Warp): Float32Array {
  const result = new Float32Array(window.length);
  const sources = Float64Array.from({ length: melBands }, (_, band) => shiftedBand(band, semitones));
  for (let frame = 0; frame < teacherFrames; frame++) {
    const from = (Math.round(roll + frame * speed) % teacherFrames) * melBands;
    for (let band = 0; band < melBands; band++) {
      const source = sources[band] as number;
      const low = Math.floor(source);
      const part = source - low;
      const value = decibelsOf(window[from + low] as number);
      result[frame * melBands + band] =
        part === 0 ? value : value + part * (decibelsOf(window[from + low + 1] as number) - value);
    }
  }
  return result;
}

/** The band whose sound lands in `band` when everything moves up by so many semitones; between two bands, too. */
function shiftedBand(band: number, semitones: number): number {
  const { maximumHz, melScale } = teacherFrontEnd;
  const highest = hzToMel(maximumHz, melScale);
  const hertz = melToHz(((band + 1) / (melBands + 1)) * highest, melScale);
  const source = (hzToMel(hertz / 2 ** (semitones / 12), melScale) / highest) * (melBands + 1) - 1;
  return semitones === 0 ? band : Math.max(0, Math.min(melBands - 1, source));
}

function addWindow(mixed: Float32Array, other: Float32Array, recipe: MixRecipe): void {
  const { kind, gainDecibels, crossing } = recipe;
  const frames = Math.round(crossing * teacherFrames);
  const bands = Math.round(crossing * melBands);
  for (let at = 0; at < mixed.length; at++) {
    const added = (other[at] as number) + gainDecibels;
    if (kind === 'sum') mixed[at] = 10 * Math.log10(10 ** ((mixed[at] as number) / 10) + 10 ** (added / 10));
    else if (kind === 'cut' ? at >= frames * melBands : at % melBands >= bands) mixed[at] = added;
  }
}

function colour(mixed: Float32Array, recipe: MixRecipe): void {
  const { curve, levelDecibels, lowPassBand, hissDecibels } = recipe;
  const hiss =
    hissDecibels === null ? null : mixed.reduce((most, value) => Math.max(most, value)) + hissDecibels;
  const gains = Float64Array.from({ length: melBands }, (_, band) => {
    const angle = (Math.PI * band) / (melBands - 1);
    const [half, whole, double] = curve;
    return (
      levelDecibels - half * Math.cos(angle) + whole * Math.sin(2 * angle) + double * Math.sin(4 * angle)
    );
  });
  for (let at = 0; at < mixed.length; at++) {
    const band = at % melBands;
    const value = hiss === null ? (mixed[at] as number) : Math.max(mixed[at] as number, hiss);
    mixed[at] = lowPassBand !== null && band >= lowPassBand ? -100 : value + (gains[band] as number);
  }
}

interface WindowReference {
  readonly id: string;
  readonly index: number;
}

/** Shards in the order they were made; each <n>.u8 [200 × 906 × 96], <n>.hints.u8 [200 × hintBytes] and <n>.f32 [200 × (64 + 50) × 2]. */
export async function mixShards(cache: string): Promise<number[]> {
  const files = await readdir(join(cache, 'mixes')).catch((): string[] => []);
  const complete = files
    .filter((file) => file.endsWith('.f32') && files.includes(file.replace('.f32', '.hints.u8')))
    .map((file) => Number(file.slice(0, -4)));
  return complete.sort((left, right) => left - right);
}

/** Makes shards until there are `options.mixes` mixes; every shard has its own seed, so that a killed run goes on. */
export async function makeMixes(
  options: Options,
  teachers: readonly Teacher[],
  scale: HintScale,
): Promise<void> {
  const pools = await windowPools(options.cache);
  const shards = Math.ceil(options.mixes / mixesPerShard);
  const made = new Set(await mixShards(options.cache));
  const [part, parts] = options.part;
  const report = progress('mixes', shards * mixesPerShard);
  for (let shard = 0; shard < shards; shard++) {
    if (made.has(shard) || shard % parts !== part) continue;
    const random = seededRandom(90_001 + shard);
    const inputs: Uint8Array[] = [];
    const labels: number[] = [];
    const hints: Uint8Array[] = [];
    for (let index = 0; index < mixesPerShard; index++) {
      const [first, second] = [draw(pools, random), draw(pools, random)];
      const recipe = drawRecipe(random);
      const mix = mixWindows(
        await readWindow(options.cache, first.id, first.index),
        await readWindow(options.cache, second.id, second.index),
        recipe,
      );
      inputs.push(studentWindow(mix));
      const answers = await Promise.all(teachers.map((teacher) => teacher.ask(mix)));
      for (const { label } of answers) labels.push(...label);
      hints.push(packHints(answers, scale));
      report(shard * mixesPerShard + index + 1);
    }
    await writeWhole(join(options.cache, 'mixes', `${shard}.u8`), Buffer.concat(inputs));
    await writeWhole(join(options.cache, 'mixes', `${shard}.hints.u8`), Buffer.concat(hints));
    // Last, for it says that the shard is complete.
    await writeWhole(
      join(options.cache, 'mixes', `${shard}.f32`),
      new Uint8Array(Float32Array.from(labels).buffer),
    );
  }
}

/** Training windows by set: sets are drawn by these shares, for vocal music is a small part of the windows. */
const shares: Readonly<Record<string, number>> = {
  debian: 0.4,
  synthesised: 0.1,
  emotify: 0.12,
  jamendo: 0.23,
  folder: 0.1,
};
const shareOfOthers = 0.05;

async function windowPools(
  cache: string,
): Promise<{ readonly share: number; readonly windows: WindowReference[] }[]> {
  const { tracks } = await readCorpus(cache);
  const featured = await featuredTracks(cache);
  const pools = new Map<string, WindowReference[]>();
  for (const { id, set, split } of tracks) {
    if (split !== 'train' || !featured.has(id)) continue;
    const { starts } = await readFeatures(cache, id);
    const pool = pools.get(set) ?? [];
    starts.forEach((_, index) => pool.push({ id, index }));
    pools.set(set, pool);
  }
  return [...pools]
    .filter(([, windows]) => windows.length > 0)
    .map(([set, windows]) => ({ share: shares[set] ?? shareOfOthers, windows }));
}

function draw(pools: Awaited<ReturnType<typeof windowPools>>, random: () => number): WindowReference {
  const total = pools.reduce((sum, { share }) => sum + share, 0);
  let at = random() * total;
  const pool = pools.find(({ share }) => (at -= share) <= 0) ?? pools.at(-1);
  const window = pool?.windows[Math.floor(random() * pool.windows.length)];
  if (!window) throw new Error('There are no training windows: npm run model:features first.');
  return window;
}
