/** Counting tracks by genre over what is in memory: a few ms for 100,000 tracks, so a slider may ask for every step. */
import type { GenreList } from '#shared/domain.ts';
import type { CurrentLabel } from '#engine/storage/analysis/scores.ts';

/** What the count needs to know of the recordings. */
export interface CountedRecordings {
  readonly rowCount: number;
  /** Analysed tracks that hold the recording. */
  readonly trackCounts: Int32Array;
  /** 1: the genres are those of an earlier model. */
  readonly isEarlier: Uint8Array;
  forEachGenre(row: number, visit: (label: number, confidence: number) => void): void;
}

/** By position: from which confidence a label counts (never where there is none), and the position of its family (-1: none). */
export function tablesOf(
  labels: readonly CurrentLabel[],
  minimumConfidence: number | null,
): { readonly size: number; readonly thresholds: Float64Array; readonly families: Int32Array } {
  const size = Math.max(0, ...labels.map((label) => label.position + 1));
  const thresholds = new Float64Array(size).fill(Infinity);
  const families = new Int32Array(size).fill(-1);
  const positions = new Map(labels.map((label) => [label.id, label.position]));
  for (const label of labels) {
    thresholds[label.position] = minimumConfidence ?? label.threshold;
    families[label.position] = label.parent === null ? -1 : (positions.get(label.parent) ?? -1);
  }
  return { size, thresholds, families };
}

/**
 * Tracks of each genre. A family counts a track once if the family itself or any of its styles fits.
 * `minimumConfidence` null: each label's own threshold. `ownWords`: positions of the labels that the user gave to tracks
 * without an analysis, by track.
 */
export function countGenres(
  recordings: CountedRecordings,
  labels: readonly CurrentLabel[],
  minimumConfidence: number | null,
  ownWords: ReadonlyMap<number, readonly number[]> = new Map(),
): GenreList {
  const { size, thresholds, families } = tablesOf(labels, minimumConfidence);
  const counts = new Int32Array(size);
  /** The last row that was counted for a label: nothing is counted twice. */
  const seen = new Int32Array(size).fill(-1);
  let unknownCount = 0;
  let analysedCount = 0;
  let earlierCount = 0;
  let row = 0;
  let tracks = 0;
  let fits = false;

  const countOnce = (position: number): void => {
    if (seen[position] === row) return;
    seen[position] = row;
    counts[position]! += tracks;
  };
  const visit = (position: number, confidence: number): void => {
    if (confidence < thresholds[position]!) return;
    fits = true;
    countOnce(position);
    if (families[position]! >= 0) countOnce(families[position]!);
  };

  for (; row < recordings.rowCount; row++) {
    tracks = recordings.trackCounts[row]!;
    if (tracks === 0) continue;
    fits = false;
    recordings.forEachGenre(row, visit);
    analysedCount += tracks;
    if (recordings.isEarlier[row] === 1) earlierCount += tracks;
    // The current model has the last word on that.
    else if (!fits) unknownCount += tracks;
  }

  // As if they were further rows: each carries the user's labels for certain.
  tracks = 1;
  for (const words of ownWords.values()) {
    for (const label of words) visit(label, 1);
    row += 1;
  }

  return {
    genres: labels.map(({ id, name, parent, known, threshold, position }) => ({
      id,
      name,
      parent,
      count: counts[position]!,
      known,
      threshold,
    })),
    unknownCount,
    analysedCount,
    earlierCount,
  };
}
