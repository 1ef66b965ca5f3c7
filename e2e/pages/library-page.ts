/** The window as a user sees it: by role and name, the same in the desktop app and in the local web app. */
import { expect, type Locator, type Page } from '@playwright/test';
import { TrackList } from './track-list.ts';

export class LibraryPage {
  readonly page: Page;
  readonly activity: Locator;
  readonly player: Locator;
  readonly details: Locator;
  /** The list in the middle. */
  readonly list: TrackList;

  constructor(page: Page) {
    this.page = page;
    this.activity = page.getByRole('contentinfo', { name: 'Activity' });
    this.player = page.getByRole('region', { name: 'Player' });
    this.details = page.getByRole('complementary', { name: 'Details' });
    this.list = new TrackList(page);
  }

  /** Rows of the list that are on screen, without the header. */
  get rows(): Locator {
    return this.list.rows;
  }

  /** How many rows the list has, on screen or not. */
  rowCount(): Promise<number> {
    return this.list.count();
  }

  row(title: string): Locator {
    return this.list.row(title);
  }

  /** An entry of one of the trees on the left. */
  node(tree: 'Library' | 'Genres' | 'Playlists' | 'Folders', name: string | RegExp): Locator {
    return this.page.getByRole('tree', { name: tree }).getByRole('treeitem', { name });
  }

  /** All tracks, in no search, nothing open: where a test of a shared window starts. */
  async startOver(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.node('Library', /^All tracks/).click();
    await this.search('');
    await this.page.keyboard.press('Escape');
    await expect(this.list.grid).toHaveAccessibleName('Tracks: All tracks');
    await expect(this.rows.first()).toBeVisible();
  }

  /** What a notice in the corner says. */
  notice(words: string | RegExp): Locator {
    return this.page.getByRole('status').filter({ hasText: words });
  }

  async addFolderFromEmptyState(): Promise<void> {
    await this.page.getByRole('main').getByRole('button', { name: 'Add folder' }).click();
  }

  /** Waits, in the list of all tracks, until every one has been analysed or has failed. */
  async waitUntilAnalysed(): Promise<void> {
    await expect(async () => {
      await expect(this.activity.getByText('Up to date').last()).toBeVisible({ timeout: 1_000 });
      await expect(this.list.grid.getByText('Waiting')).toHaveCount(0, { timeout: 1_000 });
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
