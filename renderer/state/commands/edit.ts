/** Undo and redo, wherever the window is. */
import { playlistsText } from '../../lib/text/playlists.ts';
import type { Command } from './command.ts';
import type { CommandParts } from './parts.ts';

const words = playlistsText.undo;

export function editCommands({ commands, edits }: CommandParts): readonly Command[] {
  return [
    {
      id: 'edit.undo',
      group: 'window',
      get title() {
        return edits.undoable === null ? words.button : words.undoWhat(edits.undoable.label);
      },
      sheet: words.button,
      keys: ['Mod+Z'],
      menu: 'undo',
      enabled: () => edits.undoable !== null,
      run: () => commands.undo(),
    },
    {
      id: 'edit.redo',
      group: 'window',
      get title() {
        return edits.redoable === null ? words.redo : words.redoWhat(edits.redoable.label);
      },
      sheet: words.redo,
      keys: ['Mod+Shift+Z', 'Mod+Y'],
      menu: 'redo',
      enabled: () => edits.redoable !== null,
      run: () => commands.redo(),
    },
  ];
}
