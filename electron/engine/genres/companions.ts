/** Which genres go together, counted over what is in memory: some milliseconds for 100,000 tracks. */
import type { GenreCompanion } from '#shared/domain.ts';
import type { CurrentLabel } from '#engine/storage/analysis/scores.ts';
import { tablesOf } from './count.ts';
import type { CountedRecordings } from './count.ts';

/**
 * Genres that also fit the tracks of one, most common first. Of a style, its family is left out (it always fits); of a
 * family, its styles. `minimumConfidence` null: each label's own threshold. `ownWords`: as for `countGenres`.
 */
export function countCompanions(
  recordings: CountedRecordings,
  labels: readonly CurrentLabel[],
  genre: CurrentLabel,
  minimumConfidence: number | null,
  ownWords: ReadonlyMap<number, readonly number[]> = new Map(),
): { readonly trackCount: number; readonly companions: readonly GenreCompanion[] } {
  const { size, thresholds, families } = tablesOf(labels, minimumConfidence);
  const counts = new Int32Array(size);
  const seen = new Int32Array(size).fill(-1);
  let row = 0;
  let fits = false;
  let tracks = 0;
  let trackCount = 0;
  const own = genre.position;
  const isOwn = (label: number): boolean => label === own || families[label] === own;
  const look = (label: number, confidence: number): void => {
    fits ||= confidence >= thresholds[label]! && isOwn(label);
  };
  const countOnce = (label: number): void => {
    if (label < 0 || seen[label] === row) return;
    seen[label] = row;
    counts[label]! += tracks;
  };
  const visit = (label: number, confidence: number): void => {
    if (confidence < thresholds[label]!) return;
    countOnce(label);
    countOnce(families[label]!);
  };
  for (; row < recordings.rowCount; row++) {
    tracks = recordings.trackCounts[row]!;
    if (tracks === 0) continue;
    fits = false;
    recordings.forEachGenre(row, look);
    if (!fits) continue;
    trackCount += tracks;
    recordings.forEachGenre(row, visit);
  }
  tracks = 1;
  for (const words of ownWords.values()) {
    if (words.some(isOwn)) {
      trackCount += 1;
      for (const label of words) visit(label, 1);
    }
    row += 1;
  }
  const companions = labels
    .filter(({ id, parent, position }) => !isOwn(position) && id !== genre.parent && parent !== genre.id)
    .filter(({ position }) => counts[position]! > 0)
    .map(({ id, name, position }) => {
      const count = counts[position]!;
      return { id, name, count, share: count / trackCount };
    })
    .toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name));
  return { trackCount, companions };
}
