/** Why the model gives a track a genre: over time, over frequency, and beside which other tracks. */
import type { Handlers } from '#shared/contract.ts';
import type { Track, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Evidence, ExplainedSegment, Explanation } from '#shared/explanation.ts';
import type { Logger } from '#shared/log.ts';
import type { TrackEvidence } from '#engine/analysis/protocol.ts';
import type { SpawnAnalyser } from '#engine/analysis/protocol.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import { readPrediction } from '#engine/storage/analysis/predictions.ts';
import type { StoredPrediction } from '#engine/storage/analysis/predictions.ts';
import { readAudioHash, readCurrentLabels } from '#engine/storage/analysis/scores.ts';
import type { CurrentLabel } from '#engine/storage/analysis/scores.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { Storage } from '#engine/storage/open.ts';
import { findLabelledNeighbours } from './labelled-neighbours.ts';
import { partToHear } from './long-tracks.ts';
import { createSecondListening } from './second-listening.ts';
import type { SecondListening } from './second-listening.ts';

export interface ExplainOptions {
  readonly storage: Storage;
  /** Read into memory when it is first asked for. */
  readonly recordings: () => Recordings;
  readonly embeddingSize: number;
  readonly modelDir: string;
  /** What useModel returned for this model. */
  readonly modelId: number;
  readonly spawnAnalyser: SpawnAnalyser;
  readonly log: Logger;
}

export interface Explain {
  readonly handlers: Pick<Handlers, 'explain.track'>;
  /** Requests in hand end with 'cancelled'. */
  close(): Promise<void>;
}

export function createExplain(options: ExplainOptions): Explain {
  const { storage, embeddingSize, modelId } = options;
  const { database } = storage;
  const listening: SecondListening = createSecondListening(options);

  return {
    handlers: {
      async 'explain.track'({ trackId, genre }, { signal }): Promise<Explanation> {
        const { track, audioHash, prediction } = readAnalysed(trackId);
        const label = chooseLabel(readCurrentLabels(database), prediction, genre);
        const segments = segmentsOf(prediction, label);
        const part = partToHear(segments, prediction.durationSeconds);
        const heard = await listening.listen(track.path, { genre: label.id, part }, signal);
        if (heard.audioHash !== null && Buffer.compare(heard.audioHash, audioHash) !== 0) {
          throw new AppError(
            'conflict',
            `“${track.path}” holds other audio than when it was analysed. Scan its folder again.`,
          );
        }
        const neighbours = await findLabelledNeighbours(
          { storage, recordings: options.recordings(), embeddingSize },
          audioHash,
          label,
          signal,
        );
        return {
          trackId,
          genre: {
            id: label.id,
            name: label.name,
            confidence: prediction.genres[label.position] ?? 0,
            threshold: label.threshold,
            known: label.known,
          },
          unknown: track.genres.length === 0,
          segments,
          evidence: toEvidence(heard),
          neighbours,
        };
      },
    },
    close: () => listening.close(),
  };

  /** @throws AppError not-found, file-not-found, folder-offline, conflict (not analysed yet), or why it could not be */
  function readAnalysed(trackId: TrackId): {
    readonly track: Track;
    readonly audioHash: Uint8Array;
    readonly prediction: StoredPrediction;
  } {
    const [track] = readTracks(database, [trackId]);
    if (track === undefined) throw new AppError('not-found', `There is no track ${trackId} in the library.`);
    const audioHash = readAudioHash(database, trackId) ?? null;
    const prediction = audioHash === null ? null : readPrediction(database, modelId, audioHash);
    if (audioHash === null || prediction === null) {
      if (track.analysis === 'failed' && track.error !== null) {
        throw new AppError(track.error.code, track.error.detail);
      }
      throw new AppError(
        'conflict',
        `“${track.path}” has not been analysed yet, so there is nothing to explain. Its turn comes when the scan goes on.`,
      );
    }
    if (track.state === 'missing') {
      throw new AppError(
        'file-not-found',
        `“${track.path}” is not there any more, and explaining means listening to it again. Put it back, or scan its folder.`,
      );
    }
    if (track.state === 'offline') {
      throw new AppError(
        'folder-offline',
        `The drive of “${track.path}” is away, and explaining means listening to it again. Connect it.`,
      );
    }
    return { track, audioHash, prediction };
  }
}

/** The asked label, else the one that the model is surest of: among those that count, if any does. */
function chooseLabel(
  labels: readonly CurrentLabel[],
  { genres }: StoredPrediction,
  wanted: string | undefined,
): CurrentLabel {
  const confidenceOf = ({ position }: CurrentLabel): number => genres[position] ?? 0;
  if (wanted !== undefined) {
    const fold = (text: string): string => text.normalize('NFC').toLowerCase();
    const found =
      labels.find(({ id }) => id === wanted) ?? labels.find(({ name }) => fold(name) === fold(wanted));
    if (found === undefined) throw new AppError('not-found', `The model knows no genre “${wanted}”.`);
    return found;
  }
  const counting = labels.filter((label) => confidenceOf(label) >= label.threshold);
  const [first, ...others] = counting.length > 0 ? counting : labels;
  if (first === undefined) throw new AppError('model-incompatible', 'The model knows no genres.');
  return others.reduce((best, label) => (confidenceOf(label) > confidenceOf(best) ? label : best), first);
}

function segmentsOf(prediction: StoredPrediction, { position }: CurrentLabel): readonly ExplainedSegment[] {
  const { segmentGenres, segmentSeconds, durationSeconds } = prediction;
  const width = prediction.genres.length;
  return Array.from({ length: Math.floor(segmentGenres.length / width) }, (_, index) => ({
    startSeconds: index * segmentSeconds,
    endSeconds: Math.min((index + 1) * segmentSeconds, durationSeconds),
    confidence: round((segmentGenres[index * width + position] ?? 0) / 255, 3),
  }));
}

/** Numbers as people and JSON like them: no digits that mean nothing. */
function toEvidence({ startSeconds, endSeconds, attention, window }: TrackEvidence): Evidence | null {
  if (window === null) return null;
  const { rows, columns, timesSeconds, frequenciesHz, drops, confidence } = window;
  const seconds = (edge: number): number => round(timesSeconds[edge] ?? 0, 3);
  const hertz = (edge: number): number => round(frequenciesHz[edge] ?? 0, 0);
  return {
    startSeconds: round(startSeconds, 3),
    endSeconds: round(endSeconds, 3),
    attention:
      attention === null
        ? null
        : {
            startSeconds: round(startSeconds, 3),
            stepSeconds: attention.stepSeconds,
            weights: Array.from(attention.weights, (weight) => round(weight, 8)),
          },
    occlusion: {
      startSeconds: seconds(0),
      endSeconds: seconds(columns),
      confidence: round(confidence, 5),
      rows,
      columns,
      tiles: Array.from(drops, (drop, cell) => {
        const row = Math.floor(cell / columns);
        const column = cell % columns;
        return {
          startSeconds: seconds(column),
          endSeconds: seconds(column + 1),
          lowHz: hertz(row),
          highHz: hertz(row + 1),
          drop: round(drop, 5),
        };
      }),
    },
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
