/** What the user can do that touches several parts at once: from menus, keys, buttons and drops alike. */
import type { Folder, Playlist, Track } from '#shared/domain.ts';
import { describeError } from '#shared/error-text.ts';
import { toWire } from '#shared/errors.ts';
import { text } from '../lib/text.ts';
import type { Host } from '../api/host.ts';
import type { Browser } from './browser.svelte.ts';
import type { Dialogs } from './dialogs.svelte.ts';
import type { Inspector } from './inspector.svelte.ts';
import type { Library } from './library.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import { queueOf, type Player } from './player.svelte.ts';
import { landingPosition, type Playlists } from './playlists.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';

/** The parts of the window that commands work on. */
export interface Parts {
  readonly host: Host;
  readonly browser: Browser;
  readonly dialogs: Dialogs;
  readonly inspector: Inspector;
  readonly library: Library;
  readonly notices: Notices;
  readonly player: Player;
  readonly playlists: Playlists;
  readonly preferences: Preferences;
}

export class Commands {
  #app: Parts;
  /** Where the search box is: only the view knows. */
  #focusSearch: () => void = () => undefined;

  constructor(app: Parts) {
    this.#app = app;
  }

  /** The view with the search box says how to get there. */
  onFocusSearch(focus: () => void): void {
    this.#focusSearch = focus;
  }

  focusSearch(): void {
    this.#focusSearch();
  }

  // Folders

  /** The system's dialogue in the desktop app, a field for the path in the browser. */
  async addFolder(): Promise<void> {
    const { host, dialogs } = this.#app;
    if (host.desktop === null) return dialogs.show({ kind: 'add-folder' });
    await this.addPaths(await host.desktop.chooseFolders());
  }

