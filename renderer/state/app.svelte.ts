/** Everything the window knows, made once in main.ts and handed to the views by context. */
import { createContext } from 'svelte';
import type { Host } from '../api/host.ts';
import { coalesced } from '../lib/coalesce.ts';
import { PointerDrag } from '../lib/pointer-drag.svelte.ts';
import { toWire } from '#shared/errors.ts';
import { Activity } from './activity.svelte.ts';
import { Browser } from './browser.svelte.ts';
import { allCommands } from './commands/all.ts';
import { CommandRegistry } from './commands/registry.svelte.ts';
import { Commands } from './commands.ts';
import { Dialogs } from './dialogs.svelte.ts';
import { Copying } from './exchange/copying.svelte.ts';
import { Importing } from './exchange/importing.svelte.ts';
import { Corrections } from './corrections.svelte.ts';
import { Edits } from './edits.svelte.ts';
import { Errors } from './errors.svelte.ts';
import { FirstRun } from './first-run.svelte.ts';
import { GenreExplorer } from './genre-explorer.svelte.ts';
import { Inspector } from './inspector.svelte.ts';
import { Library } from './library.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Player } from './player.svelte.ts';
import { WhatNext } from './player/what-next.svelte.ts';
import { Playlists } from './playlists.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { SearchAssist } from './search-assist.svelte.ts';
import { SetBuilder } from './sets/set-builder.svelte.ts';
import { Settings } from './settings.svelte.ts';
import { Similar } from './similar.svelte.ts';
import { Tagging } from './tagging/tagging.svelte.ts';
import { TrackScreen } from './track-screen.svelte.ts';
import { Transitions } from './transitions.svelte.ts';
import { Views } from './views.svelte.ts';

/** Between two looks at the same thing while change events keep coming. */
const CHANGE_GAP_MS = 400;
/** The user has stopped scrolling: what is on screen is worth analysing first. */
const VISIBLE_SETTLE_MS = 800;
/** The contract's bound is 1000; a screen holds fewer. */
const MOST_VISIBLE = 200;

export interface Surroundings {
  readonly host: Host;
  readonly createAudio: () => HTMLAudioElement;
  readonly mediaSession: MediaSession | null;
  readonly storage: Storage | null;
}

