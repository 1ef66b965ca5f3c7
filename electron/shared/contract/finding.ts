/** Requests about genres, the column browser, suggestions, and what happened to a track. */
import * as v from 'valibot';
import { browseColumns } from '../domain/finding.ts';
import type * as d from '../domain.ts';
import {
  confidence,
  count,
  id,
  limit,
  name,
  nothing,
  returns,
  searchText,
  trackIds,
  trackQuery,
} from './parts.ts';

export const findingRequests = {
  /** The genre tree with counts at the given confidence (default: each genre's own threshold). */
  'genres.list': returns<d.GenreList>()(v.strictObject({ minimumConfidence: v.optional(confidence) })),
  /**
   * The user's own word on tracks and a genre (id or name): it fits, it does not, or as the model says. It wins over
   * the model everywhere, goes with the audio, and stays when the track is analysed again. “No” to a family is “no” to
   * its styles too, except those the user said “yes” to. `changed`: tracks that had another word before.
   */
  'genres.correct': returns<{ readonly changed: number }>()(
    v.strictObject({ trackIds, genre: name, value: v.picklist(['yes', 'no', 'clear']) }),
  ),
  /** Which other genres fit the tracks of one. */
  'genres.cooccurrence': returns<d.GenreCompanions>()(
    v.strictObject({ genre: name, minimumConfidence: v.optional(confidence) }),
  ),

  /** Values of one column with counts, under the query and its picks of the columns left of this one. */
  'library.browse': returns<d.BrowseList>()(
    v.strictObject({ query: trackQuery, column: v.picklist(browseColumns), offset: count, limit }),
  ),
  /** Failed files by the reason, most common first. */
  'library.errors': returns<readonly d.ErrorCount[]>()(nothing),
  /** What may stand at the caret: fields, or values with counts. At most 20. */
  'search.suggest': returns<d.SearchSuggestions>()(v.strictObject({ text: searchText, caret: count })),
  /** Newest first. */
  'tracks.history': returns<readonly d.TrackEvent[]>()(v.strictObject({ trackId: id })),
} as const;
