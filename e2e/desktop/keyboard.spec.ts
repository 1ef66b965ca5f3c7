/** The five main jobs without a mouse. */
import { dirname } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures/analysed.ts';
import { LibraryPage } from '../pages/library-page.ts';
import { Player } from '../pages/player.ts';
import { Palette } from '../pages/screens.ts';

const MOST_STEPS = 60;
/** Pixels. */
const RIM = 4;

/** By the Tab key alone, as whoever has no mouse gets there; what has the focus must be seen to have it. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  const isThere = (): Promise<boolean> => wanted.evaluate((element) => element === document.activeElement);
  for (let step = 0; step < MOST_STEPS && !(await isThere()); step += 1) await page.keyboard.press('Tab');
  await expect(wanted).toBeFocused();
  const focused = await pictureOf(page, wanted);
  await wanted.evaluate((element: HTMLElement) => element.blur());
  const without = await pictureOf(page, wanted);
  await wanted.focus();
  expect(focused.equals(without), 'the focus is visible').toBe(false);
  // And what it looked like was the focus, not something that moves by itself.
  expect((await pictureOf(page, wanted)).equals(focused), 'the same again').toBe(true);
}

/** The pixels of an element and of a rim around it, in which an outline is drawn. */
async function pictureOf(page: Page, element: Locator): Promise<Buffer> {
  const box = await element.boundingBox();
  if (box === null) throw new Error('It is on screen.');
  const [x, y] = [Math.max(0, box.x - RIM), Math.max(0, box.y - RIM)];
  const clip = { x, y, width: box.width + 2 * RIM, height: box.height + 2 * RIM };
  return page.screenshot({ clip, caret: 'hide', animations: 'disabled' });
}

test('a folder is scanned, and the first genre opened', async ({ desktop, demo }) => {
  const { page } = desktop;
  const library = new LibraryPage(page);
  const folder = dirname(demo.tracks[0]?.file ?? '');
  await desktop.chooseFoldersNext([folder]);
  await tabTo(page, page.getByRole('main').getByRole('button', { name: 'Add folder' }));
  await page.keyboard.press('Enter');
  const inFolder = demo.tracks.filter(({ file }) => dirname(file) === folder).length;
  await library.list.waitForRows(inFolder);
  const genre = page.getByRole('tree', { name: 'Genres' }).getByRole('treeitem').first();
  await expect(genre).toBeVisible({ timeout: 90_000 });
  await tabTo(page, genre);
  await page.keyboard.press('Enter');
  await expect(genre).toHaveAttribute('aria-selected', 'true');
  await expect(library.rows.first()).toContainText(/\d+ ?%/);
});

test('a track is found and played', async ({ studio }) => {
  const { page } = studio;
  const [library, player] = [new LibraryPage(page), new Player(page)];
  await page.keyboard.press('/');
  await page.keyboard.type('ferryman');
  await library.list.waitForRows(1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await expect(library.list.grid).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await expect(player.title('The Ferryman’s Daughter')).toBeVisible();
  await expect.poll(() => player.seconds()).toBeGreaterThan(0);
  await page.keyboard.press('k');
  await expect(player.play).toBeVisible();
});

test('a genre becomes a playlist', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  await expect(library.node('Genres', /^Electronic/)).toBeVisible();
  await new Palette(page).run('electronic', /^Electronic/);
  await expect(library.list.grid).toHaveAccessibleName('Tracks: Electronic');
  await expect(library.rows.first()).toBeVisible();
  const count = await library.rowCount();
  await tabTo(page, page.getByRole('main').getByRole('button', { name: 'Make a playlist of this genre' }));
  await page.keyboard.press('Enter');
  await expect(
    library.dialog('New playlist: Electronic').getByRole('textbox', { name: 'Name' }),
  ).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('By keys');
  await page.keyboard.press('Enter');
  await expect(library.node('Playlists', `By keys ${count}`)).toBeVisible();
});

test('similar tracks are added to a playlist', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  await studio.ask('playlists.create', { name: 'Alike' });
  await expect(library.node('Playlists', 'Alike 0')).toBeVisible();
  const palette = new Palette(page);
  await palette.run('recently', /^Recently added/);
  await tabTo(page, library.list.grid);
  await page.keyboard.press('Home');
  await page.keyboard.press('s');
  await expect(library.list.grid).toHaveAccessibleName(/Similar to/);
  await tabTo(page, library.list.grid);
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(library.list.grid.getByRole('row', { selected: true })).toHaveCount(2);
  await page.keyboard.press('Shift+F10');
  const entry = page.getByRole('menuitem', { name: 'Add to playlist' });
  await expect(entry).toBeVisible();
  for (let step = 0; step < 12; step += 1) {
    if (await entry.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('ArrowRight');
  const list = page.getByRole('menuitem', { name: 'Alike', exact: true });
  await expect(list).toBeVisible();
  for (let step = 0; step < 12; step += 1) {
    if (await list.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await expect(library.node('Playlists', 'Alike 2')).toBeVisible();
});

test('a playlist is put into another order, and back', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  await studio.ask('playlists.create', { name: 'Sequence', trackIds: [1, 2, 3] });
  await expect(library.node('Playlists', 'Sequence 3')).toBeVisible();
  await new Palette(page).run('sequence', /^Sequence/);
  await expect(library.list.grid).toHaveAccessibleName('Tracks: Sequence');
  await library.list.waitForRows(3);
  const titles = () => library.list.column('Title');
  const [a = '', b = '', c = ''] = await titles();
  await tabTo(page, library.list.grid);
  await page.keyboard.press('End');
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(titles).toEqual([a, c, b]);
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(titles).toEqual([c, a, b]);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect.poll(titles).toEqual([a, b, c]);
  await page.keyboard.press('Control+y');
  await expect.poll(titles).toEqual([a, c, b]);
});
