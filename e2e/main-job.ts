/** The main job, step by step, as a user does it; the same in the desktop app and in the local web app. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, type TestInfo } from '@playwright/test';
import type { DemoLibrary } from './fixtures/folders.ts';
import type { LibraryPage } from './pages/library-page.ts';
import { Player } from './pages/player.ts';

export interface MainJobSteps {
  readonly library: LibraryPage;
  readonly demo: DemoLibrary;
  readonly testInfo: TestInfo;
  /** Adds the folder in the way of this host. */
  readonly addFolder: (folder: string) => Promise<void>;
  /** Confirms the export dialogue in the way of this host. */
  readonly exportTo: (file: string) => Promise<void>;
  readonly exportFile: string;
}

/** Add folder → progress → genre → similar → play → playlist → export; looks at the file that comes out. */
export async function doMainJob(steps: MainJobSteps): Promise<void> {
  const { library, demo, testInfo } = steps;
  const { page } = library;
  const look = async (name: string): Promise<void> => {
    await page.screenshot({ path: testInfo.outputPath(`${name}.png`) });
  };

  // An empty library says what to do.
  await expect(page.getByRole('heading', { name: 'Your music goes here' })).toBeVisible();
  await look('1-empty');

  // The tracks appear from their tags, before any analysis is done.
  await steps.addFolder(demo.folder);
  await expect(library.node('Folders', basename(demo.folder))).toBeVisible();
  await expect.poll(() => library.rowCount()).toBe(demo.tracks.length);
  await expect(library.activity).toContainText(/Analysing|Up to date/);
  await look('2-progress');

  await library.waitUntilAnalysed();
  await expect(library.node('Library', /^All tracks/)).toContainText(String(demo.tracks.length));
  await expect(library.node('Library', /^Errors/)).toContainText('0');

  // The genre with most tracks, its rows with confidence.
  const genres = page.getByRole('tree', { name: 'Genres' }).getByRole('treeitem');
  await expect(genres.first()).toBeVisible();
  const { node, name, count } = await largest(genres);
  await node.click();
  await expect.poll(() => library.rowCount()).toBe(count);
  await expect(library.rows.first()).toContainText(/\d+ ?%/);
  await look('3-genre');

  // Similar tracks of the first one.
  await library.rows.first().click();
  await expect(
    library.details.getByRole('list', { name: 'Similar tracks' }).getByRole('listitem'),
  ).not.toHaveCount(0);
  await look('4-similar');
  await page.keyboard.press('s');
  await expect(library.list.grid).toHaveAccessibleName(/Similar to/);
  await expect(library.rows.first()).toContainText(/[01]\.\d\d/);
  await look('5-similar-list');

  // Hear one that browsers can play, and one that is decoded for them: time goes on.
  await library.node('Library', /^All tracks/).click();
  const player = new Player(page);
  for (const ending of ['.wma', '.mp3']) {
    const track = demo.tracks.find(({ file }) => file.endsWith(ending));
    if (track === undefined) throw new Error('The demo library has all containers.');
    await library.search(track.title);
    await library.row(track.title).dblclick();
    await expect(player.title(track.title)).toBeVisible();
    await expect(player.pause).toBeVisible();
    await expect.poll(() => player.seconds()).toBeGreaterThan(0);
  }
  await look('6-playing');
  await player.pause.click();
  await library.search('');

  // A playlist of that genre.
  await library.chooseFromMenuOf(node, name, 'Make a playlist of this genre');
  const dialog = library.dialog(/New playlist/);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Friday night');
  await look('7-new-playlist');
  await dialog.getByRole('button', { name: 'Create' }).click();
  const playlist = library.node('Playlists', /Friday night/);
  await expect(playlist).toContainText(String(count));
  await playlist.click();
  await expect.poll(() => library.rowCount()).toBe(count);
  await look('8-playlist');

  // Export, and the file itself.
  await library.chooseFromMenuOf(playlist, 'Friday night', 'Export');
  await look('9-export');
  await steps.exportTo(steps.exportFile);
  await expect(page.getByText(/exported to/)).toBeVisible();
  const lines = (await readFile(steps.exportFile, 'utf8')).split(/\r?\n/).filter((line) => line !== '');
  expect(lines[0]).toBe('#EXTM3U');
  const files = lines.filter((line) => !line.startsWith('#'));
  expect(files).toHaveLength(count);
  const known = new Set(demo.tracks.map((track) => track.file));
  expect(files.filter((file) => !known.has(file))).toEqual([]);
  expect(lines.filter((line) => line.startsWith('#EXTINF:'))).toHaveLength(count);
}

/** The entry of the tree with the highest count. */
async function largest(
  genres: ReturnType<LibraryPage['node']>,
): Promise<{ node: ReturnType<LibraryPage['node']>; name: string; count: number }> {
  const entries = await genres.evaluateAll((nodes) =>
    nodes.map((node) => ({
      name: node.querySelector('.name')?.textContent ?? '',
      count: Number(node.querySelector('.note')?.textContent ?? '0'),
    })),
  );
  const index = entries.reduce(
    (best, entry, at) => (entry.count > (entries[best]?.count ?? 0) ? at : best),
    0,
  );
  const entry = entries[index];
  if (entry === undefined || entry.count === 0) throw new Error('No genre has a track.');
  return { node: genres.nth(index), ...entry };
}
