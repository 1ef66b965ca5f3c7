/** What a command is. The menus, the palette, the shortcut sheet and the keyboard all read the same list of them. */
import type { MenuCommand } from '#shared/bridge.ts';
import type { Keys } from '../../lib/keys.ts';

/** Where a command stands in the palette and in the shortcut sheet, in this order. */
export const commandGroups = ['go', 'play', 'tracks', 'tags', 'playlist', 'library', 'window'] as const;
export type CommandGroup = (typeof commandGroups)[number];

export interface Command {
  /** Names it in the code: 'playlist.export'. */
  readonly id: string;
  readonly group: CommandGroup;
  /** What it does, as a menu says it. May be a getter, where it says more (what would be undone). */
  readonly title: string;
  /** Alternatives. Each belongs to one command only. */
  readonly keys?: readonly Keys[];
  /** Commands of a group with the same text here share a row of the shortcut sheet. */
  readonly sheet?: string;
  /** The keys hold while a text field has the focus, too. Only for chords no text field knows. */
  readonly whileTyping?: boolean;
  /** Can be done over an open dialogue, too: it changes how the window looks, not what it shows. */
  readonly overDialogs?: boolean;
  /** The list takes these keys itself; the window then leaves them alone. */
  readonly keysOfList?: boolean;
  /** Left out of the palette: it would say nothing there, or nobody would look for it. */
  readonly onlyKeys?: boolean;
  /** The entry of the application menu that runs it. */
  readonly menu?: MenuCommand;
  /** Whether it can be done now; always, when absent. */
  readonly enabled?: () => boolean;
  readonly run: () => unknown;
}
