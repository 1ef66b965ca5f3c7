/** Grooves played by mma and fluidsynth, with the truth of them: tempo, beats, bars, key. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { camelotOf } from '#shared/music/keys.ts';
import { seededRandom } from '../model/random.ts';
import { compose, listGrooves, soundFont, synthesisePieces } from '../model/synthesise.ts';
import type { Groove } from '../model/synthesise.ts';
import { hashText, readJsonIfThere, writeWhole } from '../model/workspace.ts';
import { RATE_HZ, readAudio, writeFlac } from './audio.ts';
import { readMidiTime } from './midi.ts';

const run = promisify(execFile);

export const meters = ['4/4', '3/4', '6/8', '5/4'] as const;
export type Meter = (typeof meters)[number];

/** What is known of a recording because it was made so. */
export interface Truth {
  readonly bpm: number;
  readonly constant: boolean;
  readonly meter: Meter;
  /** Seconds, rising. */
  readonly beats: readonly number[];
  /** Which of them begin a bar: every so many, from the first on. */
  readonly beatsPerBar: number;
  /** Camelot; null without any harmony. */
  readonly key: string | null;
}

/** grooves of 35 s, those of build/model (others) among them; the same getting faster or slower all the time; four minutes; clicks without music. */
export type PieceKind = 'groove' | 'other' | 'ramp' | 'long' | 'click';

export interface Piece {
  readonly id: string;
  readonly kind: PieceKind;
  /** Pieces of one group may be alike: they are never on both sides of a split. */
  readonly group: string;
  readonly path: string;
  readonly truth: Truth;
}

export interface PlannedPiece {
  readonly id: string;
  readonly kind: Exclude<PieceKind, 'click' | 'other'>;
  readonly groove: Groove;
  readonly variant: number;
}

const SECONDS: Readonly<Record<PlannedPiece['kind'], number>> = { groove: 35, ramp: 60, long: 240 };
/** One in so many is also rendered as a ramp, and as a long piece. */
const RAMP_EVERY = 12;
const LONG_EVERY = 40;

/** Every file of styles once, then every file's next groove, and so on; in an order that any beginning of is mixed. */
export async function planPieces(count: number): Promise<readonly PlannedPiece[]> {
  const turns = new Map<string, number>();
  const grooves = (await listGrooves())
    .map((groove) => {
      const file = `${groove.collection}/${groove.file}`;
      const turn = turns.get(file) ?? 0;
      turns.set(file, turn + 1);
      return { groove, turn, mixed: hashText(`${file}:${groove.groove}`) };
    })
    .sort((left, right) => left.turn - right.turn || (left.mixed < right.mixed ? -1 : 1))
    .slice(0, count);
  if (grooves.length === 0)
    throw new Error('No accompaniment styles: apt-get install mma fluidsynth fluid-soundfont-gm ffmpeg.');
  return grooves.flatMap(({ groove, turn }, index) => {
    const stem = `${groove.collection}_${groove.file}_${groove.groove}`.replace(/[^\w.+-]+/g, '_');
    const planned = (kind: PlannedPiece['kind']): PlannedPiece => ({
      id: kind === 'groove' ? stem : `${stem}.${kind}`,
      ...{ kind, groove, variant: turn + 1 },
    });
    return [
      planned('groove'),
      ...(index % RAMP_EVERY === 5 ? [planned('ramp')] : []),
      ...(index % LONG_EVERY === 7 ? [planned('long')] : []),
    ];
  });
}

/**
 * The pieces that build/model made, of the grooves that they are; without 6/8, whose tempos nobody would play.
 * @param folder where they lie; made there where they are missing
 */
export async function otherPieces(folder: string, count: number): Promise<readonly Piece[]> {
  if (count === 0) return [];
  const pieces: Piece[] = [];
  for (const { path, style } of await synthesisePieces(folder, count)) {
    const [, collection = '', file = '', name = ''] = /^([^/]+)\/(.+):([^:]+)$/.exec(style) ?? [];
    const groove: Groove = { collection, file, groove: name };
    const stem = path.replace(/\.wav$/, '');
    const time = readMidiTime(await readFile(`${stem}.mid`));
    const bars = (await readFile(`${stem}.mma`, 'utf8')).match(/^\d+ /gm)?.length ?? 1;
    const shape = shapeOf(time.signature, Math.round((2 * time.quarters) / bars) / 2);
    if (shape === null || shape.meter === '6/8') continue;
    const composition = compose(groove, 0);
    const truth: Truth = {
      ...{ bpm: composition.tempo, constant: true, meter: shape.meter, beatsPerBar: shape.beatsPerBar },
      beats: Array.from({ length: bars * shape.beatsPerBar }, (_, beat) =>
        time.secondsAt(beat * time.ticksPerQuarter),
      ),
      key: camelotOf(composition.tonic, composition.minor),
    };
    pieces.push({ id: `${basename(stem)}.other`, kind: 'other', group: groupOf(groove), path, truth });
  }
  return pieces;
}

/** "stdlib/swing2" and "stdlib/swing" are one. */
export function groupOf({ collection, file }: Groove): string {
  return `${collection}/${file.toLowerCase().replace(/\d+$/, '')}`;
}

