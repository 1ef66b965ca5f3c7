/**
 * What the engine keeps in memory of every recording: the embedding (one row of one matrix), the genres
 * worth counting, its moods and instruments, and how many tracks hold it. Read once in the background, then kept in step by the
 * feed of changes. 100,000 recordings of 128 numbers are 51 MB and half a second of reading, in slices.
 */
import { createRecordingFeed } from '#engine/storage/analysis/recording-feed.ts';
import { createRecordingReader, readCurrentTags } from '#engine/storage/analysis/scores.ts';
import type { ScoredRecording } from '#engine/storage/analysis/scores.ts';
import type { Storage } from '#engine/storage/open.ts';
import { createLabelPool } from './label-pool.ts';
import { createTagTable } from './tag-table.ts';
import type { TagTable } from './tag-table.ts';

/** How long a slice of reading may hold the engine's thread. */
const SLICE_MS = 12;
/** Rows read by one query: small enough that a slice ends on time. */
const ROWS_A_QUERY = 50;
const LEAST_CAPACITY = 1024;

export interface Recordings {
  /** Resolves when everything that was stored before the call is in memory. */
  upToDate(): Promise<void>;
  /** Rows in use. */
  readonly rowCount: number;
  /** Row-major [rowCount x embeddingSize]; replaced when it grows, so fetch it anew after every wait. */
  readonly matrix: Float32Array;
  /** 1 for rows without an embedding of the current model, or whose tracks are all missing. */
  readonly isOutOfReach: Uint8Array;
  /** Tracks that hold the recording and are analysed, by row: by the current model, or by an earlier one. */
  readonly trackCounts: Int32Array;
  /** 1 for rows of which only an earlier model said anything yet: they have its genres and no embedding. */
  readonly isEarlier: Uint8Array;
  /** Whether a row has an embedding, be there a track that holds it or not. */
  rowHasEmbedding(row: number): boolean;
  rowOf(audioHash: Uint8Array): number | undefined;
  /** The row of a track's recording; -1 while its audio is not known. */
  rowOfTrack(trackId: number): number;
  hashOf(row: number): Uint8Array;
  /** The genres of a row: positions in the model's labels, and confidences. */
  forEachGenre(row: number, visit: (label: number, confidence: number) => void): void;
  /** Moods, instruments and voice by row. */
  readonly tags: TagTable;
  close(): void;
}

