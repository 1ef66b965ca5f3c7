/** The places the middle of the window can show, and the query of each. */
import { recentDays, type SortKey, type TrackQuery } from '#shared/domain.ts';

export type Place =
  | { readonly kind: 'all' }
  | { readonly kind: 'recent' }
  /** Came in lately and not dealt with yet. */
  | { readonly kind: 'incoming' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'errors' }
  | { readonly kind: 'genre'; readonly genre: string }
  | { readonly kind: 'folder'; readonly folderId: number }
  | { readonly kind: 'playlist'; readonly playlistId: number }
  | { readonly kind: 'similar'; readonly trackId: number }
  /** The genre screen; the tracks of the genre that is open in it, if one is. */
  | { readonly kind: 'genres'; readonly genre: string | null }
  /** Everything about one track. */
  | { readonly kind: 'track'; readonly trackId: number }
  /** Proposals for tags of files, or what was written. */
  | { readonly kind: 'tagging'; readonly page: 'review' | 'history' }
  /** Where sets are put together. */
  | { readonly kind: 'sets' }
  | { readonly kind: 'activity' }
  | { readonly kind: 'settings' };

const DAY_MS = 86_400_000;
/** Incoming: added in the last month, and neither rated nor put into any list yet. */
const incomingSearch = 'added:30d -has:rating -has:playlist is:present';

/** Whether two places are the same one. */
export function samePlace(a: Place, b: Place): boolean {
  return placeKey(a) === placeKey(b);
}

/** A text that names the place, for keys of lists and settings. */
export function placeKey(place: Place): string {
  switch (place.kind) {
    case 'genre':
      return `genre:${place.genre}`;
    case 'genres':
      return `genres:${place.genre ?? ''}`;
    case 'tagging':
      return `tagging:${place.page}`;
    case 'folder':
      return `folder:${place.folderId}`;
    case 'playlist':
      return `playlist:${place.playlistId}`;
    case 'similar':
    case 'track':
      return `${place.kind}:${place.trackId}`;
    default:
      return place.kind;
  }
}

/** The query of a place, or null for those whose rows come otherwise (similar tracks) or that list none. */
export function queryOf(
  place: Place,
  text: string,
  minimumConfidence: number | null,
  now: number,
): TrackQuery | null {
  const common: TrackQuery = {
    ...(text.trim() === '' ? {} : { text }),
    ...(minimumConfidence === null ? {} : { minimumConfidence }),
  };
  switch (place.kind) {
    case 'all':
      return common;
    case 'recent':
      return { ...common, addedAfter: now - recentDays * DAY_MS };
    case 'missing':
    case 'offline':
      return { ...common, state: place.kind };
    case 'errors':
      return { ...common, hasError: true };
    case 'incoming':
      return { ...common, text: text.trim() === '' ? incomingSearch : `${incomingSearch} (${text})` };
    case 'genre':
      return { ...common, genre: place.genre };
    case 'genres':
      return place.genre === null ? null : { ...common, genre: place.genre };
    case 'folder':
      return { ...common, folderId: place.folderId };
    case 'playlist':
      return { ...common, playlistId: place.playlistId };
    case 'similar':
    case 'track':
    case 'tagging':
    case 'sets':
    case 'activity':
    case 'settings':
      return null;
  }
}

/** Whether tracks are listed there: the keyboard's row then decides what the details show. */
export function hasList(place: Place): boolean {
  if (place.kind === 'genres') return place.genre !== null;
  return !(['track', 'tagging', 'sets', 'activity', 'settings'] as readonly string[]).includes(place.kind);
}

/** The order a place opens with. */
export function firstSort(place: Place): readonly SortKey[] {
  switch (place.kind) {
    case 'recent':
    case 'incoming':
      return [{ field: 'addedAt', descending: true }];
    case 'genre':
    case 'genres':
      return [{ field: 'confidence', descending: true }];
    case 'errors':
      return [{ field: 'path' }];
    case 'playlist':
      return [{ field: 'position' }];
    default:
      return [{ field: 'artist' }, { field: 'album' }, { field: 'trackNumber' }];
  }
}
