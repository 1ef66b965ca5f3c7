import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { recordTrackError } from '#engine/storage/library/errors.ts';
import { insertEntries } from '#engine/storage/library/playlist-entries.ts';
import { insertNode } from '#engine/storage/library/playlists.ts';
import { createCompileQuery } from '#engine/track-queries.ts';
import { createExportHandlers } from './export.handlers.ts';

let library: FilledLibrary;
let folder: string;
beforeEach(() => {
  library = openFilledLibrary();
  folder = mkdtempSync(join(tmpdir(), 'cratewise-export-'));
});
afterEach(() => {
  library.remove();
  rmSync(folder, { recursive: true, force: true });
});

function playlistOf(...paths: string[]): number {
  const { database } = library.storage;
  const id = insertNode(
    database,
    { name: 'Set', kind: 'playlist', parentId: null, position: 0, rules: null },
    1,
  );
  const tracks = paths.map((path) =>
    library.add({ path, ...(path.startsWith('gone') ? { state: 'missing' } : {}) }),
  );
  insertEntries(database, id, [...tracks, tracks[0]!], 0);
  return id;
}

async function write(
  playlistId: number,
  name: string,
  more: { relative?: boolean; overwrite?: boolean } = {},
) {
  const handlers = createExportHandlers({
    storage: library.storage,
    compile: createCompileQuery(library.storage.database, Date.now),
    version: '0.0.0',
  });
  const input = {
    playlistId,
    format: 'm3u8' as const,
    file: name.startsWith('/') ? name : join(folder, name),
    ...more,
  };
  return await handlers['playlists.export'](input, { signal: new AbortController().signal });
}

test('writes the rows in order, says how many were left out, and leaves nothing else behind', async () => {
  const id = playlistOf('a.mp3', 'gone.mp3', 'line\nbreak.mp3', 'bytes\\xFF.mp3', 'b.mp3');
  const { database } = library.storage;
  const bad = database
    .prepare(`SELECT id FROM tracks WHERE relative_path LIKE 'bytes%'`)
    .pluck()
    .get() as number;
  recordTrackError(database, bad, { stage: 'scan', code: 'file-name-not-utf8', detail: 'x' }, 1);
  expect(await write(id, 'set.m3u8')).toEqual({
    file: join(folder, 'set.m3u8'),
    tracks: 3,
    leftOut: 3,
    files: 1,
  });
  const lines = readFileSync(join(folder, 'set.m3u8'), 'utf8').split('\n');
  expect(lines.filter((line) => line.startsWith('/'))).toEqual([
    '/music/a.mp3',
    '/music/b.mp3',
    '/music/a.mp3',
  ]);
  expect(readdirSync(folder)).toEqual(['set.m3u8']);
});

test('paths can be relative to where the playlist lies', async () => {
  await write(playlistOf('a.mp3'), 'set.m3u8', { relative: true });
  const [, , line] = readFileSync(join(folder, 'set.m3u8'), 'utf8').split('\n');
  expect(join(folder, line!)).toBe('/music/a.mp3');
});

test('a name as long as the file system allows is no obstacle', async () => {
  const name = `${'x'.repeat(250)}.m3u8`;
  await write(playlistOf('a.mp3'), name);
  expect(readdirSync(folder)).toEqual([name]);
});

test('never replaces a file unless told, and then as a whole', async () => {
  const id = playlistOf('a.mp3');
  writeFileSync(join(folder, 'mine.m3u8'), 'mine');
  await expect(write(id, 'mine.m3u8')).rejects.toMatchObject({ code: 'conflict' });
  expect(readFileSync(join(folder, 'mine.m3u8'), 'utf8')).toBe('mine');
  await write(id, 'mine.m3u8', { overwrite: true });
  expect(readFileSync(join(folder, 'mine.m3u8'), 'utf8')).toContain('/music/a.mp3');
  expect(readdirSync(folder)).toEqual(['mine.m3u8']);
});

test('a name that is no playlist’s is refused even when overwriting is allowed', async () => {
  const id = playlistOf('a.mp3');
  writeFileSync(join(folder, '.bashrc'), 'mine');
  await expect(write(id, '.bashrc', { overwrite: true })).rejects.toThrow(/ends in .m3u8/);
  expect(readFileSync(join(folder, '.bashrc'), 'utf8')).toBe('mine');
});

test('where it cannot be written it says so and leaves nothing half-written', async () => {
  const id = playlistOf('a.mp3');
  await expect(write(id, 'no/such/set.m3u8')).rejects.toThrow(/does not exist/);
  mkdirSync(join(folder, 'folder.m3u8'));
  await expect(write(id, 'folder.m3u8', { overwrite: true })).rejects.toMatchObject({
    code: 'export-failed',
  });
  expect(readdirSync(folder)).toEqual(['folder.m3u8']);
  await expect(write(99, 'set.m3u8')).rejects.toMatchObject({ code: 'not-found' });
});
