/** What a DJ does: tempo and key in lists and on the track's screen, sets, what next, export and import. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Playlist, TrackDetail } from '#shared/domain.ts';
import { expect, test } from '../fixtures/analysed.ts';
import { LibraryPage } from '../pages/library-page.ts';
import { Player } from '../pages/player.ts';
import { Palette, SettingsPage } from '../pages/screens.ts';
import { SetsPage } from '../pages/sets-page.ts';
import { TrackPage } from '../pages/track-page.ts';

test.beforeEach(async ({ studio }) => {
  await new LibraryPage(studio.page).startOver();
});

test('a set is built by keyboard, a locked row keeps its place, and it becomes a playlist', async ({
  studio,
}) => {
  const { page } = studio;
  const [library, sets] = [new LibraryPage(page), new SetsPage(page)];
  await sets.open();
  await sets.length.fill('6');
  await sets.energyAt('0%').focus();
  await page.keyboard.press('End');
  await expect(sets.energyAt('0%')).toHaveAttribute('aria-valuenow', '10');
  await page.keyboard.press('ArrowRight');
  await expect(sets.energyAt('13%')).toBeFocused();
  await sets.build.click();
  await expect(sets.rows).toHaveCount(6);

  const before = await sets.names();
  const third = before[2] ?? '';
  await sets.rows.nth(2).getByRole('button', { name: 'Keep the place of' }).click();
  await page.getByRole('button', { name: 'Another one' }).click();
  await expect(sets.rows.nth(2).getByRole('button', { name: `Let ${third} change its place` })).toBeVisible();

  const out = (await sets.names())[0] ?? '';
  await sets.rows.nth(0).getByRole('button', { name: 'Leave out' }).click();
  await expect(sets.wishes.getByRole('list', { name: 'Left out' })).toContainText(out);
  await expect.poll(() => sets.names()).not.toContain(out);
  const names = await sets.names();

  await sets.save.click();
  await library
    .dialog(/^New playlist of/)
    .getByRole('textbox', { name: 'Name' })
    .fill('Built');
  await page.keyboard.press('Enter');
  await library.node('Playlists', 'Built 6').click();
  await library.list.waitForRows(6);
  const titles = await library.list.column('Title');
  expect(names.every((name, index) => name.endsWith(titles[index] ?? '?'))).toBe(true);
  await expect(library.list.header('From the row before')).toBeVisible();
  await expect(library.rows.nth(1).getByText(/^\d+%/).first()).toBeVisible();
});

test('a wish that cannot be met is told', async ({ studio }) => {
  const { page } = studio;
  const sets = new SetsPage(page);
  await sets.open();
  await sets.length.fill('400');
  await sets.build.click();
  await expect(page.getByRole('alert').filter({ hasText: 'What could not be met' })).toBeVisible();
  await page.getByRole('button', { name: 'As at first' }).click();
  await expect(sets.length).toHaveValue('20');
});

test('what goes on well is queued by one key and Enter', async ({ studio }) => {
  const { page } = studio;
  const [library, player] = [new LibraryPage(page), new Player(page)];
  await library.rows.first().dblclick();
  await expect(player.pause).toBeVisible();
  await player.pause.click();
  await library.rows.first().click();
  await page.keyboard.press('x');
  const offers = page.getByRole('list', { name: 'What next?' }).getByRole('button');
  await expect(offers.first()).toBeVisible();
  expect(await offers.count()).toBeLessThanOrEqual(10);
  const name = ((await offers.first().getAttribute('aria-label')) ?? '').replace('Add to queue: ', '');
  await offers.first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Up next' }).click();
  await expect(page.getByRole('grid', { name: 'Tracks to be played' })).toContainText(
    name.split(' – ').at(-1) ?? '?',
  );
  await page.keyboard.press('Escape');
});

test('a tempo is halved, and that is undone; keys are written as the settings say', async ({ studio }) => {
  const { page } = studio;
  const [library, track] = [new LibraryPage(page), new TrackPage(page)];
  await library.row('Corner of Light').click();
  await page.keyboard.press('t');
  const tempo = track.article.getByRole('region', { name: 'Tempo and beats' });
  const shown = tempo.getByText(/^[\d.]+ BPM$/);
  const measured = (await shown.textContent()) ?? '';
  await tempo.getByRole('button', { name: '÷ 2' }).click();
  const half = `${(Number.parseFloat(measured) / 2).toFixed(2)} BPM`;
  await expect(shown).toHaveText(half);
  await expect(tempo.getByText('you said so')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(shown).toHaveText(measured);

  const keys = track.article.getByRole('region', { name: 'Key and energy' });
  await keys.getByRole('combobox', { name: 'Set the key' }).selectOption('8A');
  await expect(keys.getByText('8A', { exact: true }).first()).toBeVisible();
  await new SettingsPage(page).open();
  const notation = page.getByRole('combobox', { name: 'Key notation' });
  await notation.selectOption('Traditional (Am)');
  await library.startOver();
  await expect(library.row('Corner of Light').getByText('Am', { exact: true })).toBeVisible();
  await page.keyboard.press('Control+z');
  await new SettingsPage(page).open();
  await notation.selectOption('Camelot (8A)');
});

test('a playlist goes out to rekordbox and comes back', async ({ studio, scratch }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const made = await studio.ask<Playlist>('playlists.create', {
    name: 'There and back',
    trackIds: [3, 1, 2],
  });
  const node = library.node('Playlists', /^There and back 3/);
  await node.click();
  await library.list.waitForRows(3);
  const titles = await library.list.column('Title');

  const file = join(scratch, 'there.xml');
  await studio.chooseSaveFileNext(file);
  await page.keyboard.press('Control+e');
  const dialog = library.dialog('Export “There and back”');
  await dialog.getByRole('combobox', { name: 'Format' }).selectOption('rekordbox XML');
  await expect(dialog.getByText(/^Folders and lists, ratings/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Export …' }).click();
  await expect(library.notice(/3 tracks exported/)).toBeVisible();
  const detail = await studio.ask<TrackDetail>('tracks.get', { trackId: 3 });
  const written = await readFile(file, 'utf8');
  if (detail.bpm !== null) expect(written).toContain(`AverageBpm="${detail.bpm.toFixed(2)}"`);

  await studio.ask('playlists.delete', { playlistId: made.id });
  await expect(node).toHaveCount(0);
  await studio.chooseFoldersNext([file]);
  await new Palette(page).run('import from', /^Import from another program/);
  const importing = library.dialog('Import from another program');
  await importing.getByRole('button', { name: 'Choose file …' }).click();
  await expect(importing.getByText('All 3 tracks of the file are in your library.')).toBeVisible();
  await importing.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(importing).toBeHidden();
  await node.click();
  await library.list.waitForRows(3);
  expect(await library.list.column('Title')).toEqual(titles);
  await page.keyboard.press('Control+z');
  await expect(node).toHaveCount(0);
});
