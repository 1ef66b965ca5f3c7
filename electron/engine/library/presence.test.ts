import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestLibrary } from './test-library.fixture.ts';
import type { TestLibrary } from './test-library.fixture.ts';

let library: TestLibrary;
beforeEach(async () => {
  library = openTestLibrary();
  library.file('a.wav', { title: 'A' });
  library.file('b.wav', { title: 'B' });
  await library.add();
  await library.scan();
});
afterEach(async () => {
  await library.dispose();
});

/** As if the folder had been added from this volume. */
function fromVolume(id: string | null): void {
  library.storage.database.prepare('UPDATE folders SET volume_id = ?').run(id);
}

function emptyFolder(): void {
  const away = join(library.folder, 'away');
  mkdirSync(away);
  for (const name of readdirSync(library.music)) renameSync(join(library.music, name), join(away, name));
}

async function states(): Promise<string[]> {
  await library.scan();
  return (await library.tracks()).map((track) => `${track.title}: ${track.state}`);
}

it('takes an empty mount point for a drive that is away', async () => {
  fromVolume('uuid:of the stick');
  emptyFolder();
  expect(await states()).toEqual(['A: offline', 'B: offline']);
  renameSync(join(library.folder, 'away/a.wav'), join(library.music, 'a.wav'));
  renameSync(join(library.folder, 'away/b.wav'), join(library.music, 'b.wav'));
  expect(await states()).toEqual(['A: present', 'B: present']);
});

it('takes an emptied folder of the same volume at its word', async () => {
  emptyFolder();
  expect(await states()).toEqual(['A: missing', 'B: missing']);
});

it('takes another disk at the same place for another disk', async () => {
  fromVolume('uuid:of the stick');
  emptyFolder();
  library.file('stranger.wav', { title: 'Stranger' });
  expect(await states()).toEqual(['A: offline', 'B: offline']);
});

it('takes a new disk with the old files for the folder', async () => {
  fromVolume('uuid:of the old disk');
  library.file('new.wav', { title: 'New' });
  expect(await states()).toEqual(['A: present', 'B: present', 'New: present']);
});
