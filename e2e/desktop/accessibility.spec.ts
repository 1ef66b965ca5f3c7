/** WCAG 2.2 AA by axe, in both themes, of what a user sees most. */
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/desktop.ts';
import { LibraryPage } from '../pages/library-page.ts';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** One line for each violation: the rule and the elements. */
async function violations(page: Page): Promise<readonly string[]> {
  // Legacy mode: the app's window cannot open the second page that axe would otherwise work in.
  const found = await new AxeBuilder({ page }).setLegacyMode(true).withTags(rules).analyze();
  return found.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary})`).join('; ')}`,
  );
}

test('the empty state, the list with details, and dialogues', async ({ launch, demo, scratch }) => {
  const desktop = await launch({ dataDir: join(scratch, 'data') });
  const { page } = desktop;
  const library = new LibraryPage(page);
  await expect(page.getByRole('heading', { name: 'Your music goes here' })).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await desktop.chooseFoldersNext([demo.folder]);
  await library.addFolderFromEmptyState();
  await expect.poll(() => library.rowCount()).toBe(demo.tracks.length);
  await library.waitUntilAnalysed();
  await library.rows.first().click();
  await expect(library.details.getByRole('list', { name: 'Similar tracks' })).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Theme: dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.screenshot({ path: test.info().outputPath('light.png') });
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await expect(library.dialog('Keyboard shortcuts')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('shortcuts.png') });
  expect(await violations(page)).toEqual([]);
});
