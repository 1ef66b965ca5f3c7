/** The recordings nearest to one that carry a genre: by the user's word, or because the model is confident. */
import type { LabelledNeighbour, LabelledNeighbours } from '#shared/explanation.ts';
import { createAxisScores } from '#engine/similarity/axes.ts';
import { bestOf, scoreRows, soundAlone } from '#engine/similarity/rank.ts';
import type { ScoredRow } from '#engine/similarity/nearest.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import { readCorrectionsOfGenre } from '#engine/storage/library/genre-corrections.ts';
import { readTracksOfRecording } from '#engine/storage/analysis/scores.ts';
import type { CurrentLabel } from '#engine/storage/analysis/scores.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { Storage } from '#engine/storage/open.ts';

/** Named to the user. */
const NAMED = 5;
/** Of so many nearest it is told how many carry the genre. */
const CONSIDERED = 20;
/**
 * Witnesses of whom the model is at least so sure go before others. Of a genre that it is never so sure of (the
 * thresholds of broad ones lie far lower) those that count must do: how sure it is stands beside each.
 */
const GOOD_WITNESS_CONFIDENCE = 0.5;

export interface NeighbourOptions {
  readonly storage: Storage;
  readonly recordings: Recordings;
  readonly embeddingSize: number;
}

/** @param audioHash of the recording itself, which is left out. Nothing is near to silence. */
export async function findLabelledNeighbours(
  { storage, recordings, embeddingSize }: NeighbourOptions,
  audioHash: Uint8Array,
  label: CurrentLabel,
  signal: AbortSignal,
): Promise<LabelledNeighbours> {
  await recordings.upToDate();
  const row = recordings.rowOf(audioHash);
  if (row === undefined || !recordings.rowHasEmbedding(row))
    return { considered: 0, carrying: 0, tracks: [] };
  const axes = createAxisScores(recordings, embeddingSize, [row], []);
  const ranking = { axes, weights: soundAlone, acrossGenres: 0, commonGenres: () => NaN };
  const scores = await scoreRows(recordings, ranking, new Set([row]), signal);
  const nearest = bestOf(scores, CONSIDERED);
  const carries = createWitness(storage, recordings, label);
  return {
    considered: nearest.length,
    carrying: nearest.filter(({ row: other }) => carries(other) !== null).length,
    tracks: chooseWitnesses(scores, carries, NAMED).flatMap(({ row: other, score }): LabelledNeighbour[] => {
      const [id] = readTracksOfRecording(storage.database, recordings.hashOf(other));
      const [track] = id === undefined ? [] : readTracks(storage.database, [id]);
      const found = carries(other);
      if (track === undefined || found === null) return [];
      return [{ track, score: Math.max(-1, Math.min(1, score)), ...found }];
    }),
  };
}

type Witness = Pick<LabelledNeighbour, 'labelledBy' | 'confidence'>;

/**
 * The best rows that carry the genre, best first: good witnesses, and only where there are too few of them others.
 * @param scores of every row; NaN for those out of the question
 */
export function chooseWitnesses(
  scores: Float64Array,
  carries: (row: number) => Witness | null,
  count: number,
): readonly ScoredRow[] {
  const isGood = Array.from(scores, (_, row) => {
    const found = carries(row);
    if (found === null) return null;
    return found.labelledBy === 'user' || (found.confidence ?? 0) >= GOOD_WITNESS_CONFIDENCE;
  });
  const good = bestOf(
    scores.map((score, row) => (isGood[row] === true ? score : NaN)),
    count,
  );
  const others = bestOf(
    scores.map((score, row) => (isGood[row] === false ? score : NaN)),
    count - good.length,
  );
  return [...good, ...others].toSorted((a, b) => b.score - a.score);
}

/** Why a row counts as one of the genre; null if it does not. The user's word goes before the model's confidence. */
function createWitness(
  storage: Storage,
  recordings: Recordings,
  label: CurrentLabel,
): (row: number) => Witness | null {
  const said = new Map<number, boolean>();
  for (const { audioHash, fits } of readCorrectionsOfGenre(storage.database, label.id)) {
    const row = recordings.rowOf(audioHash);
    if (row !== undefined) said.set(row, fits);
  }
  return (row) => {
    let confidence: number | null = null;
    recordings.forEachGenre(row, (position, value) => {
      if (position === label.position) confidence = value;
    });
    const fits = said.get(row);
    if (fits !== undefined) return fits ? { labelledBy: 'user', confidence } : null;
    return confidence !== null && confidence >= label.threshold ? { labelledBy: 'model', confidence } : null;
  };
}
