/** What a reader of a format gives: the tracks it names, numbered from 0, and its lists. */
import type { ImportFormat } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { emptyTrack } from '../model.ts';
import type { ExchangeList, ExchangeTrack } from '../model.ts';

export interface Imported {
  readonly format: ImportFormat;
  /** The id of each is its place here. */
  readonly tracks: readonly ExchangeTrack[];
  readonly lists: readonly ExchangeList[];
  /** What was left out, in sentences. */
  readonly warnings: readonly string[];
}

/** No library of anybody is larger; a file that claims more is none. */
const MOST_TRACKS = 1_000_000;
const MOST_ROWS = 5_000_000;
const MOST_LISTS = 100_000;
/** Of one track. */
const MOST_MARKS = 10_000;
/** Folders inside folders. */
const DEEPEST = 64;
const LONGEST_NAME = 500;

/** A list that is being read. */
export interface OpenList {
  readonly name: string;
  readonly kind: ExchangeList['kind'];
  readonly lists: OpenList[];
  readonly trackIds: number[];
}

/** Collects what a reader finds, within bounds. */
export interface ImportCollector {
  readonly tracks: ExchangeTrack[];
  /** Gives the number under which lists name it. */
  addTrack(track: Partial<Omit<ExchangeTrack, 'id'>> & { readonly path: string }): number;
  /** Of a path: the track that has it, or a new one of which nothing else is known. */
  trackAt(path: string): number;
  /** Inside the list that is open; it is open itself until it is closed. */
  openList(name: string, kind: ExchangeList['kind']): OpenList;
  closeList(): void;
  addRow(trackId: number): void;
  warn(what: string): void;
  finish(format: ImportFormat): Imported;
}

export function createCollector(): ImportCollector {
  const tracks: ExchangeTrack[] = [];
  const byPath = new Map<string, number>();
  const top: OpenList[] = [];
  const open: OpenList[] = [];
  const warnings = new Map<string, number>();
  let rows = 0;
  let lists = 0;

  const collector: ImportCollector = {
    tracks,
    addTrack(track) {
      if (tracks.length >= MOST_TRACKS) throw tooMuch(`${MOST_TRACKS.toLocaleString('en')} tracks`);
      const id = tracks.length;
      const whole = { ...emptyTrack, ...track, id };
      tracks.push({
        ...whole,
        cues: whole.cues.slice(0, MOST_MARKS),
        grid: whole.grid.slice(0, MOST_MARKS),
      });
      if (!byPath.has(track.path)) byPath.set(track.path, id);
      return id;
    },
    trackAt(path) {
      return byPath.get(path) ?? collector.addTrack({ path });
    },
    openList(name, kind) {
      lists += 1;
      if (lists > MOST_LISTS) throw tooMuch(`${MOST_LISTS.toLocaleString('en')} lists`);
      if (open.length >= DEEPEST) throw tooMuch(`${DEEPEST} folders inside each other`);
      const list = { name: listName(name), kind, lists: [], trackIds: [] };
      (open.at(-1)?.lists ?? top).push(list);
      open.push(list);
      return list;
    },
    closeList: () => void open.pop(),
    addRow(trackId) {
      rows += 1;
      if (rows > MOST_ROWS) throw tooMuch(`${MOST_ROWS.toLocaleString('en')} rows in lists`);
      open.at(-1)?.trackIds.push(trackId);
    },
    warn(what) {
      warnings.set(what, (warnings.get(what) ?? 0) + 1);
    },
    finish(format) {
      const sentences = [...warnings].map(([what, count]) => `${what}: ${count.toLocaleString('en')}.`);
      return { format, tracks, lists: top, warnings: sentences };
    },
  };
  return collector;
}

/** As a playlist here can be called: the name of a file is hostile, too. */
function listName(name: string): string {
  const cleaned = name
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
  return [...cleaned].slice(0, LONGEST_NAME / 2).join('') || 'Untitled';
}

function tooMuch(what: string): AppError {
  return new AppError('import-failed', `The file claims to hold more than ${what}. Nothing was taken over.`);
}

/** A number in a text, in bounds; null where it is none. */
export function numberIn(text: string | undefined, least: number, most: number): number | null {
  if (text === undefined || text.trim() === '') return null;
  const value = Number(text.trim().replace(',', '.'));
  return Number.isFinite(value) && value >= least && value <= most ? value : null;
}

export function wholeIn(text: string | undefined, least: number, most: number): number | null {
  const value = numberIn(text, least, most);
  return value === null ? null : Math.round(value);
}

/** Null for nothing. */
export function textOf(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** Seconds that a track can have: a week is longer than any. */
export const LONGEST_SECONDS = 7 * 24 * 3600;
export const MOST_PLAYS = 10_000_000;
