/** Every screen, as the pictures show it: how one gets there. Each starts from the list of all tracks. */
import type { Locator, Page } from '@playwright/test';
import { Palette } from '../pages/screens.ts';

export interface Shot {
  /** Of the file, behind the theme. */
  readonly name: string;
  /** Also at 900 × 600. */
  readonly small?: true;
  open(page: Page): Promise<void>;
}

const main = (page: Page): Locator => page.getByRole('main');
const row = (page: Page, title: string): Locator =>
  main(page)
    .getByRole('grid')
    .getByRole('row')
    .filter({ has: page.getByText(title, { exact: true }) });
const node = (page: Page, tree: string, name: string): Locator =>
  page.getByRole('tree', { name: tree, exact: true }).getByRole('treeitem', { name: new RegExp(`^${name}`) });
const search = (page: Page): Locator => page.getByRole('combobox', { name: 'Search' });
const command = (page: Page, typed: string, match: string): Promise<void> =>
  new Palette(page).run(typed, match);

async function chooseRow(page: Page, title: string): Promise<void> {
  await row(page, title).click();
  await page.getByRole('complementary', { name: 'Details' }).getByRole('heading', { name: title }).waitFor();
}

async function openList(page: Page, name: string): Promise<void> {
  if (!(await node(page, 'Playlists', name).isVisible())) {
    await node(page, 'Playlists', 'Gigs').click();
    await page.keyboard.press('ArrowRight');
  }
  await node(page, 'Playlists', name).click();
  await main(page).getByRole('heading', { level: 1, name }).waitFor();
}

/** With something in the player, stopped at a place that is the same in every picture. */
export async function playAndStop(page: Page, title: string): Promise<void> {
  await row(page, title).dblclick();
  const player = page.getByRole('region', { name: 'Player' });
  await player.getByRole('button', { name: 'Pause', exact: true }).click();
  const box = await player.getByRole('slider', { name: 'Position' }).boundingBox();
  if (box !== null) await page.mouse.click(box.x + box.width * 0.38, box.y + box.height / 2);
}

