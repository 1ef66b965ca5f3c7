/** What the window itself remembers on this machine: how it looks, the volume, which parts are open. */

export type Theme = 'dark' | 'light' | 'system';

interface Stored {
  readonly theme: Theme;
  /** 0..1. */
  readonly volume: number;
  readonly inspectorOpen: boolean;
  readonly expandedGenres: readonly string[];
  readonly collapsedSections: readonly string[];
}

const KEY = 'cratewise.window';
const first: Stored = {
  theme: 'dark',
  volume: 0.8,
  inspectorOpen: true,
  expandedGenres: [],
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
  get volume(): number {
    return this.#stored.volume;
  }
  get inspectorOpen(): boolean {
    return this.#stored.inspectorOpen;
  }

  isGenreExpanded(id: string): boolean {
    return this.#stored.expandedGenres.includes(id);
  }
  isSectionOpen(id: string): boolean {
    return !this.#stored.collapsedSections.includes(id);
  }

  setTheme(theme: Theme): void {
    this.#change({ theme });
  }
  setVolume(volume: number): void {
    this.#change({ volume: Math.min(1, Math.max(0, volume)) });
  }
  setInspectorOpen(inspectorOpen: boolean): void {
    this.#change({ inspectorOpen });
  }
  toggleGenre(id: string): void {
    this.#change({ expandedGenres: toggled(this.#stored.expandedGenres, id) });
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
  const { theme, volume, inspectorOpen, expandedGenres, collapsedSections } = read as Record<string, unknown>;
  const texts = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((item) => typeof item === 'string');
  return {
    ...(theme === 'dark' || theme === 'light' || theme === 'system' ? { theme } : {}),
    ...(typeof volume === 'number' && volume >= 0 && volume <= 1 ? { volume } : {}),
    ...(typeof inspectorOpen === 'boolean' ? { inspectorOpen } : {}),
    ...(texts(expandedGenres) ? { expandedGenres } : {}),
    ...(texts(collapsedSections) ? { collapsedSections } : {}),
  };
}