/** Begins to read at once, in the background. `embeddingSize` is the current model's. */
export function createRecordings(storage: Storage, embeddingSize: number): Recordings {
  const feed = createRecordingFeed(storage.database);
  const reader = createRecordingReader(storage.database);
  const rows = new Map<string, number>();
  const keys: string[] = [];
  const genres = createLabelPool();
  const tags = createTagTable(readCurrentTags(storage.database).length);
  // Room for all from the beginning: copying 51 MB into wider arrays holds everybody up.
  const capacity = Math.max(LEAST_CAPACITY, reader.lastId() + LEAST_CAPACITY);
  let matrix = new Float32Array(capacity * embeddingSize);
  let isOutOfReach = new Uint8Array(capacity);
  let isEarlier = new Uint8Array(capacity);
  let trackCounts = new Int32Array(capacity);
  let rowsOfTracks = new Int32Array(capacity).fill(-1);
  let lastId = 0;
  let allRead = false;
  let closed = false;
  let running: Promise<void> | null = null;

  function rowFor(audioHash: Uint8Array): number {
    const key = keyOf(audioHash);
    const known = rows.get(key);
    if (known !== undefined) return known;
    const row = keys.length;
    if (row === isOutOfReach.length) grow();
    rows.set(key, row);
    keys.push(key);
    return row;
  }

  function grow(): void {
    const wider = isOutOfReach.length * 2;
    matrix = copyInto(new Float32Array(wider * embeddingSize), matrix);
    isOutOfReach = copyInto(new Uint8Array(wider), isOutOfReach);
    isEarlier = copyInto(new Uint8Array(wider), isEarlier);
    trackCounts = copyInto(new Int32Array(wider), trackCounts);
  }

  function put(recording: ScoredRecording): void {
    const row = rowFor(recording.audioHash);
    // A vector of another length is of a damaged row: as if it had not been analysed.
    const usable = recording.embedding?.length === embeddingSize;
    if (usable) matrix.set(recording.embedding!, row * embeddingSize);
    else matrix.fill(0, row * embeddingSize, (row + 1) * embeddingSize);
    isOutOfReach[row] = usable && recording.reachableCount > 0 ? 0 : 1;
    const earlier = recording.embedding === null && recording.heard;
    isEarlier[row] = earlier ? 1 : 0;
    trackCounts[row] = usable || earlier ? recording.trackIds.length : 0;
    for (const trackId of recording.trackIds) holdRow(trackId, row);
    if (usable || earlier) genres.set(row, recording.labels, recording.confidences);
    else genres.set(row, [], []);
    tags.set(row, usable ? recording.tags : null);
  }

  function holdRow(trackId: number, row: number): void {
    if (trackId >= rowsOfTracks.length) {
      const wider = Math.max(trackId + 1, rowsOfTracks.length * 2);
      rowsOfTracks = copyInto(new Int32Array(wider).fill(-1), rowsOfTracks);
    }
    rowsOfTracks[trackId] = row;
  }

  function forget(audioHash: Uint8Array): void {
    const row = rows.get(keyOf(audioHash));
    if (row === undefined) return;
    matrix.fill(0, row * embeddingSize, (row + 1) * embeddingSize);
    isOutOfReach[row] = 1;
    isEarlier[row] = 0;
    trackCounts[row] = 0;
    genres.set(row, [], []);
    tags.set(row, null);
  }

  /** Takes in some rows; false when there is nothing left. */
  function step(): boolean {
    if (!allRead) {
      const some = reader.after(lastId, ROWS_A_QUERY);
      for (const recording of some) put(recording);
      lastId = some.at(-1)?.id ?? lastId;
      allRead = some.length < ROWS_A_QUERY;
      return true;
    }
    const changed = feed.take(ROWS_A_QUERY);
    for (const hash of changed) {
      const recording = reader.ofHash(hash);
      if (recording === null) forget(hash);
      else put(recording);
    }
    return changed.length > 0;
  }

  async function catchUp(): Promise<void> {
    for (;;) {
      const end = performance.now() + SLICE_MS;
      while (performance.now() < end) {
        if (closed || !step()) return;
      }
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  async function upToDate(): Promise<void> {
    while (!closed && (running !== null || !allRead || !feed.isEmpty())) {
      running ??= catchUp().finally(() => (running = null));
      await running;
    }
  }

  void upToDate().catch(() => {}); // Whoever asks next gets the error.

  return {
    upToDate,
    get rowCount() {
      return keys.length;
    },
    get matrix() {
      return matrix;
    },
    get isOutOfReach() {
      return isOutOfReach;
    },
    get trackCounts() {
      return trackCounts;
    },
    get isEarlier() {
      return isEarlier;
    },
    // Vectors have unit length; a row of zeros was never set.
    rowHasEmbedding: (row) => matrix.subarray(row * embeddingSize, (row + 1) * embeddingSize).some(Boolean),
    rowOf: (audioHash) => rows.get(keyOf(audioHash)),
    rowOfTrack: (trackId) => rowsOfTracks[trackId] ?? -1,
    hashOf: (row) => Buffer.from(keys[row]!, 'base64'),
    forEachGenre: genres.forEach,
    tags,
    close() {
      closed = true;
    },
  };
}

function keyOf(audioHash: Uint8Array): string {
  return Buffer.from(audioHash.buffer, audioHash.byteOffset, audioHash.byteLength).toString('base64');
}

function copyInto<Target extends Float32Array | Uint8Array | Int32Array>(
  target: Target,
  source: Target,
): Target {
  target.set(source);
  return target;
}