export const shots: readonly Shot[] = [
  {
    name: 'library',
    small: true,
    open: (page) => chooseRow(page, 'Corner of Light'),
  },
  {
    name: 'columns',
    async open(page) {
      await main(page).getByRole('button', { name: 'Columns of genres, artists and albums' }).click();
      await main(page).getByRole('listbox', { name: 'Artists' }).getByRole('option').nth(2).waitFor();
    },
  },
  {
    name: 'search-suggestions',
    async open(page) {
      await search(page).focus();
      await page.keyboard.type('genre:e');
      await page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option').first().waitFor();
    },
  },
  {
    name: 'search',
    small: true,
    async open(page) {
      await search(page).fill('year:1960..2000 -genre:rock rating:>=2');
      await page.keyboard.press('Enter');
      await main(page).getByRole('grid').getByRole('row').nth(1).waitFor();
    },
  },
  {
    name: 'search-mistake',
    async open(page) {
      await search(page).fill('genre:house year:19x0');
      await page.getByText('is no value for').waitFor();
    },
  },
  {
    name: 'genres',
    small: true,
    async open(page) {
      await page.getByRole('button', { name: 'Genres in detail' }).click();
      await main(page).getByRole('region', { name: 'Genres of the library' }).waitFor();
    },
  },
  {
    name: 'genre',
    small: true,
    async open(page) {
      await page.getByRole('button', { name: 'Genres in detail' }).click();
      await main(page).getByRole('tree', { name: 'Genre tree' }).getByRole('treeitem').nth(1).click();
      await main(page).getByRole('grid').getByRole('row').nth(1).click();
    },
  },
  {
    name: 'correct-genre',
    async open(page) {
      await chooseRow(page, 'Mirrors Up');
      await page.keyboard.press('g');
      await page.getByRole('dialog', { name: /^Correct the genre/ }).waitFor();
    },
  },
  {
    name: 'track',
    small: true,
    async open(page) {
      await chooseRow(page, 'Corner of Light');
      await page.getByRole('button', { name: 'Everything about this track' }).click();
      const article = page.getByRole('article', { name: 'Track' });
      await article.getByText('Which sounds speak for it').waitFor({ timeout: 120_000 });
    },
  },
  {
    name: 'track-evidence',
    async open(page) {
      await chooseRow(page, 'Corner of Light');
      await page.getByRole('button', { name: 'Everything about this track' }).click();
      const article = page.getByRole('article', { name: 'Track' });
      await article.getByText('Nearest tracks of this genre').waitFor({ timeout: 120_000 });
      await article.getByRole('region', { name: /^Why/ }).evaluate((element) => element.scrollIntoView());
    },
  },
  {
    name: 'similar',
    small: true,
    async open(page) {
      await chooseRow(page, 'Slow Elevator');
      await page.keyboard.press('s');
      await main(page).getByRole('heading', { level: 1, name: 'Similar to Slow Elevator' }).waitFor();
      await main(page).getByRole('grid').getByRole('row').nth(1).click();
    },
  },
  { name: 'playlist', small: true, open: (page) => openList(page, 'Friday at the harbour') },
  { name: 'folder-of-lists', open: (page) => openList(page, 'Gigs') },
  { name: 'crate', open: (page) => openList(page, 'Openers') },
  { name: 'smart-playlist', open: (page) => openList(page, 'Favourites before 2000') },
  {
    name: 'smart-rules',
    small: true,
    async open(page) {
      await openList(page, 'Favourites before 2000');
      await command(page, 'edit the rules', 'Edit the rules of this playlist');
      await page.getByRole('dialog', { name: /^Rules of/ }).waitFor();
    },
  },
  {
    name: 'export',
    async open(page) {
      await openList(page, 'Friday at the harbour');
      await page.keyboard.press('Control+e');
      await page.getByRole('dialog', { name: /^Export/ }).waitFor();
    },
  },
  {
    name: 'queue',
    small: true,
    async open(page) {
      await page
        .getByRole('region', { name: 'Player' })
        .getByRole('button', { name: 'Queue', exact: true })
        .click();
      await page.getByRole('complementary', { name: 'Queue' }).waitFor();
    },
  },
  {
    name: 'what-next',
    async open(page) {
      await page.keyboard.press('x');
      await page.getByRole('list', { name: 'What next?' }).getByRole('button').first().waitFor();
    },
  },
  {
    name: 'set-builder',
    small: true,
    async open(page) {
      await node(page, 'Library', 'Set builder').click();
      await main(page).getByRole('spinbutton', { name: 'Length in tracks' }).fill('12');
      await main(page)
        .getByRole('button', { name: /^Build/ })
        .click();
      await main(page).getByRole('region', { name: 'The set' }).waitFor();
    },
  },
  {
    name: 'track-tempo',
    async open(page) {
      await chooseRow(page, 'Corner of Light');
      await page.keyboard.press('t');
      const tempo = page.getByRole('region', { name: 'Tempo and beats' });
      await tempo.getByRole('slider').waitFor();
      await page.getByRole('region', { name: 'Key and energy' }).waitFor();
    },
  },
  {
    name: 'dj-settings',
    async open(page) {
      await command(page, 'settings', 'Settings');
      await main(page)
        .getByRole('region', { name: 'DJ', exact: true })
        .evaluate((element) => element.scrollIntoView());
    },
  },
  {
    name: 'row-menu',
    async open(page) {
      await row(page, 'Hold That Step').click({ button: 'right' });
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'tag-review',
    small: true,
    async open(page) {
      await command(page, 'propose tags for the whole', 'Propose tags for the whole library');
      await command(page, 'tag review', 'Tag review');
      await main(page)
        .getByRole('grid', { name: /^Proposals/ })
        .waitFor();
      await main(page).getByText('stay byte for byte').waitFor();
    },
  },
  {
    name: 'tag-accept-above',
    async open(page) {
      await command(page, 'tag review', 'Tag review');
      await main(page).getByRole('button', { name: 'Accept above …' }).click();
      await page.getByRole('list', { name: 'A sample of them' }).waitFor();
    },
  },
  {
    name: 'tag-edit',
    async open(page) {
      await command(page, 'tag review', 'Tag review');
      await main(page)
        .getByRole('grid', { name: /^Proposals/ })
        .focus();
      await page.keyboard.press('e');
      await page.getByRole('dialog', { name: /^Edit/ }).waitFor();
    },
  },
  {
    name: 'tag-settings',
    async open(page) {
      await command(page, 'settings', 'Settings');
      await main(page)
        .getByRole('region', { name: 'Tags', exact: true })
        .evaluate((element) => element.scrollIntoView());
    },
  },
  { name: 'incoming', open: (page) => node(page, 'Library', 'Incoming').click() },
  { name: 'missing', open: (page) => node(page, 'Library', 'Missing').click() },
  { name: 'errors', open: (page) => node(page, 'Library', 'Errors').click() },
  { name: 'offline', open: (page) => node(page, 'Library', 'Offline').click() },
  { name: 'activity', small: true, open: (page) => command(page, 'activity', 'Activity') },
  { name: 'settings', small: true, open: (page) => command(page, 'settings', 'Settings') },
  {
    name: 'palette',
    async open(page) {
      await new Palette(page).open();
      await page.keyboard.type('pl');
    },
  },
  {
    name: 'shortcuts',
    small: true,
    async open(page) {
      await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'about', open: (page) => command(page, 'about', 'About Cratewise') },
];
