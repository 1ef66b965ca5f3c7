import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Host } from '../api/host.ts';
import type { Playlist } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { App } from './app.svelte.ts';
import { scriptedClient, someDetail, someTrack } from './scripted-client.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function appOver(desktop: Partial<NonNullable<Host['desktop']>> | null = null) {
  const playlist: Playlist = {
    ...{ id: 4, name: 'Friday', kind: 'playlist', parentId: null, position: 0, rules: null },
    ...{ trackCount: 0, durationSeconds: 0, createdAt: 0, updatedAt: 0 },
  };
  const client = scriptedClient({
    'app.info': () => Promise.reject(new AppError('internal', 'no info')),
    'library.folders': () => [],
    'library.counts': () => ({
      ...{
        all: 3,
        missing: 0,
        offline: 0,
        errors: 0,
        pending: 0,
        analysed: 3,
        recentlyAdded: 0,
        incoming: 0,
      },
    }),
    'library.addFolders': ({ paths }) =>
      paths.map((path, index) => ({
        id: index,
        path,
        online: true,
        trackCount: 0,
        addedAt: 0,
        lastScanAt: null,
      })),
    'genres.list': () => ({ genres: [], unknownCount: 0, analysedCount: 0, earlierCount: 0 }),
    'analysis.status': () => ({
      ...{ queued: 5, active: [], done: 0, failed: 0, tracksPerMinute: null, secondsLeft: null },
      ...{ paused: false, onBattery: false, problem: null, workers: 1, backend: null },
    }),
    'analysis.prioritise': () => null,
    'edits.state': () => ({ undo: null, redo: null }),
    'playlists.list': () => [playlist],
    'playlists.create': ({ name }) => ({ ...playlist, name }),
    'playlists.add': () => playlist,
    'playlists.entries': () => ({ total: 0, entries: [] }),
    'tracks.get': ({ trackId }) => someDetail(trackId),
    'similar.find': () => [],
    'tracks.ids': () => [1, 2, 3],
    'tracks.rate': () => null,
    'tracks.window': ({ offset }) => ({
      ...{ total: 3, totalSeconds: 600, offset, revision: 1 },
      rows:
        offset > 0 ? [] : [1, 2, 3].map((id) => someTrack(id, { analysis: id === 2 ? 'pending' : 'done' })),
    }),
  });
  let connection: (connected: boolean) => void = () => undefined;
  const host = {
    client,
    desktop: desktop === null ? null : { onMenu: () => () => undefined, ...desktop },
    mediaUrl: (kind: string, id: number) => `media://${kind}/${id}`,
    onConnection: (listener: (connected: boolean) => void) => {
      connection = listener;
      return () => undefined;
    },
  } as Host;
  const app = new App({
    host,
    createAudio: () => document.createElement('audio'),
    mediaSession: null,
    storage: null,
  });
  return { app, client, connect: (connected: boolean) => connection(connected) };
}
const pass = (ms = 1000): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('App', () => {
  it('asks for everything at the start, and again after a burst of changes, but seldom', async () => {
    const { app, client } = appOver();
    const end = app.start();
    await pass();
    expect([app.browser.list.rows.total, app.playlists.all.length]).toEqual([3, 1]);
    const before = client.inputsOf('tracks.window').length;
    for (let change = 0; change < 50; change += 1) {
      client.emit('library.changed', { revision: change });
      await pass(20);
    }
    await pass(2000);
    const asked = client.inputsOf('tracks.window').length - before;
    expect(asked).toBeGreaterThanOrEqual(2);
    expect(asked).toBeLessThanOrEqual(5);
    end();
    client.emit('library.changed', { revision: 99 });
    await pass();
    expect(client.inputsOf('tracks.window').length - before).toBe(asked);
  });

  it('shows what it can when one question fails', async () => {
    const { app } = appOver();
    app.start();
    await pass();
    expect(app.library.counts.all).toBe(3);
    expect(app.notices.messages.map(({ text }) => text).join()).toContain('no info');
  });

  it('reloads a playlist only when that one changed', async () => {
    const { app, client } = appOver();
    app.start();
    await app.browser.go({ kind: 'playlist', playlistId: 4 });
    await pass();
    const before = client.inputsOf('playlists.entries').length;
    client.emit('playlists.changed', { playlistId: 5 });
    await pass();
    expect(client.inputsOf('playlists.entries').length).toBe(before);
    client.emit('playlists.changed', { playlistId: 4 });
    await pass();
    expect(client.inputsOf('playlists.entries').length).toBe(before + 1);
  });

  it('says that the engine is away and looks again when it is back', async () => {
    const { app, client, connect } = appOver();
    app.start();
    await pass();
    connect(false);
    expect(app.connected).toBe(false);
    const before = client.asked.length;
    connect(true);
    await pass();
    expect(app.connected).toBe(true);
    expect(client.asked.length).toBeGreaterThan(before);
  });

  it('tells what the engine wants the user to know, in words', async () => {
    const { app, client } = appOver();
    app.start();
    await pass();
    client.emit('notice', { code: 'watch-limit', detail: '/music' });
    expect(app.notices.messages.at(-1)?.text).toContain('Too many folders to watch: /music');
  });

  it('has what is on screen analysed first, once scrolling stops', async () => {
    const { app, client } = appOver();
    app.start();
    await pass();
    app.rowsVisible(0, 2);
    app.rowsVisible(0, 2);
    await pass(2000);
    expect(client.inputsOf('analysis.prioritise')).toEqual([{ trackIds: [2] }]);
  });
});

