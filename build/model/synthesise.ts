/**
 * Pieces made by mma (accompaniment styles) and fluidsynth (General MIDI sound): the style is known. They add
 * rhythms that free game music lacks (swing, country, bossa, ska, funk …); the sound is artificial, so they are
 * an addition, never the judge.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { seededRandom } from './random.ts';
import { hashText, progress } from './workspace.ts';

const run = promisify(execFile);
const library = '/usr/share/mma/lib';
export const soundFont = '/usr/share/sounds/sf2/FluidR3_GM.sf2';
/** MMA's folders of styles; 'stdlib' is by its author, the others are conversions of keyboards' styles. */
const collections = ['stdlib', 'casio', 'yamaha', 'zoom', 'pflib', 'kara', 'alexis'];
/** Grooves of these kinds are parts of a piece, not a style. */
const partsOnly = /(intro|end|ending|fill|none|metronome|count|walk)\d*$/i;

/** Chord progressions by degree, eight bars each; common ones of blues, jazz, pop, minor and modal music. */
const progressions: readonly (readonly string[])[] = [
  ['I7', 'IV7', 'I7', 'I7', 'IV7', 'IV7', 'I7', 'V7'],
  ['I', 'vi', 'IV', 'V', 'I', 'vi', 'ii', 'V7'],
  ['ii7', 'V7', 'IM7', 'IM7', 'ii7', 'V7', 'IM7', 'vi7'],
  ['vi', 'IV', 'I', 'V', 'vi', 'IV', 'I', 'V'],
  ['i', 'VII', 'VI', 'V7', 'i', 'iv', 'V7', 'i'],
  ['I', 'I', 'IV', 'I', 'V', 'IV', 'I', 'V7'],
  ['i7', 'i7', 'iv7', 'iv7', 'i7', 'i7', 'VI', 'V7'],
];
const roots = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];
const major: Readonly<Record<string, number>> = { I: 0, II: 2, III: 4, IV: 5, V: 7, VI: 9, VII: 11 };
const minor: Readonly<Record<string, number>> = { ...major, III: 3, VI: 8, VII: 10 };

/** A degree such as 'vi7' in the key of `tonic` (semitones above C): 'Am7' in C. */
export function chordName(degree: string, tonic: number, inMinor: boolean): string {
  const [, numeral = 'I', suffix = ''] = /^([ivIV]+)(.*)$/.exec(degree) ?? [];
  const steps = (inMinor ? minor : major)[numeral.toUpperCase()] ?? 0;
  const lower = numeral === numeral.toLowerCase();
  const root = roots[(tonic + steps) % 12] ?? 'C';
  return `${root}${lower ? 'm' : ''}${suffix}`;
}

export interface Piece {
  readonly path: string;
  /** collection/file:Groove */
  readonly style: string;
}

export interface Groove {
  readonly collection: string;
  readonly file: string;
  readonly groove: string;
}

/** All that are installed; none where mma is not. */
export async function listGrooves(): Promise<Groove[]> {
  const grooves: Groove[] = [];
  for (const collection of collections) {
    const names = await readdir(join(library, collection)).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith('.mma')).sort()) {
      const text = await readFile(join(library, collection, name), 'latin1');
      const found = [...text.matchAll(/^\s*DefGroove\s+(\S+)/gim)]
        .map((match) => match[1] ?? '')
        .filter((groove) => !partsOnly.test(groove));
      for (const groove of found) grooves.push({ collection, file: name.replace(/\.mma$/, ''), groove });
    }
  }
  return grooves;
}

/** What a piece is made of; `variant` picks key, tempo and progression. */
export interface Composition {
  readonly tempo: number;
  /** Semitones above C. */
  readonly tonic: number;
  readonly minor: boolean;
  /** The chords by degree, over and over. */
  readonly progression: readonly string[];
  /** The chord of a bar, counted from 0. */
  readonly chordOf: (bar: number) => string;
}

