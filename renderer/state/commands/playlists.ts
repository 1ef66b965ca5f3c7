/** Commands on playlists; most concern the one on screen. */
import type { Playlist } from '#shared/domain.ts';
import { commandText as words } from '../../lib/text/commands.ts';
import type { Command } from './command.ts';
import { desktopKeys, type CommandParts } from './parts.ts';

export function playlistCommands(parts: CommandParts): readonly Command[] {
  const { browser, commands, dialogs, playlists } = parts;
  const shown = (): Playlist | undefined => {
    const { place } = browser;
    return place.kind === 'playlist' ? playlists.byId(place.playlistId) : undefined;
  };
  const ofShown = (
    kind: 'rename-playlist' | 'delete-playlist' | 'export-playlist' | 'move-list',
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
    {
      id: 'playlist.new-crate',
      group: 'playlist',
      title: words.newCrate,
      run: () => dialogs.show({ kind: 'new-playlist', of: 'crate', trackIds: [] }),
    },
    {
      id: 'playlist.new-smart',
      group: 'playlist',
      title: words.newSmart,
      run: () => dialogs.show({ kind: 'smart-rules', playlist: null }),
    },
    {
      id: 'playlist.new-folder',
      group: 'playlist',
      title: words.newFolder,
      run: () => dialogs.show({ kind: 'new-playlist', of: 'folder', trackIds: [] }),
    },
    {
      id: 'playlist.rules',
      group: 'playlist',
      title: words.editRules,
      enabled: () => shown()?.kind === 'smart',
      run: () => {
        const playlist = shown();
        if (playlist !== undefined) dialogs.show({ kind: 'smart-rules', playlist });
      },
    },
    {
      id: 'playlist.duplicate',
      group: 'playlist',
      title: words.duplicatePlaylist,
      enabled: () => ![undefined, 'folder'].includes(shown()?.kind),
      run: () => {
        const playlist = shown();
        if (playlist !== undefined) void commands.duplicatePlaylist(playlist);
      },
    },
    ofShown('move-list', words.movePlaylist),
    ofShown('rename-playlist', words.renamePlaylist),
    ofShown('delete-playlist', words.deletePlaylist),
    ofShown('export-playlist', words.exportPlaylist, 'export-playlist'),
  ];
}
