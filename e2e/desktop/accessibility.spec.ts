/** WCAG 2.2 AA by axe on every screen, in both themes. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/analysed.ts';
import { CorrectGenreDialog, GenresPage } from '../pages/genres-page.ts';
import { LibraryPage } from '../pages/library-page.ts';
import { Player } from '../pages/player.ts';
import { RulesDialog } from '../pages/rules-dialog.ts';
import { ActivityPage, Palette, SettingsPage } from '../pages/screens.ts';
import { SearchBox } from '../pages/search-box.ts';
import { SetsPage } from '../pages/sets-page.ts';
import { SimilarPage } from '../pages/similar-page.ts';
import { TrackPage } from '../pages/track-page.ts';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One line for each violation: the rule and the elements. */
async function violations(page: Page): Promise<readonly string[]> {
  // Legacy mode: the app's window cannot open the second page that axe would otherwise work in.
  const found = await new AxeBuilder({ page }).setLegacyMode(true).withTags(rules).analyze();
  return found.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary})`).join('; ')}`,
  );
}

/** Every screen and what opens over it, each from the library on. */
const screens: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async 'library with details and player'(page) {
    const [library, player] = [new LibraryPage(page), new Player(page)];
    await library.row('Corner of Light').dblclick();
    await expect(player.pause).toBeVisible();
    await player.pause.click();
    await expect(library.details.getByRole('list', { name: 'Similar tracks' })).toBeVisible();
  },
  async 'columns of genres, artists and albums'(page) {
    const button = page.getByRole('button', { name: 'Columns of genres, artists and albums' });
    if ((await button.getAttribute('aria-pressed')) === 'false') await button.click();
    await expect(
      page
        .getByRole('listbox', { name: /^Albums/ })
        .getByRole('option')
        .nth(1),
    ).toBeVisible();
  },
  async 'menu of a row'(page) {
    await new LibraryPage(page).rows.nth(2).click({ button: 'right' });
    await expect(page.getByRole('menuitem', { name: 'Add to queue' })).toBeVisible();
  },
  async 'long list of playlists in the menu of a row'(page) {
    // As wide and long as a menu gets: it scrolls, and every entry is reached by the keyboard.
    const make = (count: number): Promise<void> =>
      page.evaluate(async (many) => {
        for (let at = 0; at < many; at += 1)
          await window.cratewise.request(700_000 + at, 'playlists.create', { name: `Long menu ${at}` });
      }, count);
    const lists = page.getByRole('tree', { name: 'Playlists' }).getByRole('treeitem');
    if ((await lists.count()) < 40) await make(60);
    await expect(lists.nth(40)).toBeAttached();
    await new LibraryPage(page).rows.nth(2).click({ button: 'right' });
    const entry = page.getByRole('menuitem', { name: 'Add to playlist' });
    await expect(entry).toBeVisible();
    for (let step = 0; step < 12; step += 1) {
      if (await entry.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('menuitem', { name: 'New playlist …' })).toBeFocused();
    await expect(page.getByRole('menuitem', { name: 'Long menu 0', exact: true })).toBeVisible();
    await page.keyboard.press('End');
    const last = page.getByRole('menuitem', { name: 'Long menu 59', exact: true });
    await expect(last).toBeFocused();
    await expect(last).toBeInViewport();
  },
  async 'menu of the columns'(page) {
    await new LibraryPage(page).list.header('Title').click({ button: 'right' });
    await expect(page.getByRole('menuitemcheckbox').first()).toBeVisible();
  },
  async 'search with suggestions and chips'(page) {
    const search = new SearchBox(page);
    await search.type('artist:mira ge');
    await expect(search.offers).toBeVisible();
    await expect(search.terms).toBeVisible();
  },
  async 'search with a mistake'(page) {
    const search = new SearchBox(page);
    // What is being typed is no mistake yet.
    await search.type('year:19x9 love');
    await expect(search.mistake).toBeVisible();
  },
  async 'empty list'(page) {
    await new LibraryPage(page).node('Library', /^Offline/).click();
    await expect(page.getByRole('heading', { name: 'Every drive is there' })).toBeVisible();
  },
  async 'genres of the library'(page) {
    await new GenresPage(page).open();
    await expect(new GenresPage(page).overview).toBeVisible();
  },
  async 'one genre, and its correction'(page) {
    const [genres, library] = [new GenresPage(page), new LibraryPage(page)];
    await genres.open();
    await genres.node('Electronic').click();
    await expect(genres.companions('Electronic').first()).toBeVisible();
    await library.rows.first().click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('g');
    await expect(new CorrectGenreDialog(page).field).toBeVisible();
  },
  async 'track with evidence'(page) {
    const [library, track] = [new LibraryPage(page), new TrackPage(page)];
    await library.row('Pressure Room').click();
    await page.keyboard.press('t');
    await expect(track.article.getByText(/it counts from/)).toBeVisible({ timeout: 60_000 });
  },
  async 'similar tracks with weights'(page) {
    const [library, similar] = [new LibraryPage(page), new SimilarPage(page)];
    await library.row('Corner of Light').click();
    await page.keyboard.press('s');
    await expect(library.list.grid).toHaveAccessibleName(/Similar to/);
    await similar.openWeights();
    await expect(similar.weight('Sound')).toBeVisible();
    await library.rows.first().click();
  },
  async 'playlist, and its export'(page) {
    const library = new LibraryPage(page);
    await library.node('Playlists', /^A list/).click();
    await expect(library.rows.first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Control+e');
    await expect(library.dialog(/^Export/)).toBeVisible();
  },
  async 'rules of a smart playlist'(page) {
    const rulesDialog = new RulesDialog(page);
    await page.getByRole('button', { name: 'New list' }).click();
    await page.getByRole('menuitem', { name: 'New smart playlist' }).click();
    await rulesDialog.dialog.getByRole('button', { name: 'Add group' }).click();
    await expect(rulesDialog.count).toBeVisible();
  },
  async queue(page) {
    const player = new Player(page);
    await new LibraryPage(page).row('Varanda').dblclick();
    await expect(player.pause).toBeVisible();
    await player.pause.click();
    await player.queueButton.click();
    await expect(player.queueRows.first()).toBeVisible();
  },
  async 'what next'(page) {
    const player = new Player(page);
    await new LibraryPage(page).row('Varanda').dblclick();
    await expect(player.pause).toBeVisible();
    await player.pause.click();
    await page.keyboard.press('x');
    await expect(page.getByRole('list', { name: 'What next?' }).getByRole('button').first()).toBeVisible();
  },
  async 'set builder'(page) {
    const sets = new SetsPage(page);
    await sets.open();
    await sets.length.fill('5');
    await sets.build.click();
    await expect(sets.rows).toHaveCount(5);
  },
  async 'export of the library'(page) {
    await new Palette(page).run('export the whole', /^Export the whole library/);
    await expect(new LibraryPage(page).dialog('Export the whole library')).toBeVisible();
  },
  async import(page) {
    await new Palette(page).run('import from', /^Import from another program/);
    await expect(new LibraryPage(page).dialog('Import from another program')).toBeVisible();
  },
  async activity(page) {
    await new ActivityPage(page).open();
  },
  async settings(page) {
    await new SettingsPage(page).open();
  },
  async 'command palette'(page) {
    await new Palette(page).open();
    await expect(new Palette(page).dialog.getByRole('option').first()).toBeVisible();
  },
  async 'shortcut sheet'(page) {
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await expect(new LibraryPage(page).dialog('Keyboard shortcuts')).toBeVisible();
  },
  async about(page) {
    await new Palette(page).run('about', /^About Cratewise/);
    await expect(new LibraryPage(page).dialog('About Cratewise')).toBeVisible();
  },
};

for (const theme of ['Dark', 'Light'] as const)
  test.describe(`${theme.toLowerCase()} theme`, () => {
    for (const [name, open] of Object.entries(screens))
      test(name, async ({ studio }) => {
        const { page } = studio;
        const library = new LibraryPage(page);
        if ((await studio.ask<readonly unknown[]>('playlists.list')).length === 0)
          await studio.ask('playlists.create', { name: 'A list', trackIds: [1, 2, 3, 4] });
        await library.startOver();
        if ((await page.locator('html').getAttribute('data-theme')) !== theme.toLowerCase())
          await new Palette(page).run(`${theme} theme`, new RegExp(`^${theme} theme`));
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
        await open(page);
        expect(await violations(page)).toEqual([]);
        await page.keyboard.press('Escape');
        if (name === 'queue' || name === 'what next') await new Player(page).queueButton.click();
      });

    test('first run', async ({ desktop }) => {
      const { page } = desktop;
      await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
      if (theme === 'Light') await page.getByRole('button', { name: 'Theme: dark' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
      expect(await violations(page)).toEqual([]);
    });
  });
