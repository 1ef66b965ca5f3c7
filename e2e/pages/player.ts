/** The player below everything, and the queue. */
import type { Locator, Page } from '@playwright/test';

export class Player {
  readonly bar: Locator;
  readonly position: Locator;
  readonly play: Locator;
  readonly pause: Locator;
  readonly next: Locator;
  readonly previous: Locator;
  readonly volume: Locator;
  readonly genres: Locator;
  readonly problem: Locator;
  readonly queueButton: Locator;
  readonly queue: Locator;
  readonly queueRows: Locator;

  constructor(page: Page) {
    this.bar = page.getByRole('region', { name: 'Player' });
    this.position = this.bar.getByRole('slider', { name: 'Position' });
    this.play = this.bar.getByRole('button', { name: 'Play', exact: true });
    this.pause = this.bar.getByRole('button', { name: 'Pause', exact: true });
    this.next = this.bar.getByRole('button', { name: 'Next track' });
    this.previous = this.bar.getByRole('button', { name: 'Previous track' });
    this.volume = this.bar.getByRole('slider', { name: 'Volume' });
    this.genres = this.bar.getByRole('list', { name: 'Genres by time' }).getByRole('listitem');
    this.problem = this.bar.getByRole('alert');
    this.queueButton = this.bar.getByRole('button', { name: 'Queue', exact: true });
    this.queue = page.getByRole('complementary', { name: 'Queue' });
    this.queueRows = this.queue.getByRole('grid', { name: 'Tracks to be played' }).getByRole('row');
  }

  /** Seconds, as the slider says. */
  async seconds(): Promise<number> {
    return Number(await this.position.getAttribute('aria-valuenow'));
  }

  title(name: string): Locator {
    return this.bar.getByText(name, { exact: true }).first();
  }
}
