/** What is bad in the files, in the window's size, in the length of lists and in the engine's answers. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/analysed.ts';
import { emoji, longTitle, markup, rightToLeft, writeHostileMusic } from '../fixtures/hostile-music.ts';
import { GenresPage } from '../pages/genres-page.ts';
import { LibraryPage } from '../pages/library-page.ts';
import { Player } from '../pages/player.ts';
import { ActivityPage, SettingsPage } from '../pages/screens.ts';
import { TrackPage } from '../pages/track-page.ts';

test('tags that are missing, long, foreign or markup; covers that are no picture or huge', async ({
  launch,
  scratch,
}) => {
  const music = join(scratch, 'music');
  const count = await writeHostileMusic(music);
  const desktop = await launch({ dataDir: join(scratch, 'data'), folders: [music] });
  const { page } = desktop;
  const [library, track, player] = [new LibraryPage(page), new TrackPage(page), new Player(page)];
  await library.list.waitForRows(count);
  for (const title of [
    'no tag at all.mp3',
    longTitle,
    rightToLeft,
    emoji,
    markup,
    'Corrupt cover',
    'Huge cover',
  ]) {
    await library.row(title).click();
    await expect(library.details.getByRole('heading', { name: title, exact: true })).toBeVisible();
    // Nothing grows over its place: a row stays a row, the window does not scroll.
    expect((await library.row(title).boundingBox())?.height).toBe(28);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  }
  await library.row(markup).click();
  await expect(library.details.getByText(markup).first()).toBeVisible();
  await page.keyboard.press('t');
  await expect(track.heading(markup)).toBeVisible();
  await page.keyboard.press('Alt+ArrowLeft');
  await library.row('Huge cover').dblclick();
  await expect.poll(() => player.seconds()).toBeGreaterThan(0);
  await player.pause.click();
  for (const title of ['Corrupt cover', 'Huge cover']) {
    await library.row(title).click();
    await expect(library.details.getByRole('heading', { name: title })).toBeVisible();
    await expect(library.details.getByRole('img', { name: /^Cover/ })).toHaveCount(0);
  }
  expect(await page.evaluate(() => window.hacked)).toBeUndefined();
  expect(await page.locator('img[onerror], img[src="x"]').count()).toBe(0);
});

test('a playlist of thousands of rows is read and put into order', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const trackIds = Array.from({ length: 4_000 }, (_, at) => 1 + (at % 24));
  await studio.ask('playlists.create', { name: 'Endless', trackIds });
  await library.node('Playlists', /^Endless/).click();
  await library.list.waitForRows(4_000);
  await library.rows.first().click();
  await page.keyboard.press('End');
  await expect.poll(() => library.list.column('#')).toContain('4,000');
  const last = async (): Promise<readonly string[]> => (await library.list.column('Title')).slice(-2);
  await expect.poll(async () => (await last()).every((title) => title !== '')).toBe(true);
  const [a = '', b = ''] = await last();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(last).toEqual([b, a]);
  await page.keyboard.press('Control+z');
  await expect.poll(last).toEqual([a, b]);
});

test('an engine that answers late stops nothing in the window', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  await library.startOver();
  const pid = await studio.app.evaluate(
    ({ app }) => app.getAppMetrics().find(({ name }) => name === 'Cratewise engine')?.pid ?? 0,
  );
  expect(pid).toBeGreaterThan(0);
  process.kill(pid, 'SIGSTOP');
  try {
    await library.search('ferryman');
    await expect(page.getByRole('combobox', { name: 'Search', exact: true })).toHaveValue('ferryman');
    // The old rows stay, and can be used.
    await library.rows.nth(1).click();
    await expect(library.list.grid.getByRole('row', { selected: true })).toHaveCount(1);
    await page.keyboard.press('?');
    await expect(library.dialog('Keyboard shortcuts')).toBeVisible();
    await page.keyboard.press('Escape');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await library.list.waitForRows(1);
  await expect(library.row('The Ferryman’s Daughter')).toBeVisible();
});

/** Controls that stick out of the window, or that something covers; what a scrolled pane hides does not count. */
async function unreachable(page: Page): Promise<readonly string[]> {
  const controls = page.locator(
    'button, input, select, [role="slider"], [role="treeitem"], [role="option"], [role="columnheader"]',
  );
  return controls.evaluateAll((elements) => {
    const clipped = (element: Element, x: number, y: number): boolean => {
      for (let pane = element.parentElement; pane !== null; pane = pane.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(pane);
        if (overflowX === 'visible' && overflowY === 'visible') continue;
        const { left, right, top, bottom } = pane.getBoundingClientRect();
        const scrolls = pane.scrollHeight > pane.clientHeight || pane.scrollWidth > pane.clientWidth;
        if (scrolls && (x < left || x > right || y < top || y > bottom)) return true;
      }
      return false;
    };
    return elements.flatMap((element) => {
      const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
      if (
        width < 2 ||
        height < 2 ||
        !element.checkVisibility({ opacityProperty: false, visibilityProperty: true })
      )
        return [];
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      if (clipped(element, x, y)) return [];
      const name = `${element.tagName} ${element.ariaLabel ?? element.textContent?.trim().slice(0, 40) ?? ''}`;
      if (left < -1 || top < -1 || right > window.innerWidth + 1 || bottom > window.innerHeight + 1) {
        // Partly scrolled away is fine; out of the window is not.
        if (!clipped(element, right, bottom) && !clipped(element, left, top)) return [`outside: ${name}`];
      }
      const there = document.elementFromPoint(x, y);
      const reached = there !== null && (element.contains(there) || there.contains(element));
      return reached ? [] : [`covered: ${name} by ${there?.outerHTML.slice(0, 80)}`];
    });
  });
}

