/** First run, activity, settings, command palette, shortcut sheet. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '../fixtures/analysed.ts';
import { LibraryPage } from '../pages/library-page.ts';
import { ActivityPage, Palette, SettingsPage } from '../pages/screens.ts';

test('somebody new comes from an empty window to the first genres', async ({ desktop, demo }) => {
  const { page } = desktop;
  const library = new LibraryPage(page);
  await expect(page.getByRole('heading', { name: 'Your music goes here' })).toBeVisible();
  const folder = dirname(demo.tracks[0]?.file ?? '');
  await desktop.chooseFoldersNext([folder]);
  await library.addFolderFromEmptyState();
  await library.list.waitForRows(demo.tracks.filter(({ file }) => dirname(file) === folder).length);
  await expect(page.getByRole('tree', { name: 'Genres' }).getByRole('treeitem').first()).toBeVisible({
    timeout: 90_000,
  });
});

test('activity lists a broken file with its reason, and tries it again', async ({ studio, scratch }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const activity = new ActivityPage(page);
  const settings = new SettingsPage(page);
  await library.startOver();
  const folder = join(scratch, 'broken');
  await mkdir(folder);
  await writeFile(join(folder, 'noise.mp3'), randomBytes(40_000));
  await settings.open();
  await studio.chooseFoldersNext([folder]);
  await settings.addFolder.click();

  await activity.open();
  const reason = activity.problems.getByRole('button', { expanded: false }).filter({ hasText: '1 file' });
  await expect(reason).toBeVisible({ timeout: 60_000 });
  await reason.click();
  const file = activity.problems.getByRole('listitem').filter({ hasText: 'noise.mp3' });
  await expect(file).toContainText('1 attempt');
  await file.getByRole('button', { name: 'Try again' }).click();
  await expect(library.notice('1 track will be tried again.')).toBeVisible();
  await expect(file).toContainText('2 attempts', { timeout: 60_000 });
  await activity.problems.getByRole('button', { name: 'Show in list' }).click();
  await library.list.waitForRows(1);
  await expect(library.row('noise.mp3')).toBeVisible();
});

test('the theme, in the settings and after a restart of the page', async ({ studio }) => {
  const { page } = studio;
  const settings = new SettingsPage(page);
  await settings.open();
  await settings.theme.selectOption('Light');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await settings.open();
  await settings.theme.selectOption('Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('a backup brings back what was deleted since', async ({ studio, scratch }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const settings = new SettingsPage(page);
  await studio.ask('playlists.create', { name: 'Precious', trackIds: [1, 2, 3] });
  const list = library.node('Playlists', /^Precious/);
  await expect(list).toBeVisible();
  await settings.open();
  const file = join(scratch, 'library backup.db');
  await studio.chooseSaveFileNext(file);
  await settings.backUp.click();
  await expect(settings.region.getByRole('status').filter({ hasText: 'Backed up to' })).toContainText(file);

  await library.chooseFromMenuOf(list, 'Precious', 'Delete');
  await library.dialog('Delete “Precious”?').getByRole('button', { name: 'Delete' }).click();
  await expect(list).toHaveCount(0);
  await settings.open();
  await studio.chooseFoldersNext([file]);
  await settings.restore.click();
  await library.dialog('Restore this backup?').getByRole('button', { name: 'Restore' }).click();
  await expect(settings.region.getByRole('status').filter({ hasText: 'Restored:' })).toBeVisible({
    timeout: 60_000,
  });
  await expect(list).toContainText('3');
});

test('the palette finds commands, genres and lists; the sheet names the keys', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const palette = new Palette(page);
  await library.startOver();
  await expect(library.node('Genres', /^Electronic/)).toBeVisible();
  await palette.run('electronic', /^Electronic/);
  await expect(library.list.grid).toHaveAccessibleName('Tracks: Electronic');
  await palette.run('all tracks', /^All tracks/);
  await expect(library.list.grid).toHaveAccessibleName('Tracks: All tracks');
  await palette.open();
  await page.keyboard.type('xyzzy');
  await palette.option('Search all tracks for “xyzzy”').click();
  await expect(page.getByRole('heading', { name: 'No track matches' })).toBeVisible();

  await library.startOver();
  await library.rows.first().click();
  await page.keyboard.press('?');
  const sheet = library.dialog('Keyboard shortcuts');
  for (const words of ['Show similar tracks', 'Correct the genre', 'Play or pause', 'Undo'])
    await expect(sheet.getByRole('definition').filter({ hasText: words }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
});
