/**
 * The two splits of the experiment. The fault-filtered one (Kereliuk, Sturm and Larsen 2015) leaves out copies and
 * damaged clips and puts no artist on two sides. The random one does neither: it is what many papers report, and it
 * flatters, because parts of one recording and songs of one artist are on both sides.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom, shuffled } from '../random.ts';
import { clipName, type Clip } from './clips.ts';

export const sides = ['train', 'validation', 'test'] as const;
export type Side = (typeof sides)[number];

/** Positions of clips. */
export type ClipSplit = Readonly<Record<Side, readonly number[]>>;

/** Names on each side, as published. */
export type SplitLists = Readonly<Record<Side, ReadonlySet<string>>>;

const listFiles: Readonly<Record<Side, string>> = {
  train: 'train_filtered.txt',
  validation: 'valid_filtered.txt',
  test: 'test_filtered.txt',
};

/** Shares of the published lists: 443 of 930, 197, 290. */
const shares: Readonly<Record<Side, number>> = { train: 443 / 930, validation: 197 / 930, test: 290 / 930 };

/** Reads the three lists of a folder. Throws a sentence that names a missing one, or a clip that is on two sides. */
export async function readSplitLists(folder: string): Promise<SplitLists> {
  const read = async (side: Side) => {
    const path = join(folder, listFiles[side]);
    const text = await readFile(path, 'utf8').catch(() => {
      throw new Error(
        `${path} is missing: --splits names the folder with ${Object.values(listFiles).join(', ')}.`,
      );
    });
    return new Set(text.split('\n').map(clipName).filter(Boolean));
  };
  const lists = {
    train: await read('train'),
    validation: await read('validation'),
    test: await read('test'),
  };
  const seen = new Set<string>();
  for (const side of sides)
    for (const name of lists[side]) {
      if (seen.has(name)) throw new Error(`${name} is on two sides of the lists in ${folder}.`);
      seen.add(name);
    }
  return lists;
}

/** Clips by name; those in none of the lists are left out. */
export function filteredSplit(clips: readonly Clip[], lists: SplitLists): ClipSplit {
  const on = (side: Side) => [...clips.keys()].filter((index) => lists[side].has(clips[index]?.name ?? ''));
  return { train: on('train'), validation: on('validation'), test: on('test') };
}

/** All clips, each genre shared out in the proportions of the lists; a genre of three and more is on every side. */
export function randomSplit(clips: readonly Clip[], seed: number): ClipSplit {
  const random = seededRandom(seed);
  const result: Record<Side, number[]> = { train: [], validation: [], test: [] };
  for (const genre of genresOf(clips)) {
    const members = shuffled(
      [...clips.keys()].filter((index) => clips[index]?.genre === genre),
      random,
    );
    const test = Math.max(1, Math.round(shares.test * members.length));
    const validation = Math.max(1, Math.round(shares.validation * members.length));
    result.test.push(...members.slice(0, test));
    result.validation.push(...members.slice(test, test + validation));
    result.train.push(...members.slice(test + validation));
  }
  for (const side of sides) result[side].sort((left, right) => left - right);
  return result;
}

export function genresOf(clips: readonly Clip[]): string[] {
  return [...new Set(clips.map(({ genre }) => genre))].sort();
}
