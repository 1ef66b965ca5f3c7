/** The playlists and everything that can be done to them. */
import type { EngineClient, Input } from '#shared/contract.ts';
import type { ExportedList, Playlist, PlaylistKind, SmartRules } from '#shared/domain.ts';

/** How lists are written: as for the engine, of whatever list. */
export type ExportChoice = Input<'library.export'>;

/** A list as it is made: what kind, in which folder (null: the top), and with what. */
export interface NewList {
  readonly kind?: PlaylistKind;
  readonly parentId?: number | null;
  readonly trackIds?: readonly number[];
  readonly rules?: SmartRules;
}

export class Playlists {
  #all = $state.raw<readonly Playlist[]>([]);
  #byId = $derived(new Map(this.#all.map((playlist) => [playlist.id, playlist])));
  #children = $derived(Map.groupBy(this.#all, ({ parentId }) => parentId));
  #targets = $derived(this.#all.filter(({ kind }) => kind === 'playlist' || kind === 'crate'));
  #client: EngineClient;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  get all(): readonly Playlist[] {
    return this.#all;
  }

  byId(id: number): Playlist | undefined {
    return this.#byId.get(id);
  }

  /** Those that tracks can be put into: playlists and crates, in the order of the tree. */
  get targets(): readonly Playlist[] {
    return this.#targets;
  }

  /** What stands in a folder (null: at the top), in its order. */
  childrenOf(parentId: number | null): readonly Playlist[] {
    return this.#children.get(parentId) ?? [];
  }

  /** The folders around a list, outermost first. */
  foldersAround(playlist: Playlist): readonly Playlist[] {
    const parent = playlist.parentId === null ? undefined : this.byId(playlist.parentId);
    return parent === undefined ? [] : [...this.foldersAround(parent), parent];
  }

  /** Folders that a list can be moved to: not into itself, nor into what it holds. */
  foldersFor(playlist: Playlist): readonly Playlist[] {
    return this.#all.filter(
      (folder) =>
        folder.kind === 'folder' &&
        folder.id !== playlist.id &&
        !this.foldersAround(folder).some(({ id }) => id === playlist.id),
    );
  }

  async refresh(): Promise<void> {
    this.#all = await this.#client.request('playlists.list', {});
  }

  async create(name: string, { kind, parentId, trackIds, rules }: NewList = {}): Promise<Playlist> {
    const playlist = await this.#client.request('playlists.create', {
      name,
      ...(kind === undefined ? {} : { kind }),
      ...(parentId === undefined ? {} : { parentId }),
      ...(trackIds === undefined ? {} : { trackIds: [...trackIds] }),
      ...(rules === undefined ? {} : { rules }),
    });
    await this.refresh();
    return playlist;
  }

  /** A copy beside the original: the same rows in the same order, or the same rules. */
  async duplicate(playlist: Playlist, name: string): Promise<Playlist> {
    const copy = await this.#client.request('playlists.duplicate', { playlistId: playlist.id, name });
    await this.refresh();
    return copy;
  }

  /** A playlist of a genre's tracks, the most confident first. */
  async generate(genre: string, name: string, minimumConfidence: number | null): Promise<Playlist> {
    const playlist = await this.#client.request('playlists.generate', {
      genre,
      name,
      ...(minimumConfidence === null ? {} : { minimumConfidence }),
    });
    await this.refresh();
    return playlist;
  }

  async rename(playlistId: number, name: string): Promise<void> {
    await this.#client.request('playlists.rename', { playlistId, name });
    await this.refresh();
  }

  async delete(playlistId: number): Promise<void> {
    await this.#client.request('playlists.delete', { playlistId });
    await this.refresh();
  }

  /** Into another folder (null: the top), or to another place among its siblings (counted without itself). */
  async place(playlistId: number, parentId: number | null, position?: number): Promise<void> {
    await this.#client.request('playlists.place', {
      playlistId,
      parentId,
      ...(position === undefined ? {} : { position }),
    });
    await this.refresh();
  }

  async setKind(playlistId: number, kind: 'playlist' | 'crate'): Promise<void> {
    await this.#client.request('playlists.setKind', { playlistId, kind });
    await this.refresh();
  }

  async setRules(playlistId: number, rules: SmartRules): Promise<void> {
    await this.#client.request('playlists.setRules', { playlistId, rules });
    await this.refresh();
  }

  async add(playlistId: number, trackIds: readonly number[], position?: number): Promise<Playlist> {
    const playlist = await this.#client.request('playlists.add', {
      playlistId,
      trackIds: [...trackIds],
      ...(position === undefined ? {} : { position }),
    });
    await this.refresh();
    return playlist;
  }

  async remove(playlistId: number, entryIds: readonly number[]): Promise<void> {
    await this.#client.request('playlists.remove', { playlistId, entryIds: [...entryIds] });
    await this.refresh();
  }

  /** Takes tracks out, every row of them. */
  async removeTracks(playlistId: number, trackIds: readonly number[]): Promise<void> {
    await this.#client.request('playlists.removeTracks', { playlistId, trackIds: [...trackIds] });
    await this.refresh();
  }

  /** Moves rows so that the first of them lands at `position` of the result. */
  async move(playlistId: number, entryIds: readonly number[], position: number): Promise<void> {
    await this.#client.request('playlists.move', { playlistId, entryIds: [...entryIds], position });
  }

  /** A list, the lists of a folder, or (null) everything there is. */
  async export(playlistId: number | null, choice: ExportChoice): Promise<ExportedList> {
    return playlistId === null
      ? this.#client.request('library.export', choice)
      : this.#client.request('playlists.export', { playlistId, ...choice });
  }
}

/**
 * Where rows land when they are dropped before the row that stands at `before` (the end is the list's
 * length): the engine counts positions in the result, in which the moved rows are no longer above.
 */
export function landingPosition(before: number, movedPositions: readonly number[]): number {
  return before - movedPositions.filter((position) => position < before).length;
}

/** A name that no list has yet: "Friday 2" beside "Friday". The engine takes no difference of case for one. */
export function freeName(name: string, taken: readonly Playlist[]): string {
  const names = new Set(taken.map((playlist) => playlist.name.toLowerCase()));
  if (!names.has(name.toLowerCase())) return name;
  const base = name.replace(/ \d+$/u, '');
  for (let number = 2; ; number += 1) {
    const candidate = `${base} ${number}`;
    if (!names.has(candidate.toLowerCase())) return candidate;
  }
}
