/** `npm run dj:corpus`: renders the pieces, and keeps what our analyser sees of them in every condition. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createWaveformMeter } from '#engine/analysis/analyser/waveform.ts';
import { hashText, progress, writeWhole } from '../model/workspace.ts';
import { RATE_HZ, readAudio, writeFlac } from './audio.ts';
import { clickTempos, clickTrack } from './clicks.ts';
import { conditions, degrade } from './degrade.ts';
import type { Condition, Degraded } from './degrade.ts';
import { otherPieces, planPieces, renderPiece } from './pieces.ts';
import type { Piece, Truth } from './pieces.ts';
import { readSettings } from './workspace.ts';
import type { Settings } from './workspace.ts';

/** One piece in one condition. */
export interface Recording {
  readonly id: string;
  readonly piece: Piece;
  readonly condition: Condition;
  readonly truth: Truth;
  /** [moments x 3], as measureTempo takes them. */
  readonly levels: Float32Array;
}

interface Stored {
  readonly truth: Truth;
}

/** All pieces that can be had, rendered where they are not yet; `onPiece` is called for each as soon as it is there. */
export async function allPieces(
  settings: Settings,
  onPiece: (piece: Piece) => Promise<unknown> = () => Promise.resolve(),
): Promise<readonly Piece[]> {
  const planned = await planPieces(settings.pieces);
  const [index, parts] = settings.part;
  const mine = planned.filter((_, at) => at % parts === index);
  const folder = join(settings.cache, 'pieces');
  const report = progress('corpus', mine.length);
  const pieces: Piece[] = [];
  for (const [done, next] of mine.entries()) {
    const piece = await renderPiece(folder, next);
    if (piece !== null) {
      await onPiece(piece);
      pieces.push(piece);
    }
    report(done + 1);
  }
  const others = await otherPieces(settings.othersFolder, settings.others);
  const more = [...(await clickPieces(folder)), ...others].filter((_, at) => at % parts === index);
  const reportMore = progress('more', more.length);
  for (const [done, piece] of more.entries()) {
    await onPiece(piece);
    pieces.push(piece);
    reportMore(done + 1);
  }
  return pieces;
}

async function clickPieces(folder: string): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  for (const bpm of clickTempos) {
    for (const beatsPerBar of [4, 3] as const) {
      if (beatsPerBar === 3 && pieces.length % 4 !== 1) continue;
      const id = `click_${bpm}_${beatsPerBar}`;
      const { samples, truth } = clickTrack(bpm, beatsPerBar);
      const path = join(folder, `${id}.flac`);
      await readFile(path).catch(() => writeFlac(path, samples));
      pieces.push({ id, kind: 'click', group: 'click', path, truth });
    }
  }
  return pieces;
}

/** Where the levels and the truth of a recording are kept. */
function storedAt(settings: Settings, id: string): string {
  return join(settings.cache, 'levels', id);
}

/** Every condition of a piece; read again where it was measured before. */
export async function recordingsOf(settings: Settings, piece: Piece): Promise<readonly Recording[]> {
  const recordings: Recording[] = [];
  let samples: Float32Array | null = null;
  await mkdir(join(settings.cache, 'levels'), { recursive: true });
  for (const condition of conditionsOf(piece)) {
    const id = `${piece.id}~${condition}`;
    const path = storedAt(settings, id);
    let bytes = await readFile(`${path}.u8`).catch(() => null);
    let stored: Stored | null = null;
    if (bytes === null) {
      samples ??= await readAudio(piece.path);
      const degraded = await degradePiece(samples, piece, condition);
      stored = { truth: movedTruth(piece.truth, condition, degraded) };
      bytes = Buffer.from(measureLevels(degraded.samples));
      await writeWhole(`${path}.json`, JSON.stringify(stored));
      await writeWhole(`${path}.u8`, bytes);
    }
    stored ??= JSON.parse(await readFile(`${path}.json`, 'utf8')) as Stored;
    // As the analyser reads them out of a stored waveform.
    const levels = Float32Array.from(bytes, (byte) => (byte / 255) ** 2);
    recordings.push({ id, piece, condition, truth: stored.truth, levels });
  }
  return recordings;
}

/** The file of a recording, for programs that read files. */
export async function recordingFile(settings: Settings, recording: Recording): Promise<string> {
  if (recording.condition === 'clean') return recording.piece.path;
  const folder = join(settings.cache, 'degraded');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${recording.id}.flac`);
  if ((await readFile(path).catch(() => null)) === null) {
    const samples = await readAudio(recording.piece.path);
    await writeFlac(path, (await degradePiece(samples, recording.piece, recording.condition)).samples);
  }
  return path;
}

/**
 * Grooves of our own in all conditions; those of build/model, which are many, clean and in another one each. Long ones are
 * there for the grid alone, and ramps must not become others.
 */
function conditionsOf({ kind, id }: Piece): readonly Condition[] {
  if (kind === 'groove') return conditions;
  if (kind === 'other') {
    const turn = Number.parseInt(hashText(id).slice(0, 8), 16) % (conditions.length - 1);
    return ['clean', conditions[1 + turn] as Condition];
  }
  return kind === 'click' ? ['clean', 'vinyl', 'room', 'crowd'] : ['clean', 'vinyl'];
}

function degradePiece(samples: Float32Array, piece: Piece, condition: Condition): Promise<Degraded> {
  return degrade(samples, condition, Number.parseInt(hashText(`${piece.id}~${condition}`).slice(0, 8), 16));
}

function movedTruth(truth: Truth, condition: Condition, { moved, speed }: Degraded): Truth {
  return {
    ...truth,
    bpm: truth.bpm * speed,
    constant: truth.constant && condition !== 'drift',
    beats: truth.beats.map(moved),
  };
}

/** The waveform's levels, a byte each, as they are stored. */
function measureLevels(samples: Float32Array): Uint8Array {
  const meter = createWaveformMeter(RATE_HZ);
  meter.push(samples);
  meter.finish();
  return meter.read().peaks;
}

if (import.meta.main) {
  const settings = readSettings();
  await allPieces(settings, (piece) => recordingsOf(settings, piece));
}
