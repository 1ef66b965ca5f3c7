/** Rendered music whose key is known, and what pitches our analyser sees in it. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createChromaMeter, INPUT_RATE_HZ } from '#engine/analysis/analyser/key/chroma.ts';
import type { Chroma } from '#engine/analysis/analyser/key/chroma.ts';
import { seededRandom, shuffled } from '../model/random.ts';
import { chordName, compose, listGrooves, render, synthesisePieces } from '../model/synthesise.ts';
import type { Groove } from '../model/synthesise.ts';
import { hashFile, hashText, progress, readJsonIfThere, writeWhole } from '../model/workspace.ts';
import { repository } from '../steps.ts';
import { readAudio } from './audio.ts';
import { groupOf } from './pieces.ts';

/**
 * More progressions than build/model has: a key has to be told from its relatives where the dominant is missing, the harmony
 * hardly moves, or it is modal. In minor the first ten.
 */
const progressions: readonly string[] = [
  ...['i VI III VII', 'i iv i V', 'i VII i VI', 'i i i i i i VII i', 'i7 IV7', 'i v VI VII'],
  ...['i iv VII III VI iv V i', 'i VI iv V', 'i VII VI VII', 'i III VII VI'],
  ...['I V vi IV', 'I IV V IV', 'I iii IV V', 'I vi ii V', 'IM7 IM7 IVM7 IVM7', 'I ii IV I'],
  ...['I I I I IV IV I I', 'I V IV I', 'I IV ii V7 I IV V I', 'I iii vi IV I V IV V'],
];
const IN_MINOR = 10;
/** Whether this begins on its tonic is a matter of taste: it is judged, but teaches nothing. */
const AMBIGUOUS = 'vi IV I V';

export interface KeyExample {
  readonly id: string;
  /** Semitones above C. */
  readonly tonic: number;
  readonly minor: boolean;
  readonly progression: string;
  readonly ambiguous: boolean;
  /** Styles of one family. */
  readonly group: string;
  readonly chroma: Chroma;
}

type Planned = Omit<KeyExample, 'chroma'> & { readonly wav: () => Promise<string | null> };

interface Stored {
  readonly registers: readonly (readonly number[])[];
  readonly frames: number;
  readonly tonality: number;
}

export interface KeyCorpus {
  /** Where everything made is kept. */
  readonly cache: string;
  /** Where the pieces of build/model lie; made there where they are missing. */
  readonly othersFolder: string;
  readonly others: number;
  /** Further grooves, in the progressions above; at 22.05 kHz, too. */
  readonly pieces: number;
}

/** What mma refuses is left out. @throws a sentence where mma, fluidsynth or ffmpeg is missing */
export async function keyExamples(corpus: KeyCorpus): Promise<readonly KeyExample[]> {
  const folder = join(corpus.cache, `key-${await methodHash()}`);
  await mkdir(folder, { recursive: true });
  const planned = [...(await otherPieces(corpus)), ...(await morePieces(folder, corpus.pieces))];
  const report = progress('pitches', planned.length);
  const examples: KeyExample[] = [];
  for (const [done, { wav, ...piece }] of planned.entries()) {
    const chroma = await chromaOf(join(folder, `${piece.id}.json`), wav);
    if (chroma !== null) examples.push({ ...piece, chroma });
    report(done + 1);
  }
  return examples;
}

/** Pitches that were measured by other code are measured again. */
async function methodHash(): Promise<string> {
  const own = join(repository, 'electron/engine/analysis/analyser/key');
  const hashes = await Promise.all(['chroma.ts', 'decimate.ts'].map((name) => hashFile(join(own, name))));
  return hashText(hashes.join(' ')).slice(0, 12);
}

async function otherPieces({ othersFolder, others }: KeyCorpus): Promise<readonly Planned[]> {
  if (others === 0) return [];
  return (await synthesisePieces(othersFolder, others)).map(({ path, style }) => {
    const [, collection = '', file = '', name = ''] = /^([^/]+)\/(.+):([^:]+)$/.exec(style) ?? [];
    const groove: Groove = { collection, file, groove: name };
    const { tonic, minor, progression } = compose(groove, 0);
    const degrees = progression.join(' ');
    return {
      ...{ id: `${stemOf(groove)}.other`, tonic, minor, group: groupOf(groove), progression: degrees },
      ambiguous: degrees.startsWith(AMBIGUOUS),
      wav: () => Promise.resolve(path),
    };
  });
}

/** Grooves that are not the first of their file, so that build/model has few of them. */
async function morePieces(folder: string, count: number): Promise<readonly Planned[]> {
  const seen = new Set<string>();
  const grooves = (await listGrooves()).filter(({ collection, file }) => {
    const first = !seen.has(`${collection}/${file}`);
    seen.add(`${collection}/${file}`);
    return !first;
  });
  const random = seededRandom(77);
  return shuffled(grooves, random)
    .slice(0, count)
    .map((groove, index) => {
      const minor = index % progressions.length < IN_MINOR;
      const progression = progressions[index % progressions.length] as string;
      const tonic = Math.floor(random() * 12);
      const tempo = Math.round(80 + random() * 60);
      // Some files define a groove twice.
      const id = `${stemOf(groove)}.${index + 1}.more`;
      const text = textOf(groove, tempo, progression.split(' '), tonic, minor);
      return {
        ...{ id, tonic, minor, progression, group: groupOf(groove) },
        ambiguous: false,
        wav: async () => ((await render(join(folder, id), text)) ? `${join(folder, id)}.wav` : null),
      };
    });
}

function stemOf({ collection, file, groove }: Groove): string {
  return `${collection}_${file}_${groove}`.replace(/[^\w.+-]+/g, '_');
}

/** 35 s of it. */
function textOf(
  { collection, file, groove }: Groove,
  tempo: number,
  degrees: readonly string[],
  tonic: number,
  minor: boolean,
): string {
  const bars = Math.ceil((35 * tempo) / 60 / 4) + 2;
  const chords = Array.from({ length: bars }, (_, bar) =>
    chordName(degrees[bar % degrees.length] as string, tonic, minor),
  );
  // Without a seed mma plays a groove differently every time.
  const lines = ['RndSeed 77', `Use ${collection}/${file}`, `Groove ${groove}`, `Tempo ${tempo}`];
  return `${[...lines, ...chords.map((chord, bar) => `${bar + 1} ${chord}`)].join('\n')}\n`;
}

/** Measured once; audio that was made for it goes. Null where there is none. */
async function chromaOf(path: string, wav: () => Promise<string | null>): Promise<Chroma | null> {
  const known = await readJsonIfThere<Stored | { readonly refused: true }>(path);
  if (known !== null) return 'refused' in known ? null : restore(known);
  const audio = await wav();
  if (audio === null) {
    await writeWhole(path, JSON.stringify({ refused: true }));
    return null;
  }
  const meter = createChromaMeter();
  meter.push(await readAudio(audio, INPUT_RATE_HZ));
  const { registers, frames, tonality } = meter.finish();
  const stored: Stored = { registers: registers.map((register) => [...register]), frames, tonality };
  await writeWhole(path, JSON.stringify(stored));
  const made = path.replace(/\.json$/, '');
  for (const ending of ['wav', 'mid', 'mma']) await rm(`${made}.${ending}`, { force: true });
  return restore(stored);
}

function restore({ registers, ...rest }: Stored): Chroma {
  return { ...rest, registers: registers.map((register) => Float64Array.from(register)) };
}
