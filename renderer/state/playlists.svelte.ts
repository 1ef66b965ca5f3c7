/** The playlists and everything that can be done to them. */
import type { EngineClient } from '#shared/contract.ts';
import type { Playlist } from '#shared/domain.ts';

export interface ExportChoice {
  readonly file: string;
  readonly relative: boolean;
  readonly overwrite: boolean;
}

export class Playlists {
  #all = $state.raw<readonly Playlist[]>([]);
  #client: EngineClient;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  get all(): readonly Playlist[] {
    return this.#all;
  }

  byId(id: number): Playlist | undefined {
    return this.#all.find((playlist) => playlist.id === id);
  }

  async refresh(): Promise<void> {
    this.#all = await this.#client.request('playlists.list', {});
  }

  async create(name: string, trackIds: readonly number[] = []): Promise<Playlist> {
    const playlist = await this.#client.request('playlists.create', { name, trackIds: [...trackIds] });
    await this.refresh();
    return playlist;
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

  /** Moves rows so that the first of them lands at `position` of the result. */
  async move(playlistId: number, entryIds: readonly number[], position: number): Promise<void> {
    await this.#client.request('playlists.move', { playlistId, entryIds: [...entryIds], position });
  }

  async export(playlistId: number, choice: ExportChoice) {
    return this.#client.request('playlists.export', { playlistId, format: 'm3u8', ...choice });
  }
}

/**
 * Where rows land when they are dropped before the row that stands at `before` (the end is the list's
 * length): the engine counts positions in the result, in which the moved rows are no longer above.
 */
export function landingPosition(before: number, movedPositions: readonly number[]): number {
  return before - movedPositions.filter((position) => position < before).length;
}
