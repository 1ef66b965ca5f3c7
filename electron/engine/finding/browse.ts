/** The column browser: what there is of genres, artists or albums among the tracks of a query, with counts. */
import type { BrowseColumn, BrowseValue, TrackId, TrackQuery } from '#shared/domain.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import type { CurrentLabel } from '#engine/storage/analysis/scores.ts';
import type { Database } from '#engine/storage/database.ts';
import type { CompiledTrackQuery } from '#engine/storage/library/track-query.ts';

/** The query with the picks of the columns left of this one. */
export function leftOf(query: TrackQuery, column: BrowseColumn): TrackQuery {
  const { genre, artist } = query.picks ?? {};
  const picks = { genre: {}, artist: { genre }, album: { genre, artist } }[column];
  return { ...query, picks };
}

/** Whether the query asks for nothing: all tracks. */
export function isEverything({ text = '', picks, minimumConfidence: _, ...others }: TrackQuery): boolean {
  const picked = Object.values(picks ?? {}).some((values) => values !== undefined && values.length > 0);
  return text.trim() === '' && !picked && Object.values(others).every((value) => value === undefined);
}

/** Artists or albums by name; capitals make no difference. Tracks without one come last. */
export function countTexts(
  database: Database,
  column: 'artist' | 'album',
  { from }: CompiledTrackQuery,
): readonly BrowseValue[] {
  const rows = database
    .prepare(
      `SELECT t.${column} AS value, count(*) AS count ${from.sql}
       GROUP BY t.${column} COLLATE NOCASE ORDER BY t.${column} COLLATE NOCASE`,
    )
    .all(...from.parameters) as { value: string | null; count: number }[];
  const named = rows.filter(({ value }) => value !== null && value !== '');
  const without = rows.filter(({ value }) => value === null || value === '');
  const none = without.reduce((sum, { count }) => sum + count, 0);
  return [
    ...named.map(({ value, count }) => ({ value, label: value ?? '', count })),
    ...(none > 0 ? [{ value: null, label: '', count: none }] : []),
  ];
}

/**
 * Genres that fit these tracks, families and styles alike, most common first; a track counts once for a family. Null
 * stands for analysed tracks that no genre fits. `ids` null: all tracks. `minimumConfidence` null: each label's own
 * threshold. `ownWords`: positions of the labels that the user gave to tracks without an analysis.
 */
export function countGenresOf(
  ids: readonly TrackId[] | null,
  recordings: Recordings,
  labels: readonly CurrentLabel[],
  minimumConfidence: number | null,
  ownWords: ReadonlyMap<TrackId, readonly number[]>,
): readonly BrowseValue[] {
  const size = Math.max(0, ...labels.map(({ position }) => position + 1));
  const thresholds = new Float64Array(size).fill(Infinity);
  const families = new Int32Array(size).fill(-1);
  const positions = new Map(labels.map(({ id, position }) => [id, position]));
  for (const { position, threshold, parent } of labels) {
    thresholds[position] = minimumConfidence ?? threshold;
    families[position] = parent === null ? -1 : (positions.get(parent) ?? -1);
  }
  const counts = new Int32Array(size);
  const seen = new Int32Array(size).fill(-1);
  let unknown = 0;
  let index = 0;
  let tracks = 1;
  let fits = false;
  const countOnce = (label: number): void => {
    if (label < 0 || seen[label] === index) return;
    seen[label] = index;
    counts[label]! += tracks;
  };
  const visit = (label: number, confidence: number): void => {
    if (confidence < thresholds[label]!) return;
    fits = true;
    countOnce(label);
    countOnce(families[label]!);
  };
  const visitWords = (words: readonly number[] = []): void => {
    for (const label of words) visit(label, 1);
  };
  const end = ids?.length ?? recordings.rowCount;
  for (; index < end; index++) {
    const row = ids === null ? index : recordings.rowOfTrack(ids[index]!);
    if (row < 0) visitWords(ownWords.get(ids?.[index] ?? -1));
    if (row < 0 || recordings.trackCounts[row] === 0) continue;
    if (ids === null) tracks = recordings.trackCounts[row]!;
    fits = false;
    recordings.forEachGenre(row, visit);
    // Of a recording that the current model has not heard, it is not known that nothing fits.
    if (!fits && recordings.isEarlier[row] !== 1) unknown += tracks;
  }
  tracks = 1;
  for (const words of ids === null ? ownWords.values() : []) {
    visitWords(words);
    index++;
  }
  const found = labels
    .map(({ id, name, position }) => ({ value: id as string | null, label: name, count: counts[position]! }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || a.label.localeCompare(b.label));
  return unknown > 0 ? [...found, { value: null, label: '', count: unknown }] : found;
}
