/** Compiles queries with what the library knows at the moment: genres of the model, smart playlists, the time. */
import type { SortKey, TrackQuery } from '#shared/domain.ts';
import { freshenBestGenres } from './storage/analysis/best-genres.ts';
import { readCurrentLabels } from './storage/analysis/scores.ts';
import { freshenTrackSounds, readsTrackSounds } from './storage/analysis/track-sounds.ts';
import type { Database } from './storage/database.ts';
import { readTree } from './storage/library/playlists.ts';
import { compileTrackQuery } from './storage/library/track-query.ts';
import { readsBestGenre } from './storage/library/track-query-genres.ts';
import type { CompiledTrackQuery } from './storage/library/track-query.ts';

/** @throws AppError 'query-invalid' for a mistake in a search or in rules */
export type CompileQuery = (
  query: TrackQuery,
  sort: readonly SortKey[],
  /** See QueryContext. */
  single?: boolean,
) => CompiledTrackQuery;

export function createCompileQuery(database: Database, clock: () => number): CompileQuery {
  return (query, sort, single = false) => {
    const labels = readCurrentLabels(database);
    let tree: ReturnType<typeof readTree> | null = null;
    const compiled = compileTrackQuery(query, sort, {
      now: clock(),
      single,
      tree: () => (tree ??= readTree(database)),
      // Without a model no genre is known, which is not the user's mistake.
      ...(labels.length === 0 ? {} : { labels }),
    });
    if (readsBestGenre(compiled.ids.sql)) freshenBestGenres(database);
    if (readsTrackSounds(compiled.ids.sql)) freshenTrackSounds(database);
    return compiled;
  };
}
