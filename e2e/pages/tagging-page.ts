/** The tag review, the history of writes, and the dialogues between them. */
import { expect, type Locator, type Page } from '@playwright/test';

export class TaggingPage {
  readonly page: Page;
  /** The queue of proposals. */
  readonly queue: Locator;
  readonly detail: Locator;
  /** The files of the batch that is open. */
  readonly writes: Locator;
  readonly batches: Locator;
  readonly editor: Locator;
  readonly above: Locator;
  readonly writing: Locator;
  readonly undoing: Locator;

  constructor(page: Page) {
    this.page = page;
    this.queue = page.getByRole('grid', { name: /^Proposals: / });
    this.detail = page.getByRole('region', { name: 'The proposal in detail' });
    this.writes = page.getByRole('grid', { name: /^What was written: / });
    this.batches = page.getByRole('listbox', { name: 'Writes, newest first' }).getByRole('option');
    this.editor = page.getByRole('dialog', { name: /^Edit / });
    this.above = page.getByRole('dialog', { name: 'Accept everything above a confidence' });
    this.writing = page.getByRole('dialog', { name: /^Write tags into/ });
    this.undoing = page.getByRole('dialog', { name: /^(Undo what was written|Take the undo back)/ });
  }

  /** How many rows a list has, on screen or not. */
  async count(grid: Locator): Promise<number> {
    const rows = await grid.getAttribute('aria-rowcount', { timeout: 2_000 }).catch(() => null);
    return rows === null ? 0 : Number(rows) - 1;
  }

  row(grid: Locator, words: string | RegExp): Locator {
    return grid
      .getByRole('row')
      .filter({ has: this.page.getByRole('gridcell') })
      .filter({ hasText: words });
  }

  /** By its key, from any place of the window. */
  async openReview(): Promise<void> {
    await this.page.keyboard.press('w');
    await expect(this.page.getByRole('heading', { level: 1, name: 'Tag review' })).toBeVisible();
  }
  async openHistory(): Promise<void> {
    await this.page.keyboard.press('Shift+W');
    await expect(this.page.getByRole('heading', { level: 1, name: 'History of written tags' })).toBeVisible();
  }

  /** The row the keyboard is at. */
  focusedRow(grid: Locator): Promise<string> {
    return grid.evaluate((element) => {
      const id = element.getAttribute('aria-activedescendant');
      return (id === null ? null : document.getElementById(id))?.innerText ?? '';
    });
  }

  /** Goes there by the Tab key alone. */
  async reach(wanted: Locator): Promise<void> {
    for (let step = 0; step < 60; step += 1) {
      if (await wanted.evaluate((element) => element === document.activeElement)) break;
      await this.page.keyboard.press('Tab');
    }
    await expect(wanted).toBeFocused();
  }

  /** Confirms what a dialogue asks, by the keyboard. */
  async confirm(dialog: Locator, button: string | RegExp): Promise<void> {
    const wanted = dialog.getByRole('button', { name: button });
    await expect(wanted).toBeEnabled();
    await this.reach(wanted);
    await this.page.keyboard.press('Enter');
    await expect(dialog).toHaveCount(0);
  }
}
