/** The first steps of somebody new: from the empty library until the first genres are there. */
import type { GenreCount } from '#shared/domain.ts';
import type { Library } from './library.svelte.ts';

/** So many tracks heard: the library explains itself from here on. */
const ENOUGH_HEARD = 40;
const MOST_GENRES = 8;

export class FirstRun {
  #wasEmpty = $state(false);
  #hidden = $state(false);
  #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  /** Nothing is there yet: the window asks for a folder. */
  get empty(): boolean {
    const { known, folders, counts } = this.#library;
    return known && folders.length === 0 && counts.all === 0;
  }

  /** The library was empty when this window met it: it is told what happens now. */
  get telling(): boolean {
    return this.#wasEmpty && !this.empty && !this.#hidden;
  }

  /** How many were heard is enough: what is told may be hidden. */
  get done(): boolean {
    return this.#library.counts.analysed >= ENOUGH_HEARD;
  }

  /** The genres found so far, most common first: styles, or families that have none. */
  get genres(): readonly GenreCount[] {
    return firstGenres(this.#library.genres.genres);
  }

  /** The library was looked at: remembers whether it was empty. */
  look(): void {
    if (this.empty) this.#wasEmpty = true;
  }

  hide(): void {
    this.#hidden = true;
  }
}

/** The most common genres that say most: of a family with styles in the library, its styles. */
export function firstGenres(genres: readonly GenreCount[]): readonly GenreCount[] {
  const there = genres.filter(({ count }) => count > 0);
  const withStyles = new Set(there.map(({ parent }) => parent));
  return there
    .filter(({ id }) => !withStyles.has(id))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MOST_GENRES);
}
