import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EventName } from '#shared/contract.ts';
import { findByPath } from '#engine/storage/library/tracks.ts';
import { createIntake } from './intake.ts';
import { contextOf, openTestLibrary } from './test-library.fixture.ts';
import type { TestLibrary } from './test-library.fixture.ts';

let library: TestLibrary;
let onPublish: (name: EventName) => void;
beforeEach(async () => {
  onPublish = () => undefined;
  library = openTestLibrary({ publish: (name) => onPublish(name) });
  library.file('a.wav', { title: 'A' });
  library.file('b.wav', { title: 'B' });
  await library.add();
  await library.scan();
});
afterEach(async () => {
  await library.dispose();
});

it('goes on when a track is purged, or joined with another, while its file is read', async () => {
  library.file('a.wav', { title: 'A again', samples: 900 });
  writeFileSync(join(library.music, 'b.wav'), '');
  onPublish = (name) => {
    if (name !== 'scan.progress') return; // the tracks are known to the scan, their files not yet read
    onPublish = () => undefined;
    library.storage.database.exec('DELETE FROM tracks');
  };
  expect(await library.scan()).toMatchObject({ changed: 2, errors: 1 });
  expect(await library.tracks()).toMatchObject([
    { title: 'A again', error: null, analysis: 'pending' },
    { title: null, error: { code: 'file-empty' }, analysis: 'failed' },
  ]);
});

it('takes a missing track back whose file may not be read', async () => {
  rmSync(join(library.music, 'a.wav'));
  await library.scan();
  const track = findByPath(library.storage.database, 1, 'a.wav');
  expect(track?.state).toBe('missing');
  const problem = { code: 'file-not-readable', detail: 'It may not be read.' } as const;
  const file = { relativePath: 'a.wav', sizeBytes: 0, modifiedAt: 0, inode: null, problem };
  const folder = { id: 1, path: library.music };
  const intake = createIntake(contextOf(library), folder, new AbortController().signal, () => undefined);
  if (track !== undefined) intake.change(track, file);
  await intake.drain();
  expect((await library.tracks())[0]).toMatchObject({ title: 'A', state: 'present', error: problem });
});