/**
 * Renders a piece into `folder`; what is there already stays. Null for a groove that mma refuses or whose bars do not
 * fit its time signature: its beats would be a guess.
 */
export async function renderPiece(folder: string, planned: PlannedPiece): Promise<Piece | null> {
  await mkdir(folder, { recursive: true });
  const stem = join(folder, planned.id);
  const path = `${stem}.flac`;
  const known = await readJsonIfThere<Truth | { readonly refused: string }>(`${stem}.json`);
  if (known !== null) {
    if ('refused' in known) return null;
    return { id: planned.id, kind: planned.kind, group: groupOf(planned.groove), path, truth: known };
  }
  const refuse = async (refused: string): Promise<null> => {
    await writeWhole(`${stem}.json`, JSON.stringify({ refused }));
    return null;
  };
  const { groove, kind } = planned;
  const composition = compose(groove, planned.variant);
  // How long a bar is, and what of it is a beat, is only known when mma has played it.
  const trial = await play(
    stem,
    pieceLines(groove, Array<number>(8).fill(composition.tempo), composition.chordOf),
  );
  if (trial === null) return refuse('mma');
  const quarters = Math.round((2 * trial.quarters) / 8) / 2;
  const shape = shapeOf(trial.signature, quarters);
  if (shape === null) return refuse(`${trial.signature.join('/')} with ${quarters} quarter notes a bar`);
  // Of 6/8 the dotted quarter is what feet follow: half as many a minute as quarters would be.
  const felt = shape.meter === '6/8' ? 45 + composition.tempo / 4 : composition.tempo;
  const bars = Math.max(4, Math.ceil((SECONDS[kind] * felt) / 60 / shape.beatsPerBar));
  const random = seededRandom(Number.parseInt(hashText(planned.id).slice(0, 8), 16));
  const gain = kind === 'ramp' ? 2 ** ((random() < 0.5 ? -1 : 1) * (0.15 + 0.25 * random())) : 1;
  const tempos = Array.from(
    { length: bars },
    (_, bar) => Math.round(felt * gain ** (bar / bars) * shape.quartersPerBeat * 100) / 100,
  );
  const time = await play(stem, pieceLines(groove, tempos, composition.chordOf));
  if (time === null) return refuse('mma');
  const wav = `${stem}.wav`;
  await run('fluidsynth', [
    '-ni',
    '-F',
    wav,
    '-T',
    'wav',
    '-r',
    String(RATE_HZ),
    '-g',
    '0.5',
    soundFont,
    `${stem}.mid`,
  ]);
  await writeFlac(path, await readAudio(wav));
  await Promise.all([wav, `${stem}.mma`, `${stem}.mid`].map((file) => rm(file, { force: true })));
  const truth: Truth = {
    bpm: (tempos[tempos.length >> 1] as number) / shape.quartersPerBeat,
    constant: kind !== 'ramp',
    meter: shape.meter,
    beats: Array.from({ length: bars * shape.beatsPerBar }, (_, beat) =>
      time.secondsAt(beat * shape.quartersPerBeat * time.ticksPerQuarter),
    ),
    beatsPerBar: shape.beatsPerBar,
    key: camelotOf(composition.tonic, composition.minor),
  };
  await writeWhole(`${stem}.json`, JSON.stringify(truth));
  return { id: planned.id, kind, group: groupOf(groove), path, truth };
}

function pieceLines(groove: Groove, tempos: readonly number[], chordOf: (bar: number) => string): string {
  const lines = [`Use ${groove.collection}/${groove.file}`, `Groove ${groove.groove}`];
  tempos.forEach((tempo, bar) => {
    if (tempo !== tempos[bar - 1]) lines.push(`Tempo ${tempo}`);
    lines.push(`${bar + 1} ${chordOf(bar)}`);
  });
  return `${lines.join('\n')}\n`;
}

async function play(stem: string, text: string): Promise<ReturnType<typeof readMidiTime> | null> {
  await writeFile(`${stem}.mma`, text);
  try {
    await run('mma', ['-w', `${stem}.mma`, '-f', `${stem}.mid`]);
    return readMidiTime(await readFile(`${stem}.mid`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return null;
    throw new Error('mma is missing: apt-get install mma.', { cause: error });
  }
}

interface Shape {
  readonly meter: Meter;
  readonly beatsPerBar: number;
  readonly quartersPerBeat: number;
}

/** What is beaten, by time signature and length of a bar; null where the two contradict each other. */
export function shapeOf(signature: readonly [number, number], quarters: number): Shape | null {
  const [beats, unit] = signature;
  if (unit === 4 && beats === quarters && (beats === 3 || beats === 4 || beats === 5))
    return { meter: `${beats}/4`, beatsPerBar: beats, quartersPerBeat: 1 };
  // mma's styles write the eighth as a quarter note, as an eighth, or the dotted quarter as a quarter note.
  if (unit === 8 && beats === 6 && (quarters === 6 || quarters === 3 || quarters === 2))
    return { meter: '6/8', beatsPerBar: 2, quartersPerBeat: quarters / 2 };
  return null;
}
