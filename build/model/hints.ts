/**
 * Hints: what the teachers' inner layers make of a window, one byte a value, [time][band][channel of both teachers] map
 * after map. hints/scale.json holds the value of 255 for each channel, from a fixed choice of training windows.
 */
import { join } from 'node:path';
import { readCorpus } from './corpus.ts';
import { featuredTracks, readFeatures, readWindow } from './feature-store.ts';
import { seededRandom } from './random.ts';
import { hintMaps, type Teacher, type TeacherAnswer } from './teachers.ts';
import { readJsonIfThere, writeWhole } from './workspace.ts';

const teachers = 2;

/** Bytes of a window. */
export const hintBytes = hintMaps.reduce(
  (sum, { times, bands, channels }) => sum + times * bands * channels * teachers,
  0,
);

export function hintPath(cache: string, id: string): string {
  return join(cache, 'hints', `${id}.u8`);
}

/** For each map the value that 255 stands for, by channel of both teachers. */
export type HintScale = readonly (readonly number[])[];

/** Answers of both teachers about one window → bytes. */
export function packHints(answers: readonly TeacherAnswer[], scale: HintScale): Uint8Array {
  const packed = new Uint8Array(hintBytes);
  let at = 0;
  hintMaps.forEach(({ times, bands, channels }, map) => {
    for (let time = 0; time < times; time++)
      for (let band = 0; band < bands; band++)
        answers.forEach(({ maps }, teacher) => {
          for (let channel = 0; channel < channels; channel++) {
            const value = maps[map]?.[(channel * bands + band) * times + time] as number;
            const full = scale[map]?.[teacher * channels + channel] as number;
            packed[at++] = Math.max(0, Math.min(255, Math.round((255 * value) / full)));
          }
        });
  });
  return packed;
}

const windowsForScale = 150;

/** Reads hints/scale.json, or makes it: 1.2 times the largest value of a channel over some training windows. */
export async function hintScale(cache: string, asked: readonly Teacher[]): Promise<HintScale> {
  const path = join(cache, 'hints', 'scale.json');
  const known = await readJsonIfThere<HintScale>(path);
  if (known) return known;
  const largest = hintMaps.map(({ channels }) => new Array<number>(channels * teachers).fill(1e-3));
  const featured = await featuredTracks(cache);
  const tracks = (await readCorpus(cache)).tracks.filter(
    ({ id, split }) => split === 'train' && featured.has(id),
  );
  const random = seededRandom(77);
  for (let count = 0; count < windowsForScale; count++) {
    const { id } = tracks[Math.floor(random() * tracks.length)] ?? { id: '' };
    const { starts } = await readFeatures(cache, id);
    if (starts.length === 0) continue;
    const window = await readWindow(cache, id, Math.floor(random() * starts.length));
    const answers = await Promise.all(asked.map((teacher) => teacher.ask(window)));
    answers.forEach(({ maps }, teacher) => {
      hintMaps.forEach(({ times, bands, channels }, map) => {
        maps[map]?.forEach((value, index) => {
          const channel = teacher * channels + Math.floor(index / (times * bands));
          const row = largest[map] as number[];
          row[channel] = Math.max(row[channel] as number, 1.2 * value);
        });
      });
    });
  }
  await writeWhole(path, JSON.stringify(largest));
  return largest;
}
