/** What the engine alone can know of a search: that no genre has this name, for example. */
import type { WireError } from '#shared/errors.ts';
import { searchTerms } from '#shared/search/terms.ts';

export interface Mistake {
  /** First character, counted from 0. */
  readonly offset: number;
  readonly length: number;
  readonly detail: string;
}

/** The part of the search that the engine refused; null when it did not, or it was another search. */
export function refusedPart(error: WireError | null, text: string): Mistake | null {
  if (error?.code !== 'query-invalid') return null;
  const place = /\(at character (\d+) of the search\)$/u.exec(error.detail)?.[1];
  const offset = place === undefined ? 0 : Number(place) - 1;
  if (offset >= text.length) return null;
  const term = searchTerms(text).find(
    ({ span }) => offset >= span.offset && offset < span.offset + span.length,
  );
  const end = term === undefined ? offset + 1 : term.span.offset + term.span.length;
  return { offset, length: end - offset, detail: error.detail };
}
