/** The keyboard: which key does what outside the list, and the sheet that shows all of it. */
import { text } from './text.ts';

export type ShortcutAction =
  | { readonly do: 'search' }
  | { readonly do: 'sheet' }
  | { readonly do: 'similar' }
  | { readonly do: 'playlist' }
  | { readonly do: 'inspector' }
  | { readonly do: 'back' }
  | { readonly do: 'forward' }
  | { readonly do: 'next' }
  | { readonly do: 'previous' }
  | { readonly do: 'toggle' }
  | { readonly do: 'seek'; readonly by: number }
  | { readonly do: 'rate'; readonly stars: number };

type Keys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const SEEK_S = 10;
const letters: ReadonlyMap<string, ShortcutAction> = new Map<string, ShortcutAction>([
  ['/', { do: 'search' }],
  ['?', { do: 'sheet' }],
  ['s', { do: 'similar' }],
  ['p', { do: 'playlist' }],
  ['i', { do: 'inspector' }],
  ['j', { do: 'seek', by: -SEEK_S }],
  ['l', { do: 'seek', by: SEEK_S }],
  ['k', { do: 'toggle' }],
  [' ', { do: 'toggle' }],
]);

/** What a key pressed outside text fields does; null when it is not ours. */
export function shortcutOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Keys): ShortcutAction | null {
  if (altKey && !ctrlKey && !metaKey) {
    if (key === 'ArrowLeft') return { do: 'back' };
    return key === 'ArrowRight' ? { do: 'forward' } : null;
  }
  if (ctrlKey || metaKey) {
    if (key === 'ArrowLeft') return { do: 'previous' };
    if (key === 'ArrowRight') return { do: 'next' };
    return key.toLowerCase() === 'f' && !shiftKey && !altKey ? { do: 'search' } : null;
  }
  if (/^[0-5]$/u.test(key)) return { do: 'rate', stars: Number(key) };
  return letters.get(shiftKey && key !== '?' && key !== '/' ? '' : key.toLowerCase()) ?? null;
}

/** Whether keys pressed there are text, and must not be taken for shortcuts. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button'].includes(target.type)
  );
}

export interface ShortcutRow {
  /** Alternatives, each a list of keys pressed together. */
  readonly keys: readonly (readonly string[])[];
  readonly does: string;
}

const words = text.shortcuts;
export const shortcutSheet: readonly { readonly group: string; readonly rows: readonly ShortcutRow[] }[] = [
  {
    group: words.groups.move,
    rows: [
      { keys: [['↑'], ['↓']], does: words.arrows },
      {
        keys: [
          ['Shift', '↑'],
          ['Shift', '↓'],
        ],
        does: words.extend,
      },
      { keys: [['Home'], ['End']], does: words.ends },
      { keys: [['Page ↑'], ['Page ↓']], does: words.pages },
      {
        keys: [
          ['Alt', '←'],
          ['Alt', '→'],
        ],
        does: words.back,
      },
    ],
  },
  {
    group: words.groups.play,
    rows: [
      { keys: [['Space']], does: words.playRow },
      { keys: [['J'], ['L']], does: words.seek },
      {
        keys: [
          ['Ctrl', '←'],
          ['Ctrl', '→'],
        ],
        does: words.previousNext,
      },
    ],
  },
  {
    group: words.groups.tracks,
    rows: [
      { keys: [['Enter']], does: words.open },
      { keys: [['Ctrl', 'A']], does: words.selectAll },
      { keys: [['0'], ['1'], ['…'], ['5']], does: words.rate },
      { keys: [['S']], does: words.similar },
      { keys: [['P']], does: words.playlist },
      { keys: [['Del']], does: words.remove },
      {
        keys: [
          ['Alt', '↑'],
          ['Alt', '↓'],
        ],
        does: words.reorder,
      },
      { keys: [['Shift', 'F10']], does: words.menu },
    ],
  },
  {
    group: words.groups.window,
    rows: [
      { keys: [['/'], ['Ctrl', 'F']], does: words.search },
      { keys: [['Esc']], does: words.escape },
      { keys: [['I']], does: words.inspector },
      { keys: [['?']], does: words.sheet },
    ],
  },
];
