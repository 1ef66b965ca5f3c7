/** The menu of a list, in the tree and above the list itself: what fits its kind. */
import Copy from '@lucide/svelte/icons/copy';
import Download from '@lucide/svelte/icons/download';
import FolderInput from '@lucide/svelte/icons/folder-input';
import FolderPlus from '@lucide/svelte/icons/folder-plus';
import ListMusic from '@lucide/svelte/icons/list-music';
import ListPlus from '@lucide/svelte/icons/list-plus';
import Package from '@lucide/svelte/icons/package';
import Route from '@lucide/svelte/icons/route';
import AudioWaveform from '@lucide/svelte/icons/audio-waveform';
import Pencil from '@lucide/svelte/icons/pencil';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import Sparkles from '@lucide/svelte/icons/sparkles';
import Trash from '@lucide/svelte/icons/trash';
import type { Component } from 'svelte';
import type { Playlist, PlaylistKind } from '#shared/domain.ts';
import { djText } from '../../lib/text/dj.ts';
import { text } from '../../lib/text.ts';
import type { App } from '../../state/app.svelte.ts';

export interface ListAction {
  readonly label: string;
  readonly icon: Component<{ size?: number | string }>;
  readonly run: () => void;
}

/** The picture of each kind of list. */
export const listIcons: Readonly<Record<PlaylistKind, Component<{ size?: number | string }>>> = {
  playlist: ListMusic,
  crate: Package,
  smart: Sparkles,
  folder: FolderPlus,
};

/** Makes new lists in a folder; null: at the top. */
export function newListActions(app: App, parentId: number | null): readonly ListAction[] {
  const { newOf } = text.playlists;
  const make = (of: 'playlist' | 'crate' | 'folder'): ListAction => ({
    label: newOf[of],
    icon: of === 'playlist' ? ListPlus : listIcons[of],
    run: () => app.dialogs.show({ kind: 'new-playlist', of, trackIds: [], parentId }),
  });
  const smart: ListAction = {
    label: newOf.smart,
    icon: listIcons.smart,
    run: () => app.dialogs.show({ kind: 'smart-rules', playlist: null, parentId }),
  };
  return [make('playlist'), make('crate'), smart, make('folder')];
}

/** What can be done with a list. */
export function listActions(app: App, playlist: Playlist): readonly ListAction[] {
  const { commands, dialogs, playlists } = app;
  const words = text.playlists;
  const { kind } = playlist;
  const dialog = (
    opened: 'rename-playlist' | 'delete-playlist' | 'export-playlist' | 'move-list' | 'smart-rules',
    label: string,
    icon: ListAction['icon'],
  ): ListAction => ({ label, icon, run: () => dialogs.show({ kind: opened, playlist }) });
  const turn = (into: 'playlist' | 'crate', label: string): ListAction => ({
    label,
    icon: listIcons[into],
    run: () => void commands.setKind(playlist, into),
  });
  const movable = playlist.parentId !== null || playlists.foldersFor(playlist).length > 0;
  return [
    ...(kind === 'folder' ? newListActions(app, playlist.id) : []),
    ...(kind === 'smart' ? [dialog('smart-rules', words.editRules, SlidersHorizontal)] : []),
    dialog('rename-playlist', text.actions.rename, Pencil),
    ...(kind === 'folder'
      ? []
      : [{ label: words.duplicate, icon: Copy, run: () => void commands.duplicatePlaylist(playlist) }]),
    ...(movable ? [dialog('move-list', words.moveToFolder, FolderInput)] : []),
    ...(kind === 'playlist' ? [turn('crate', words.toCrate)] : []),
    ...(kind === 'crate' ? [turn('playlist', words.toPlaylist)] : []),
    ...(kind === 'smart' ? [turn('playlist', words.freeze)] : []),
    ...(playlist.trackCount > 0
      ? [{ label: djText.sets.fromList, icon: Route, run: () => void commands.buildSetFrom(playlist.id) }]
      : []),
    ...(kind === 'playlist' && playlist.trackCount > 2
      ? [
          {
            label: djText.transitions.reorder,
            icon: AudioWaveform,
            run: () => void commands.reorder(playlist),
          },
        ]
      : []),
    dialog('export-playlist', text.actions.export, Download),
    dialog('delete-playlist', text.actions.delete, Trash),
  ];
}
