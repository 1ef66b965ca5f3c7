import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Browser } from './browser.svelte.ts';
import { scriptedClient, someDetail, someTrack } from './scripted-client.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function browserOver(total = 3) {
  const client = scriptedClient({
    'tracks.window': ({ offset, limit }) => ({
      total,
      totalSeconds: 600,
      offset,
      revision: 1,
      rows: Array.from({ length: Math.min(limit, total - offset) }, (_, index) =>
        someTrack(offset + index + 1),
      ),
    }),
    'library.browse': ({ column, offset }) => ({
      ...{ column, offset, total: 1, revision: 1 },
      values: [{ value: 'Orbital', label: 'Orbital', count: 3 }],
    }),
    'tracks.ids': () => Array.from({ length: total }, (_, index) => index + 1),
    'tracks.get': ({ trackId }) => someDetail(trackId),
    'similar.find': () => [
      { track: someTrack(9), score: 0.9, axes: [], duplicates: [], reason: 'Both are House' },
    ],
    'playlists.entryIds': () => ({ entryIds: [71, 72], trackIds: [5, 5] }),
    'playlists.entries': () => ({
      total: 2,
      entries: [
        { entryId: 71, position: 0, track: someTrack(5) },
        { entryId: 72, position: 1, track: someTrack(5) },
      ],
    }),
  });
  return { client, browser: new Browser(client) };
}

