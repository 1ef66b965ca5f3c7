/** Activity, settings, command palette, shortcut sheet: how one gets there and what one finds. */
import { expect, type Locator, type Page } from '@playwright/test';

export class ActivityPage {
  readonly region: Locator;
  readonly problems: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.region = page.getByRole('region', { name: 'Activity', exact: true });
    this.problems = this.region.getByRole('region', { name: 'Files with problems' });
  }

  async open(): Promise<void> {
    await this.#page
      .getByRole('navigation', { name: 'Library' })
      .getByRole('button', { name: 'Activity' })
      .click();
    await this.region.waitFor();
  }
}

export class SettingsPage {
  readonly region: Locator;
  readonly theme: Locator;
  readonly addFolder: Locator;
  readonly backUp: Locator;
  readonly restore: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.region = page.getByRole('region', { name: 'Settings', exact: true });
    this.theme = this.region.getByRole('combobox', { name: 'Theme' });
    this.addFolder = this.region.getByRole('button', { name: 'Add folder' });
    this.backUp = this.region.getByRole('button', { name: 'Back up …' });
    this.restore = this.region.getByRole('button', { name: 'Restore …' });
  }

  async open(): Promise<void> {
    await this.#page
      .getByRole('navigation', { name: 'Library' })
      .getByRole('button', { name: 'Settings' })
      .click();
    await this.region.waitFor();
  }
}

export class Palette {
  readonly dialog: Locator;
  readonly field: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.dialog = page.getByRole('dialog', { name: 'Commands' });
    this.field = this.dialog.getByRole('combobox');
  }

  option(name: string | RegExp): Locator {
    return this.dialog.getByRole('option', { name });
  }

  async open(): Promise<void> {
    await this.#page.keyboard.press('Control+k');
    await expect(this.field).toBeFocused();
  }

  /** Types, and takes the first match when it is the one that is meant. */
  async run(typed: string, match: string | RegExp): Promise<void> {
    await this.open();
    await this.#page.keyboard.type(typed);
    await this.option(match)
      .and(this.dialog.getByRole('option', { selected: true }))
      .waitFor();
    await this.#page.keyboard.press('Enter');
  }
}