export class App {
  readonly host: Host;
  readonly preferences: Preferences;
  readonly views: Views;
  /** What is being dragged in the window. */
  readonly drag = new PointerDrag();
  readonly notices = new Notices();
  readonly dialogs = new Dialogs();
  readonly library: Library;
  readonly playlists: Playlists;
  readonly edits: Edits;
  readonly errors: Errors;
  readonly firstRun: FirstRun;
  readonly assist: SearchAssist;
  readonly similar: Similar;
  readonly genreExplorer: GenreExplorer;
  readonly corrections: Corrections;
  readonly trackScreen: TrackScreen;
  readonly settings: Settings;
  readonly activity: Activity;
  readonly browser: Browser;
  readonly inspector: Inspector;
  readonly player: Player;
  readonly tagging: Tagging;
  readonly copying: Copying;
  readonly setBuilder: SetBuilder;
  readonly whatNext: WhatNext;
  readonly transitions: Transitions;
  readonly importing: Importing;
  readonly commands: Commands;
  /** What menus, keys and the palette offer. */
  readonly registry: CommandRegistry;
  #connected = $state(true);
  #visibleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor({ host, createAudio, mediaSession, storage }: Surroundings) {
    const { client } = host;
    this.host = host;
    this.preferences = new Preferences(storage);
    this.views = new Views(storage);
    this.library = new Library(client);
    this.playlists = new Playlists(client);
    this.edits = new Edits(client);
    this.errors = new Errors(client);
    this.firstRun = new FirstRun(this.library);
    this.assist = new SearchAssist(client, storage);
    this.similar = new Similar(() => this.browser.list.reload());
    this.genreExplorer = new GenreExplorer(client);
    this.trackScreen = new TrackScreen(client);
    this.settings = new Settings(client);
    this.activity = new Activity(client);
    this.browser = new Browser(client, {
      views: this.views,
      kindOf: (playlistId) => this.playlists.byId(playlistId)?.kind,
      wishesOf: (trackId) => this.similar.wishesOf(trackId),
    });
    this.inspector = new Inspector(client);
    this.corrections = new Corrections({
      ...{ client, dialogs: this.dialogs, edits: this.edits },
      ...{ inspector: this.inspector, notices: this.notices },
    });
    this.player = new Player({
      ...{ client, createAudio, mediaSession, storage, mediaUrl: host.mediaUrl },
      tell: this.notices,
      isHidden: () => document.hidden,
    });
    this.tagging = new Tagging({
      ...{ client, browser: this.browser, dialogs: this.dialogs, edits: this.edits },
      ...{ notices: this.notices, player: this.player },
    });
    this.transitions = new Transitions(client, () => this.preferences.mix);
    this.whatNext = new WhatNext(client, () => this.preferences.mix);
    this.setBuilder = new SetBuilder(client, () => this.preferences.mix);
    this.copying = new Copying(client, this.notices);
    this.importing = new Importing(client);
    this.commands = new Commands(this);
    this.registry = new CommandRegistry(allCommands(this));
  }

  /** False while the engine is out of reach. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Follows the engine and asks for everything the first time. Returns what ends it (for tests: a window just closes). */
  start(): () => void {
    const { client, onConnection, desktop } = this.host;
    const failed = (error: unknown): void => {
      const wire = toWire(error);
      if (wire.code !== 'cancelled') this.notices.problem(wire);
    };
    // Rows come first, in the order of the requests too.
    let rows: () => Promise<void> = () => this.browser.open();
    const libraryChanged = coalesced(
      () => {
        const look = rows;
        this.transitions.changed();
        rows = () => this.browser.reload();
        return Promise.all([
          look(),
          this.library.refresh(this.browser.minimumConfidence).then(() => this.firstRun.look()),
          this.activity.refresh(),
          this.inspector.reload(),
          this.trackScreen.reload(),
        ]);
      },
      CHANGE_GAP_MS,
      failed,
    );
    const playlistsChanged = coalesced(
      () => Promise.all([this.playlists.refresh(), this.edits.refresh()]),
      CHANGE_GAP_MS,
      failed,
    );
    const rowsChanged = coalesced(() => this.browser.list.reload(), CHANGE_GAP_MS, failed);
    const everything = (): void => {
      libraryChanged();
      playlistsChanged();
      void this.notices.attempt(() => this.tagging.refresh());
    };
    const ends = [
      this.player.start(),
      this.activity.listen(),
      this.edits.listen(),
      this.trackScreen.listen(),
      this.tagging.listen(),
      this.copying.listen(),
      client.subscribe('library.changed', libraryChanged),
      client.subscribe('playlists.changed', ({ playlistId }) => {
        playlistsChanged();
        const { place } = this.browser;
        if (place.kind === 'playlist' && (playlistId ?? place.playlistId) === place.playlistId) rowsChanged();
      }),
      client.subscribe('notice', (notice) => this.notices.problem(notice)),
      onConnection((connected) => {
        this.#connected = connected;
        if (connected) everything();
      }),
      ...(desktop === null
        ? []
        : [desktop.onMenu((command) => this.registry.menu(command, this.dialogs.open !== null))]),
    ];
    everything();
    return () => {
      clearTimeout(this.#visibleTimer);
      for (const end of ends) end();
    };
  }

  /** Pairs on screen, with the row before the first. */
  #seeTransitions(first: number, last: number): void {
    const { rows } = this.browser.list;
    const seen: { trackId: number }[] = [];
    for (let index = Math.max(0, first - 1); index <= last; index += 1) {
      const track = rows.rowAt(index)?.track;
      // What is not loaded yet is asked for when it has come: the table then tells again.
      if (track !== undefined) seen.push({ trackId: track.id });
      else if (seen.length > 0) break;
    }
    void this.transitions.see(seen);
  }

  /** Rows on screen: loads them, and asks for those that wait to be analysed first. */
  rowsVisible(first: number, last: number): void {
    const { rows } = this.browser.list;
    rows.ensure(first, last);
    if (this.browser.place.kind === 'playlist') this.#seeTransitions(first, last);
    clearTimeout(this.#visibleTimer);
    this.#visibleTimer = setTimeout(() => {
      const waiting: number[] = [];
      for (let index = first; index <= last && waiting.length < MOST_VISIBLE; index += 1) {
        const track = rows.rowAt(index)?.track;
        if (track?.analysis === 'pending' && track.state === 'present') waiting.push(track.id);
      }
      // Only a hint: that it could not be given is nothing to tell the user.
      this.activity.prioritise(waiting).catch(() => undefined);
    }, VISIBLE_SETTLE_MS);
  }
}

const [getApp, setApp] = createContext<App>();
/** The state of the window; for views. */
export const useApp = getApp;
/** Hands it to the views below; for App.svelte. */
export const provideApp = setApp;
