/** In the list of a genre, what counts of a track is how sure that genre is, not which one fits best. */
import type { GenreCount, GenreScore, Track } from '#shared/domain.ts';

/** Names of a genre and, of a family, its styles. */
export function namesOfGenre(genres: readonly GenreCount[], id: string): ReadonlySet<string> {
  return new Set(genres.filter((genre) => genre.id === id || genre.parent === id).map(({ name }) => name));
}

/** The same scores with the surest of these genres in front. */
export function genreFirst(scores: readonly GenreScore[], names: ReadonlySet<string>): readonly GenreScore[] {
  const first = scores.find(({ genre }) => names.has(genre));
  return first === undefined || first === scores[0]
    ? scores
    : [first, ...scores.filter((one) => one !== first)];
}

/** How many of some tracks each genre fits, by name. */
export function carriedGenres(tracks: readonly Pick<Track, 'genres'>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { genres } of tracks) {
    for (const { genre } of genres) counts.set(genre, (counts.get(genre) ?? 0) + 1);
  }
  return counts;
}

/** Gives rows with the genre in front; the same row again gives the same object, so that nothing is drawn anew. */
export function createGenreFirst<Row extends { readonly track: Pick<Track, 'genres'> }>(
  names: ReadonlySet<string>,
): (row: Row) => Row {
  const known = new WeakMap<Row, Row>();
  return (row) => {
    const before = known.get(row);
    if (before !== undefined) return before;
    const genres = genreFirst(row.track.genres, names);
    const after = genres === row.track.genres ? row : { ...row, track: { ...row.track, genres } };
    known.set(row, after);
    return after;
  };
}
