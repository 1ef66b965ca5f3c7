/** The library that the pictures show: synthesised music, analysed, with lists, ratings, a broken and a missing file. */
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ResolvedElectron } from '#build/electron-runtime/resolve.ts';
import { writeDemoLibrary } from '#build/demo/library.ts';
import type { LibraryCounts, Playlist, TagPolicy, Track, TrackWindow } from '#shared/domain.ts';
import { launchDesktop, type Desktop } from '../fixtures/desktop.ts';

const modelDir = fileURLToPath(new URL('../../resources/model', import.meta.url));
const SECONDS_PER_PIECE = 45;
const ANALYSIS_TIMEOUT_MS = 600_000;
const LOOK_AGAIN_MS = 500;
/** As every music folder is called on the pictures. */
export const shownFolder = '/home/ada/Music';

export interface DemoData {
  readonly musicDir: string;
  readonly dataDir: string;
}

/** Raise it when what is in the library changes. */
const DATA_VERSION = 2;

/** Made once below `cache`; every run gets a fresh copy of the databases. */
export async function demoData(electron: ResolvedElectron, cache: string): Promise<DemoData> {
  const manifest = await readFile(join(modelDir, 'manifest.json'), 'utf8');
  // Another model hears other genres.
  const { version } = JSON.parse(manifest) as { version: string };
  const made = join(cache, `screenshots-${DATA_VERSION}-${version}`);
  // The window shows the folder's name.
  const musicDir = join(cache, 'screenshots-music', 'Music');
  if (!existsSync(made)) {
    console.log('Synthesising and analysing the library for the pictures …');
    await rm(musicDir, { recursive: true, force: true });
    const unfinished = `${made}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await writeDemoLibrary(musicDir, { seconds: SECONDS_PER_PIECE });
    await writeFile(join(musicDir, 'Broken Disc.mp3'), 'This was a song once.\n');
    await mkdir(unfinished, { recursive: true });
    const desktop = await launchDesktop(electron, { dataDir: unfinished, folders: [musicDir] });
    try {
      await analysed(desktop);
      await fillLists(desktop);
      await rm(join(musicDir, 'The Harbour Lights'), { recursive: true });
      await until(desktop, ({ missing }) => missing > 0);
    } finally {
      await desktop.quit();
    }
    await rename(unfinished, made);
  }
  const dataDir = join(cache, 'screenshots-now');
  await rm(dataDir, { recursive: true, force: true });
  await cp(made, dataDir, { recursive: true });
  return { musicDir, dataDir };
}

async function until(desktop: Desktop, holds: (counts: LibraryCounts) => boolean): Promise<void> {
  const end = Date.now() + ANALYSIS_TIMEOUT_MS;
  while (!holds(await desktop.ask<LibraryCounts>('library.counts'))) {
    if (Date.now() > end) throw new Error('The library for the pictures did not become ready.');
    await desktop.page.waitForTimeout(LOOK_AGAIN_MS);
  }
}

/** Of all files, one is broken. */
const analysed = (desktop: Desktop): Promise<void> =>
  until(desktop, (counts) => counts.all > 1 && counts.errors > 0 && counts.analysed === counts.all - 1);

const ratings = [4, 5, 0, 3, 4, 0, 5, 0, 2, 4, 3, 0];

async function fillLists(desktop: Desktop): Promise<void> {
  const { rows } = await desktop.ask<TrackWindow>('tracks.window', {
    ...{ query: {}, sort: [{ field: 'title' }], offset: 0, limit: 100 },
  });
  const idOf = new Map(rows.map((track: Track) => [track.title, track.id]));
  const ids = (titles: readonly string[]): number[] => titles.flatMap((title) => idOf.get(title) ?? []);
  for (const [place, { id }] of rows.entries()) {
    const rating = ratings[place % ratings.length] ?? 0;
    if (rating > 0) await desktop.ask('tracks.rate', { trackIds: [id], rating });
  }
  const make = async (name: string, more: Readonly<Record<string, unknown>> = {}): Promise<number> =>
    (await desktop.ask<Playlist>('playlists.create', { name, ...more })).id;
  const gigs = await make('Gigs', { kind: 'folder' });
  await make('Friday at the harbour', {
    parentId: gigs,
    trackIds: ids([
      ...['Slow Elevator', 'Rain in the Arcade', 'Corner of Light', 'Mirrors Up', 'Hold That Step'],
      ...['Chrome Coast', 'Pressure Room', 'First Light over Water', 'Rolling Stock', 'Salt and Distance'],
    ]),
  });
  await make('Sunday brunch', {
    parentId: gigs,
    trackIds: ids([
      'Varanda',
      'Two Blocks South',
      'Waltz for a Closed Café',
      'Morning Yard',
      'Dry River Blues',
    ]),
  });
  // The files have genres: only a policy that adds to them has something to propose.
  const { fields } = await desktop.ask<TagPolicy>('tags.policy');
  await desktop.ask('tags.setPolicy', {
    fields: { ...fields, genre: { mode: 'append', minimumConfidence: 0.5, most: 2 } },
  });
  await make('Openers', { kind: 'crate', trackIds: ids(['Salt and Distance', 'Varanda', 'Slow Elevator']) });
  await make('Favourites before 2000', {
    kind: 'smart',
    rules: {
      where: {
        match: 'all',
        rules: [
          { field: 'rating', operator: 'atLeast', value: '4' },
          { field: 'year', operator: 'atMost', value: '2000' },
        ],
      },
    },
  });
}
