/** The notation of keys the user chose, for whatever shows one, however deep: by context, so that no list has to pass it on. */
import { getContext, setContext } from 'svelte';
import type { KeyNotation } from '#shared/music/keys.ts';

const KEY = Symbol('key notation');

/** For the window: tells all that is below. `notation` is asked whenever a key is drawn. */
export function provideKeyNotation(notation: () => KeyNotation): void {
  setContext(KEY, notation);
}

/** For components: how keys are written now; Camelot where nobody chose. Only while a component is made. */
export function useKeyNotation(): () => KeyNotation {
  return getContext<(() => KeyNotation) | undefined>(KEY) ?? (() => 'camelot');
}
