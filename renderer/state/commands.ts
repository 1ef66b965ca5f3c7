/** What the user can do that touches several parts at once: from menus, keys, buttons and drops alike. */
import type { Input } from '#shared/contract.ts';
import type { Folder, Playlist, SoundWordField, Track } from '#shared/domain.ts';
import type { Span } from '#shared/search/grammar.ts';
import { formatPercent } from '../lib/format.ts';
import { mixInput } from '../lib/mix.ts';
import { djText } from '../lib/text/dj.ts';
import { exchangeText } from '../lib/text/exchange.ts';
import { text } from '../lib/text.ts';
import { ListCommands } from './list-commands.ts';
import { placeName } from './place-name.ts';

/** What of tempo, grid, key and energy is said. */
export type SoundChange = Omit<Input<'sound.correct'>, 'trackIds'>;

export class Commands extends ListCommands {
  /** Where the search box is: only the view knows. */
  #focusSearch: (part?: Span) => void = () => undefined;

  /** The view with the search box says how to get there. */
  onFocusSearch(focus: (part?: Span) => void): void {
    this.#focusSearch = focus;
  }

  /** `part`: what of the search is selected; all of it when absent. */
  focusSearch(part?: Span): void {
    this.#focusSearch(part);
  }

  // Folders

  /** The system's dialogue in the desktop app, a field for the path in the browser. */
  async addFolder(): Promise<void> {
    const { host, dialogs } = this.parts;
    if (host.desktop === null) return dialogs.show({ kind: 'add-folder' });
    await this.addPaths(await host.desktop.chooseFolders());
  }

  /** True when they were added. */
  async addPaths(paths: readonly string[]): Promise<boolean> {
    if (paths.length === 0) return false;
    return this.attempt(async () => {
      const folders = await this.parts.library.addFolders(paths);
      this.parts.notices.done(text.done.foldersAdded(folders.length));
    });
  }

  async removeFolder(folder: Folder): Promise<void> {
    await this.attempt(async () => {
      await this.parts.library.removeFolder(folder.id);
      await this.parts.browser.forget({ kind: 'folder', folderId: folder.id });
    });
  }

  async scan(folderIds?: readonly number[]): Promise<void> {
    await this.attempt(async () => {
      await this.parts.library.scan(folderIds);
      this.parts.notices.done(text.done.scanned);
    });
  }

  // Safety copies of the library

  /** Asks where, and writes a backup there. */
  async backUp(): Promise<void> {
    const { host, dialogs } = this.parts;
    if (host.desktop === null) return dialogs.show({ kind: 'backup-path', purpose: 'back-up' });
    const day = new Date().toISOString().slice(0, 10);
    const file = await host.desktop.chooseSaveFile(`${text.settings.backupName(day)}.db`, 'backup');
    // The system's dialogue has asked already whether a file may be replaced.
    if (file !== null) await this.backUpTo(file, true);
  }

  async backUpTo(file: string, overwrite: boolean): Promise<boolean> {
    return this.attempt(() => this.parts.settings.backUp(file, overwrite));
  }

  /** Asks which backup, then whether it is meant. */
  async restore(): Promise<void> {
    const { host, dialogs } = this.parts;
    if (host.desktop === null) return dialogs.show({ kind: 'backup-path', purpose: 'restore' });
    const file = await host.desktop.chooseFile('backup');
    if (file !== null) dialogs.show({ kind: 'restore', file });
  }

  async restoreLibrary(file: string): Promise<boolean> {
    return this.attempt(async () => {
      const { browser, edits, library, playlists, settings } = this.parts;
      await settings.restore(file);
      if (settings.lastRestore?.restarting !== true) return;
      // That it is restored is sure; what cannot be asked for at once is told by itself.
      const asked = [
        () => library.refresh(browser.minimumConfidence),
        () => playlists.refresh(),
        () => edits.refresh(),
        () => settings.refresh(),
        () => browser.reload(),
      ];
      void this.parts.notices.attempt(() => Promise.all(asked.map((ask) => ask())));
    });
  }

  // Tempo, grid, key and energy

  /** The user's own word on what was measured; it can be undone. True when it holds. */
  async correctSound(trackIds: readonly number[], words: SoundChange): Promise<boolean> {
    return this.attempt(async () => {
      const { host, inspector, browser } = this.parts;
      const input = { trackIds: [...trackIds], ...words };
      const { changed } = await host.client.request('sound.correct', input);
      await Promise.all([inspector.reload(), browser.list.reload()]);
      if (changed > 0) await this.doneWithUndo(djText.edit.done(changed));
    });
  }

  /** What was measured counts again. */
  async clearSound(trackIds: readonly number[], fields: readonly SoundWordField[]): Promise<boolean> {
    return this.attempt(async () => {
      const { host, inspector, browser } = this.parts;
      const input = { trackIds: [...trackIds], fields: [...fields] };
      const { changed } = await host.client.request('sound.clear', input);
      await Promise.all([inspector.reload(), browser.list.reload()]);
      if (changed > 0) await this.doneWithUndo(djText.edit.cleared(changed));
    });
  }

  // Sets

