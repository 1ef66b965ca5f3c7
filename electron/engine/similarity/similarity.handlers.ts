/** Similar tracks. */
import type { Handlers, Input } from '#shared/contract.ts';
import { similarityAxes } from '#shared/domain.ts';
import type { GenreScore, SimilarityWeights, SimilarTrack, Track, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import {
  readAudioHash,
  readCurrentLabels,
  readCurrentTags,
  readTracksOfRecording,
} from '#engine/storage/analysis/scores.ts';
import type { CurrentLabel } from '#engine/storage/analysis/scores.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { Storage } from '#engine/storage/open.ts';
import { createAxisScores, createCommonGenres } from './axes.ts';
import type { AxisScores } from './axes.ts';
import type { ScoredRow } from './nearest.ts';
import { bestOf, scoreRows, soundAlone } from './rank.ts';
import { explainSimilarity } from './reason.ts';
import type { HeardTag } from './reason.ts';
import type { Recordings } from './recordings.ts';

export interface SimilarityOptions {
  readonly storage: Storage;
  /** Read into memory when it is first asked for. */
  readonly recordings: () => Recordings;
  /** Length of the current model's embeddings. */
  readonly embeddingSize: number;
}

/** A row of the answer that is still to be worded. */
interface Found {
  readonly row: number;
  readonly score: number;
  readonly track: Track;
  readonly duplicates: readonly TrackId[];
}

export function createSimilarityHandlers(options: SimilarityOptions): Pick<Handlers, 'similar.find'> {
  const { storage, embeddingSize } = options;

  /** @throws AppError not-found, conflict (not analysed yet) */
  function rowOf(recordings: Recordings, trackId: TrackId): number {
    const hash = readAudioHash(storage.database, trackId);
    const [track] = readTracks(storage.database, [trackId]);
    if (hash === undefined || track === undefined) {
      throw new AppError('not-found', `There is no track ${trackId} in the library.`);
    }
    const row = hash === null ? undefined : recordings.rowOf(hash);
    const vectorKnown = row !== undefined && recordings.rowHasEmbedding(row);
    if (!vectorKnown) throw new AppError('conflict', describeMissingAnalysis(track));
    return row;
  }

  /** The first of the tracks that hold each recording, the others folded into it. */
  function toFound(recordings: Recordings, rows: readonly ScoredRow[]): readonly Found[] {
    const holders = rows.map(({ row, score }) => ({
      ids: readTracksOfRecording(storage.database, recordings.hashOf(row)),
      row,
      score,
    }));
    const first = holders.flatMap(({ ids }) => ids.slice(0, 1));
    const tracks = new Map(readTracks(storage.database, first).map((track) => [track.id, track]));
    return holders.flatMap(({ ids, row, score }) => {
      const track = tracks.get(ids[0]!);
      return track === undefined ? [] : [{ row, score, track, duplicates: ids.slice(1) }];
    });
  }

  /** The best `limit` of which no artist has more than `perArtist`. */
  function best(
    recordings: Recordings,
    scores: Float64Array,
    limit: number,
    perArtist: number,
  ): readonly Found[] {
    if (perArtist >= limit) return toFound(recordings, bestOf(scores, limit));
    // An artist who made half of what is near: most often twice as many rows are enough.
    for (let count = limit * 2; ; count *= 4) {
      const found = toFound(recordings, bestOf(scores, count));
      const kept = capArtists(found, perArtist).slice(0, limit);
      if (kept.length === limit || count >= scores.length) return kept;
    }
  }

  function createHeard(recordings: Recordings): (row: number) => readonly HeardTag[] {
    const tags = readCurrentTags(storage.database);
    return (row) =>
      recordings.tags.has(row)
        ? tags.flatMap(({ id, name, threshold, position }) => {
            const strength = recordings.tags.value(row, position) - threshold;
            return strength >= 0 ? [{ id, name, strength }] : [];
          })
        : [];
  }

  return {
    async 'similar.find'(input, { signal }) {
      const recordings = options.recordings();
      await recordings.upToDate();
      const seeds = [...new Set([input.trackId, ...(input.more ?? [])])];
      const more = seeds.map((trackId) => rowOf(recordings, trackId));
      const less = (input.less ?? []).map((trackId) => rowOf(recordings, trackId));
      const axes = createAxisScores(recordings, embeddingSize, more, less);
      const ranking = {
        axes,
        weights: knownWeights(input.weights ?? soundAlone, axes, more),
        acrossGenres: input.acrossGenres ?? 0,
        commonGenres: createCommonGenres(recordings, more, thresholdsOf(readCurrentLabels(storage.database))),
      };
      const scores = await scoreRows(recordings, ranking, new Set([...more, ...less]), signal);
      const found = best(recordings, scores, input.limit, input.perArtist ?? Infinity);
      const heardIn = createHeard(recordings);
      const seed = {
        genres: sharedGenres(readTracks(storage.database, seeds)),
        tags: sharedTags(more.map(heardIn)),
      };
      return found.map(({ row, score, track, duplicates }): SimilarTrack => {
        const own = similarityAxes
          .map((axis) => ({ axis, score: clamp(axes[axis](row)) }))
          .filter((one) => !Number.isNaN(one.score));
        const sound = own.find(({ axis }) => axis === 'sound')?.score ?? 0;
        const reason = explainSimilarity(seed, { genres: track.genres, tags: heardIn(row) }, sound);
        return { track, score: clamp(score), axes: own, duplicates, reason };
      });
    },
  };
}

function thresholdsOf(labels: readonly CurrentLabel[]): Float64Array {
  const thresholds = new Float64Array(labels.length);
  for (const { position, threshold } of labels) thresholds[position] = threshold;
  return thresholds;
}

/** An axis of which nothing is known of any seed cannot put anything in order. */
function knownWeights(
  weights: NonNullable<Input<'similar.find'>['weights']>,
  axes: AxisScores,
  seeds: readonly number[],
): SimilarityWeights {
  const known = (axis: keyof AxisScores): number =>
    seeds.some((row) => !Number.isNaN(axes[axis](row))) ? weights[axis] : 0;
  return { sound: known('sound'), genres: known('genres'), mood: known('mood') };
}

/** In the order given; tracks without an artist are nobody's. */
function capArtists(found: readonly Found[], perArtist: number): readonly Found[] {
  const counts = new Map<string, number>();
  return found.filter(({ track }) => {
    const artist = track.artist?.trim().toLocaleLowerCase() ?? '';
    if (artist === '') return true;
    const count = (counts.get(artist) ?? 0) + 1;
    counts.set(artist, count);
    return count <= perArtist;
  });
}

/** What can be said of all seeds: their genres, as sure as the least sure of them. */
function sharedGenres(seeds: readonly Track[]): readonly GenreScore[] {
  const [first, ...others] = seeds;
  return (first?.genres ?? [])
    .flatMap(({ genre, confidence }) => {
      const theirs = others.map((track) => track.genres.find((score) => score.genre === genre)?.confidence);
      if (theirs.includes(undefined)) return [];
      return [{ genre, confidence: Math.min(confidence, ...theirs.filter((value) => value !== undefined)) }];
    })
    .sort((a, b) => b.confidence - a.confidence);
}

function sharedTags(seeds: readonly (readonly HeardTag[])[]): readonly HeardTag[] {
  const [first = [], ...others] = seeds;
  return first.filter(({ id }) => others.every((tags) => tags.some((tag) => tag.id === id)));
}

function clamp(score: number): number {
  return Math.max(-1, Math.min(1, score));
}

function describeMissingAnalysis(track: Track): string {
  if (track.error !== null) {
    return `“${track.path}” could not be analysed (${track.error.detail}), so nothing can be compared with it. Repair the file and retry it.`;
  }
  return `“${track.path}” has not been analysed yet, so nothing can be compared with it. Its turn comes when the scan goes on.`;
}
