/**
 * Measures the window; run by `npm run bench:ui`, which makes the library and finds a display.
 *
 *   --data DIR      the app's data folder, with the library
 *   --music DIR     a few short pieces, for the gap between two tracks; without it that is not measured
 *   --starts N      how often the app is started
 *   --scroll S      seconds of scrolling at each of two speeds
 *   --json FILE     writes the figures there as well
 */
import { cpus, loadavg, tmpdir } from 'node:os';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveElectron } from '#build/electron-runtime/resolve.ts';
import { table } from '#build/steps.ts';
import type { LibraryCounts, ScanSummary } from '#shared/domain.ts';
import { launchDesktop, type Desktop } from '../fixtures/desktop.ts';
import { playerGaps } from './player-gap.ts';
import { timeStart } from './start.ts';
import { installStopwatch, scrollFrames } from './stopwatch.ts';
import {
  changeSorts,
  changeThreshold,
  heapBytes,
  jump,
  openPlaylist,
  typeSearches,
  waitForRows,
} from './tasks.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    music: { type: 'string' },
    starts: { type: 'string', default: '5' },
    scroll: { type: 'string', default: '10' },
    json: { type: 'string' },
  },
});
if (values.data === undefined) throw new Error('--data is needed: npm run bench:ui gives it.');
const dataDir = values.data;

const QUIET_PERCENT = 8;
const QUIET_WITHIN_MS = 90_000;

interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly worst: number;
  readonly times: number;
  readonly goal: string;
  /** Of the machine while it was measured: one minute's average. */
  readonly load: number;
}
const figures: Figure[] = [];

function note(name: string, unit: string, goal: string, found: readonly number[]): void {
  const ordered = found.toSorted((a, b) => a - b);
  const figure: Figure = {
    ...{ name, unit, goal, times: ordered.length, load: loadavg()[0] ?? 0 },
    median: ordered[Math.floor(ordered.length / 2)] ?? Number.NaN,
    worst: ordered.at(-1) ?? Number.NaN,
  };
  figures.push(figure);
  console.log(`${name}: ${figure.median.toFixed(1)} ${unit}, at worst ${figure.worst.toFixed(1)}`);
}

const electron = await resolveElectron();

/** The first start finds what a first scan leaves to do; it is not counted. */
async function settle(): Promise<number> {
  const app = await launchDesktop(electron, { dataDir });
  await waitForRows(app.page);
  await app.ask('analysis.pause');
  await app.ask<ScanSummary>('library.scan');
  const { all } = await app.ask<LibraryCounts>('library.counts');
  await app.quit();
  return all;
}

async function measureStarts(count: number): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) times.push(await timeStart(electron, dataDir));
  note('start of the program to first rows', 'ms', '1500', times);
}

async function measureScrolling(app: Desktop): Promise<void> {
  const seconds = Number(values.scroll);
  for (const [words, speed] of [
    ['scrolling, 2,000 px a second', 2000],
    ['scrolling, 30,000 px a second', 30_000],
  ] as const) {
    const frames = await scrollFrames(app.page, seconds, speed);
    note(`${words}: a frame, and the longest`, 'ms', '16.7 / 100', [frames.medianMs]);
    const last = figures.pop();
    if (last !== undefined) figures.push({ ...last, worst: frames.longestMs, times: frames.frames });
    console.log(
      `  ${frames.frames} frames, ${(100 * frames.outlines).toFixed(1)} % with a row still to come`,
    );
  }
}

/** After the scan at the start the watch of the folders begins: what is measured is the window alone. */
async function whenQuiet({ app }: Desktop): Promise<void> {
  const used = (): Promise<number> =>
    app.evaluate(({ app: electronApp }) =>
      electronApp.getAppMetrics().reduce((sum, { cpu }) => sum + cpu.percentCPUUsage, 0),
    );
  const until = Date.now() + QUIET_WITHIN_MS;
  for (let quiet = 0; quiet < 3 && Date.now() < until;) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    // Of one core, since it was asked before.
    quiet = (await used()) < QUIET_PERCENT ? quiet + 1 : 0;
  }
}

async function measureWindow(): Promise<void> {
  const app = await launchDesktop(electron, { dataDir });
  try {
    const { page } = app;
    const session = await page.context().newCDPSession(page);
    await waitForRows(page);
    await installStopwatch(page);
    await app.ask<ScanSummary>('library.scan');
    await whenQuiet(app);
    note('renderer heap after the start', 'MB', '200', [(await heapBytes(session)) / 1e6]);
    note('search keystroke to rows', 'ms', '100', await typeSearches(page));
    note('sort change to rows', 'ms', '200', await changeSorts(page));
    note('genre threshold to counts', 'ms', '100', await changeThreshold(page));
    note('from end to end of 100,000 rows', 'ms', '100', await jump(page));
    note(
      'playlist of 50,000 rows opened',
      'ms',
      '200',
      await openPlaylist(page, 'Everything played in 2025', 5),
    );
    await measureScrolling(app);
    note('renderer heap after all that', 'MB', '200', [(await heapBytes(session)) / 1e6]);
  } finally {
    await app.quit();
  }
}

async function measureGap(music: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cratewise-bench-'));
  const app = await launchDesktop(electron, { dataDir: join(folder, 'data'), folders: [music] });
  try {
    note('silence between two tracks', 'ms', '50', await playerGaps(app, 10));
  } finally {
    await app.quit();
    rmSync(folder, { recursive: true, force: true });
  }
}

const tracks = await settle();
await measureStarts(Number(values.starts));
await measureWindow();
if (values.music !== undefined) await measureGap(values.music);

const display = process.env['XAUTHORITY']?.includes('xvfb-run') === true ? 'virtual display' : 'display';
const shown = (value: number): string => value.toFixed(value < 100 ? 1 : 0);
console.log(
  `\n${tracks.toLocaleString('en')} tracks; ${cpus()[0]?.model ?? ''}, ${cpus().length} cores; ${display}\n`,
);
console.log(
  table(
    [
      ['measure', 'median', 'worst', 'goal', 'unit', 'times', 'load'],
      ...figures.map(({ name, unit, median, worst, times, goal, load }) => [
        ...[name, shown(median), shown(worst), goal, unit, String(times), load.toFixed(1)],
      ]),
    ],
    [1, 2, 3, 5, 6],
  ),
);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ tracks, display, figures }, null, 2)}\n`);
