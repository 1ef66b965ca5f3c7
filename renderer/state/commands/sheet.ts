/** The sheet of keys: what the commands say of themselves, and the keys a list answers. */
import type { Keys } from '../../lib/keys.ts';
import { commandText } from '../../lib/text/commands.ts';
import { shortcutsText } from '../../lib/text/shortcuts.ts';
import { taggingText } from '../../lib/text/tagging.ts';
import { commandGroups, type Command } from './command.ts';

export interface SheetRow {
  readonly does: string;
  /** Alternatives. */
  readonly keys: readonly Keys[];
  /** Whether it can be done where the window is now. */
  readonly now: boolean;
}

export interface SheetGroup {
  readonly name: string;
  readonly rows: readonly SheetRow[];
}

const words = shortcutsText.shortcuts;
const listKeys: readonly (readonly [string, readonly Keys[]])[] = [
  [words.arrows, ['ArrowUp', 'ArrowDown']],
  [words.extend, ['Shift+ArrowUp', 'Shift+ArrowDown']],
  [words.ends, ['Home', 'End']],
  [words.pages, ['PageUp', 'PageDown']],
  [words.point, ['Mod+ArrowUp', 'Mod+ArrowDown']],
  [words.toggle, ['Mod+Space']],
  [words.selectAll, ['Mod+A']],
  [words.find, ["'"]],
  [words.open, ['Enter']],
  [words.playRow, ['Space']],
  [words.menu, ['Shift+F10']],
  [words.rename, ['F2']],
  [words.escape, ['Escape']],
];

const inReview = taggingText.keys;
const reviewKeys: readonly (readonly [string, readonly Keys[]])[] = [
  [inReview.move, ['ArrowUp', 'ArrowDown']],
  [inReview.accept, ['A', 'Enter']],
  [inReview.reject, ['R', 'Delete']],
  [inReview.edit, ['E']],
  [inReview.field, ['ArrowLeft', 'ArrowRight']],
  [inReview.wholeGroup, ['Shift+A', 'Shift+R']],
  [inReview.reopen, ['O']],
  [inReview.undo, ['Z']],
  [inReview.play, ['Space']],
  [inReview.details, ['D', 'Escape']],
];

/** Every key there is, by group; commands that say the same share a row. */
export function shortcutSheet(commands: readonly Command[]): readonly SheetGroup[] {
  const groups = commandGroups.map((group): SheetGroup => {
    const rows = new Map<string, SheetRow>();
    for (const command of commands) {
      const { keys = [], sheet, title, enabled } = command;
      if (command.group !== group || keys.length === 0) continue;
      const does = sheet ?? title;
      const row = rows.get(does);
      const now = enabled?.() ?? true;
      rows.set(does, { does, keys: [...(row?.keys ?? []), ...keys], now: now || row?.now === true });
    }
    return { name: commandText.groups[group], rows: [...rows.values()] };
  });
  const list = { name: words.list, rows: listKeys.map(([does, keys]) => ({ does, keys, now: true })) };
  const review = {
    name: inReview.group,
    rows: reviewKeys.map(([does, keys]) => ({ does, keys, now: true })),
  };
  return [list, ...groups, review].filter(({ rows }) => rows.length > 0);
}
