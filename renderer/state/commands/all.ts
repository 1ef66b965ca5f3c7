/** Every command of the window. An area has a file of its own; its line stands here. */
import type { Command } from './command.ts';
import { editCommands } from './edit.ts';
import { findingCommands } from './finding.ts';
import { goCommands } from './go.ts';
import { libraryCommands } from './library.ts';
import type { CommandParts } from './parts.ts';
import { playCommands } from './play.ts';
import { playlistCommands } from './playlists.ts';
import { setCommands } from './sets.ts';
import { taggingCommands } from './tagging.ts';
import { trackCommands } from './tracks.ts';
import { windowCommands } from './window.ts';

export function allCommands(parts: CommandParts): readonly Command[] {
  return [
    ...goCommands(parts),
    ...playCommands(parts),
    ...trackCommands(parts),
    ...findingCommands(parts),
    ...taggingCommands(parts),
    ...editCommands(parts),
    ...playlistCommands(parts),
    ...setCommands(parts),
    ...libraryCommands(parts),
    ...windowCommands(parts),
  ];
}
