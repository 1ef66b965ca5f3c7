/** What a place is called. */
import { fileName, trackTitle } from '../lib/track-words.ts';
import { djText } from '../lib/text/dj.ts';
import { taggingText } from '../lib/text/tagging.ts';
import { text } from '../lib/text.ts';
import type { Browser } from './browser.svelte.ts';
import type { Library } from './library.svelte.ts';
import type { Place } from './places.ts';
import type { Playlists } from './playlists.svelte.ts';

interface NamingParts {
  readonly browser: Browser;
  readonly library: Library;
  readonly playlists: Playlists;
}

/** The name of a place, as far as what it shows is known. */
export function placeName(place: Place, { browser, library, playlists }: NamingParts): string {
  switch (place.kind) {
    case 'genre':
      return library.genre(place.genre)?.name ?? place.genre;
    case 'genres':
      return place.genre === null ? text.places.genres : (library.genre(place.genre)?.name ?? place.genre);
    case 'folder':
      return fileName(library.folder(place.folderId)?.path ?? '') || text.sidebar.folders;
    case 'playlist':
      return playlists.byId(place.playlistId)?.name ?? text.sidebar.playlists;
    case 'similar': {
      const seed = browser.seed;
      return text.places.similar(seed === null ? '…' : trackTitle(seed));
    }
    case 'tagging':
      return taggingText[place.page === 'review' ? 'place' : 'history'];
    case 'sets':
      return djText.sets.place;
    case 'track':
    case 'activity':
    case 'settings':
      return text.places[place.kind];
    default:
      return text.sidebar[place.kind];
  }
}
