/** What a place is called. */
import { fileName, trackTitle } from '../lib/track-words.ts';
import { text } from '../lib/text.ts';
import type { App } from '../state/app.svelte.ts';
import type { Place } from '../state/places.ts';

/** The heading of a place, as far as what it shows is known. */
export function placeTitle(place: Place, app: App): string {
  switch (place.kind) {
    case 'genre':
      return app.library.genre(place.genre)?.name ?? place.genre;
    case 'genres':
      return place.genre === null
        ? text.places.genres
        : (app.library.genre(place.genre)?.name ?? place.genre);
    case 'folder':
      return fileName(app.library.folder(place.folderId)?.path ?? '') || text.sidebar.folders;
    case 'playlist':
      return app.playlists.byId(place.playlistId)?.name ?? text.sidebar.playlists;
    case 'similar': {
      const seed = app.browser.seed;
      return text.places.similar(seed === null ? '…' : trackTitle(seed));
    }
    case 'track':
    case 'activity':
    case 'settings':
      return text.places[place.kind];
    default:
      return text.sidebar[place.kind];
  }
}
