/** What is measured in the window: one function for each kind of work, each several times. */
import type { CDPSession, Page } from '@playwright/test';
import { timed } from './stopwatch.ts';

const searchBox = (page: Page) => page.getByRole('combobox', { name: 'Search' });
const grid = (page: Page) => page.getByRole('main').getByRole('grid');

/** Null where there is no list, because nothing matches. */
const rowCount = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.querySelector('main [role="grid"]')?.getAttribute('aria-rowcount') ?? null);

/** Every letter of these is a keystroke that is timed. */
const searches = ['midnight', 'lindqvist live', 'genre:techno ocean', 'year:1990..1999 rating:>=4'];
const sorts = ['Title', 'Genre', 'Length', 'Year', 'Album', 'Rating', 'Artist'];

/** After so long without a change it is taken that the same tracks match. */
const SAME_AFTER_MS = 4000;

/** Ready when rows are there and none of them is an outline. */
export async function waitForRows(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const list = document.querySelector('main [role="grid"]');
      return (
        list?.querySelector('[data-index="0"]:not([aria-busy])') != null &&
        list.querySelector('[role="row"][aria-busy="true"]') === null
      );
    },
    undefined,
    { polling: 'raf', timeout: 120_000 },
  );
}

export async function typeSearches(page: Page): Promise<readonly number[]> {
  const times: number[] = [];
  for (const search of searches) {
    await searchBox(page).focus();
    for (const letter of search) {
      // While a field or an operator is being written, the list stays as it is: nothing to time.
      const before = await rowCount(page);
      const typed = (await searchBox(page).inputValue()) + letter;
      if (
        /(^|\s)[a-z]+:$|[.>=]$|\s$|year:\d{1,3}$|\.\.\d{1,3}$|(^|\s)(g|ge|gen|genr|genre|y|ye|yea|year|r|ra|rat|rati|ratin|rating)$/.test(
          typed,
        )
      ) {
        await page.keyboard.type(letter);
        await page.waitForTimeout(400);
        continue;
      }
      try {
        times.push(await timed(page, 'rows', ['keydown'], () => page.keyboard.type(letter), SAME_AFTER_MS));
      } catch (error) {
        // The same tracks match the longer word too: then there is nothing to see.
        if ((await rowCount(page)) !== before) throw error;
      }
      await page.waitForTimeout(150);
    }
    await page.keyboard.press('Escape');
    await searchBox(page).fill('');
    await waitForRows(page);
    await page.waitForTimeout(300);
  }
  return times;
}

export async function changeSorts(page: Page): Promise<readonly number[]> {
  const times: number[] = [];
  for (const name of sorts) {
    const header = grid(page).getByRole('columnheader', { name }).getByRole('button').first();
    if (!(await header.isVisible())) continue;
    for (let direction = 0; direction < 2; direction += 1) {
      await waitForRows(page);
      times.push(await timed(page, 'rows', ['click'], () => header.click()));
      await page.waitForTimeout(200);
    }
  }
  return times;
}

export async function changeThreshold(page: Page): Promise<readonly number[]> {
  const slider = page.getByRole('navigation').getByRole('slider', { name: 'Confidence from' });
  await slider.focus();
  const times: number[] = [];
  // Never back to where each genre's own threshold says the same.
  for (const key of ['PageUp', 'PageUp', 'ArrowRight', 'PageDown', 'ArrowLeft', 'PageUp', 'PageDown']) {
    times.push(await timed(page, 'genres', ['keydown'], () => page.keyboard.press(key)));
    await page.waitForTimeout(500);
  }
  await page.getByRole('button', { name: 'Back to each genre’s own threshold' }).click();
  return times;
}

/** There and back, so that each opening is one from outside. */
export async function openPlaylist(page: Page, name: string, times: number): Promise<readonly number[]> {
  const list = page.getByRole('tree', { name: 'Playlists' }).getByRole('treeitem', { name });
  const all = page.getByRole('tree', { name: 'Library' }).getByRole('treeitem', { name: 'All tracks' });
  const found: number[] = [];
  for (let round = 0; round < times; round += 1) {
    found.push(await timed(page, 'rows', ['click', 'mousedown'], () => list.click()));
    await page.waitForTimeout(300);
    await all.click();
    await waitForRows(page);
    await page.waitForTimeout(300);
  }
  return found;
}

/** From one end of the longest list to the other. */
export async function jump(page: Page): Promise<readonly number[]> {
  await grid(page).focus();
  const times: number[] = [];
  for (const key of ['End', 'Home', 'End', 'Home'])
    times.push(await timed(page, 'rows', ['keydown'], () => page.keyboard.press(key)));
  return times;
}

/** Bytes that the page's JavaScript holds when nothing is left to collect. */
export async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.send('HeapProfiler.disable');
  return usedSize;
}
