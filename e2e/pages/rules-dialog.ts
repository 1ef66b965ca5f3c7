/** The rules of a smart playlist. */
import type { Locator, Page } from '@playwright/test';

export class RulesDialog {
  readonly dialog: Locator;
  readonly name: Locator;
  /** The heading of the preview: how many fit. */
  readonly count: Locator;

  constructor(page: Page) {
    this.dialog = page.getByRole('dialog', { name: /^(New smart playlist|Rules of)/ });
    this.name = this.dialog.getByRole('textbox', { name: 'Name' });
    this.count = this.dialog.getByRole('region', { name: 'Preview' }).getByRole('heading');
  }

  /** By its place: 1, or 2.1 in the group that is rule 2. */
  rule(place: string): Locator {
    return this.dialog.getByRole('group', { name: `Rule ${place}`, exact: true });
  }

  group(place: string): Locator {
    return this.dialog.getByRole('group', { name: `Group ${place}`, exact: true });
  }

  async setRule(place: string, field: string, comparison: string, value: string): Promise<void> {
    const rule = this.rule(place);
    await rule.getByRole('combobox', { name: 'Field' }).selectOption(field);
    await rule.getByRole('combobox', { name: 'Comparison' }).selectOption(comparison);
    await rule.getByLabel('Value', { exact: true }).fill(value);
  }

  async press(button: 'Create' | 'Save' | 'Cancel'): Promise<void> {
    await this.dialog.getByRole('button', { name: button }).click();
  }
}