describe('Commands', () => {
  it('adds the folders the system’s dialogue gives, and nothing when it is cancelled', async () => {
    const chooseFolders = vi.fn(() => Promise.resolve<readonly string[]>([]));
    const { app, client } = appOver({ chooseFolders });
    await app.commands.addFolder();
    expect(client.inputsOf('library.addFolders')).toEqual([]);
    chooseFolders.mockResolvedValue(['/music']);
    await app.commands.addFolder();
    expect(client.inputsOf('library.addFolders')).toEqual([{ paths: ['/music'] }]);
  });

  it('asks for the path where there is no system dialogue', async () => {
    const { app } = appOver();
    await app.commands.addFolder();
    expect(app.dialogs.open).toEqual({ kind: 'add-folder' });
  });

  it('rates and collects the selected rows', async () => {
    const { app, client } = appOver();
    await app.browser.open();
    app.browser.list.selection.only(0);
    await app.browser.list.selection.extendTo(1);
    await app.commands.rateSelection(4);
    expect(client.inputsOf('tracks.rate')).toEqual([{ trackIds: [1, 2], rating: 4 }]);
    await app.commands.addSelectionTo(4);
    expect(client.inputsOf('playlists.add')).toEqual([{ playlistId: 4, trackIds: [1, 2] }]);
    await app.commands.newPlaylistOfSelection();
    expect(app.dialogs.open).toEqual({ kind: 'new-playlist', trackIds: [1, 2] });
  });

  it('opens the folder that a list is put into, and those around it', async () => {
    const { app, client } = appOver();
    const part = { position: 0, rules: null, trackCount: 0, durationSeconds: 0, createdAt: 0, updatedAt: 0 };
    const node = (id: number, kind: Playlist['kind'], parentId: number | null): Playlist => ({
      ...{ id, name: `${id}`, kind, parentId },
      ...part,
    });
    client.answers['playlists.list'] = () => [
      node(7, 'folder', null),
      node(8, 'folder', 7),
      node(4, 'playlist', 8),
    ];
    client.answers['playlists.place'] = () => node(4, 'playlist', 8);
    await app.commands.placeList(node(4, 'playlist', null), 8);
    expect(['playlist:7', 'playlist:8'].map((id) => app.preferences.isExpanded(id))).toEqual([true, true]);
    app.preferences.toggleExpanded('playlist:7');
    await app.commands.placeList(node(4, 'playlist', 8), null);
    expect(app.preferences.isExpanded('playlist:7')).toBe(false);
  });

  it('tells a failure in the dialogue it came from, else in the corner', async () => {
    const { app, client } = appOver();
    client.answers['playlists.create'] = () => Promise.reject(new AppError('conflict', 'Friday'));
    app.dialogs.show({ kind: 'new-playlist', trackIds: [] });
    expect(await app.commands.createPlaylist('Friday', [])).toBe(false);
    expect(app.dialogs.problem).toContain('Friday');
    expect(app.notices.messages).toEqual([]);
    app.dialogs.close();
    expect(await app.commands.createPlaylist('Friday', [])).toBe(false);
    expect([app.dialogs.problem, app.notices.messages.length]).toEqual([null, 1]);
  });

  it('opens the new empty playlist', async () => {
    const { app } = appOver();
    await app.commands.createPlaylist('Friday', []);
    expect(app.browser.place).toEqual({ kind: 'playlist', playlistId: 4 });
  });
});
