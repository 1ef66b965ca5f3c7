/** The selected rows of a list as tracks, as far as they are loaded: for what needs their names at once. */
import type { Track } from '#shared/domain.ts';
import type { TrackList } from './list.svelte.ts';

export function selectedTracksOf({
  rows,
  selection,
}: Pick<TrackList, 'rows' | 'selection'>): readonly Track[] {
  const found: { readonly index: number; readonly track: Track }[] = [];
  for (const [index, { key, track }] of rows.loaded()) {
    if (selection.keys.has(key)) found.push({ index, track });
  }
  return found.toSorted((a, b) => a.index - b.index).map(({ track }) => track);
}
