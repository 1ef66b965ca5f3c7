/** What the window itself remembers on this machine: how it looks, how keys are written, which parts are open. */
import { defaultMix, type MixSettings } from '#shared/domain.ts';
import { keyNotations, type KeyNotation } from '#shared/music/keys.ts';
import { readMix } from '../lib/mix.ts';

export type Theme = 'dark' | 'light' | 'system';

interface Stored {
  readonly theme: Theme;
  /** How large everything is drawn, in the desktop app; 1 is as designed. */
  readonly zoom: number;
  readonly keyNotation: KeyNotation;
  readonly mix: MixSettings;
  readonly inspectorOpen: boolean;
  /** Pixels; null: what suits the window. */
  readonly sidebarWidth: number | null;
  readonly inspectorWidth: number | null;
  readonly browserHeight: number | null;
  readonly expanded: readonly string[];
  readonly collapsedSections: readonly string[];
}

/** Sizes to choose from. */
export const zoomSteps: readonly number[] = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2];

const KEY = 'cratewise.window';
const BROWSER_HEIGHT = 190;
const first: Stored = {
  theme: 'dark',
  zoom: 1,
  keyNotation: 'camelot',
  mix: defaultMix,
  inspectorOpen: true,
  sidebarWidth: null,
  inspectorWidth: null,
  browserHeight: null,
  expanded: [],
  collapsedSections: [],
};

export class Preferences {
  #stored = $state.raw<Stored>(first);
  #storage: Storage | null;

  /** `storage`: null where the browser allows none; then everything holds until the window closes. */
  constructor(storage: Storage | null) {
    this.#storage = storage;
    this.#stored = { ...first, ...readStored(storage) };
  }

  get theme(): Theme {
    return this.#stored.theme;
  }
  get inspectorOpen(): boolean {
    return this.#stored.inspectorOpen;
  }

  /** Pixels; null: what suits the window. */
  get sidebarWidth(): number | null {
    return this.#stored.sidebarWidth;
  }
  get inspectorWidth(): number | null {
    return this.#stored.inspectorWidth;
  }
  /** Pixels of the columns above the list. */
  get browserHeight(): number {
    return this.#stored.browserHeight ?? BROWSER_HEIGHT;
  }

  isExpanded(id: string): boolean {
    return this.#stored.expanded.includes(id);
  }
  isSectionOpen(id: string): boolean {
    return !this.#stored.collapsedSections.includes(id);
  }

  setTheme(theme: Theme): void {
    this.#change({ theme });
  }
  get zoom(): number {
    return this.#stored.zoom;
  }

  setZoom(zoom: number): void {
    this.#change({ zoom: zoomSteps.includes(zoom) ? zoom : 1 });
  }
  /** The next larger (1) or smaller (-1) size. */
  stepZoom(by: 1 | -1): void {
    const next = zoomSteps[zoomSteps.indexOf(this.zoom) + by];
    if (next !== undefined) this.setZoom(next);
  }
  /** How musical keys are written. */
  get keyNotation(): KeyNotation {
    return this.#stored.keyNotation;
  }
  setKeyNotation(keyNotation: KeyNotation): void {
    this.#change({ keyNotation });
  }
  /** How the user mixes: what makes a good transition. */
  get mix(): MixSettings {
    return this.#stored.mix;
  }
  setMix(part: Partial<MixSettings>): void {
    this.#change({ mix: { ...this.#stored.mix, ...part } });
  }
  setInspectorOpen(inspectorOpen: boolean): void {
    this.#change({ inspectorOpen });
  }
  /** Null: what suits the window. */
  setSidebarWidth(sidebarWidth: number | null): void {
    this.#change({ sidebarWidth });
  }
  setInspectorWidth(inspectorWidth: number | null): void {
    this.#change({ inspectorWidth });
  }
  setBrowserHeight(browserHeight: number | null): void {
    this.#change({ browserHeight });
  }
  toggleExpanded(id: string): void {
    this.#change({ expanded: toggled(this.#stored.expanded, id) });
  }
  expand(id: string): void {
    if (!this.isExpanded(id)) this.toggleExpanded(id);
  }
  toggleSection(id: string): void {
    this.#change({ collapsedSections: toggled(this.#stored.collapsedSections, id) });
  }

  #change(part: Partial<Stored>): void {
    this.#stored = { ...this.#stored, ...part };
    try {
      this.#storage?.setItem(KEY, JSON.stringify(this.#stored));
    } catch {
      // The browser's storage is full: what was chosen holds until the window closes.
    }
  }
}

function toggled(list: readonly string[], id: string): readonly string[] {
  return list.includes(id) ? list.filter((other) => other !== id) : [...list, id];
}

/** What was stored, without anything an older version or another hand may have left in another form. */
function readStored(storage: Storage | null): Partial<Stored> {
  let read: unknown;
  try {
    read = JSON.parse(storage?.getItem(KEY) ?? '{}');
  } catch {
    return {};
  }
  if (typeof read !== 'object' || read === null) return {};
  const stored = read as Record<string, unknown>;
  const { theme, zoom, keyNotation, inspectorOpen, expanded, collapsedSections } = stored;
  const texts = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((item) => typeof item === 'string');
  const size = (name: 'sidebarWidth' | 'inspectorWidth' | 'browserHeight'): Partial<Stored> => {
    const pixels = stored[name];
    return typeof pixels === 'number' && pixels > 0 ? { [name]: pixels } : {};
  };
  return {
    ...(theme === 'dark' || theme === 'light' || theme === 'system' ? { theme } : {}),
    ...(zoomSteps.some((step) => step === zoom) ? { zoom: zoom as number } : {}),
    ...(keyNotations.some((known) => known === keyNotation)
      ? { keyNotation: keyNotation as KeyNotation }
      : {}),
    mix: readMix(stored['mix']),
    ...(typeof inspectorOpen === 'boolean' ? { inspectorOpen } : {}),
    ...size('sidebarWidth'),
    ...size('inspectorWidth'),
    ...size('browserHeight'),
    ...(texts(expanded) ? { expanded } : {}),
    ...(texts(collapsedSections) ? { collapsedSections } : {}),
  };
}