test('a window of 900 × 600 shows every control of every screen', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  await studio.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setContentSize(900, 600),
  );
  await expect.poll(() => page.evaluate(() => [window.innerWidth, window.innerHeight])).toEqual([900, 600]);
  await studio.ask('playlists.create', { name: 'Small', trackIds: [1, 2, 3] });
  const row = async (): Promise<void> => {
    await library.startOver();
    await library.rows.first().click();
  };
  const screens: Readonly<Record<string, () => Promise<void>>> = {
    library: row,
    playing: async () => {
      await row();
      await page.keyboard.press('Space');
      await expect(new Player(page).pause).toBeVisible();
      await new Player(page).pause.click();
    },
    genres: async () => {
      await row();
      await new GenresPage(page).open();
      await new GenresPage(page).overview.getByRole('button', { name: /^Electronic/ }).click();
    },
    track: async () => {
      await row();
      await page.keyboard.press('t');
      await expect(new TrackPage(page).article).toBeVisible();
    },
    similar: async () => {
      await row();
      await page.keyboard.press('s');
      await expect(library.list.grid).toHaveAccessibleName(/Similar to/);
    },
    playlist: () => library.node('Playlists', /^Small/).click(),
    activity: () => new ActivityPage(page).open(),
    settings: () => new SettingsPage(page).open(),
  };
  for (const [name, open] of Object.entries(screens)) {
    await open();
    await expect.poll(() => unreachable(page), { message: name }).toEqual([]);
    await page.screenshot({ path: test.info().outputPath(`${name}.png`) });
  }
});

test('a playlist of 50,000 rows is opened, selected and copied without freezing', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const trackIds = Array.from({ length: 50_000 }, (_, index) => 1 + (index % 10));
  await page.evaluate(
    (ids) => window.cratewise.request(800_000, 'playlists.create', { name: 'Vast', trackIds: ids }),
    trackIds,
  );
  await library.node('Playlists', /^Vast/).click();
  await expect(library.list.grid).toHaveAccessibleName('Tracks: Vast');
  await library.list.waitForRows(50_000);
  await page.evaluate(() => {
    const frames = { longest: 0, last: performance.now() };
    Object.assign(window, { frames });
    const look = (now: number): void => {
      frames.longest = Math.max(frames.longest, now - frames.last);
      frames.last = now;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await library.rows.first().click();
  await page.keyboard.press('End');
  await expect(library.list.grid.getByRole('row', { selected: true })).toHaveAttribute(
    'aria-rowindex',
    '50001',
  );
  await page.keyboard.press('Control+a');
  await expect(library.list.grid.locator('[role=row][aria-selected=false]')).toHaveCount(0);
  await library.chooseFromMenuOf(library.node('Playlists', /^Vast/).first(), 'Vast', 'Duplicate');
  await expect(library.list.grid).toHaveAccessibleName(/^Tracks: Vast (copy|2)|^Tracks: Copy/);
  await library.list.waitForRows(50_000);
  const longest = await page.evaluate(
    () => (window as unknown as { frames: { longest: number } }).frames.longest,
  );
  // Of a machine that draws by its processor and is busy with other things, too; a freeze is seconds.
  expect(longest).toBeLessThan(1_500);
});