describe('Browser', () => {
  it('goes back and forward', async () => {
    const { browser } = browserOver();
    await browser.open();
    await browser.go({ kind: 'genre', genre: 'house' });
    await browser.go({ kind: 'errors' });
    await browser.goBack();
    expect(browser.place).toEqual({ kind: 'genre', genre: 'house' });
    await browser.goBack();
    expect([browser.place.kind, browser.canGoBack]).toEqual(['all', false]);
    await browser.goForward();
    expect([browser.place.kind, browser.canGoForward]).toEqual(['genre', true]);
    await browser.go({ kind: 'missing' });
    expect(browser.canGoForward).toBe(false);
  });

  it('leaves a place that is no more, and never goes back to it', async () => {
    const { browser } = browserOver();
    await browser.go({ kind: 'playlist', playlistId: 4 });
    await browser.go({ kind: 'errors' });
    await browser.forget({ kind: 'playlist', playlistId: 4 });
    expect(browser.place.kind).toBe('errors');
    await browser.goBack();
    expect(browser.place.kind).toBe('all');
    await browser.go({ kind: 'folder', folderId: 2 });
    await browser.forget({ kind: 'folder', folderId: 2 });
    expect(browser.place.kind).toBe('all');
  });

  it('searches what is typed at once, only once', async () => {
    const { browser, client } = browserOver();
    await browser.open();
    for (const typed of ['d', 'du', 'dub']) browser.search(typed);
    await vi.advanceTimersByTimeAsync(200);
    expect(client.inputsOf('tracks.window').map(({ query }) => query.text)).toEqual([undefined, 'dub']);
  });

  it('searches the first letter at once, and those that follow it quickly together', async () => {
    const { browser, client } = browserOver();
    await browser.open();
    const searches = () => client.inputsOf('tracks.window').map(({ query }) => query.text);
    browser.search('d');
    await vi.advanceTimersByTimeAsync(1);
    expect(searches()).toEqual([undefined, 'd']);
    for (const typed of ['du', 'dub', 'dubs']) {
      await vi.advanceTimersByTimeAsync(20);
      browser.search(typed);
    }
    expect(searches()).toEqual([undefined, 'd']);
    await vi.advanceTimersByTimeAsync(40);
    expect(searches()).toEqual([undefined, 'd', 'dubs']);
  });

  it('keeps the last good search while the text has a mistake, and says where it is', async () => {
    const { browser, client } = browserOver();
    browser.search('rating:>=');
    await vi.advanceTimersByTimeAsync(200);
    expect(browser.mistake?.code).toBe('query-invalid');
    expect(client.inputsOf('tracks.window')).toHaveLength(0);
    browser.search('rating:>=4');
    await vi.advanceTimersByTimeAsync(200);
    expect(browser.mistake).toBeNull();
    expect(client.inputsOf('tracks.window')[0]?.query.text).toBe('rating:>=4');
  });

  it('searches within a playlist, whose rows cannot be moved then', async () => {
    const { browser, client } = browserOver();
    await browser.go({ kind: 'playlist', playlistId: 4 });
    expect(browser.inOwnOrder).toBe(true);
    browser.search('dub');
    await vi.advanceTimersByTimeAsync(200);
    expect([browser.place.kind, browser.text, browser.inOwnOrder]).toEqual(['playlist', 'dub', false]);
    expect(client.inputsOf('tracks.window').at(-1)?.query).toEqual({ playlistId: 4, text: 'dub' });
    browser.search('');
    await vi.advanceTimersByTimeAsync(200);
    expect([browser.inOwnOrder, client.inputsOf('playlists.entries').length]).toEqual([true, 2]);
    await browser.toggleSort('artist', false);
    expect([browser.inOwnOrder, client.inputsOf('tracks.window').at(-1)?.sort]).toEqual([
      false,
      [{ field: 'artist', descending: false }],
    ]);
  });

  it('shows what is picked in the columns, and asks the columns right of it again', async () => {
    const { browser, client } = browserOver();
    await browser.open();
    expect(client.inputsOf('library.browse')).toHaveLength(0);
    await browser.setColumns(true);
    expect(client.inputsOf('library.browse').map(({ column }) => column)).toEqual([
      'genre',
      'artist',
      'album',
    ]);
    await browser.columns.pick('artist', { value: 'Orbital', add: false });
    await browser.columns.pick('artist', { value: null, add: true });
    const picks = { artist: ['Orbital', null] };
    expect(client.inputsOf('tracks.window').at(-1)?.query).toEqual({ picks });
    expect(
      client
        .inputsOf('library.browse')
        .slice(3)
        .map(({ column }) => column),
    ).toEqual(['album', 'album']);
    expect(client.inputsOf('library.browse').at(-1)?.query).toEqual({ picks });
    // A pick further left lets those right of it go.
    await browser.columns.pick('genre', { value: 'house', add: false });
    expect(browser.columns.picks).toEqual({ genre: ['house'] });
    await browser.go({ kind: 'missing' });
    expect(client.inputsOf('tracks.window').at(-1)?.query).toEqual({ state: 'missing' });
    await browser.goBack();
    await browser.setColumns(false);
    expect([browser.hasColumns, browser.columns.hasPicks]).toEqual([false, false]);
  });

  it('finds within a list of any length, on and around its end, taking signs for text', async () => {
    const { browser, client } = browserOver(500);
    await browser.open();
    expect(await browser.list.find('dub', 480, 1)).toBe(480);
    expect(await browser.list.find('dub', 500, 1)).toBe(0);
    expect(await browser.list.find('dub', -1, -1)).toBe(499);
    await browser.list.find('genre:house ("x', 0, 1);
    const { text } = client.inputsOf('tracks.ids').at(-1)?.query ?? {};
    expect(text).toBe('"genre:house" "(" x');
    expect(await browser.list.find('  ', 0, 1)).toBeNull();
  });

  it('searches the whole library from a screen without a list', async () => {
    const { browser, client } = browserOver();
    await browser.go({ kind: 'settings' });
    browser.search('dub');
    await vi.advanceTimersByTimeAsync(200);
    expect([browser.place.kind, browser.text]).toEqual(['all', 'dub']);
    expect(client.inputsOf('tracks.window').at(-1)?.query).toEqual({ text: 'dub' });
  });

  it('leaves the search behind when another place is opened', async () => {
    const { browser, client } = browserOver();
    browser.search('dub');
    await vi.advanceTimersByTimeAsync(200);
    await browser.go({ kind: 'genre', genre: 'house' });
    expect(browser.text).toBe('');
    expect(client.inputsOf('tracks.window').at(-1)?.query).toEqual({ genre: 'house' });
  });

  it('comes back to the search and the row that were left', async () => {
    const { browser, client } = browserOver(500);
    await browser.open();
    browser.search('dub');
    await vi.advanceTimersByTimeAsync(200);
    browser.list.rows.ensure(300, 330);
    await vi.advanceTimersByTimeAsync(0);
    browser.list.selection.only(310);
    await browser.go({ kind: 'track', trackId: 311 });
    expect([browser.text, browser.list.rows.total, browser.list.returned]).toEqual(['', 0, 0]);
    await browser.goBack();
    expect([browser.text, client.inputsOf('tracks.window').at(-1)?.query.text]).toEqual(['dub', 'dub']);
    expect([browser.list.selection.focus, browser.list.returned]).toEqual([310, 1]);
    // Its page comes when it is brought into view.
    browser.list.rows.ensure(300, 330);
    await vi.advanceTimersByTimeAsync(0);
    expect([...browser.list.selection.keys]).toEqual([311]);
    // The row is gone meanwhile: the list begins at its top.
    await browser.goForward();
    client.answers['tracks.ids'] = () => [1, 2];
    await browser.goBack();
    expect([browser.list.selection.focus, browser.list.returned]).toEqual([-1, 1]);
  });

  it('remembers the order of each kind of place and keeps the selection when it changes', async () => {
    const { browser, client } = browserOver();
    await browser.open();
    browser.list.selection.only(1);
    await browser.toggleSort('year', false);
    expect(client.inputsOf('tracks.window').at(-1)?.sort).toEqual([{ field: 'year', descending: false }]);
    expect([...browser.list.selection.keys]).toEqual([2]);
    await browser.go({ kind: 'genre', genre: 'house' });
    expect(browser.sort[0]?.field).toBe('confidence');
    await browser.goBack();
    expect(browser.sort[0]?.field).toBe('year');
  });

  it('names the rows of a playlist by entry, so that a track may stand twice', async () => {
    const { browser, client } = browserOver();
    await browser.go({ kind: 'playlist', playlistId: 4 });
    browser.list.selection.only(1);
    expect(await browser.list.selected()).toEqual([{ key: 72, trackId: 5 }]);
    expect(await browser.list.positionsOf([72])).toEqual([1]);
    await browser.list.selection.all();
    expect([...browser.list.selection.keys]).toEqual([71, 72]);
    // Not row by row: of 50,000 rows only the ids come.
    expect(client.inputsOf('playlists.entryIds')).toEqual([{ playlistId: 4 }]);
    expect(client.inputsOf('playlists.entries')).toHaveLength(1);
  });

  it('shows what is similar with its score, and the seed', async () => {
    const { browser } = browserOver();
    await browser.go({ kind: 'similar', trackId: 6 });
    expect(browser.seed?.id).toBe(6);
    expect(browser.list.rows.rowAt(0)).toMatchObject({ key: 9, score: 0.9, reason: 'Both are House' });
  });

  it('hands on a selection of more rows than are loaded, in the order of the list', async () => {
    const { browser } = browserOver(500);
    await browser.open();
    await browser.list.selection.all();
    const selected = await browser.list.selected();
    expect([selected.length, selected[499]?.trackId]).toEqual([500, 500]);
  });
});
