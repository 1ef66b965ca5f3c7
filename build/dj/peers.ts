/** Other programs that find beats and keys, asked about the same files; what they said is kept by the file's hash. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { camelotOf } from '#shared/music/keys.ts';
import { hashFile, progress, readJsonIfThere, writeWhole } from '../model/workspace.ts';
import type { Settings } from './workspace.ts';

export const peers = ['aubio', 'librosa', 'essentia'] as const;
export type Peer = (typeof peers)[number];

export interface PeerAnswer {
  readonly bpm: number;
  /** Seconds, rising. */
  readonly beats: readonly number[];
  /** Camelot; null where the program finds no keys. */
  readonly key: string | null;
}

export interface PeerAnswers {
  readonly version: string;
  /** Null for a file that it could not read. */
  readonly answers: readonly (PeerAnswer | null)[];
}

interface Said {
  readonly bpm: number;
  readonly beats: readonly number[];
  readonly key: string | null;
}

type Line = Said | { readonly failed: string } | { readonly version: string };

/** @throws a sentence when the program is not installed */
export async function askPeer(
  settings: Settings,
  peer: Peer,
  paths: readonly string[],
): Promise<PeerAnswers> {
  const folder = join(settings.cache, 'peers', peer);
  const files: string[] = [];
  for (const path of paths) files.push(join(folder, `${await hashFile(path)}.json`));
  const known = await Promise.all(files.map((file) => readJsonIfThere<Line>(file)));
  const missing = paths.map((_, index) => index).filter((index) => known[index] === null);
  const report = progress(peer, missing.length);
  let version = '';
  let done = 0;
  const python = peer === 'aubio' ? settings.aubioPython : settings.python;
  await converse(
    python,
    [join(import.meta.dirname, 'peers.py'), peer],
    missing.map((index) => paths[index] as string),
    async (line) => {
      const said = JSON.parse(line) as Line;
      if ('version' in said) version = said.version;
      else {
        const index = missing[done] as number;
        (known as (Line | null)[])[index] = said;
        await writeWhole(files[index] as string, JSON.stringify(said));
        report(++done);
      }
    },
  );
  if (done < missing.length)
    throw new Error(
      `${peer} stopped after ${done} of ${missing.length} files (${python}). ` +
        (peer === 'aubio'
          ? 'apt-get install python3-aubio.'
          : 'It needs a virtual environment with librosa and essentia: see build/dj/README.md.'),
    );
  return {
    version,
    answers: known.map((said) =>
      said === null || !('bpm' in said)
        ? null
        : { bpm: said.bpm, beats: said.beats, key: said.key === null ? null : camelotOfName(said.key) },
    ),
  };
}

/** Lines out, lines in. */
async function converse(
  program: string,
  args: readonly string[],
  lines: readonly string[],
  onLine: (line: string) => Promise<void>,
): Promise<void> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const gone = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  for await (const line of createInterface({ input: child.stdout })) await onLine(line);
  await gone;
}

const naturals: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** "Eb minor" as Camelot; null for what is none. */
export function camelotOfName(name: string): string | null {
  const match = /^([A-G])([#b]?) (major|minor)$/.exec(name);
  if (match === null) return null;
  const [, letter = 'C', sign, mode] = match;
  const tonic = (naturals[letter] as number) + (sign === '#' ? 1 : sign === 'b' ? -1 : 0);
  return camelotOf(tonic, mode === 'minor');
}
