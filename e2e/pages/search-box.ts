/** The search: its field, what it offers, its terms as chips, and what is wrong with it. */
import type { Locator, Page } from '@playwright/test';

export class SearchBox {
  readonly field: Locator;
  readonly offers: Locator;
  readonly terms: Locator;
  /** The wrong part, marked in the words about the mistake. */
  readonly mistake: Locator;
  readonly saveAsSmart: Locator;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.field = page.getByRole('combobox', { name: 'Search', exact: true });
    this.offers = page.getByRole('listbox', { name: 'Suggestions' });
    this.terms = page.getByRole('list', { name: 'Terms of the search' });
    this.mistake = page.getByRole('search').locator('mark');
    this.saveAsSmart = page.getByRole('button', { name: 'Save as smart playlist' });
  }

  /** Letter by letter, as a hand does. */
  async type(words: string): Promise<void> {
    await this.field.click();
    await this.field.fill('');
    await this.field.pressSequentially(words);
  }

  term(name: string): Locator {
    return this.terms.getByRole('button', { name, exact: true });
  }
}
