/** Commands on sets: the builder, and the order of a playlist. */
import type { Playlist } from '#shared/domain.ts';
import { djText } from '../../lib/text/dj.ts';
import { selectedTracksOf } from '../selected-tracks.ts';
import type { SetPart } from '../sets/set-builder.svelte.ts';
import type { Command } from './command.ts';
import type { CommandParts } from './parts.ts';

const words = djText.sets;
/** The contract's bound of 'sets.reorder'; fewer than three have but one order worth speaking of. */
const [FEWEST, MOST] = [3, 1000];

export function setCommands({
  browser,
  commands,
  notices,
  playlists,
  setBuilder,
}: CommandParts): readonly Command[] {
  const shown = (): Playlist | undefined => {
    const { place } = browser;
    return place.kind === 'playlist' ? playlists.byId(place.playlistId) : undefined;
  };
  const part = (id: SetPart, title: string): Command => ({
    id: `sets.${id}`,
    group: 'tracks',
    title: `${words.menu}: ${title}`,
    enabled: () => browser.list.selection.size > 0,
    run: () => {
      const tracks = selectedTracksOf(browser.list);
      setBuilder.put(id === 'first' || id === 'last' ? tracks.slice(0, 1) : tracks, id);
      notices.done(words.added(id === 'first' || id === 'last' ? 1 : tracks.length));
    },
  });
  return [
    {
      id: 'go.sets',
      group: 'go',
      title: words.place,
      enabled: () => browser.place.kind !== 'sets',
      run: () => browser.go({ kind: 'sets' }),
    },
    {
      id: 'sets.from-list',
      group: 'playlist',
      title: words.fromList,
      enabled: () => (shown()?.trackCount ?? 0) > 0,
      run: () => commands.buildSetFrom(shown()?.id ?? null),
    },
    {
      id: 'sets.reorder',
      group: 'playlist',
      title: djText.transitions.reorder,
      enabled: () => {
        const list = shown();
        return list?.kind === 'playlist' && list.trackCount >= FEWEST && list.trackCount <= MOST;
      },
      run: () => {
        const list = shown();
        if (list !== undefined) void commands.reorder(list);
      },
    },
    part('include', words.include),
    part('first', words.first),
    part('last', words.last),
    part('exclude', words.exclude),
  ];
}
