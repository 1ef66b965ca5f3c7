/**
 * Endless training input: two windows added in the power domain, rolled in time, with a spectral tilt; what the
 * teachers say of that very mix is its label (Beyer et al. 2022: a patient and consistent teacher).
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readCorpus } from './corpus.ts';
import { featuredTracks, readFeatures, readWindow } from './feature-store.ts';
import { decibelsOf, packDecibels, studentWindow, teacherFrames, teacherFrontEnd } from './front-end.ts';
import { seededRandom } from './random.ts';
import type { Teacher } from './teachers.ts';
import { progress, writeWhole, type Options } from './workspace.ts';

/** Mixes a file: small enough that training finds new ones soon. */
export const mixesPerShard = 200;

export interface MixRecipe {
  /** dB added to the second window; null: no second window. */
  readonly gainDecibels: number | null;
  /** Frames that each window is rolled by. */
  readonly rolls: readonly [number, number];
  /** dB from the lowest to the highest band, about 0 in the middle. */
  readonly tiltDecibels: number;
  readonly levelDecibels: number;
}

/** Three tenths stay alone; the others get a second window within 6 dB. */
export function drawRecipe(random: () => number): MixRecipe {
  const between = (low: number, high: number) => low + (high - low) * random();
  return {
    gainDecibels: random() < 0.3 ? null : between(-6, 6),
    rolls: [Math.floor(random() * teacherFrames), Math.floor(random() * teacherFrames)],
    tiltDecibels: between(-6, 6),
    levelDecibels: between(-6, 3),
  };
}

/** Window(s) [1813 × 96] bytes → the mix, likewise. */
export function mixWindows(first: Uint8Array, second: Uint8Array, recipe: MixRecipe): Uint8Array {
  const { melBands } = teacherFrontEnd;
  const mixed = new Float32Array(first.length);
  for (let frame = 0; frame < teacherFrames; frame++) {
    const from = ((frame + recipe.rolls[0]) % teacherFrames) * melBands;
    const other = ((frame + recipe.rolls[1]) % teacherFrames) * melBands;
    for (let band = 0; band < melBands; band++) {
      let decibels = decibelsOf(first[from + band] as number);
      if (recipe.gainDecibels !== null) {
        const added = decibelsOf(second[other + band] as number) + recipe.gainDecibels;
        decibels = 10 * Math.log10(10 ** (decibels / 10) + 10 ** (added / 10));
      }
      const tilt = recipe.tiltDecibels * (band / (melBands - 1) - 0.5);
      mixed[frame * melBands + band] = decibels + tilt + recipe.levelDecibels;
    }
  }
  return packDecibels(mixed);
}

interface WindowReference {
  readonly id: string;
  readonly index: number;
}

/** Shards in the order they were made; each <n>.u8 [200 × 906 × 96] and <n>.f32 [200 × (64 + 50) × 2]. */
export async function mixShards(cache: string): Promise<number[]> {
  const files = await readdir(join(cache, 'mixes')).catch(() => []);
  const complete = files.filter((file) => file.endsWith('.f32')).map((file) => Number(file.slice(0, -4)));
  return complete.sort((left, right) => left - right);
}

/** Makes shards until there are `options.mixes` mixes; every shard has its own seed, so that a killed run goes on. */
export async function makeMixes(options: Options, teachers: readonly Teacher[]): Promise<void> {
  const pools = await windowPools(options.cache);
  const shards = Math.ceil(options.mixes / mixesPerShard);
  const made = new Set(await mixShards(options.cache));
  const report = progress('mixes', shards * mixesPerShard);
  for (let shard = 0; shard < shards; shard++) {
    if (made.has(shard)) continue;
    const random = seededRandom(90_001 + shard);
    const inputs: Uint8Array[] = [];
    const labels: number[] = [];
    for (let index = 0; index < mixesPerShard; index++) {
      const [first, second] = [draw(pools, random), draw(pools, random)];
      const recipe = drawRecipe(random);
      const mix = mixWindows(
        await readWindow(options.cache, first.id, first.index),
        await readWindow(options.cache, second.id, second.index),
        recipe,
      );
      inputs.push(studentWindow(mix));
      for (const answer of await Promise.all(teachers.map((teacher) => teacher.label(mix))))
        labels.push(...answer);
      report(shard * mixesPerShard + index + 1);
    }
    await writeWhole(join(options.cache, 'mixes', `${shard}.u8`), Buffer.concat(inputs));
    await writeWhole(
      join(options.cache, 'mixes', `${shard}.f32`),
      new Uint8Array(Float32Array.from(labels).buffer),
    );
  }
}

/** Training windows by set: sets are drawn by these shares, for vocal music is a small part of the windows. */
const shares: Readonly<Record<string, number>> = {
  debian: 0.45,
  synthesised: 0.1,
  emotify: 0.1,
  jamendo: 0.2,
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
