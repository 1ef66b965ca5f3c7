/**
 * How long it is silent between two tracks: `node build/bench/player-gap.ts [--folder DIR] [--tracks N]`, in the
 * local web app of `npm run build` in Chromium. Each track is sought near its end; the gap is the time from its
 * `ended` to when the next one began to move, by its own clock (the event comes later on a busy machine).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { repository, table } from '../steps.ts';
import { madeMusic } from './music.ts';

const { values } = parseArgs({
  options: { folder: { type: 'string' }, tracks: { type: 'string', default: '12' } },
});
/** Left of a track when it is sought: enough for the next one to be prepared. */
const REST_S = 3;
const ENDS_WITHIN_MS = 20_000;

interface Gap {
  readonly source: string;
  readonly milliseconds: number;
}
/** What is used of the page: this project knows no DOM. */
interface MediaElement {
  readonly src: string;
  readonly duration: number;
  readonly paused: boolean;
  currentTime: number;
  addEventListener(name: string, listener: () => void): void;
}
type Watched = typeof globalThis & {
  gaps: Gap[];
  elements: MediaElement[];
  HTMLMediaElement: { prototype: { play(this: MediaElement): Promise<void> } };
};

/** Runs in the page, before it: every media element tells when it ended and when it began. */
function watch(): void {
  const page = globalThis as Watched;
  page.gaps = [];
  page.elements = [];
  let endedAt: number | null = null;
  const { prototype } = page.HTMLMediaElement;
  const play = prototype.play;
  prototype.play = function (this: MediaElement) {
    if (!page.elements.includes(this)) {
      page.elements.push(this);
      this.addEventListener('ended', () => (endedAt = performance.now()));
      this.addEventListener('playing', () => {
        if (endedAt === null) return;
        const began = performance.now() - this.currentTime * 1000;
        page.gaps.push({ source: this.src, milliseconds: Math.max(0, began - endedAt) });
        endedAt = null;
      });
    }
    return play.call(this);
  };
}

async function measure(page: Page, tracks: number): Promise<readonly Gap[]> {
  await page.getByRole('grid').first().getByRole('row').nth(1).dblclick();
  for (let done = 0; done < tracks; done += 1) {
    await page.waitForFunction(() => (globalThis as Watched).elements.some(({ paused }) => !paused));
    await page.evaluate((rest) => {
      const playing = (globalThis as Watched).elements.find(({ paused }) => !paused);
      if (playing !== undefined) playing.currentTime = Math.max(0, playing.duration - rest);
    }, REST_S);
    await page.waitForFunction((before) => (globalThis as Watched).gaps.length > before, done, {
      timeout: ENDS_WITHIN_MS,
    });
  }
  return page.evaluate(() => (globalThis as Watched).gaps);
}

const scratch = mkdtempSync(path.join(tmpdir(), 'cratewise-gap-'));
const command = path.join(repository, 'electron/cli/bin.mjs');
const database = ['--db', path.join(scratch, 'library.db')];
const run = (...more: readonly string[]) =>
  spawn(process.execPath, [command, ...database, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const tracks = Number(values.tracks);
  const first = (await madeMusic(path.join(repository, 'bench-results', 'music'), tracks + 1, 10))[0] ?? '';
  const scan = run('scan', values.folder ?? path.dirname(path.dirname(first)), '--quiet');
  await new Promise((resolve) => scan.once('exit', resolve));
  const host = run('serve');
  const address = await new Promise<string>((resolve, reject) => {
    let output = '';
    host.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /http:\S+/.exec(output)?.[0];
      if (found !== undefined) resolve(found);
    });
    host.once('exit', () => reject(new Error('cratewise serve ended.')));
  });
  const own = chromium.executablePath();
  const browser = await chromium.launch({
    executablePath: existsSync(own) ? own : '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--autoplay-policy=no-user-gesture-required'],
  });
  try {
    const page = await browser.newPage();
    await page.addInitScript(watch);
    await page.goto(address);
    await page.getByRole('row').nth(1).waitFor();
    const gaps = await measure(page, tracks);
    const ordered = gaps.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
    const shown = (value: number | undefined): string => (value ?? Number.NaN).toFixed(0);
    console.log(
      table(
        [
          ['gap between two tracks', 'ms'],
          ['median', shown(ordered[Math.floor(ordered.length / 2)])],
          ['largest', shown(ordered.at(-1))],
          ['tracks', String(ordered.length)],
        ],
        [1],
      ),
    );
  } finally {
    await browser.close();
    host.kill('SIGINT');
    await new Promise((resolve) => host.once('exit', resolve));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
