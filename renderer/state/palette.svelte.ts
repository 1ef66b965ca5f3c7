/** The command palette: everything that has a name, ranked by how well it fits what is typed. */
import type { Keys } from '../lib/keys.ts';
import { folded, matchScore } from '../lib/name-match.ts';
import { commandText } from '../lib/text/commands.ts';
import { paletteText } from '../lib/text/palette.ts';
import { fileName } from '../lib/track-words.ts';
import type { Browser } from './browser.svelte.ts';
import type { CommandRegistry } from './commands/registry.svelte.ts';
import type { Library } from './library.svelte.ts';
import type { Playlists } from './playlists.svelte.ts';

export type PaletteKind = keyof typeof paletteText.palette.kinds;

export interface PaletteItem {
  /** Names it in the list. */
  readonly id: string;
  readonly kind: PaletteKind;
  readonly name: string;
  /** Where it stands: the group of a command, the folder around a list, the family of a genre, the path of a folder. */
  readonly note: string;
  readonly keys?: Keys;
  readonly run: () => unknown;
}

export interface PaletteParts {
  readonly browser: Browser;
  readonly library: Library;
  readonly playlists: Playlists;
  readonly registry: CommandRegistry;
}

const MOST_SHOWN = 50;
const byName = new Intl.Collator(undefined, { numeric: true });
/** Commands are what the palette is opened for; places win where they fit better. */
const weights: Readonly<Record<PaletteKind, number>> = {
  command: 1.1,
  playlist: 1,
  crate: 1,
  smart: 1,
  listFolder: 0.95,
  genre: 0.95,
  folder: 0.9,
  search: 1,
};

export class Palette {
  #typed = $state('');
  /** The line that was pointed at; null: the best one, whichever that is. */
  #pointed = $state<string | null>(null);
  /** Follows what comes and goes while the palette is open. */
  #items: readonly PaletteItem[];
  #found: readonly PaletteItem[];
  #browser: Browser;

  constructor(parts: PaletteParts) {
    this.#browser = parts.browser;
    this.#items = $derived(paletteItems(parts));
    this.#found = $derived(ranked(this.#items, this.#typed));
  }

  get typed(): string {
    return this.#typed;
  }
  set typed(typed: string) {
    this.#typed = typed;
    this.#pointed = null;
  }

  /** Which of the shown is chosen, -1 for none. It stays the same one when others come above it. */
  get chosen(): number {
    const { shown } = this;
    const pointed = shown.findIndex(({ id }) => id === this.#pointed);
    return pointed < 0 ? Math.min(0, shown.length - 1) : pointed;
  }
  point(index: number): void {
    this.#pointed = this.shown[index]?.id ?? null;
  }

  /** Best first; the last one searches the tracks for what is typed. */
  get shown(): readonly PaletteItem[] {
    const typed = this.#typed.trim();
    if (typed === '') return this.#found;
    const search: PaletteItem = {
      id: 'search',
      kind: 'search',
      name: paletteText.palette.searchFor(typed),
      note: '',
      run: async () => {
        await this.#browser.go({ kind: 'all' });
        this.#browser.search(typed);
      },
    };
    return [...this.#found, search];
  }
}

/** Everything the palette knows; what cannot be done now is left out. */
export function paletteItems({
  browser,
  library,
  playlists,
  registry,
}: PaletteParts): readonly PaletteItem[] {
  const names = new Map(library.genres.genres.map(({ id, name }) => [id, name]));
  return [
    ...registry.available.map(({ id, group, title, keys, run }): PaletteItem => {
      const [first] = keys ?? [];
      const note = commandText.groups[group];
      return {
        id: `command:${id}`,
        kind: 'command',
        name: title,
        note,
        ...(first ? { keys: first } : {}),
        run,
      };
    }),
    ...playlists.all.map((list): PaletteItem => {
      const around = playlists.foldersAround(list);
      return {
        id: `playlist:${list.id}`,
        kind: list.kind === 'folder' ? 'listFolder' : list.kind,
        name: list.name,
        note: around.map(({ name }) => name).join(' / '),
        run: () => browser.go({ kind: 'playlist', playlistId: list.id }),
      };
    }),
    ...library.genres.genres
      .filter(({ count }) => count > 0)
      .map(({ id, name, parent }): PaletteItem => {
        const note = (parent === null ? undefined : names.get(parent)) ?? '';
        return {
          id: `genre:${id}`,
          kind: 'genre',
          name,
          note,
          run: () => browser.go({ kind: 'genre', genre: id }),
        };
      }),
    ...library.folders.map(({ id, path }): PaletteItem => ({
      id: `folder:${id}`,
      kind: 'folder',
      name: fileName(path) || path,
      note: path,
      run: () => browser.go({ kind: 'folder', folderId: id }),
    })),
  ];
}

/** What fits, best first. Nothing typed: the commands, as they stand. */
export function ranked(items: readonly PaletteItem[], typed: string): readonly PaletteItem[] {
  const wanted = folded(typed.trim());
  if (wanted === '') return items.filter(({ kind }) => kind === 'command');
  return items
    .map((item) => ({ item, score: scoreOf(item, wanted) * weights[item.kind] }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || byName.compare(a.item.name, b.item.name))
    .slice(0, MOST_SHOWN)
    .map(({ item }) => item);
}

/** Names as they are compared, made once while the palette is open. */
const foldedTexts = new WeakMap<PaletteItem, { readonly name: string; readonly note: string }>();

function scoreOf(item: PaletteItem, wanted: string): number {
  let texts = foldedTexts.get(item);
  if (texts === undefined) {
    texts = { name: folded(item.name), note: folded(`${item.name} ${item.note}`) };
    foldedTexts.set(item, texts);
  }
  const own = matchScore(texts.name, wanted);
  return own > 0 ? own : 0.5 * matchScore(texts.note, wanted);
}
