/** What a key does in a list of tracks. */

export type TableAction =
  | { readonly do: 'move'; readonly to: number; readonly extend: boolean }
  /** The keyboard's row changes, the selection stays. */
  | { readonly do: 'point'; readonly to: number }
  | { readonly do: 'toggle' }
  | { readonly do: 'select-all' }
  | { readonly do: 'open'; readonly index: number }
  | { readonly do: 'play'; readonly index: number }
  | { readonly do: 'nudge'; readonly by: 1 | -1 }
  | { readonly do: 'remove' }
  | { readonly do: 'find' };

export interface TableState {
  readonly total: number;
  /** Position of the row the keyboard is at, -1 for none. */
  readonly at: number;
  readonly rowsPerScreen: number;
  readonly reorderable: boolean;
  readonly removable: boolean;
}

type Keys = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Null: the key is not the list's. */
export function tableAction(keys: Keys, state: TableState): TableAction | null {
  const { key, shiftKey, altKey } = keys;
  const { total, at, rowsPerScreen, reorderable, removable } = state;
  if (total === 0) return null;
  if (altKey) {
    if (!reorderable) return null;
    return key === 'ArrowUp' ? { do: 'nudge', by: -1 } : key === 'ArrowDown' ? { do: 'nudge', by: 1 } : null;
  }
  if (keys.ctrlKey || keys.metaKey) {
    if (key === ' ') return { do: 'toggle' };
    if (key === 'ArrowDown') return { do: 'point', to: Math.min(total - 1, at + 1) };
    if (key === 'ArrowUp') return { do: 'point', to: Math.max(0, at - 1) };
    return key.toLowerCase() === 'a' && !shiftKey ? { do: 'select-all' } : null;
  }
  const move = (to: number): TableAction => ({
    do: 'move',
    to: Math.min(total - 1, Math.max(0, to)),
    extend: shiftKey,
  });
  switch (key) {
    case 'ArrowDown':
      return move(at + 1);
    case 'ArrowUp':
      return move(at - 1);
    case 'Home':
      return move(0);
    case 'End':
      return move(total - 1);
    case 'PageDown':
      return move(at + rowsPerScreen);
    case 'PageUp':
      return move(at - rowsPerScreen);
    case 'Enter':
      return { do: 'open', index: Math.max(0, at) };
    case ' ':
      return { do: 'play', index: Math.max(0, at) };
    case "'":
      return { do: 'find' };
    case 'Delete':
    case 'Backspace':
      return removable ? { do: 'remove' } : null;
    default:
      return null;
  }
}
