/** Stage 3: what the teachers say of every window, with hints, and of endless mixes of two windows (`--mixes N`). */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readCorpus, type CorpusTrack } from './corpus.ts';
import { featuredTracks, readFeatures, readWindow } from './feature-store.ts';
import { hintPath, hintScale, packHints, type HintScale } from './hints.ts';
import { makeMixes } from './mixes.ts';
import { openTeacher, tagCount, teacherEmbeddings, type Teacher, type TeacherName } from './teachers.ts';
import { progress, runStage, writeWhole, type Options } from './workspace.ts';

/** In the order of their labels everywhere. */
export const mainTeachers = ['msd_fcn', 'jamendo_fcn'] as const satisfies readonly TeacherName[];

export function labelPath(cache: string, teacher: TeacherName, id: string): string {
  return join(cache, 'labels', teacher, `${id}.f32`);
}

export interface WindowLabel {
  readonly embedding: Float32Array;
  readonly logits: Float32Array;
}

/** What a teacher said of each window of a track; null if it was not asked yet. */
export async function readLabels(
  cache: string,
  teacher: TeacherName,
  id: string,
): Promise<WindowLabel[] | null> {
  const data = await readFile(labelPath(cache, teacher, id)).catch(() => null);
  if (data === null) return null;
  const values = new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
  const size = teacherEmbeddings[teacher];
  const stride = size + tagCount;
  return Array.from({ length: values.length / stride }, (_, index) => ({
    embedding: values.subarray(index * stride, index * stride + size),
    logits: values.subarray(index * stride + size, (index + 1) * stride),
  }));
}

async function main(options: Options): Promise<void> {
  if (options.extra === null) throw new Error('--extra DIR is needed: the folder that holds teachers/.');
  const names: readonly TeacherName[] = options.allTeachers
    ? [...mainTeachers, 'msd_crnn', 'jamendo_crnn']
    : mainTeachers;
  const extra = options.extra;
  const main = await Promise.all(mainTeachers.map((name) => openTeacher(extra, name, true)));
  const others = await Promise.all(names.slice(main.length).map((name) => openTeacher(extra, name)));
  const scale = await hintScale(options.cache, main);
  await labelTracks(options, main, others, scale);
  if (options.mixes > 0) await makeMixes(options, main, scale);
}

/**
 * Labels every window that has none yet. Features may still be growing: it goes round until nothing new came.
 * Labelled and rare music first, then one track of each package in turn, so that stopping early costs no kind.
 */
async function labelTracks(
  options: Options,
  main: readonly Teacher[],
  others: readonly Teacher[],
  scale: HintScale,
): Promise<void> {
  const [part, parts] = options.part;
  const { tracks } = await readCorpus(options.cache);
  const tried = new Set<string>();
  for (;;) {
    const featured = await featuredTracks(options.cache);
    const waiting = turnByTurn(tracks.filter(({ id }) => featured.has(id) && !tried.has(id)));
    if (waiting.length === 0) return;
    const report = progress('teach', waiting.length);
    for (const [index, { id }] of waiting.entries()) {
      tried.add(id);
      if (index % parts === part) await labelTrack(options.cache, id, main, others, scale);
      report(index + 1);
    }
  }
}

async function labelTrack(
  cache: string,
  id: string,
  main: readonly Teacher[],
  others: readonly Teacher[],
  scale: HintScale,
): Promise<void> {
  const { starts } = await readFeatures(cache, id);
  const asked: Teacher[] = [];
  const isThere = (path: string) => stat(path).catch(() => null);
  const hinted = await isThere(hintPath(cache, id));
  for (const teacher of others) if (!(await isThere(labelPath(cache, teacher.name, id)))) asked.push(teacher);
  // Labels and hints come from the same question.
  if (!hinted) asked.unshift(...main);
  if (asked.length === 0) return;
  const said = asked.map(() => [] as Float32Array[]);
  const hints: Uint8Array[] = [];
  for (let index = 0; index < starts.length; index++) {
    const window = await readWindow(cache, id, index);
    const answers = await Promise.all(asked.map((teacher) => teacher.ask(window)));
    answers.forEach(({ label }, which) => said[which]?.push(label));
    if (!hinted) hints.push(packHints(answers.slice(0, main.length), scale));
  }
  for (const [which, teacher] of asked.entries())
    await writeWhole(labelPath(cache, teacher.name, id), joined(said[which] ?? []));
  if (!hinted) await writeWhole(hintPath(cache, id), Buffer.concat(hints));
}

function joined(parts: readonly Float32Array[]): Uint8Array {
  return new Uint8Array(Float32Array.from(parts.flatMap((part) => [...part])).buffer);
}

/** Of a larger package the rest is heard in mixes only. */
const mostTracksOfArtist = 25;

/** Round robin over artists, the extra sets before Debian's. */
function turnByTurn(tracks: readonly CorpusTrack[]): CorpusTrack[] {
  const turns = new Map<string, number>();
  return tracks
    .map((track) => {
      const turn = turns.get(track.artist) ?? 0;
      turns.set(track.artist, turn + 1);
      return {
        track,
        rank:
          track.set === 'debian'
            ? 1000 + turn
            : track.set === 'synthesised'
              ? 1005
              : track.set === 'gtzan-more'
                ? 1e6
                : turn,
      };
    })
    .filter(({ track, rank }) => track.set !== 'debian' || rank < 1000 + mostTracksOfArtist)
    .sort((left, right) => left.rank - right.rank)
    .map(({ track }) => track);
}

if (import.meta.main) await runStage(main);
