/** Genres by a few letters of their name. */
import type { GenreCount } from '#shared/domain.ts';

/** Names that begin with what was typed first, then those in which a later word does, then those that hold it. */
export function foundGenres(genres: readonly GenreCount[], typed: string): readonly GenreCount[] {
  const wanted = folded(typed);
  if (wanted === '') return genres;
  const rank = ({ name }: GenreCount): number => {
    const own = folded(name);
    if (own.startsWith(wanted)) return 0;
    if (own.includes(` ${wanted}`)) return 1;
    return own.replaceAll(' ', '').includes(wanted.replaceAll(' ', '')) ? 2 : 3;
  };
  return genres
    .map((genre) => ({ genre, rank: rank(genre) }))
    .filter((one) => one.rank < 3)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ genre }) => genre);
}

/** Lower case, without accents, signs as spaces: "hip hop" finds Hip-hop. */
function folded(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}&]+/gu, ' ')
    .trim();
}
