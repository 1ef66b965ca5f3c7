/** What is on screen as the rules of a smart playlist: the search, within the place it was typed in. */
import type { RuleCondition, RuleGroup, SmartRules } from '#shared/domain.ts';
import { tryParseSearch } from '#shared/search/parse.ts';
import { rulesOfSearch } from '#shared/search/rules.ts';
import type { Browser } from './browser.svelte.ts';
import { queryOf, type Place } from './places.ts';

/** What rules call folders and playlists by. */
export interface PlaceNames {
  readonly folder: (id: number) => { readonly path: string } | undefined;
  readonly playlist: (id: number) => { readonly name: string } | undefined;
}

/** Null where the search has a mistake. */
export function rulesOfView(
  { place, text, sort }: Pick<Browser, 'place' | 'text' | 'sort'>,
  names: PlaceNames,
): SmartRules | null {
  const { query } = tryParseSearch(queryOf(place, text, null, 0)?.text ?? '');
  if (query === null) return null;
  const searched = rulesOfSearch(query);
  const own = ruleOf(place, names);
  const where: RuleGroup =
    own === null
      ? searched
      : searched.match === 'all'
        ? { ...searched, rules: [own, ...searched.rules] }
        : { match: 'all', rules: [own, searched] };
  // "position" orders one playlist only.
  return { where, sort: sort.filter(({ field }) => field !== 'position') };
}

/** The place as one more rule; null where it adds none. */
function ruleOf(place: Place, names: PlaceNames): RuleCondition | null {
  const is = (field: RuleCondition['field'], value: string): RuleCondition => ({
    field,
    operator: 'is',
    value,
  });
  switch (place.kind) {
    case 'genre':
      return is('genre', place.genre);
    case 'genres':
      return place.genre === null ? null : is('genre', place.genre);
    case 'recent':
      return { field: 'added', operator: 'less', value: '7d' };
    case 'missing':
    case 'offline':
      return is('is', place.kind);
    case 'errors':
      return is('has', 'error');
    case 'folder': {
      const folder = names.folder(place.folderId);
      return folder === undefined ? null : { field: 'path', operator: 'contains', value: folder.path };
    }
    case 'playlist': {
      const playlist = names.playlist(place.playlistId);
      return playlist === undefined ? null : { field: 'playlist', operator: 'exactly', value: playlist.name };
    }
    default:
      return null;
  }
}
