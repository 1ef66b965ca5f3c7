/** The library screen: columns, order, selection, menus, ratings, the columns of genres, artists and albums. */
import { expect, test } from '../fixtures/analysed.ts';
import type { Desktop } from '../fixtures/desktop.ts';
import { LibraryPage } from '../pages/library-page.ts';

/** So wide that no column of the library is left out for want of room. */
const wide = [1640, 860] as const;
const usual = [1360, 860] as const;
const setSize = ({ app }: Pick<Desktop, 'app'>, size: readonly [number, number]): Promise<void> =>
  app.evaluate(({ BrowserWindow }, [width, height]) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
  }, size);

test.beforeEach(async ({ studio }) => {
  await setSize(studio, wide);
  await new LibraryPage(studio.page).startOver();
});
test.afterEach(({ studio }) => setSize(studio, usual));

test('sorted by a column, then by a second one with Shift', async ({ studio, demo }) => {
  const { list } = new LibraryPage(studio.page);
  await list.header('Album').getByRole('button').click();
  await expect(list.header('Album')).toHaveAttribute('aria-sort', 'ascending');
  const albums = demo.tracks.map(({ album }) => album).toSorted((a, b) => a.localeCompare(b));
  await expect.poll(() => list.column('Album')).toEqual(albums.slice(0, (await list.column('Album')).length));

  await list
    .header('Title')
    .getByRole('button')
    .click({ modifiers: ['Shift'] });
  const ofAlbum = async (album: string): Promise<readonly string[]> => {
    const [titles, shown] = [await list.column('Title'), await list.column('Album')];
    return titles.filter((_, index) => shown[index] === album);
  };
  await expect.poll(() => ofAlbum('Night Shifts')).toEqual(['Corner of Light', 'Slow Elevator']);
  await list
    .header('Title')
    .getByRole('button')
    .click({ modifiers: ['Shift'] });
  await expect.poll(() => ofAlbum('Night Shifts')).toEqual(['Slow Elevator', 'Corner of Light']);
  // Still by album first.
  expect(await list.column('Album')).toEqual(albums.slice(0, (await list.column('Album')).length));
});

test('columns are chosen in the menu of the header, moved by the keyboard, and set back', async ({
  studio,
}) => {
  const { page } = studio;
  const { list } = new LibraryPage(page);
  const before = await list.columns();
  expect(before).not.toContain('Format');
  await list.header('Title').click({ button: 'right' });
  await page.getByRole('menuitemcheckbox', { name: 'Format', exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(list.header('Format')).toBeVisible();
  await expect.poll(() => list.column('Format')).toContain('FLAC');

  await list.header('Artist').getByRole('button').focus();
  await page.keyboard.press('Alt+ArrowRight');
  const moved = await list.columns();
  const neighbour = before[before.indexOf('Artist') + 1] ?? '';
  expect(moved.indexOf('Artist')).toBe(moved.indexOf(neighbour) + 1);

  await list.header('Title').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Columns as at first' }).click();
  await expect.poll(() => list.columns()).toEqual(before);
});

test('several rows are selected by mouse and by keyboard, and rated together', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const { list, rows } = library;
  const selected = list.grid.getByRole('row', { selected: true });
  await rows.nth(0).click();
  await rows.nth(3).click({ modifiers: ['Shift'] });
  await expect(selected).toHaveCount(4);
  await rows.nth(1).click({ modifiers: ['Control'] });
  await expect(selected).toHaveCount(3);
  await expect(page.getByText('3 selected')).toBeVisible();
  await page.keyboard.press('4');
  await expect(selected.filter({ hasText: '4 stars' })).toHaveCount(3);
  await page.keyboard.press('0');
  await expect(selected.filter({ hasText: 'Not rated' })).toHaveCount(3);

  await page.keyboard.press('Control+a');
  await expect(page.getByText(`${await list.count()} selected`)).toBeVisible();
});

test('a row is rated by its menu and by its stars', async ({ studio }) => {
  const library = new LibraryPage(studio.page);
  const row = library.row('Varanda');
  await library.list.chooseFromMenuOf(row, 'Rate', '5 stars');
  await expect(row).toContainText('5 stars');
  await row.getByText('★').nth(1).click();
  await expect(row).toContainText('2 stars');
  await expect(library.details.getByRole('button', { name: 'Rate 2 stars' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await library.details.getByRole('button', { name: 'Rate 2 stars' }).click();
  await expect(row).toContainText('Not rated');
});

test('the columns of genres, artists and albums narrow the list and each other', async ({ studio, demo }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const button = page.getByRole('button', { name: 'Columns of genres, artists and albums' });
  await button.click();
  const column = (name: string) => page.getByRole('listbox', { name: new RegExp(`^${name}`) });
  await column('Artists')
    .getByRole('option', { name: /^Mira Vale/ })
    .click();
  await library.list.waitForRows(2);
  await expect(column('Albums').getByRole('option')).toHaveText([/All albums/, /Night Shifts/]);
  await column('Artists').getByRole('option', { name: 'All artists' }).click();
  await library.list.waitForRows(demo.tracks.length);
  await column('Albums')
    .getByRole('option', { name: /^Island Time/ })
    .click();
  await library.list.waitForRows(2);
  await button.click();
  await library.list.waitForRows(demo.tracks.length);
});

test('a track is found in the list by typing', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  await library.rows.first().click();
  await page.keyboard.press("'");
  await page.getByLabel('Find in this list').and(page.locator('input')).fill('ferry');
  await expect(library.list.grid.getByRole('row', { selected: true })).toContainText(
    'The Ferryman’s Daughter',
  );
  await page.keyboard.press('Escape');
  await expect(library.list.grid).toBeFocused();
});

test('the entry of the tree, the way back and the way forward', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  await library.node('Library', /^Missing/).click();
  await expect(page.getByRole('heading', { name: 'Nothing is missing' })).toBeVisible();
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await expect(library.list.grid).toHaveAccessibleName('Tracks: All tracks');
  await page.keyboard.press('Alt+ArrowRight');
  await expect(page.getByRole('heading', { name: 'Nothing is missing' })).toBeVisible();
});
