/** The window as a user sees it: by role and name, the same in the desktop app and in the local web app. */
import { expect, type Locator, type Page } from '@playwright/test';

export class LibraryPage {
  readonly page: Page;
  readonly activity: Locator;
  readonly player: Locator;
  readonly details: Locator;

  constructor(page: Page) {
    this.page = page;
    this.activity = page.getByRole('contentinfo', { name: 'Activity' });
    this.player = page.getByRole('region', { name: 'Player' });
    this.details = page.getByRole('complementary', { name: 'Details' });
  }

  /** The list in the middle. */
  get list(): Locator {
    return this.page.getByRole('grid');
  }

  /** Rows of the list that are on screen, without the header. */
  get rows(): Locator {
    return this.list.getByRole('row').filter({ has: this.page.getByRole('gridcell') });
  }

  /** How many rows the list has, on screen or not. */
  async rowCount(): Promise<number> {
    return Number(await this.list.getAttribute('aria-rowcount')) - 1;
  }

  row(title: string): Locator {
    return this.rows.filter({ has: this.page.getByText(title, { exact: true }) });
  }

  /** An entry of one of the trees on the left. */
  node(tree: 'Library' | 'Genres' | 'Playlists' | 'Folders', name: string | RegExp): Locator {
    return this.page.getByRole('tree', { name: tree }).getByRole('treeitem', { name });
  }

  async addFolderFromEmptyState(): Promise<void> {
    await this.page.getByRole('main').getByRole('button', { name: 'Add folder' }).click();
  }

  /** Waits, in the list of all tracks, until every one has been analysed or has failed. */
  async waitUntilAnalysed(): Promise<void> {
    await expect(async () => {
      await expect(this.activity.getByText('Up to date').last()).toBeVisible({ timeout: 1_000 });
      await expect(this.list.getByText('Waiting')).toHaveCount(0, { timeout: 1_000 });
    }).toPass({ timeout: 150_000 });
  }

  async search(words: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Search' }).fill(words);
  }

  /** Chooses from the menu of an entry on the left. */
  async chooseFromMenuOf(node: Locator, name: string, item: string): Promise<void> {
    await node.hover();
    await node.getByRole('button', { name: `Actions for ${name}` }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  dialog(name: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name });
  }
}
