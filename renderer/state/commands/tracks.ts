/** Commands on the selected rows of the list. */
import { commandText as words } from '../../lib/text/commands.ts';
import type { Command } from './command.ts';
import type { CommandParts } from './parts.ts';

export function trackCommands({ browser, commands, inspector }: CommandParts): readonly Command[] {
  const { selection } = browser.list;
  const some = (): boolean => selection.size > 0;
  const inPlaylist = (): boolean => browser.place.kind === 'playlist' && some();
  return [
    {
      id: 'tracks.similar',
      group: 'tracks',
      title: words.similar,
      keys: ['S'],
      menu: 'show-similar',
      enabled: () => inspector.trackId !== null,
      run: () => commands.showSimilar(),
    },
    {
      id: 'tracks.add-to-new',
      group: 'tracks',
      title: words.addToNew,
      keys: ['P'],
      run: () => commands.newPlaylistOfSelection(),
    },
    ...[0, 1, 2, 3, 4, 5].map((stars): Command => ({
      id: `tracks.rate-${stars}`,
      group: 'tracks',
      title: words.rate(stars),
      keys: [String(stars)],
      sheet: words.rateAll,
      enabled: some,
      run: () => commands.rateSelection(stars),
    })),
    {
      id: 'tracks.remove',
      group: 'tracks',
      title: words.removeRows,
      keys: ['Delete'],
      keysOfList: true,
      enabled: inPlaylist,
      run: () => commands.removeSelectedRows(),
    },
    {
      id: 'tracks.up',
      group: 'tracks',
      title: words.moveUp,
      keys: ['Alt+ArrowUp'],
      sheet: words.reorder,
      keysOfList: true,
      enabled: inPlaylist,
      run: () => commands.nudgeSelectedRows(-1),
    },
    {
      id: 'tracks.down',
      group: 'tracks',
      title: words.moveDown,
      keys: ['Alt+ArrowDown'],
      sheet: words.reorder,
      keysOfList: true,
      enabled: inPlaylist,
      run: () => commands.nudgeSelectedRows(1),
    },
    {
      id: 'tracks.retry',
      group: 'tracks',
      title: words.retrySelected,
      enabled: () => browser.list.focused?.track.error != null,
      run: () => commands.retrySelection(),
    },
  ];
}
