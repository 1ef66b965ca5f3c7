/** What must survive: the analyser's death, the engine's, a power cut in the middle of a scan. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AnalysisStatus, AppInfo, LibraryCounts } from '#shared/domain.ts';
import { writeDemoLibrary } from '#build/demo/library.ts';
import { pieces } from '#build/demo/pieces.ts';
import { expect, test, type Desktop } from '../fixtures/desktop.ts';

let nextRequest = 500_000;
/** What the page would ask the engine. */
async function ask<Result>(desktop: Desktop, name: string, input: unknown = {}): Promise<Result> {
  const reply = await desktop.page.evaluate(
    ([id, wanted, payload]) => window.cratewise.request(id as number, wanted as string, payload),
    [nextRequest++, name, input],
  );
  if (!reply.ok) throw new Error(`${name}: ${reply.error.code} ${reply.error.detail}`);
  return reply.value as Result;
}

const counts = (desktop: Desktop): Promise<LibraryCounts> => ask(desktop, 'library.counts');

/** Processes of the app by what they are for. */
async function pidsOf(
  desktop: Desktop,
  service: 'Cratewise analyser' | 'Cratewise engine',
): Promise<number[]> {
  return desktop.app.evaluate(
    ({ app }, name) =>
      app
        .getAppMetrics()
        .filter((metric) => metric.name === name)
        .map((metric) => metric.pid),
    service,
  );
}

async function waitForAnalysed(desktop: Desktop, least: number): Promise<void> {
  await expect
    .poll(async () => (await counts(desktop)).analysed, { timeout: 120_000 })
    .toBeGreaterThanOrEqual(least);
}

/** Reads the databases as another program would, while the app is not running. */
function inspect(dataDir: string): { integrity: string[]; tracks: number; analyses: number } {
  const integrity: string[] = [];
  const count = (file: string, table: string): number => {
    const database = new DatabaseSync(join(dataDir, file), { readOnly: true });
    try {
      for (const row of database.prepare('PRAGMA integrity_check').all())
        integrity.push(String(row['integrity_check']));
      integrity.push(...database.prepare('PRAGMA foreign_key_check').all().map(String));
      return Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);
    } finally {
      database.close();
    }
  };
  return { tracks: count('library.db', 'tracks'), analyses: count('analysis.db', 'predictions'), integrity };
}

test('an analyser that dies in the middle of a scan costs nothing', async ({ launch, demo, scratch }) => {
  const desktop = await launch({ dataDir: join(scratch, 'data'), folders: [demo.folder] });
  await waitForAnalysed(desktop, 1);
  const before = await pidsOf(desktop, 'Cratewise analyser');
  expect(before).toHaveLength(1);
  for (const pid of before) process.kill(pid, 'SIGKILL');

  await waitForAnalysed(desktop, demo.tracks.length);
  expect(await counts(desktop)).toMatchObject({ all: demo.tracks.length, errors: 0, pending: 0 });
  expect(await pidsOf(desktop, 'Cratewise analyser')).not.toEqual(before);
});

test('an engine that dies is started again with a message, and goes on', async ({
  launch,
  demo,
  scratch,
}) => {
  const desktop = await launch({ dataDir: join(scratch, 'data'), folders: [demo.folder] });
  await waitForAnalysed(desktop, 1);
  const [engine] = await pidsOf(desktop, 'Cratewise engine');
  process.kill(engine ?? 0, 'SIGKILL');

  await expect(desktop.page.getByText(/The engine stopped unexpectedly and was started again/)).toBeVisible();
  await waitForAnalysed(desktop, demo.tracks.length);
  expect(await counts(desktop)).toMatchObject({ all: demo.tracks.length, errors: 0 });
  const engines = await pidsOf(desktop, 'Cratewise engine');
  expect(engines).toHaveLength(1);
  expect(engines).not.toEqual([engine]);
});

test('a power cut in the middle of a scan loses nothing and repeats nothing', async ({ launch, scratch }) => {
  // Longer pieces, so that the scan lasts while it is cut; few formats, so that they are written soon.
  const music = join(scratch, 'music');
  const tracks = await writeDemoLibrary(music, {
    seconds: 60,
    pieces: pieces.slice(0, 12),
    endings: ['wav', 'flac'],
  });
  const dataDir = join(scratch, 'data');
  const first = await launch({ dataDir, folders: [music] });
  await waitForAnalysed(first, 2);
  await ask(first, 'playlists.create', { name: 'Acknowledged', trackIds: [1, 2] });
  const acknowledged = (await counts(first)).analysed;
  await first.killEverything();

  const cut = inspect(dataDir);
  expect(cut.integrity).toEqual(['ok', 'ok']);
  expect(cut.tracks).toBe(tracks.length);
  expect(cut.analyses).toBeGreaterThanOrEqual(acknowledged);
  expect(cut.analyses, 'the scan must have been cut while it ran').toBeLessThan(tracks.length);

  const second = await launch({ dataDir });
  const { dataDir: opened } = await ask<AppInfo>(second, 'app.info');
  expect(opened).toBe(dataDir);
  expect(await ask(second, 'playlists.list')).toMatchObject([{ name: 'Acknowledged', trackCount: 2 }]);
  await waitForAnalysed(second, tracks.length);
  const status = await ask<AnalysisStatus>(second, 'analysis.status');
  // Analysed since the start: only what was not stored before.
  expect(status.done).toBe(tracks.length - cut.analyses);
  await second.quit();
  expect(inspect(dataDir)).toEqual({
    integrity: ['ok', 'ok'],
    tracks: tracks.length,
    analyses: tracks.length,
  });
});
