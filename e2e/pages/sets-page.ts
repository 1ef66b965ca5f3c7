/** The set builder. */
import { expect, type Locator, type Page } from '@playwright/test';

export class SetsPage {
  readonly wishes: Locator;
  readonly length: Locator;
  readonly rows: Locator;
  readonly build: Locator;
  readonly save: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.wishes = page.getByRole('form', { name: 'Set builder' });
    this.length = this.wishes.getByRole('spinbutton', { name: 'Length in tracks' });
    this.rows = page
      .getByRole('region', { name: 'The set' })
      .getByRole('row')
      .filter({
        has: page.getByRole('cell'),
      });
    this.build = this.wishes.getByRole('button', { name: /^Build/ });
    this.save = page.getByRole('button', { name: 'Save as playlist …' });
  }

  async open(): Promise<void> {
    await this.#page
      .getByRole('tree', { name: 'Library' })
      .getByRole('treeitem', { name: 'Set builder' })
      .click();
    await expect(this.wishes).toBeVisible();
  }

  energyAt(place: string): Locator {
    return this.wishes.getByRole('slider', { name: `Energy at ${place} of the set` });
  }

  /** The names of the rows, in order. */
  async names(): Promise<readonly string[]> {
    const locks = await this.rows.getByRole('button', { name: /^(Keep the place of|Let)/ }).all();
    const labels = await Promise.all(locks.map((lock) => lock.getAttribute('aria-label')));
    return labels.map((label) =>
      (label ?? '').replace(/^(Keep the place of|Let) /u, '').replace(/ change its place$/u, ''),
    );
  }
}
