/**
 * Tempo, key, energy, artist and length of every track, in memory: whoever asks what comes next has all tracks looked at.
 * Read in slices when it is first asked for, then kept in step by a feed of changes. 100,000 tracks are 4 MB.
 */
import type { TrackId } from '#shared/domain.ts';
import { camelotKeys } from '#shared/music/keys.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import { readCurrentLabels } from '#engine/storage/analysis/scores.ts';
import { createSetTrackReader } from '#engine/storage/library/set-tracks.ts';
import type { SetTrackRow } from '#engine/storage/library/set-tracks.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { SetCandidate } from './candidate.ts';
import { inSlices } from './slices.ts';

/** Rows read by one query: about a millisecond. */
const ROWS_A_QUERY = 250;
const NOBODY = -1;

export interface TrackIndex {
  /** Resolves when everything that was stored before the call is in memory. */
  upToDate(): Promise<void>;
  /** Rows in use, those of tracks that are gone among them (they are not present). */
  readonly rowCount: number;
  readonly ids: Int32Array;
  /** NaN where it is not known. */
  readonly bpm: Float64Array;
  readonly energy: Float64Array;
  /** Positions in `camelotKeys`; -1 where it is not known. */
  readonly keys: Int8Array;
  /** -1: nobody's. */
  readonly artists: Int32Array;
  /** 0 where it is not known. */
  readonly seconds: Float64Array;
  readonly present: Uint8Array;
  /** -1 for a track that was never there. */
  rowOf(trackId: TrackId): number;
  /** All that is known of the tracks, for scoring them; `recordings` up to date. */
  candidates(recordings: Recordings, rows: readonly number[]): readonly SetCandidate[];
}

/** `embeddingSize` is the current model's. */
export function createTrackIndex(storage: Storage, embeddingSize: number): TrackIndex {
  const reader = createSetTrackReader(storage.database);
  const rows = new Map<TrackId, number>();
  const artistNumbers = new Map<string, number>();
  const artistNames: string[] = [];
  let columns = createColumns(Math.max(1024, reader.lastId() + 256));
  let rowCount = 0;
  let lastId = 0;
  let allRead = false;
  let running: Promise<void> | null = null;

  function artistNumber(name: string | null): number {
    const folded = name?.normalize('NFC').trim().toLocaleLowerCase() ?? '';
    if (folded === '') return NOBODY;
    const known = artistNumbers.get(folded);
    if (known !== undefined) return known;
    artistNumbers.set(folded, artistNames.length);
    return artistNames.push(folded) - 1;
  }

  function rowFor(id: TrackId): number {
    const known = rows.get(id);
    if (known !== undefined) return known;
    if (rowCount === columns.ids.length) columns = createColumns(rowCount * 2, columns);
    rows.set(id, rowCount);
    columns.ids[rowCount] = id;
    return rowCount++;
  }

  function put(track: SetTrackRow): void {
    const row = rowFor(track.id);
    columns.bpm[row] = track.bpm !== null && track.bpm > 0 ? track.bpm : NaN;
    columns.energy[row] = track.energy ?? NaN;
    columns.keys[row] = track.keyPlace ?? -1;
    columns.artists[row] = artistNumber(track.artist);
    columns.seconds[row] = track.seconds ?? 0;
    columns.present[row] = track.present;
  }

  /** Until there is nothing left. */
  function* catchUp(): Generator<void, void> {
    while (reader.freshen()) yield;
    while (!allRead) {
      const some = reader.after(lastId, ROWS_A_QUERY);
      for (const track of some) put(track);
      lastId = some.at(-1)?.id ?? lastId;
      allRead = some.length < ROWS_A_QUERY;
      yield;
    }
    for (;;) {
      const changed = reader.takeChanged(ROWS_A_QUERY);
      if (changed.length === 0) return;
      for (const id of changed) {
        const track = reader.ofId(id);
        const row = rows.get(id);
        if (track !== undefined) put(track);
        else if (row !== undefined) columns.present[row] = 0;
      }
      yield;
    }
  }

  return {
    async upToDate() {
      const { signal } = new AbortController();
      while (storage.database.open && (running !== null || !allRead || !reader.isUpToDate())) {
        running ??= inSlices(catchUp(), signal).finally(() => (running = null));
        await running;
      }
    },
    get rowCount() {
      return rowCount;
    },
    get ids() {
      return columns.ids;
    },
    get bpm() {
      return columns.bpm;
    },
    get energy() {
      return columns.energy;
    },
    get keys() {
      return columns.keys;
    },
    get artists() {
      return columns.artists;
    },
    get seconds() {
      return columns.seconds;
    },
    get present() {
      return columns.present;
    },
    rowOf: (trackId) => rows.get(trackId) ?? -1,
    candidates(recordings, wanted) {
      const labels = readCurrentLabels(storage.database);
      const means = recordings.tags.means();
      return wanted.map((row): SetCandidate => {
        const recording = recordings.rowOfTrack(columns.ids[row]!);
        const [bpm, energy] = [columns.bpm[row]!, columns.energy[row]!];
        const artist = columns.artists[row]!;
        return {
          id: columns.ids[row]!,
          bpm: Number.isNaN(bpm) ? null : bpm,
          key: camelotKeys[columns.keys[row]!] ?? null,
          energy: Number.isNaN(energy) ? null : energy,
          artist: artist === NOBODY ? null : artistNames[artist]!,
          seconds: columns.seconds[row]!,
          embedding: recording < 0 ? null : embeddingOf(recordings, recording, embeddingSize),
          genres: recording < 0 ? new Map() : genresOf(recordings, recording, labels),
          moods: recording < 0 ? null : moodsOf(recordings, recording, means),
        };
      });
    },
  };
}

type Columns = Pick<TrackIndex, 'ids' | 'bpm' | 'energy' | 'keys' | 'artists' | 'seconds' | 'present'>;

function createColumns(capacity: number, old?: Columns): Columns {
  const columns = {
    ids: new Int32Array(capacity),
    bpm: new Float64Array(capacity),
    energy: new Float64Array(capacity),
    keys: new Int8Array(capacity),
    artists: new Int32Array(capacity),
    seconds: new Float64Array(capacity),
    present: new Uint8Array(capacity),
  };
  if (old === undefined) return columns;
  for (const name of Object.keys(columns) as (keyof Columns)[]) columns[name].set(old[name]);
  return columns;
}

function embeddingOf(recordings: Recordings, row: number, size: number): Float32Array | null {
  if (!recordings.rowHasEmbedding(row)) return null;
  return recordings.matrix.subarray(row * size, (row + 1) * size);
}

/** Those that fit, each by its own threshold. */
function genresOf(
  recordings: Recordings,
  row: number,
  labels: ReturnType<typeof readCurrentLabels>,
): ReadonlyMap<string, number> {
  const genres = new Map<string, number>();
  recordings.forEachGenre(row, (position, confidence) => {
    const label = labels[position];
    if (label !== undefined && confidence >= label.threshold) genres.set(label.name, confidence);
  });
  return genres;
}

function moodsOf({ tags }: Recordings, row: number, means: Float32Array): Float32Array | null {
  if (!tags.has(row)) return null;
  const unusual = means.map((mean, tag) => tags.value(row, tag) - mean);
  const length = Math.hypot(...unusual);
  return length < 1e-6 ? null : unusual.map((value) => value / length);
}
