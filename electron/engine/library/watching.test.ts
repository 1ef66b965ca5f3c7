import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually, openTestLibrary, wavBytes, writeWav } from './test-library.fixture.ts';
import type { TestLibrary } from './test-library.fixture.ts';

let library: TestLibrary;
beforeEach(() => {
  library = openTestLibrary({ watch: true, watchTimes: { restMs: 200, pollMs: 100, presenceMs: 100 } });
});
afterEach(async () => {
  await library.dispose();
});

/** Titles by the path inside the music folder, of tracks that are present. */
async function present(): Promise<Record<string, string | null>> {
  const tracks = (await library.tracks()).filter((track) => track.state === 'present');
  return Object.fromEntries(tracks.map((track) => [track.path.slice(library.music.length + 1), track.title]));
}

async function becomes(expected: Record<string, string | null>): Promise<void> {
  try {
    await eventually(async () => JSON.stringify(await present()) === JSON.stringify(expected));
  } catch {
    expect(await present()).toEqual(expected);
  }
}

it('notices files that come, change, move and go', async () => {
  library.file('a.wav', { title: 'A' });
  await library.add();
  await library.scan();
  const [first] = await library.tracks();
  library.file('new/b.wav', { title: 'B', modifiedAt: null });
  await becomes({ 'a.wav': 'A', 'new/b.wav': 'B' });
  library.file('new/b.wav', { title: 'B again', modifiedAt: null });
  await becomes({ 'a.wav': 'A', 'new/b.wav': 'B again' });
  renameSync(join(library.music, 'a.wav'), join(library.music, 'renamed.wav'));
  await becomes({ 'new/b.wav': 'B again', 'renamed.wav': 'A' });
  expect((await library.tracks()).find((track) => track.title === 'A')?.id).toBe(first?.id);
  renameSync(join(library.music, 'new'), join(library.music, 'other'));
  await becomes({ 'other/b.wav': 'B again', 'renamed.wav': 'A' });
  rmSync(join(library.music, 'other'), { recursive: true });
  await becomes({ 'renamed.wav': 'A' });
  expect(await library.tracks()).toHaveLength(2);
});

it('reads a slow copy once it is whole', async () => {
  await library.add();
  await library.scan();
  const bytes = wavBytes({ title: 'Slow', samples: 4000 });
  const path = join(library.music, 'slow.wav');
  writeFileSync(path, bytes.subarray(0, 100));
  for (let at = 100; at < bytes.length; at += 800) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    appendFileSync(path, bytes.subarray(at, at + 800));
  }
  await becomes({ 'slow.wav': 'Slow' });
  expect((await library.tracks())[0]).toMatchObject({ durationSeconds: 0.5, error: null });
});

it('catches up with what changed just before it began to watch', async () => {
  library.file('a.wav', { title: 'A' });
  library.file('b.wav', { title: 'B' });
  await library.add();
  // No request between: the first scan may have passed these already.
  await eventually(() =>
    library.events.some(({ payload }) => 'phase' in payload && payload.phase === 'done'),
  );
  unlinkSync(join(library.music, 'a.wav'));
  library.file('c.wav', { title: 'C' });
  await becomes({ 'b.wav': 'B', 'c.wav': 'C' });
});

it('follows links without finding a file twice', async () => {
  const outside = writeWav(join(library.folder, 'outside/o.wav'), { title: 'O' });
  library.file('a.wav', { title: 'A' });
  symlinkSync(library.music, join(library.music, 'loop'));
  await library.add();
  await library.scan();
  await becomes({ 'a.wav': 'A' });
  symlinkSync(join(outside, '..'), join(library.music, 'link'));
  await becomes({ 'a.wav': 'A', 'link/o.wav': 'O' });
  writeWav(join(outside, '../p.wav'), { title: 'P' });
  await becomes({ 'a.wav': 'A', 'link/o.wav': 'O', 'link/p.wav': 'P' });
});

it('notices a drive that goes away and comes back', async () => {
  library.file('a.wav', { title: 'A' });
  await library.add();
  await library.scan();
  renameSync(library.music, `${library.music}-away`);
  await eventually(async () => (await library.tracks())[0]?.state === 'offline');
  renameSync(`${library.music}-away`, library.music);
  await becomes({ 'a.wav': 'A' });
  library.file('b.wav', { title: 'B' });
  await becomes({ 'a.wav': 'A', 'b.wav': 'B' });
});

it('watches no more when a folder is removed', async () => {
  library.file('a.wav', { title: 'A' });
  const [folder] = await library.add();
  await library.scan();
  await library.handlers['library.removeFolder'](
    { folderId: folder?.id ?? 0 },
    { signal: new AbortController().signal },
  );
  const path = join(library.music, 'b.wav');
  mkdirSync(library.music, { recursive: true });
  writeFileSync(path, wavBytes());
  utimesSync(path, 1_600_000_000, 1_600_000_000);
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect(await library.tracks()).toHaveLength(1);
});