  /** The builder, with the tracks of a list to choose from; null: of the whole library. */
  async buildSetFrom(playlistId: number | null): Promise<void> {
    this.parts.setBuilder.wish({ playlistId });
    await this.parts.browser.go({ kind: 'sets' });
  }

  /** Puts the rows of a playlist in the order that runs best. */
  async reorder(playlist: Playlist): Promise<void> {
    await this.attempt(async () => {
      const { browser, host, notices, playlists, preferences } = this.parts;
      const mix = mixInput(preferences.mix);
      const { scoreBefore, scoreAfter } = await host.client.request('sets.reorder', {
        playlistId: playlist.id,
        mix,
      });
      const { notBetter, reordered } = djText.transitions;
      if (scoreAfter <= scoreBefore)
        return notices.done(notBetter(playlist.name, formatPercent(scoreBefore)));
      await Promise.all([playlists.refresh(), browser.list.reload()]);
      await this.doneWithUndo(
        reordered(playlist.name, formatPercent(scoreBefore), formatPercent(scoreAfter)),
      );
    });
  }

  // Other programs

  /** Imports the file that was looked at, as one step that can be undone. */
  async importFile(): Promise<void> {
    const { browser, dialogs, importing, library, playlists } = this.parts;
    const result = await importing.apply();
    if (result === null) return;
    dialogs.close();
    await this.attempt(async () => {
      await Promise.all([playlists.refresh(), library.refresh(browser.minimumConfidence), browser.reload()]);
      await this.doneWithUndo(exchangeText.import.done(result.playlists, result.entries - result.unmatched));
    });
  }

  // Rows of the list

  /** Shows everything about the track of a row. */
  async openRow(index: number): Promise<void> {
    const { browser } = this.parts;
    const row = browser.list.rows.rowAt(index);
    if (row === undefined) return;
    // The way back leads to this row.
    if (browser.list.selection.focus !== index) browser.list.selection.only(index);
    await browser.go({ kind: 'track', trackId: row.track.id });
  }

  /** Plays a row of the list; the one that plays already is paused, or goes on. */
  async playRow(index: number): Promise<void> {
    const { browser, player } = this.parts;
    const row = browser.list.rows.rowAt(index);
    const { source } = browser.list;
    if (row === undefined || source === null) return;
    if (player.track?.id === row.track.id) return player.toggle();
    const name = placeName(browser.place, this.parts);
    await this.attempt(async () => {
      const { asks } = source;
      if (asks !== undefined)
        return player.playList({ ...asks, name }, { index, key: row.key, track: row.track });
      const trackIds = (await source.order()).map(({ trackId }) => trackId);
      return player.playList({ kind: 'tracks', name, trackIds }, { index, key: index, track: row.track });
    });
  }

  async playTrack(track: Track): Promise<void> {
    await this.parts.player.playAlone(track);
  }

  /** The selected rows, after what plays now. */
  async playSelectionNext(): Promise<void> {
    await this.#queueSelection((ids) => this.parts.player.queue.playNext(ids), text.queue.next);
  }

  /** The selected rows, behind what was queued already. */
  async queueSelection(): Promise<void> {
    await this.#queueSelection((ids) => this.parts.player.queue.add(ids), text.queue.added);
  }

  async #queueSelection(
    queue: (trackIds: readonly number[]) => Promise<void>,
    told: (count: number) => string,
  ): Promise<void> {
    await this.attempt(async () => {
      const trackIds = await this.selectedTracks();
      if (trackIds.length === 0) return;
      await queue(trackIds);
      // Who has the queue before him sees it there.
      if (!this.parts.player.queueScreen.open) this.parts.notices.done(told(trackIds.length));
    });
  }

  async rateSelection(stars: number): Promise<void> {
    const ids = await this.selectedTracks();
    if (ids.length > 0) await this.rate(ids, stars);
  }

  async rate(trackIds: readonly number[], stars: number): Promise<void> {
    await this.attempt(async () => {
      await this.parts.library.rate(trackIds, stars);
      await Promise.all([this.parts.browser.list.reload(), this.parts.inspector.reload()]);
    });
  }

  async showSimilar(trackId?: number): Promise<void> {
    const seed = trackId ?? this.parts.inspector.trackId;
    if (seed !== null) await this.parts.browser.go({ kind: 'similar', trackId: seed });
  }

  async retrySelection(): Promise<void> {
    await this.retry(await this.selectedTracks());
  }

  /** Failed files again: these, or all. */
  async retry(trackIds?: readonly number[]): Promise<void> {
    await this.attempt(async () => {
      this.parts.notices.done(text.done.queued(await this.parts.library.retry(trackIds)));
    });
  }

  async purgeSelection(): Promise<void> {
    const trackIds = await this.selectedTracks();
    if (trackIds.length > 0) this.parts.dialogs.show({ kind: 'purge', trackIds });
  }

  async purge(trackIds: readonly number[]): Promise<void> {
    await this.attempt(async () => {
      this.parts.notices.done(text.done.purged(await this.parts.library.purge(trackIds)));
      await this.parts.browser.list.reload();
    });
  }
}
