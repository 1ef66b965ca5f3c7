/**
 * How long it is silent between two tracks. Each is sought near its end; the gap is the time from its `ended` to when
 * the next one began to move, by its own clock (the event that says so comes later on a busy machine).
 */
import type { Page } from '@playwright/test';
import type { LibraryCounts } from '#shared/domain.ts';
import type { Desktop } from '../fixtures/desktop.ts';

/** Left of a track when it is sought: enough for the next one to be prepared. */
const REST_S = 3;
const ENDS_WITHIN_MS = 30_000;
const LISTED_WITHIN_MS = 120_000;

interface GapWatch {
  readonly gaps: number[];
  readonly elements: HTMLMediaElement[];
}
type Watched = Window & typeof globalThis & { gapWatch: GapWatch };

/** Every media element of the page tells when it ended and when it began. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watched: GapWatch = { gaps: [], elements: [] };
    (window as Watched).gapWatch = watched;
    let endedAt: number | null = null;
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
      if (!watched.elements.includes(this)) {
        watched.elements.push(this);
        this.addEventListener('ended', () => (endedAt = performance.now()));
        this.addEventListener('playing', () => {
          if (endedAt === null) return;
          watched.gaps.push(Math.max(0, performance.now() - this.currentTime * 1000 - endedAt));
          endedAt = null;
        });
      }
      return play.call(this);
    };
  });
}

/** Plays the library from its first track on, in an app that was started with a folder of more than `tracks` files. */
export async function playerGaps(app: Desktop, tracks: number): Promise<readonly number[]> {
  const { page } = app;
  // What is measured is the player, not an analysis beside it; that one only has to have listed the files.
  await app.ask('analysis.pause');
  const until = Date.now() + LISTED_WITHIN_MS;
  while ((await app.ask<LibraryCounts>('library.counts')).all <= tracks) {
    if (Date.now() > until) throw new Error('The files were not listed.');
    await page.waitForTimeout(250);
  }
  await watch(page);
  await page.getByRole('grid').first().getByRole('row').nth(1).dblclick();
  for (let done = 0; done < tracks; done += 1) {
    await page.waitForFunction(() =>
      (window as Watched).gapWatch.elements.some(({ paused, duration }) => !paused && duration > 0),
    );
    await page.evaluate((rest) => {
      const playing = (window as Watched).gapWatch.elements.find(({ paused }) => !paused);
      if (playing !== undefined) playing.currentTime = Math.max(0, playing.duration - rest);
    }, REST_S);
    await page.waitForFunction((before) => (window as Watched).gapWatch.gaps.length > before, done, {
      timeout: ENDS_WITHIN_MS,
    });
  }
  return page.evaluate(() => (window as Watched).gapWatch.gaps);
}
