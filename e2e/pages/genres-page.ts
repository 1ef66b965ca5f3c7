/** The genre screen, and the dialogue that corrects genres. */
import type { Locator, Page } from '@playwright/test';

export class GenresPage {
  readonly tree: Locator;
  readonly overview: Locator;
  readonly threshold: Locator;
  readonly ownThresholds: Locator;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    const main = page.getByRole('main');
    this.tree = main.getByRole('tree', { name: 'Genre tree' });
    this.overview = main.getByRole('region', { name: 'Genres of the library' });
    this.threshold = main.getByRole('slider', { name: 'Confidence from' });
    this.ownThresholds = main.getByRole('button', { name: 'Back to each genre’s own threshold' });
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Genres in detail' }).click();
    // In a narrow window a list to choose from stands in the place of the tree.
    await this.overview.waitFor();
  }

  node(name: string): Locator {
    return this.tree.getByRole('treeitem', { name: new RegExp(`^${name} [\\d,]+$`) });
  }

  /** The number beside a genre; 0 where it is not listed. */
  async countOf(name: string): Promise<number> {
    const [words] = await this.node(name).allInnerTexts();
    return Number(/(\d+)\s*$/.exec(words ?? '')?.[1] ?? 0);
  }

  /** What is said of the genre that is chosen. */
  facts(name: string): Locator {
    return this.page.getByRole('main').getByRole('region', { name, exact: true });
  }

  companions(name: string): Locator {
    return this.page.getByRole('list', { name: `What else tracks of ${name} are` }).getByRole('button');
  }
}

export class CorrectGenreDialog {
  readonly dialog: Locator;
  readonly field: Locator;

  constructor(page: Page) {
    this.dialog = page.getByRole('dialog', { name: /^Correct the genre of/ });
    this.field = this.dialog.getByRole('combobox', { name: 'Genre' });
  }

  option(name: string): Locator {
    return this.dialog.getByRole('option', { name: new RegExp(`^${name}`) });
  }
}
