/** The screen of one track. */
import type { Locator, Page } from '@playwright/test';

export class TrackPage {
  readonly article: Locator;
  readonly waveform: Locator;
  readonly genres: Locator;
  readonly genreToExplain: Locator;
  readonly history: Locator;
  readonly similar: Locator;
  readonly playlists: Locator;

  constructor(page: Page) {
    this.article = page.getByRole('article', { name: 'Track' });
    this.waveform = this.article.getByRole('slider', { name: 'Waveform and genres over time' });
    this.genres = this.article.getByRole('list', { name: 'Genres', exact: true });
    this.genreToExplain = this.article.getByRole('combobox', { name: 'Genre to explain' });
    this.history = this.article.getByRole('region', { name: 'History' }).getByRole('listitem');
    this.similar = this.article.getByRole('list', { name: 'Similar tracks' }).getByRole('listitem');
    this.playlists = this.article.getByRole('region', { name: 'In playlists' });
  }

  heading(title: string): Locator {
    return this.article.getByRole('heading', { level: 1, name: title });
  }

  evidence(genre: string): Locator {
    return this.article.getByRole('region', { name: `Why ${genre}?` });
  }
}