export function compose(groove: Groove, variant: number): Composition {
  const random = seededRandom(
    Number.parseInt(hashText(`${JSON.stringify(groove)} ${variant}`).slice(0, 8), 16),
  );
  const chosen = progressions[Math.floor(random() * progressions.length)] ?? [];
  const tonic = Math.floor(random() * 12);
  const inMinor = chosen.some((degree) => /^i(7|$)/.test(degree));
  const tempo = naturalTempo(groove, random());
  return {
    ...{ tempo, tonic, minor: inMinor, progression: chosen },
    chordOf: (bar) => chordName(chosen[bar % chosen.length] ?? 'I', tonic, inMinor),
  };
}

/** The text of a piece of about 35 s. */
export function pieceText(groove: Groove, variant: number): string {
  const { tempo, chordOf } = compose(groove, variant);
  const bars = Math.ceil((35 * tempo) / 60 / 4) + 2;
  const lines = [`Use ${groove.collection}/${groove.file}`, `Groove ${groove.groove}`, `Tempo ${tempo}`];
  for (let bar = 0; bar < bars; bar++) lines.push(`${bar + 1} ${chordOf(bar)}`);
  return `${lines.join('\n')}\n`;
}

/** Beats per minute that the style is usually played at, spread by `position` in 0…1. */
function naturalTempo({ file, groove }: Groove, position: number): number {
  const name = `${file} ${groove}`.toLowerCase();
  const ranges: readonly [RegExp, number, number][] = [
    [/trance|techno|rave|thr/, 128, 145],
    [/house|dance|disco/, 116, 130],
    [/dnb/, 165, 176],
    [/hip-?hop|trip|rnb|r\+b|rb\b|soul|ambient/, 76, 102],
    [/ballad|slow|lullaby|hymn|spiritual/, 60, 84],
    [/metal|punk|mtl|fast|polka|quickstep|bluegrass|bebop/, 150, 190],
    [/reggae|ska/, 76, 130],
  ];
  const [, low, high] = ranges.find(([pattern]) => pattern.test(name)) ?? [/./, 90, 145];
  return Math.round(low + (high - low) * position);
}

/**
 * Renders up to `count` grooves into `folder` (22.05 kHz WAV); what is there already stays. A groove that mma
 * refuses is left out. Throws a sentence if mma or fluidsynth is missing.
 */
export async function synthesisePieces(folder: string, count: number): Promise<Piece[]> {
  await mkdir(folder, { recursive: true });
  const grooves = await listGrooves();
  if (grooves.length === 0)
    throw new Error(
      `No accompaniment styles in ${library}: apt-get install mma fluidsynth fluid-soundfont-gm.`,
    );
  // Spread over the files first: a hundred variations of one waltz teach little.
  const seen = new Map<string, number>();
  const ordered = grooves
    .map((groove) => {
      const key = `${groove.collection}/${groove.file}`;
      const turn = seen.get(key) ?? 0;
      seen.set(key, turn + 1);
      return { groove, turn };
    })
    .sort((left, right) => left.turn - right.turn)
    .slice(0, count);
  const pieces: Piece[] = [];
  const report = progress('synthesise', ordered.length);
  for (const [index, { groove }] of ordered.entries()) {
    const style = `${groove.collection}/${groove.file}:${groove.groove}`;
    const stem = join(folder, style.replace(/[^\w.+-]+/g, '_'));
    if (await render(stem, pieceText(groove, 0))) pieces.push({ path: `${stem}.wav`, style });
    report(index + 1);
  }
  return pieces;
}

/** `stem`.wav (22.05 kHz), unless it is there; false where mma refuses. Throws a sentence if mma or fluidsynth is missing. */
export async function render(stem: string, text: string): Promise<boolean> {
  const wav = `${stem}.wav`;
  if (await stat(wav).catch(() => null)) return true;
  await writeFile(`${stem}.mma`, text);
  try {
    await run('mma', ['-w', `${stem}.mma`, '-f', `${stem}.mid`]);
    await run('fluidsynth', [
      '-ni',
      '-F',
      `${wav}.part`,
      '-T',
      'wav',
      '-r',
      '22050',
      '-g',
      '0.5',
      soundFont,
      `${stem}.mid`,
    ]);
    await rename(`${wav}.part`, wav);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error('mma or fluidsynth is missing: apt-get install mma fluidsynth fluid-soundfont-gm.', {
        cause: error,
      });
    return false;
  }
}
