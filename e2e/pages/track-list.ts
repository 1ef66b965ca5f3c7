/** A list of tracks in the middle: its columns, its rows, what is selected. */
import { expect, type Locator, type Page } from '@playwright/test';

export class TrackList {
  readonly page: Page;
  readonly grid: Locator;
  /** Those on screen, without the header. */
  readonly rows: Locator;

  constructor(page: Page) {
    this.page = page;
    // The queue is a grid too.
    this.grid = page.getByRole('grid', { name: /^Tracks: / });
    this.rows = this.grid.getByRole('row').filter({ has: page.getByRole('gridcell') });
  }

  /** How many there are, on screen or not. */
  async count(): Promise<number> {
    const rows = await this.grid.getAttribute('aria-rowcount', { timeout: 2_000 }).catch(() => null);
    return rows === null ? 0 : Number(rows) - 1;
  }

  row(title: string): Locator {
    return this.rows.filter({ has: this.page.getByText(title, { exact: true }) });
  }

  header(name: string): Locator {
    return this.grid.getByRole('columnheader', { name, exact: true });
  }

  /** The names of the columns, from left to right. */
  async columns(): Promise<readonly string[]> {
    const names = await this.grid.getByRole('columnheader').allInnerTexts();
    return names.map((name) => name.split('\n')[0] ?? '');
  }

  /** What stands in a column, from the first row on screen to the last. */
  async column(name: string): Promise<readonly string[]> {
    const at = (await this.columns()).indexOf(name);
    const cells = await this.rows.evaluateAll(
      (rows, index) =>
        rows
          .map((row) => ({
            place: Number(row.ariaRowIndex),
            words: row.querySelectorAll<HTMLElement>('[role="gridcell"]')[index]?.innerText.trim() ?? '',
          }))
          .toSorted((a, b) => a.place - b.place),
      at,
    );
    return cells.map(({ words }) => words);
  }

  /** Opens the menu of a row and chooses an entry; of a menu inside it, when there are two names. */
  async chooseFromMenuOf(row: Locator, ...names: readonly [string, string?]): Promise<void> {
    await row.click({ button: 'right' });
    const [entry, inner] = names;
    await this.page.getByRole('menuitem', { name: entry, exact: true }).click();
    if (inner !== undefined) await this.page.getByRole('menuitem', { name: inner, exact: true }).click();
  }

  async waitForRows(count: number): Promise<void> {
    await expect.poll(() => this.count()).toBe(count);
  }
}
