/** Playlists, crates, folders, smart playlists: made, ordered, undone, exported. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from '../fixtures/analysed.ts';
import { LibraryPage } from '../pages/library-page.ts';
import { RulesDialog } from '../pages/rules-dialog.ts';

test.beforeEach(async ({ studio }) => {
  await new LibraryPage(studio.page).startOver();
});

/** A list of the first rows, by P. */
async function playlistOfFirstRows(
  library: LibraryPage,
  name: string,
  count: number,
): Promise<readonly string[]> {
  const { page } = library;
  await library.rows.nth(0).click();
  for (let row = 1; row < count; row += 1) await page.keyboard.press('Shift+ArrowDown');
  const titles = (await library.list.column('Title')).slice(0, count);
  await page.keyboard.press('p');
  await library
    .dialog(/^New playlist of/)
    .getByRole('textbox', { name: 'Name' })
    .fill(name);
  await page.keyboard.press('Enter');
  await library.node('Playlists', `${name} ${count}`).click();
  await library.list.waitForRows(count);
  expect(await library.list.column('Title')).toEqual(titles);
  return titles;
}

test('rows are moved by keys and by mouse, taken out, and all of it is undone', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const titles = () => library.list.column('Title');
  const [a = '', b = '', c = '', d = ''] = await playlistOfFirstRows(library, 'Order', 4);

  await library.row(a).click();
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(titles).toEqual([b, a, c, d]);
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(titles).toEqual([b, c, a, d]);

  await page.keyboard.press('Control+z');
  await expect.poll(titles).toEqual([b, a, c, d]);
  await page.keyboard.press('Control+z');
  await expect.poll(titles).toEqual([a, b, c, d]);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(titles).toEqual([b, a, c, d]);

  const [from, to] = [await library.row(d).boundingBox(), await library.row(b).boundingBox()];
  if (from === null || to === null) throw new Error('The rows are on screen.');
  await page.mouse.move(from.x + 60, from.y + 14);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y - 10, { steps: 4 });
  await page.mouse.move(to.x + 60, to.y + 3, { steps: 6 });
  await page.mouse.up();
  await expect.poll(titles).toEqual([d, b, a, c]);

  await library.row(b).click();
  await page.keyboard.press('Delete');
  await expect.poll(titles).toEqual([d, a, c]);
  await page.getByRole('button', { name: /^Undo:/ }).click();
  await expect.poll(titles).toEqual([d, b, a, c]);
  await page.getByRole('button', { name: /^Redo:/ }).click();
  await expect.poll(titles).toEqual([d, a, c]);
});

test('a crate holds a track once, a playlist as often as one likes', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const create = async (kind: 'playlist' | 'crate', name: string): Promise<void> => {
    await page.getByRole('button', { name: 'New list' }).click();
    await page.getByRole('menuitem', { name: `New ${kind}`, exact: true }).click();
    await library.dialog(`New ${kind}`).getByRole('textbox', { name: 'Name' }).fill(name);
    await page.keyboard.press('Enter');
    await expect(library.node('Playlists', `${name} 0`)).toBeVisible();
  };
  await create('crate', 'Box');
  await create('playlist', 'Twice');
  for (const [list, expected] of [
    ['Box', 1],
    ['Twice', 2],
  ] as const) {
    await library.node('Library', /^All tracks/).click();
    const row = library.row('Varanda');
    await library.list.chooseFromMenuOf(row, 'Add to playlist', list);
    await expect(library.node('Playlists', `${list} 1`)).toBeVisible();
    await library.list.chooseFromMenuOf(row, 'Add to playlist', list);
    if (list === 'Box') await expect(library.notice('Everything is in “Box” already.')).toBeVisible();
    await expect(library.node('Playlists', `${list} ${expected}`)).toBeVisible();
  }
});

