import { renameSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contextOf, eventually, openTestLibrary, writeWav } from './test-library.fixture.ts';
import type { TestLibrary } from './test-library.fixture.ts';
import { join } from 'node:path';
import { readFolder, watchedFolders, writeMountPoints } from '#engine/storage/library/folders.ts';
import type { Events } from '#shared/contract.ts';
import { watchFolder } from './watch.ts';
import type { WatchOptions } from './watch.ts';
import { createWatching } from './watching.ts';

let library: TestLibrary;
beforeEach(() => {
  library = openTestLibrary();
});
afterEach(async () => {
  await library.dispose();
});

it('says once, with what to do, that the system lets no more be watched, and looks itself instead', async () => {
  const other = join(library.folder, 'other');
  writeWav(join(other, 'b.wav'));
  await library.add(library.music, other);
  await library.scan();
  const notices: Events['notice'][] = [];
  const problems: WatchOptions['onProblem'][] = [];
  let ended = 0;
  const watching = createWatching(
    { ...contextOf(library), publish: (_, payload) => notices.push(payload as Events['notice']) },
    () => ({ touch: () => undefined, begin: () => undefined }),
    {},
    (options) => {
      problems.push(options.onProblem);
      return { close: () => Promise.resolve(void (ended += 1)) };
    },
  );
  const volume = { id: null, path: null, network: false };
  const folders = watchedFolders(library.storage.database);
  for (const folder of folders) watching.found(folder.id, { folder, volume, returned: false });
  expect(problems).toHaveLength(2);
  for (const tell of problems) tell({ limit: true, error: new Error('ENOSPC') });
  expect(ended).toBe(2);
  expect(notices.map((notice) => notice.code)).toEqual(['watch-limit']);
  expect(notices[0]?.detail).toMatch(/every ten minutes/);
  // It is of no use to try the same again at the next scan.
  for (const folder of folders) watching.found(folder.id, { folder, volume, returned: false });
  expect(problems).toHaveLength(2);
  await watching.close();
});

it('asks network drives for changes, which tell nothing by themselves', async () => {
  const seen: string[] = [];
  let ready = false;
  library.file('a.wav');
  const watch = watchFolder({
    root: library.music,
    poll: true,
    restMs: 100,
    pollMs: 100,
    onPaths: (paths) => seen.push(...paths),
    onFirstSight: () => undefined,
    onReady: () => (ready = true),
    onProblem: ({ error }) => expect.unreachable(String(error)),
  });
  try {
    await expect.poll(() => ready, { timeout: 5000 }).toBe(true);
    library.file('sub/b.wav', { modifiedAt: null });
    await expect.poll(() => seen, { timeout: 5000 }).toContain('sub/b.wav');
  } finally {
    await watch.close();
  }
});

it('watches anew when another disk lies where a folder, or a drive in it, was', async () => {
  library.file('a.wav');
  library.file('usb/b.wav');
  const [folder] = await library.add();
  await library.scan();
  const { database } = library.storage;
  const folderId = folder?.id ?? 0;
  writeMountPoints(database, folderId, ['usb']);
  const watched: string[] = [];
  const looks: number[] = [];
  const watching = createWatching(
    contextOf(library),
    () => ({ touch: () => undefined, begin: (id) => void looks.push(id) }),
    { presenceMs: 20 },
    ({ root }) => {
      watched.push(root);
      return { close: () => Promise.resolve() };
    },
  );
  const volume = { id: null, path: null, network: false };
  const look = (): void => {
    const row = readFolder(database, folderId);
    if (row !== undefined) watching.found(folderId, { folder: row, volume, returned: false });
  };
  try {
    look();
    look();
    expect(watched).toEqual([library.music]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(looks).toEqual([]);
    renameSync(join(library.music, 'usb'), join(library.folder, 'unplugged'));
    await eventually(() => looks.length > 0);
    look();
    expect(watched).toEqual([library.music, library.music]);
    look();
    expect(watched).toHaveLength(2);
  } finally {
    await watching.close();
  }
});
