/** What the user can do with playlists, crates, folders and smart playlists, and how it is taken back. */
import type { Playlist, SmartRules } from '#shared/domain.ts';
import { describeError } from '#shared/error-text.ts';
import { toWire } from '#shared/errors.ts';
import { exchangeText } from '../lib/text/exchange.ts';
import { text } from '../lib/text.ts';
import type { Host } from '../api/host.ts';
import type { Browser } from './browser.svelte.ts';
import type { Dialogs } from './dialogs.svelte.ts';
import type { Edits } from './edits.svelte.ts';
import type { Importing } from './exchange/importing.svelte.ts';
import type { Inspector } from './inspector.svelte.ts';
import type { Library } from './library.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { Player } from './player.svelte.ts';
import { placeKey } from './places.ts';
import {
  freeName,
  landingPosition,
  type ExportChoice,
  type NewList,
  type Playlists,
} from './playlists.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { SetBuilder } from './sets/set-builder.svelte.ts';
import type { Settings } from './settings.svelte.ts';

/** The parts of the window that commands work on. */
export interface Parts {
  readonly host: Host;
  readonly browser: Browser;
  readonly dialogs: Dialogs;
  readonly edits: Edits;
  readonly importing: Importing;
  readonly inspector: Inspector;
  readonly library: Library;
  readonly notices: Notices;
  readonly player: Player;
  readonly playlists: Playlists;
  readonly preferences: Preferences;
  readonly setBuilder: SetBuilder;
  readonly settings: Settings;
}

export class ListCommands {
  protected readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  // Undo

  /** Takes the last step back, or (`editId`) only if that is still the last one. */
  async undo(editId?: number): Promise<void> {
    await this.parts.notices.attempt(async () => {
      const edit = await this.parts.edits.undo(editId);
      this.parts.notices.closeOffers();
      if (edit !== null) this.parts.notices.done(text.undo.undone(edit.label));
    });
  }

  async redo(): Promise<void> {
    await this.parts.notices.attempt(async () => {
      const edit = await this.parts.edits.redo();
      this.parts.notices.closeOffers();
      if (edit !== null) this.parts.notices.done(text.undo.redone(edit.label));
    });
  }

  /** Says what was done, with a button that takes it back. */
  protected async doneWithUndo(told: string): Promise<void> {
    const { edits, notices } = this.parts;
    await edits.refresh();
    const edit = edits.undoable;
    const action = edit === null ? null : { label: text.undo.button, run: () => this.undo(edit.id) };
    notices.done(told, action);
  }

  // Lists

  async newPlaylistOfSelection(): Promise<void> {
    this.parts.dialogs.show({ kind: 'new-playlist', trackIds: await this.selectedTracks() });
  }

  /** Makes a list of any kind; an empty one is opened. True when it was made. */
  async createList(name: string, list: NewList): Promise<boolean> {
    return this.attempt(async () => {
      const playlist = await this.parts.playlists.create(name, list);
      this.#showIn(playlist.parentId);
      await this.doneWithUndo(text.done.created(playlist.name));
      if ((list.trackIds ?? []).length === 0) {
        await this.parts.browser.go({ kind: 'playlist', playlistId: playlist.id });
      }
    });
  }

  async createPlaylist(name: string, trackIds: readonly number[]): Promise<boolean> {
    return this.createList(name, { trackIds });
  }

  async generatePlaylist(genre: string, name: string): Promise<boolean> {
    return this.attempt(async () => {
      const { playlists, browser } = this.parts;
      const playlist = await playlists.generate(genre, name, browser.minimumConfidence);
      await this.doneWithUndo(text.done.created(playlist.name));
      await browser.go({ kind: 'playlist', playlistId: playlist.id });
    });
  }

  async renamePlaylist(playlistId: number, name: string): Promise<boolean> {
    return this.attempt(() => this.parts.playlists.rename(playlistId, name));
  }

  async deletePlaylist(playlist: Playlist): Promise<void> {
    await this.attempt(async () => {
      const { playlists, browser } = this.parts;
      const { place } = browser;
      const shown = place.kind === 'playlist' ? playlists.byId(place.playlistId) : undefined;
      // A folder takes along what is in it, also the list on screen.
      const gone = shown !== undefined && [shown, ...playlists.foldersAround(shown)].includes(playlist);
      await playlists.delete(playlist.id);
      if (gone && shown !== undefined) await browser.forget({ kind: 'playlist', playlistId: shown.id });
      await browser.forget({ kind: 'playlist', playlistId: playlist.id });
      await this.doneWithUndo(text.done.deleted(playlist.name));
    });
  }

  /** A copy beside the original, which is then shown. */
  async duplicatePlaylist(playlist: Playlist): Promise<void> {
    await this.attempt(async () => {
      const { playlists, browser } = this.parts;
      const name = freeName(text.playlists.copyOf(playlist.name), playlists.all);
      const copy = await playlists.duplicate(playlist, name);
      await this.doneWithUndo(text.done.created(copy.name));
      await browser.go({ kind: 'playlist', playlistId: copy.id });
    });
  }

  /** Into a folder; null: to the top. */
  async placeList(playlist: Playlist, parentId: number | null, position?: number): Promise<boolean> {
    return this.attempt(async () => {
      const { playlists } = this.parts;
      await playlists.place(playlist.id, parentId, position);
      this.#showIn(parentId);
      const folder = parentId === null ? text.playlists.top : (playlists.byId(parentId)?.name ?? '');
      await this.doneWithUndo(text.done.placed(playlist.name, folder));
    });
  }

