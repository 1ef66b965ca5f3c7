/** The screen of similar tracks. */
import type { Locator, Page } from '@playwright/test';

export class SimilarPage {
  readonly region: Locator;
  readonly moreLike: Locator;
  readonly lessLike: Locator;
  readonly moreLikeSelected: Locator;
  readonly lessLikeSelected: Locator;
  readonly listenIn: Locator;
  readonly makePlaylist: Locator;
  readonly adjust: Locator;
  readonly asAtFirst: Locator;

  constructor(page: Page) {
    this.region = page.getByRole('region', { name: 'What counts' });
    this.moreLike = this.region.getByRole('list', { name: 'More like' }).getByRole('listitem');
    this.lessLike = this.region.getByRole('list', { name: 'Less like' }).getByRole('listitem');
    this.moreLikeSelected = this.region.getByRole('button', { name: 'More like this' });
    this.lessLikeSelected = this.region.getByRole('button', { name: 'Less like this' });
    this.listenIn = this.region.getByRole('button', { name: 'Listen in' });
    this.makePlaylist = this.region.getByRole('button', { name: 'Make a playlist' });
    this.adjust = this.region.getByRole('button', { name: 'What counts' });
    this.asAtFirst = this.region.getByRole('button', { name: 'As at first' });
  }

  /** They stand open where there is room. */
  async openWeights(): Promise<void> {
    if ((await this.adjust.getAttribute('aria-expanded')) === 'false') await this.adjust.click();
  }

  weight(axis: 'Sound' | 'Genres' | 'Mood and instruments' | 'Other genres'): Locator {
    return this.region.getByRole('slider', { name: axis });
  }
}