test('a folder takes a list in; deleting it is undone', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  await studio.ask('playlists.create', { name: 'Guest' });
  await page.getByRole('button', { name: 'New list' }).click();
  await page.getByRole('menuitem', { name: 'New folder' }).click();
  await library.dialog('New folder').getByRole('textbox', { name: 'Name' }).fill('Summer');
  await page.keyboard.press('Enter');

  const guest = library.node('Playlists', /^Guest/);
  await library.chooseFromMenuOf(guest, 'Guest', 'Move to a folder …');
  const dialog = library.dialog('Move “Guest”');
  await dialog.getByRole('combobox', { name: 'Into the folder' }).selectOption({ label: 'Summer' });
  await dialog.getByRole('button', { name: 'Move' }).click();
  await expect(dialog).toBeHidden();
  const folder = library.node('Playlists', /^Summer/);
  await expect(folder).toHaveAttribute('aria-expanded', /true|false/);
  if ((await folder.getAttribute('aria-expanded')) === 'false') await folder.press('ArrowRight');
  await expect(guest).toHaveAttribute('aria-level', '2');

  await library.chooseFromMenuOf(folder, 'Summer', 'Delete');
  await library.dialog('Delete “Summer”?').getByRole('button', { name: 'Delete' }).click();
  await expect(guest).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(folder).toBeVisible();
  await expect(guest).toHaveAttribute('aria-level', '2');
});

test('a smart playlist: rules in groups, counted while they are written', async ({ studio, demo }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const rules = new RulesDialog(page);
  const fitting = (fits: (year: number) => boolean): number =>
    demo.tracks.filter(({ year }) => fits(year)).length;
  await page.getByRole('button', { name: 'New list' }).click();
  await page.getByRole('menuitem', { name: 'New smart playlist' }).click();
  await rules.name.fill('Old or new');
  await rules.setRule('1', 'Year', 'is at least', '2010');
  await expect(rules.count).toHaveText(new RegExp(`^${fitting((year) => year >= 2010)} tracks`));
  await rules.dialog
    .getByRole('combobox', { name: 'How many of the rules must hold' })
    .selectOption('Any of these');
  await rules.dialog.getByRole('button', { name: 'Add rule' }).click();
  await rules.setRule('2', 'Year', 'is less than', '1970');
  const both = fitting((year) => year >= 2010 || year < 1970);
  await expect(rules.count).toHaveText(new RegExp(`^${both} tracks`));

  await rules.dialog.getByRole('button', { name: 'Add group' }).click();
  await rules.group('3').getByRole('combobox', { name: 'How many' }).selectOption('All of these');
  await rules.setRule('3.1', 'Year', 'is', '1999');
  const all = fitting((year) => year >= 2010 || year < 1970 || year === 1999);
  await expect(rules.count).toHaveText(new RegExp(`^${all} tracks`));
  await rules.press('Create');
  await library.node('Playlists', `Old or new ${all}`).click();
  await library.list.waitForRows(all);

  await page.getByRole('main').getByRole('button', { name: 'Edit rules', exact: true }).click();
  await rules.rule('1').getByLabel('Value', { exact: true }).fill('2050');
  await rules.press('Save');
  await library.list.waitForRows(fitting((year) => year < 1970 || year === 1999));
});

test('export writes what the dialogue says', async ({ studio, demo, scratch }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const titles = await playlistOfFirstRows(library, 'Out', 3);
  const file = join(scratch, 'Out.m3u8');
  await page.keyboard.press('Control+e');
  const dialog = library.dialog('Export “Out”');
  await dialog.getByText('Relative to the playlist file').click();
  await studio.chooseSaveFileNext(file);
  await dialog.getByRole('button', { name: 'Export …' }).click();
  await expect(library.notice('3 tracks exported to')).toBeVisible();
  const paths = (await readFile(file, 'utf8'))
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'));
  const wanted = titles.map((title) => demo.tracks.find((track) => track.title === title)?.file ?? '');
  expect(paths.map((path) => basename(path))).toEqual(wanted.map((path) => basename(path)));
  expect(paths.every((path) => path.startsWith('..'))).toBe(true);
});

test('a folder that is not there is told in the dialogue, which stays', async ({ studio, scratch }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  await playlistOfFirstRows(library, 'Nowhere', 2);
  await page.keyboard.press('Control+e');
  await studio.chooseSaveFileNext(join(scratch, 'gone', 'Nowhere.m3u8'));
  const dialog = library.dialog('Export “Nowhere”');
  await dialog.getByRole('button', { name: 'Export …' }).click();
  await expect(dialog.getByRole('alert').or(page.getByRole('alert'))).toContainText('does not exist');
});
