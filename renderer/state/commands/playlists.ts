/** Commands on playlists; most concern the one on screen. */
import type { Playlist } from '#shared/domain.ts';
import { commandText as words } from '../../lib/text/commands.ts';
import type { Command } from './command.ts';
import { desktopKeys, type CommandParts } from './parts.ts';

export function playlistCommands(parts: CommandParts): readonly Command[] {
  const { browser, dialogs, playlists } = parts;
  const shown = (): Playlist | undefined => {
    const { place } = browser;
    return place.kind === 'playlist' ? playlists.byId(place.playlistId) : undefined;
  };
  const ofShown = (
    kind: 'rename-playlist' | 'delete-playlist' | 'export-playlist',
    title: string,
    menu?: 'export-playlist',
  ): Command => ({
    id: `playlist.${kind.replace('-playlist', '')}`,
    group: 'playlist',
    title,
    ...(menu === undefined ? {} : { menu, keys: ['Mod+E'] }),
    enabled: () => shown() !== undefined,
    run: () => {
      const playlist = shown();
      if (playlist !== undefined) dialogs.show({ kind, playlist });
    },
  });
  return [
    {
      id: 'playlist.new',
      group: 'playlist',
      title: words.newPlaylist,
      ...desktopKeys(parts, 'Mod+N'),
      menu: 'new-playlist',
      run: () => dialogs.show({ kind: 'new-playlist', trackIds: [] }),
    },
    ofShown('rename-playlist', words.renamePlaylist),
    ofShown('delete-playlist', words.deletePlaylist),
    ofShown('export-playlist', words.exportPlaylist, 'export-playlist'),
  ];
}
