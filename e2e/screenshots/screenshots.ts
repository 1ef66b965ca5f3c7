/**
 * Takes the pictures of docs/screenshots; run by `npm run screenshots`, which builds the app and finds a display.
 *
 *   --into DIR      where they go
 *   --cache DIR     where the library for them is kept
 *   --only NAMES    some of them, with commas
 *   --themes NAMES  dark,light
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { resolveElectron } from '#build/electron-runtime/resolve.ts';
import { launchDesktop, type Desktop } from '../fixtures/desktop.ts';
import { demoData, shownFolder, type DemoData } from './demo-data.ts';
import { playAndStop, shots } from './screens.ts';

const { values } = parseArgs({
  options: {
    into: { type: 'string', default: 'docs/screenshots' },
    cache: { type: 'string', default: tmpdir() },
    only: { type: 'string' },
    themes: { type: 'string', default: 'dark,light' },
  },
});
const wanted = values.only?.split(',');
const isWanted = (name: string): boolean => wanted?.includes(name) !== false;
const sizes = { usual: { width: 1280, height: 800 }, small: { width: 900, height: 600 } } as const;
/** Menus and dialogues have faded in, answers have come. */
const SETTLE_MS = 700;
const failed: string[] = [];

async function setSize(
  { app, page }: Desktop,
  { width, height }: (typeof sizes)['usual' | 'small'],
): Promise<void> {
  await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
    width,
    height,
  ] as const);
  await page.waitForFunction(([w, h]) => innerWidth === w && innerHeight === h, [width, height] as const);
}

/** The list of all tracks, in this theme, with nothing else open. */
async function home(page: Page, theme: string): Promise<void> {
  await page.evaluate((chosen) => {
    // What plays stays; how the lists were shown does not.
    localStorage.removeItem('cratewise.views');
    localStorage.removeItem('cratewise.searches');
    localStorage.setItem('cratewise.window', JSON.stringify({ theme: chosen }));
  }, theme);
  await page.reload();
  const rows = page.getByRole('main').getByRole('grid').getByRole('row');
  await rows.nth(1).waitFor();
}

/** Where and when the pictures are taken is nobody's business, and would be another difference every time. */
const shownDataFolder = '/home/ada/.local/share/cratewise';
const shownTime = 'Jan 9, 2026, 8:15 PM';

async function hidePlaceAndTime(page: Page, { musicDir, dataDir }: DemoData): Promise<void> {
  await page.evaluate(
    ([music, shownMusic, data, shownData, time]) => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const text = node.nodeValue ?? '';
        const shown = text
          .replaceAll(music, shownMusic)
          .replaceAll(data, shownData)
          .replaceAll(/\b[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d\s[AP]M/g, time);
        if (shown !== text) node.nodeValue = shown;
      }
    },
    [musicDir, shownFolder, dataDir, shownDataFolder, shownTime] as const,
  );
}

async function take(page: Page, name: string, data: DemoData): Promise<void> {
  await page.mouse.move(1, 1);
  await page.waitForTimeout(SETTLE_MS);
  await hidePlaceAndTime(page, data);
  const picture = await page.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' });
  // 256 colours: the pictures of a window need no more, and take a third of the room.
  await sharp(picture)
    .png({ palette: true, quality: 100, effort: 8 })
    .toFile(join(values.into, `${name}.png`));
}

const electron = await resolveElectron();
await mkdir(values.into, { recursive: true });
await mkdir(values.cache, { recursive: true });
const data = await demoData(electron, values.cache);

if (isWanted('welcome')) {
  const empty = await mkdtemp(join(tmpdir(), 'cratewise-empty-'));
  const desktop = await launchDesktop(electron, { dataDir: empty });
  for (const theme of values.themes.split(',')) {
    await setSize(desktop, sizes.usual);
    await desktop.page.evaluate((chosen) => {
      localStorage.setItem('cratewise.window', JSON.stringify({ theme: chosen }));
    }, theme);
    await desktop.page.reload();
    await desktop.page.getByRole('button', { name: 'Add folder' }).first().waitFor();
    await take(desktop.page, `${theme}-welcome`, data);
  }
  await desktop.quit();
  await rm(empty, { recursive: true, force: true });
}

const desktop = await launchDesktop(electron, { dataDir: data.dataDir });
const { page } = desktop;
page.setDefaultTimeout(30_000);
await setSize(desktop, sizes.usual);
await page.getByRole('main').getByRole('grid').getByRole('row').nth(1).waitFor();
await playAndStop(page, 'Hold That Step');
for (const theme of values.themes.split(',')) {
  for (const shot of shots) {
    if (!isWanted(shot.name)) continue;
    try {
      await home(page, theme);
      await shot.open(page);
      await take(page, `${theme}-${shot.name}`, data);
      // One theme is enough to see whether it fits into the smallest window.
      if (shot.small && theme === 'dark') {
        await setSize(desktop, sizes.small);
        await take(page, `small-${shot.name}`, data);
      }
    } catch (error) {
      // The others are still worth having.
      failed.push(`${theme}-${shot.name}: ${error instanceof Error ? error.message : String(error)}`);
      console.error(failed.at(-1));
    } finally {
      await setSize(desktop, sizes.usual);
    }
    console.log(`${theme} ${shot.name}`);
  }
}
for (const error of desktop.pageErrors) failed.push(`The page said: ${error}`);
await desktop.quit();
if (failed.length > 0) {
  console.error(failed.join('\n'));
  process.exitCode = 1;
}
