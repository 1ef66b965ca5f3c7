/** Similar tracks. */
import { setImmediate } from 'node:timers/promises';
import type { Handlers, RequestContext } from '#shared/contract.ts';
import type { SimilarTrack, Track, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { readAudioHash, readTracksOfRecording } from '#engine/storage/analysis/scores.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { Storage } from '#engine/storage/open.ts';
import { createBestRows } from './nearest.ts';
import type { Neighbour } from './nearest.ts';
import { explainSimilarity } from './reason.ts';
import type { Recordings } from './recordings.ts';

/** Numbers multiplied before other answers get a turn: about 10 ms. */
const MULTIPLICATIONS_A_SLICE = 12_800_000;

export interface SimilarityOptions {
  readonly storage: Storage;
  /** Read into memory when it is first asked for. */
  readonly recordings: () => Recordings;
  /** Length of the current model's embeddings. */
  readonly embeddingSize: number;
}

export function createSimilarityHandlers(options: SimilarityOptions): Pick<Handlers, 'similar.find'> {
  const { storage, embeddingSize } = options;

  /** @throws AppError not-found, conflict (not analysed yet) */
  function rowOfSeed(
    recordings: Recordings,
    trackId: TrackId,
  ): { readonly row: number; readonly seed: Track } {
    const hash = readAudioHash(storage.database, trackId);
    const [seed] = readTracks(storage.database, [trackId]);
    if (hash === undefined || seed === undefined) {
      throw new AppError('not-found', `There is no track ${trackId} in the library.`);
    }
    const row = hash === null ? undefined : recordings.rowOf(hash);
    const vectorKnown = row !== undefined && recordings.rowHasEmbedding(row);
    if (!vectorKnown) throw new AppError('conflict', describeMissingAnalysis(seed));
    return { row, seed };
  }

  async function nearest(
    recordings: Recordings,
    row: number,
    { limit, signal }: { readonly limit: number; readonly signal: RequestContext['signal'] },
  ): Promise<readonly Neighbour[]> {
    const { matrix, rowCount } = recordings; // rows are only added: these stay good while others get a turn
    const query = matrix.slice(row * embeddingSize, (row + 1) * embeddingSize);
    const skip = recordings.isOutOfReach.slice(0, rowCount);
    skip[row] = 1;
    const best = createBestRows(matrix, query, skip, Math.min(limit, rowCount));
    const step = Math.max(1, Math.floor(MULTIPLICATIONS_A_SLICE / embeddingSize));
    for (let from = 0; from < rowCount; from += step) {
      best.scan(from, Math.min(rowCount, from + step));
      if (from + step < rowCount) await setImmediate();
      signal.throwIfAborted();
    }
    return best.sorted();
  }

  /** One row for each recording: the first of its tracks, the others folded into it. */
  function toSimilarTracks(
    recordings: Recordings,
    seed: Track,
    neighbours: readonly Neighbour[],
  ): readonly SimilarTrack[] {
    const holders = neighbours.map(({ row, score }) => ({
      ids: readTracksOfRecording(storage.database, recordings.hashOf(row)),
      score,
    }));
    const tracks = new Map(
      readTracks(
        storage.database,
        holders.flatMap(({ ids }) => ids.slice(0, 1)),
      ).map((track) => [track.id, track]),
    );
    return holders.flatMap(({ ids, score }) => {
      const track = tracks.get(ids[0]!);
      if (track === undefined) return [];
      const rounded = Math.max(-1, Math.min(1, score));
      const reason = explainSimilarity(seed, track, rounded);
      return [{ track, score: rounded, duplicates: ids.slice(1), reason }];
    });
  }

  return {
    async 'similar.find'({ trackId, limit }, { signal }) {
      const recordings = options.recordings();
      await recordings.upToDate();
      const { row, seed } = rowOfSeed(recordings, trackId);
      const neighbours = await nearest(recordings, row, { limit, signal });
      return toSimilarTracks(recordings, seed, neighbours);
    },
  };
}

function describeMissingAnalysis(track: Track): string {
  if (track.error !== null) {
    return `“${track.path}” could not be analysed (${track.error.detail}), so nothing can be compared with it. Repair the file and retry it.`;
  }
  return `“${track.path}” has not been analysed yet, so nothing can be compared with it. Its turn comes when the scan goes on.`;
}
