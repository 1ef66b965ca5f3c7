/** Start, second start, window state, menu, playing by address, quit. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppInfo, Folder, TrackWindow } from '#shared/domain.ts';
import { expect, test, type Desktop } from '../fixtures/desktop.ts';
import { endServing, serve } from '../fixtures/serve.ts';
import { LibraryPage } from '../pages/library-page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function value<Result>(desktop: Desktop, name: string, input: unknown): Promise<Result> {
  const reply = await desktop.page.evaluate(
    ([id, wanted, payload]) => window.cratewise.request(id as number, wanted as string, payload),
    [800_000 + Math.floor(Math.random() * 90_000), name, input],
  );
  if (!reply.ok) throw new Error(`${name}: ${reply.error.code} ${reply.error.detail}`);
  return reply.value as Result;
}

const foldersOf = async (desktop: Desktop): Promise<string[]> =>
  (await value<readonly Folder[]>(desktop, 'library.folders', {})).map((folder) => folder.path);

test('a folder of the command line is scanned; a second start hands over its folders', async ({
  launch,
  electron,
  demo,
  scratch,
}) => {
  const dataDir = join(scratch, 'data');
  const [one, two] = [...new Set(demo.tracks.map((track) => join(track.file, '../..')))];
  if (one === undefined || two === undefined) throw new Error('The demo library has several artists.');
  const desktop = await launch({ dataDir, folders: [one] });
  await expect.poll(() => foldersOf(desktop)).toEqual([one]);
  await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());

  const switches = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  await new Promise<void>((resolve, reject) => {
    execFile(
      electron.executable,
      [...switches, root, '--', two],
      { env: { ...process.env, CRATEWISE_DATA: dataDir }, timeout: 20_000 },
      (error) => (error === null ? resolve() : reject(error)),
    );
  });
  await expect.poll(async () => (await foldersOf(desktop)).toSorted()).toEqual([one, two].toSorted());
  const windows = await desktop.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => window.isMinimized()),
  );
  expect(windows).toEqual([false]);
});

test('a library that another host holds is used through it, and taken over when it ends', async ({
  launch,
  demo,
  scratch,
}) => {
  const dataDir = join(scratch, 'data');
  const serving = await serve(join(dataDir, 'library.db'));
  const desktop = await launch({ dataDir });
  expect(await value<AppInfo>(desktop, 'app.info', {})).toMatchObject({ host: 'web' });
  await value(desktop, 'playlists.create', { name: 'Kept' });

  await endServing(serving);
  await expect
    .poll(() => value<AppInfo>(desktop, 'app.info', {}).then(({ host }) => host, String))
    .toBe('desktop');
  expect(await value(desktop, 'playlists.list', {})).toMatchObject([{ name: 'Kept' }]);
  await value(desktop, 'library.addFolders', { paths: [demo.folder] });
  await expect.poll(() => foldersOf(desktop)).toEqual([demo.folder]);
});

test('the window comes back as it was left', async ({ launch, scratch }) => {
  const dataDir = join(scratch, 'data');
  const first = await launch({ dataDir });
  await first.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 60, y: 50, width: 1111, height: 700 }),
  );
  await first.quit();
  expect(JSON.parse(await readFile(join(dataDir, 'desktop', 'window.json'), 'utf8'))).toMatchObject({
    width: 1111,
    height: 700,
    maximised: false,
  });
  const second = await launch({ dataDir });
  const [bounds, least] = await second.app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0];
    return [window?.getNormalBounds(), window?.getMinimumSize()];
  });
  expect(bounds).toMatchObject({ width: 1111, height: 700 });
  expect(least).toEqual([900, 600]);
});

test('the menu speaks to the page', async ({ desktop }) => {
  const library = new LibraryPage(desktop.page);
  await desktop.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('shortcuts')?.click());
  await expect(library.dialog('Keyboard shortcuts')).toBeVisible();
  await desktop.page.keyboard.press('Escape');
  await desktop.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('about')?.click());
  await expect(library.dialog('About Cratewise')).toBeVisible();
});

test('tracks are served by id, with ranges, and by nothing else', async ({ launch, demo, scratch }) => {
  const desktop = await launch({ dataDir: join(scratch, 'data'), folders: [demo.folder] });
  const window = { query: {}, sort: [], offset: 0, limit: 50 };
  const rows = async () => (await value<TrackWindow>(desktop, 'tracks.window', window)).rows;
  await expect.poll(async () => (await rows()).length).toBe(demo.tracks.length);
  const track = (await rows()).find((row) => row.path.endsWith('.wav'));
  if (track === undefined) throw new Error('The demo library has a WAV file.');
  const fetched = (url: string, range?: string) =>
    desktop.app.evaluate(
      async ({ net }, [address, bytes]) => {
        const answer = await net.fetch(address as string, {
          headers: bytes === null ? {} : { Range: bytes as string },
        });
        const body = await answer.arrayBuffer();
        const header = (name: string) => answer.headers.get(name);
        return {
          status: answer.status,
          length: body.byteLength,
          range: header('content-range'),
          type: header('content-type'),
          start: Buffer.from(body.slice(0, 4)).toString('latin1'),
        };
      },
      [url, range ?? null],
    );
  const address = `media://track/${track.id}`;
  expect(await fetched(address)).toMatchObject({ status: 200, length: track.sizeBytes, start: 'RIFF' });
  expect(await fetched(address, 'bytes=8-11')).toMatchObject({
    status: 206,
    length: 4,
    start: 'WAVE',
    range: `bytes 8-11/${track.sizeBytes}`,
  });
  expect(await fetched(address, `bytes=${track.sizeBytes}-`)).toMatchObject({ status: 416, length: 0 });
  expect((await fetched('media://track/999999')).status).toBe(404);
  for (const wrong of [
    `media://track${track.path}`,
    'media://track/1/../2x',
    'media://file/1',
    'media://track/',
  ])
    expect((await fetched(wrong)).status).toBe(404);

  const inPage = await desktop.page.evaluate(async (url) => {
    const audio = new Audio(url);
    const playable = await new Promise((resolve) => {
      audio.oncanplay = () => resolve(audio.duration);
      audio.onerror = () => resolve(null);
      audio.load();
    });
    const read = await fetch(url).then(
      () => 'read',
      () => 'refused',
    );
    return { playable, read };
  }, address);
  expect(inPage.playable).toBeCloseTo(track.durationSeconds ?? 0, 0);
  expect(inPage.read).toBe('refused');
});

test('quitting closes the databases and leaves no process', async ({ launch, demo, scratch }) => {
  const dataDir = join(scratch, 'data');
  const desktop = await launch({ dataDir, folders: [demo.folder] });
  await expect.poll(() => foldersOf(desktop)).toEqual([demo.folder]);
  const pids = await desktop.app.evaluate(({ app }) => app.getAppMetrics().map((metric) => metric.pid));
  await desktop.quit();
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  expect(desktop.output()).not.toMatch(/did not close|A defect in main/);
  // A clean end leaves no write-ahead log behind.
  await expect(readFile(join(dataDir, 'library.db-wal'))).rejects.toThrow('ENOENT');
});

test('Ctrl-C, which a terminal sends to every process, ends it in order', async ({
  launch,
  demo,
  scratch,
}) => {
  const dataDir = join(scratch, 'data');
  const desktop = await launch({ dataDir, folders: [demo.folder] });
  await expect.poll(() => foldersOf(desktop)).toEqual([demo.folder]);
  const metrics = await desktop.app.evaluate(({ app }) => app.getAppMetrics());
  const engines = metrics.filter(({ name }) => name?.startsWith('Cratewise'));
  const main = desktop.app.process().pid ?? 0;
  expect(engines.length).toBeGreaterThan(0);
  for (const { pid } of engines) process.kill(pid, 'SIGINT');
  process.kill(main, 'SIGINT');
  await expect.poll(() => metrics.map(({ pid }) => pid).filter(isAlive), { timeout: 30_000 }).toEqual([]);
  expect(desktop.output()).not.toMatch(/engine process died|analyser process died/i);
  await expect(readFile(join(dataDir, 'library.db-wal'))).rejects.toThrow('ENOENT');
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