  /** True when they were added. */
  async addPaths(paths: readonly string[]): Promise<boolean> {
    if (paths.length === 0) return false;
    return this.#attempt(async () => {
      const folders = await this.#app.library.addFolders(paths);
      this.#app.notices.done(text.done.foldersAdded(folders.length));
    });
  }

  async removeFolder(folder: Folder): Promise<void> {
    await this.#attempt(async () => {
      await this.#app.library.removeFolder(folder.id);
      await this.#app.browser.forget({ kind: 'folder', folderId: folder.id });
    });
  }

  async scan(folderIds?: readonly number[]): Promise<void> {
    await this.#attempt(async () => {
      await this.#app.library.scan(folderIds);
      this.#app.notices.done(text.done.scanned);
    });
  }

  // Rows of the list

  /** Shows the details of the row the keyboard is at. */
  openDetails(): void {
    this.#app.preferences.setInspectorOpen(true);
  }

  /** Plays a row of the list; the one that plays already is paused, or goes on. */
  async playRow(index: number): Promise<void> {
    const { browser, player, host } = this.#app;
    const row = browser.list.rows.rowAt(index);
    const { source } = browser.list;
    if (row === undefined || source === null) return;
    if (player.track?.id === row.track.id) await player.toggle();
    else await player.play(row.track, queueOf(source.order, host.client), index);
  }

  async playTrack(track: Track): Promise<void> {
    await this.#app.player.play(track, null);
  }

  async rateSelection(stars: number): Promise<void> {
    const ids = await this.#selectedTracks();
    if (ids.length > 0) await this.rate(ids, stars);
  }

  async rate(trackIds: readonly number[], stars: number): Promise<void> {
    await this.#attempt(async () => {
      await this.#app.library.rate(trackIds, stars);
      await Promise.all([this.#app.browser.list.reload(), this.#app.inspector.reload()]);
    });
  }

  async showSimilar(trackId?: number): Promise<void> {
    const seed = trackId ?? this.#app.inspector.trackId;
    if (seed !== null) await this.#app.browser.go({ kind: 'similar', trackId: seed });
  }

  async retrySelection(): Promise<void> {
    await this.retry(await this.#selectedTracks());
  }

  /** Failed files again: these, or all. */
  async retry(trackIds?: readonly number[]): Promise<void> {
    await this.#attempt(async () => {
      this.#app.notices.done(text.done.queued(await this.#app.library.retry(trackIds)));
    });
  }

  async purgeSelection(): Promise<void> {
    const trackIds = await this.#selectedTracks();
    if (trackIds.length > 0) this.#app.dialogs.show({ kind: 'purge', trackIds });
  }

  async purge(trackIds: readonly number[]): Promise<void> {
    await this.#attempt(async () => {
      this.#app.notices.done(text.done.purged(await this.#app.library.purge(trackIds)));
      await this.#app.browser.list.reload();
    });
  }

  // Playlists

  async newPlaylistOfSelection(): Promise<void> {
    this.#app.dialogs.show({ kind: 'new-playlist', trackIds: await this.#selectedTracks() });
  }

  async createPlaylist(name: string, trackIds: readonly number[]): Promise<boolean> {
    return this.#attempt(async () => {
      const playlist = await this.#app.playlists.create(name, trackIds);
      this.#app.notices.done(text.done.created(playlist.name));
      if (trackIds.length === 0) {
        await this.#app.browser.go({ kind: 'playlist', playlistId: playlist.id });
      }
    });
  }

  async generatePlaylist(genre: string, name: string): Promise<boolean> {
    return this.#attempt(async () => {
      const { playlists, browser, notices } = this.#app;
      const playlist = await playlists.generate(genre, name, browser.minimumConfidence);
      notices.done(text.done.created(playlist.name));
      await browser.go({ kind: 'playlist', playlistId: playlist.id });
    });
  }

  async renamePlaylist(playlistId: number, name: string): Promise<boolean> {
    return this.#attempt(() => this.#app.playlists.rename(playlistId, name));
  }

  async deletePlaylist(playlist: Playlist): Promise<void> {
    await this.#attempt(async () => {
      await this.#app.playlists.delete(playlist.id);
      await this.#app.browser.forget({ kind: 'playlist', playlistId: playlist.id });
      this.#app.notices.done(text.done.deleted(playlist.name));
    });
  }

  async addSelectionTo(playlistId: number): Promise<void> {
    await this.addTo(playlistId, await this.#selectedTracks());
  }

  async addTo(playlistId: number, trackIds: readonly number[]): Promise<void> {
    if (trackIds.length === 0) return;
    await this.#attempt(async () => {
      const playlist = await this.#app.playlists.add(playlistId, trackIds);
      this.#app.notices.done(text.done.added(trackIds.length, playlist.name));
    });
  }

  /** Takes the selected rows out of the playlist on screen. */
  async removeSelectedRows(): Promise<void> {
    const { browser, playlists, notices } = this.#app;
    const { place, list } = browser;
    if (place.kind !== 'playlist') return;
    const entryIds = [...list.selection.keys];
    if (entryIds.length === 0) return;
    await this.#attempt(async () => {
      await playlists.remove(place.playlistId, entryIds);
      list.selection.clear();
      await list.reload();
      notices.done(text.done.removed(entryIds.length));
    });
  }

  /** Moves the selected rows of the playlist on screen so that they stand before the row now at `before`. */
  async moveSelectedRows(before: number): Promise<void> {
    const { place, list } = this.#app.browser;
    if (place.kind !== 'playlist') return;
    await this.#attempt(async () => {
      const moved = await list.selected();
      const positions = await list.positionsOf(moved.map(({ key }) => key));
      const position = landingPosition(before, positions);
      await this.#app.playlists.move(
        place.playlistId,
        moved.map(({ key }) => key),
        position,
      );
      await list.reload();
    });
  }

  /** Moves the selected rows up or down by one. */
  async nudgeSelectedRows(by: 1 | -1): Promise<void> {
    const { list } = this.#app.browser;
    const positions = await list.positionsOf([...list.selection.keys]);
    if (positions.length === 0) return;
    const before = by === -1 ? Math.min(...positions) - 1 : Math.max(...positions) + 2;
    if (before >= 0 && before <= list.rows.total) await this.moveSelectedRows(before);
  }

  /** Writes the playlist; in the desktop app the system's dialogue asks where. */
  async exportPlaylist(
    playlist: Playlist,
    choice: { readonly relative: boolean; readonly file: string; readonly overwrite: boolean },
  ): Promise<boolean> {
    return this.#attempt(async () => {
      const { file, tracks, leftOut } = await this.#app.playlists.export(playlist.id, choice);
      const told = text.done.exported(tracks, file);
      this.#app.notices.done(leftOut === 0 ? told : `${told} ${text.done.leftOut(leftOut)}`);
    });
  }

  async #selectedTracks(): Promise<readonly number[]> {
    return (await this.#app.browser.list.selected()).map(({ trackId }) => trackId);
  }

  /** A failure is told in the dialogue it came from, else in the corner. */
  async #attempt(work: () => Promise<unknown>): Promise<boolean> {
    const { dialogs, notices } = this.#app;
    const { open } = dialogs;
    if (open === null) return notices.attempt(work);
    try {
      await work();
      return true;
    } catch (error) {
      if (dialogs.open === open) dialogs.fail(describeError(toWire(error)));
      else notices.problem(toWire(error));
      return false;
    }
  }
}
