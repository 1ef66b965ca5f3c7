/** Keys of commands: how they are written in the code, when a press matches, and how they are shown. */

/**
 * Keys pressed together, written like 'Mod+Shift+Z', 'Alt+ArrowLeft', 'S', '?' or 'Space'. Mod is Ctrl, and Cmd
 * on a Mac. Signs ('?', '/') hold whatever else their keyboard needs to be typed.
 */
export type Keys = string;

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

interface Chord {
  readonly mod: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly key: string;
}

/** "Mod++" is Mod and the plus sign. */
function partsOf(keys: Keys): readonly string[] {
  const at = keys.lastIndexOf('+', keys.length - 2);
  return at < 0 ? [keys] : [...keys.slice(0, at).split('+'), keys.slice(at + 1)];
}

function chordOf(keys: Keys): Chord {
  const parts = partsOf(keys);
  const key = parts.at(-1) ?? '';
  return {
    mod: parts.includes('Mod'),
    alt: parts.includes('Alt'),
    shift: parts.includes('Shift'),
    key: key === 'Space' ? ' ' : key.toLowerCase(),
  };
}

/** Whether a press of the keyboard is this chord: no more and no fewer keys held. */
export function matchesKeys(keys: Keys, press: Press): boolean {
  const chord = chordOf(keys);
  if (press.key.toLowerCase() !== chord.key) return false;
  if (chord.mod !== (press.ctrlKey || press.metaKey) || chord.alt !== press.altKey) return false;
  // Where a sign stands differs by keyboard: '/' is Shift and 7 on a German one.
  const isSign = /^[^\p{L}\p{N} ]$/u.test(chord.key);
  return isSign || chord.shift === press.shiftKey;
}

const names: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Delete: 'Del',
  Enter: '↵',
  Escape: 'Esc',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
};
const macNames: Readonly<Record<string, string>> = { Mod: '⌘', Alt: '⌥', Shift: '⇧', Delete: '⌫' };

/** Whether keys have the names of a Mac's keyboard. */
export const onMac = /mac/iu.test(globalThis.navigator?.userAgent ?? '');

/** Each key of a chord as a keyboard shows it. */
export function shownKeys(keys: Keys, isMac: boolean): readonly string[] {
  return partsOf(keys).map((part) => {
    const own = isMac ? macNames[part] : undefined;
    return own ?? (part === 'Mod' ? 'Ctrl' : (names[part] ?? part));
  });
}

/** Whether keys pressed there are text, and must not be taken for shortcuts. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button'].includes(target.type)
  );
}
