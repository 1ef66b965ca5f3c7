/** What an import would change: worked out before anything is, and the same for a look and for the deed. */
import { setImmediate } from 'node:timers/promises';
import type { ImportPart, TrackId, TrackMarks } from '#shared/domain.ts';
import type { Database } from '#engine/storage/database.ts';
import { readMarks } from '#engine/storage/library/track-marks.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { ExchangeList, ExchangeTrack } from '../model.ts';
import { moved, programShift, readMp3Timing } from '../mp3-timing.ts';
import type { Imported } from './imported.ts';
import type { Match } from './match.ts';

const ROWS_A_SLICE = 500;
const FILES_AT_ONCE = 16;

export interface ImportPlan {
  /** With track ids of the library; rows without a match are left out. */
  readonly lists: readonly ExchangeList[];
  readonly playlists: number;
  readonly folders: number;
  readonly ratings: readonly { readonly trackId: TrackId; readonly rating: number }[];
  /** Whole rows, with what was known before. */
  readonly marks: readonly (TrackMarks & { readonly trackId: TrackId })[];
  readonly playCounts: number;
  readonly colours: number;
  readonly cues: number;
  readonly grids: number;
}

export async function planImport(
  database: Database,
  imported: Imported,
  matches: ReadonlyMap<number, Match>,
  parts: ReadonlySet<ImportPart>,
  signal: AbortSignal,
): Promise<ImportPlan> {
  // Of several entries that are one track, the first says what it knows.
  const entries = new Map<TrackId, ExchangeTrack>();
  for (const entry of imported.tracks) {
    const trackId = matches.get(entry.id)?.trackId;
    if (trackId !== undefined && !entries.has(trackId)) entries.set(trackId, entry);
  }
  const ratings: { trackId: TrackId; rating: number }[] = [];
  const marks: (TrackMarks & { trackId: TrackId })[] = [];
  const counts = { playCounts: 0, colours: 0, cues: 0, grids: 0 };
  const ids = [...entries.keys()];
  for (let start = 0; start < ids.length; start += ROWS_A_SLICE) {
    const slice = ids.slice(start, start + ROWS_A_SLICE);
    const known = readMarks(database, slice);
    const rows = readTracks(database, slice).flatMap((track) => {
      const entry = entries.get(track.id);
      return entry === undefined ? [] : [{ track, entry }];
    });
    const timed = await withOurTimes(rows, imported.format, parts);
    for (const { track, entry } of timed) {
      const rating = entry.rating ?? 0;
      if (parts.has('ratings') && rating > 0 && track.rating === 0)
        ratings.push({ trackId: track.id, rating });
      const made = marksOf(entry, known.get(track.id), imported.format, parts, counts);
      if (made !== null) marks.push({ ...made, trackId: track.id });
    }
    await setImmediate();
    signal.throwIfAborted();
  }
  const lists = parts.has('playlists') ? withTracks(imported.lists, matches) : [];
  return { lists, ...countLists(lists), ratings, marks, ...counts };
}

/** The row as it will be; null where nothing is new. */
function marksOf(
  entry: ExchangeTrack,
  known: TrackMarks | undefined,
  source: TrackMarks['source'],
  parts: ReadonlySet<ImportPart>,
  counts: { playCounts: number; colours: number; cues: number; grids: number },
): TrackMarks | null {
  const before = known ?? { playCount: null, colour: null, cues: [], grid: [], source };
  const playCount = parts.has('playCounts') && (entry.playCount ?? 0) > (before.playCount ?? 0);
  const colour = parts.has('colours') && entry.colour !== null && entry.colour !== before.colour;
  const cues = parts.has('cues') && entry.cues.length > 0 && differ(entry.cues, before.cues);
  const grid = parts.has('grids') && entry.grid.length > 0 && differ(entry.grid, before.grid);
  if (!playCount && !colour && !cues && !grid) return null;
  counts.playCounts += Number(playCount);
  counts.colours += Number(colour);
  counts.cues += Number(cues);
  counts.grids += Number(grid);
  return {
    playCount: playCount ? entry.playCount : before.playCount,
    colour: colour ? entry.colour : before.colour,
    cues: cues ? entry.cues : before.cues,
    grid: grid ? entry.grid : before.grid,
    source,
  };
}

function differ(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) !== JSON.stringify(right);
}

interface Row {
  readonly track: { readonly id: TrackId; readonly path: string; readonly rating: number };
  readonly entry: ExchangeTrack;
}

/** The other program's clock, set to ours (mp3-timing.ts). */
async function withOurTimes(
  rows: readonly Row[],
  format: Imported['format'],
  parts: ReadonlySet<ImportPart>,
): Promise<readonly Row[]> {
  const has = (row: Row): boolean => row.entry.cues.length + row.entry.grid.length > 0;
  if (format !== 'rekordbox' && format !== 'traktor') return rows;
  if (!parts.has('cues') && !parts.has('grids')) return rows;
  const result = [...rows];
  const waiting = rows.entries();
  const work = async (): Promise<void> => {
    for (const [index, row] of waiting) {
      const timing = has(row) ? await readMp3Timing(row.track.path) : null;
      if (timing !== null) result[index] = { ...row, entry: moved(row.entry, -programShift(timing, format)) };
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
  return result;
}

function withTracks(
  lists: readonly ExchangeList[],
  matches: ReadonlyMap<number, Match>,
): readonly ExchangeList[] {
  return lists.map((list) => {
    const trackIds = list.trackIds.flatMap((entry) => matches.get(entry)?.trackId ?? []);
    return {
      ...list,
      lists: withTracks(list.lists, matches),
      trackIds: list.kind === 'crate' ? [...new Set(trackIds)] : trackIds,
    };
  });
}

function countLists(lists: readonly ExchangeList[]): { playlists: number; folders: number } {
  let playlists = 0;
  let folders = 0;
  for (const list of lists) {
    const inside = countLists(list.lists);
    playlists += inside.playlists + (list.kind === 'folder' ? 0 : 1);
    folders += inside.folders + (list.kind === 'folder' ? 1 : 0);
  }
  return { playlists, folders };
}