  /** What was put into a folder does not vanish in it: the folder opens, and those around it. */
  #showIn(folderId: number | null): void {
    const { playlists, preferences } = this.parts;
    const folder = folderId === null ? undefined : playlists.byId(folderId);
    if (folder === undefined) return;
    for (const { id } of [...playlists.foldersAround(folder), folder])
      preferences.expand(placeKey({ kind: 'playlist', playlistId: id }));
  }

  /** A crate of a playlist, or a playlist of a crate or of what a smart playlist holds now. */
  async setKind(playlist: Playlist, kind: 'playlist' | 'crate'): Promise<void> {
    await this.attempt(async () => {
      await this.parts.playlists.setKind(playlist.id, kind);
      await this.doneWithUndo(text.done.kindChanged(playlist.name, text.playlists.kinds[kind]));
      await this.parts.browser.list.reload();
    });
  }

  async setRules(playlist: Playlist, rules: SmartRules): Promise<boolean> {
    return this.attempt(async () => {
      await this.parts.playlists.setRules(playlist.id, rules);
      await this.doneWithUndo(text.done.rulesChanged(playlist.name));
      await this.parts.browser.list.reload();
    });
  }

  async addSelectionTo(playlistId: number): Promise<void> {
    await this.addTo(playlistId, await this.selectedTracks());
  }

  async addTo(playlistId: number, trackIds: readonly number[], position?: number): Promise<void> {
    if (trackIds.length === 0) return;
    await this.attempt(async () => {
      const { playlists } = this.parts;
      const before = playlists.byId(playlistId)?.trackCount ?? 0;
      const playlist = await playlists.add(playlistId, trackIds, position);
      const added = playlist.kind === 'crate' ? playlist.trackCount - before : trackIds.length;
      if (added > 0) await this.doneWithUndo(text.done.added(added, playlist.name));
      else this.parts.notices.done(text.done.allThere(playlist.name));
    });
  }

  // Rows of the list on screen

  /** The list on screen, if it is one whose rows can be changed by hand. */
  get editable(): Playlist | null {
    const { place } = this.parts.browser;
    const list = place.kind === 'playlist' ? this.parts.playlists.byId(place.playlistId) : undefined;
    return list?.kind === 'playlist' || list?.kind === 'crate' ? list : null;
  }

  /** Takes the selected rows out of the list on screen. */
  async removeSelectedRows(): Promise<void> {
    const playlist = this.editable;
    const { list } = this.parts.browser;
    const { size } = list.selection;
    if (playlist === null || size === 0) return;
    await this.attempt(async () => {
      const { playlists } = this.parts;
      // Where the rows are the list's own, that row goes; in any other order, a row stands for its track.
      if (this.parts.browser.inOwnOrder) await playlists.remove(playlist.id, [...list.selection.keys]);
      else await playlists.removeTracks(playlist.id, await this.selectedTracks());
      const at = list.selection.focus;
      list.selection.clear();
      await list.reload();
      // The keyboard goes on where the row was.
      const { total } = list.rows;
      if (total > 0 && at >= 0) list.selection.only(Math.min(at, total - 1));
      await this.doneWithUndo(text.done.removed(size, playlist.name));
    });
  }

  /** Moves the selected rows of the playlist on screen so that they stand before the row now at `before`. */
  async moveSelectedRows(before: number): Promise<void> {
    const playlist = this.editable;
    const { list, inOwnOrder } = this.parts.browser;
    if (playlist === null || !inOwnOrder) return;
    await this.attempt(async () => {
      const moved = await list.selected();
      const positions = await list.positionsOf(moved.map(({ key }) => key));
      const position = landingPosition(before, positions);
      const first = positions[0] ?? 0;
      // Dropped where they stand: no step to undo.
      if (position === first && positions.every((each, index) => each === first + index)) return;
      const entryIds = moved.map(({ key }) => key);
      await this.parts.playlists.move(playlist.id, entryIds, position);
      await list.reload();
    });
  }

  /** Moves the selected rows up or down by one. */
  async nudgeSelectedRows(by: 1 | -1): Promise<void> {
    const { list } = this.parts.browser;
    const positions = await list.positionsOf([...list.selection.keys]);
    if (positions.length === 0) return;
    const before = by === -1 ? Math.min(...positions) - 1 : Math.max(...positions) + 2;
    if (before >= 0 && before <= list.rows.total) await this.moveSelectedRows(before);
  }

  /** Writes a list, those of a folder, or (null) the whole library for another program. */
  async exportLists(playlist: Playlist | null, choice: ExportChoice): Promise<boolean> {
    return this.attempt(async () => {
      const { file, files, tracks, leftOut } = await this.parts.playlists.export(
        playlist?.id ?? null,
        choice,
      );
      const told =
        choice.eachList === true
          ? exchangeText.export.exportedFiles(tracks, files, file)
          : text.done.exported(tracks, file);
      this.parts.notices.done(leftOut === 0 ? told : `${told} ${text.done.leftOut(leftOut)}`);
    });
  }

  protected async selectedTracks(): Promise<readonly number[]> {
    return (await this.parts.browser.list.selected()).map(({ trackId }) => trackId);
  }

  /** A failure is told in the dialogue it came from, else in the corner. True when it went well. */
  protected async attempt(work: () => Promise<unknown>): Promise<boolean> {
    const { dialogs, notices } = this.parts;
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
