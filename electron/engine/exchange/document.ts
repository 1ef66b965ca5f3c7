/** Gathers what an export is made of: tracks with all that is known of them. */
import { setImmediate } from 'node:timers/promises';
import type {
  GridMarker,
  SoundWords,
  Track,
  TrackCue,
  TrackId,
  TrackMarks,
  TrackSound,
} from '#shared/domain.ts';
import type { Database } from '#engine/storage/database.ts';
import { readMarks } from '#engine/storage/library/track-marks.ts';
import { readComments } from '#engine/storage/library/track-comments.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import { readTrackSound } from '#engine/storage/library/track-sound.ts';
import type { ExchangeTrack } from './model.ts';
import { moved, onTheTrack, programShift, readMp3Timing } from './mp3-timing.ts';
import type { TimingProgram } from './mp3-timing.ts';

/** Rows read at once: a slice takes about 10 ms, then other answers get a turn. */
const ROWS_A_SLICE = 500;
/** Heads of MP3 files that are read at the same time. */
const FILES_AT_ONCE = 16;
/** A grid that follows every beat of a live drummer is told bar by bar. */
const MOST_MARKERS = 2000;

export interface GatheredTracks {
  readonly tracks: readonly ExchangeTrack[];
  /** Of the ids that were asked for: missing, or with a name that cannot be written. */
  readonly leftOut: ReadonlySet<TrackId>;
}

export interface GatherOptions {
  readonly database: Database;
  /** Whose clock grids and cues are to follow; null: they are not needed. */
  readonly program: TimingProgram | null;
  readonly mayHold: (track: Track) => boolean;
  readonly signal: AbortSignal;
}

/** Each track once, in the order of their first appearance. */
export async function gatherTracks(ids: readonly TrackId[], options: GatherOptions): Promise<GatheredTracks> {
  const { database, program, signal } = options;
  const unique = [...new Set(ids)];
  const tracks: ExchangeTrack[] = [];
  const leftOut = new Set<TrackId>(unique);
  for (let start = 0; start < unique.length; start += ROWS_A_SLICE) {
    const slice = unique.slice(start, start + ROWS_A_SLICE);
    const rows = readTracks(database, slice).filter(options.mayHold);
    const marks = readMarks(database, slice);
    const comments = readComments(database, slice);
    const made = rows.map((row) => {
      leftOut.delete(row.id);
      const own = marks.get(row.id);
      const track = {
        ...describe(row),
        comment: comments.get(row.id) ?? null,
        playCount: own?.playCount ?? null,
        colour: own?.colour ?? null,
        cues: [],
        grid: [],
      };
      return program === null ? track : { ...track, ...placesOf(database, row, own) };
    });
    tracks.push(...(program === null ? made : await timed(made, program)));
    await setImmediate();
    signal.throwIfAborted();
  }
  return { tracks, leftOut };
}

/** The user's word here comes before that in another program, and that before what was measured. */
function placesOf(
  database: Database,
  row: Track,
  marks: TrackMarks | undefined,
): Pick<ExchangeTrack, 'bpm' | 'grid' | 'cues'> {
  const { sound, words } = readTrackSound(database, row.id);
  const cues = marks !== undefined && marks.cues.length > 0 ? marks.cues : suggested(sound);
  const imported = marks?.grid ?? [];
  if (imported.length > 0 && !hasGrid(words))
    return { bpm: imported[0]?.bpm ?? row.bpm, grid: imported, cues };
  return { bpm: row.bpm, grid: row.bpm === null ? [] : gridOf(sound), cues };
}

function hasGrid({ bpm, locked, beatSeconds, barSeconds }: SoundWords): boolean {
  return bpm !== null || locked || beatSeconds !== null || barSeconds !== null;
}

function describe(row: Track): Omit<ExchangeTrack, 'playCount' | 'colour' | 'cues' | 'grid'> {
  return {
    id: row.id,
    path: row.path,
    title: row.title,
    artist: row.artist,
    album: row.album,
    albumArtist: row.albumArtist,
    // The file's own word first: what is heard is in the playlists.
    genre: row.genreTags.length > 0 ? row.genreTags.join('; ') : (row.genres[0]?.genre ?? null),
    comment: null,
    year: row.year,
    trackNumber: row.trackNumber,
    discNumber: row.discNumber,
    durationSeconds: row.durationSeconds,
    bitrateKbps: row.bitrateKbps,
    sampleRateHz: row.sampleRateHz,
    sizeBytes: row.sizeBytes,
    addedAt: row.addedAt,
    rating: row.rating,
    bpm: row.bpm,
    key: row.key,
  };
}

/** Places worth jumping to, as memory cues. */
function suggested(sound: TrackSound | null): readonly TrackCue[] {
  return (sound?.cues ?? []).map(({ seconds, label }) => ({
    kind: 'cue',
    seconds,
    endSeconds: null,
    hotCue: null,
    name: label,
    colour: null,
  }));
}

/** One marker for a constant grid; a warped one is told bar by bar (or as near to that as there is room for). */
export function gridOf(sound: TrackSound | null): readonly GridMarker[] {
  const grid = sound?.tempo?.grid;
  if (grid === undefined) return [];
  const { beatsPerBar } = grid;
  const beatOf = (index: number): number =>
    ((((index - (grid.firstDownbeat ?? 0)) % beatsPerBar) + beatsPerBar) % beatsPerBar) + 1;
  if (grid.kind === 'constant' || grid.beats === null || grid.beats.length < 2)
    return [onTheTrack({ seconds: grid.firstBeatSeconds, bpm: grid.bpm, beat: beatOf(0), beatsPerBar })];
  const { beats } = grid;
  const bars = Math.max(1, Math.ceil(beats.length / beatsPerBar / MOST_MARKERS));
  const step = bars * beatsPerBar;
  const markers: GridMarker[] = [];
  for (let index = 0; index < beats.length - 1; index += step) {
    const next = Math.min(index + step, beats.length - 1);
    const [from, to] = [beats[index] ?? 0, beats[next] ?? 0];
    if (to <= from) continue;
    markers.push({
      seconds: from,
      bpm: (60 * (next - index)) / (to - from),
      beat: beatOf(index),
      beatsPerBar,
    });
  }
  return markers;
}

/** With the times that the program has for the same places. */
async function timed(
  tracks: readonly ExchangeTrack[],
  program: TimingProgram,
): Promise<readonly ExchangeTrack[]> {
  const result = [...tracks];
  const waiting = tracks.entries();
  const work = async (): Promise<void> => {
    for (const [index, track] of waiting) {
      if (track.grid.length + track.cues.length === 0) continue;
      const timing = await readMp3Timing(track.path);
      if (timing !== null) result[index] = moved(track, programShift(timing, program));
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
  return result;
}
