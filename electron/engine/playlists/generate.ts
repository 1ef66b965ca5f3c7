/** Which recordings make the playlist of a genre. */
import type { CurrentLabel } from '#engine/storage/analysis/scores.ts';

export interface SelectableRecordings {
  readonly rowCount: number;
  /** Analysed tracks that hold the recording. */
  readonly trackCounts: Int32Array;
  forEachGenre(row: number, visit: (label: number, confidence: number) => void): void;
}

/**
 * Rows that carry a genre or, for a family, any of its styles, most confident first. `minimumConfidence`
 * null: each label's own threshold.
 */
export function rowsOfGenre(
  recordings: SelectableRecordings,
  labels: readonly CurrentLabel[],
  genreId: string,
  minimumConfidence: number | null,
): readonly number[] {
  const thresholds = new Map(
    labels
      .filter(({ id, parent }) => id === genreId || parent === genreId)
      .map(({ position, threshold }) => [position, minimumConfidence ?? threshold]),
  );
  const found: { readonly row: number; readonly confidence: number }[] = [];
  let best = -1;
  const visit = (label: number, confidence: number): void => {
    const threshold = thresholds.get(label);
    if (threshold !== undefined && confidence >= threshold && confidence > best) best = confidence;
  };
  for (let row = 0; row < recordings.rowCount; row++) {
    if (recordings.trackCounts[row] === 0) continue;
    best = -1;
    recordings.forEachGenre(row, visit);
    if (best >= 0) found.push({ row, confidence: best });
  }
  return found.sort((a, b) => b.confidence - a.confidence || a.row - b.row).map(({ row }) => row);
}
