import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventName } from '#shared/contract.ts';
import { createScans } from './scans.ts';
import { contextOf, eventually, noSignal, openTestLibrary, writeWav } from './test-library.fixture.ts';
import type { TestLibrary } from './test-library.fixture.ts';
import { systemVolumes } from './volumes.ts';
import type { Volumes } from './volumes.ts';

let library: TestLibrary;
/** Volume id by folder, for drives that this machine has not got; null: it cannot be told. */
let drives: Map<string, string | null>;
let onPublish: (name: EventName) => void;

const volumes: Volumes = {
  async identify(folder) {
    const real = await systemVolumes.identify(folder);
    const id = drives.get(folder);
    return id === undefined ? real : { ...real, id, path: '/' };
  },
  locate: (id) => Promise.resolve([...drives].filter(([, each]) => each === id).map(([folder]) => folder)),
};

beforeEach(async () => {
  drives = new Map();
  onPublish = () => undefined;
  library = openTestLibrary({ volumes, publish: (name) => onPublish(name) });
  library.file('a.wav', { title: 'A' });
  library.file('b.wav', { title: 'B' });
  await library.add();
  await library.scan();
});
afterEach(async () => {
  await library.dispose();
});

/** As if the folder had been added from this volume. */
function fromVolume(id: string | null, path = library.music): void {
  library.storage.database.prepare('UPDATE folders SET volume_id = ? WHERE path = ?').run(id, path);
}

function emptyFolder(): string {
  const away = join(library.folder, 'away');
  mkdirSync(away);
  for (const name of readdirSync(library.music)) renameSync(join(library.music, name), join(away, name));
  return away;
}

async function listed(): Promise<string[]> {
  return (await library.tracks()).map((track) => `${track.title}: ${track.state}`);
}

async function states(): Promise<string[]> {
  await library.scan();
  return listed();
}

/** Like `cp -a` and `rsync -a`: the copy has the time of the file. */
function copy(from: string, to: string): void {
  const stats = statSync(from);
  copyFileSync(from, to);
  utimesSync(to, stats.atime, stats.mtime);
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

it('does so too where volumes cannot be told', async () => {
  drives.set(library.music, null);
  expect(await states()).toEqual(['A: present', 'B: present']);
  const away = emptyFolder();
  library.file('stranger.wav', { title: 'Stranger' });
  expect(await states()).toEqual(['A: offline', 'B: offline']);
  renameSync(join(away, 'b.wav'), join(library.music, 'b.wav'));
  expect(await states()).toEqual(['A: missing', 'B: present', 'Stranger: present']);
});

it('takes a new disk with the old files for the folder', async () => {
  fromVolume('uuid:of the old disk');
  library.file('new.wav', { title: 'New' });
  expect(await states()).toEqual(['A: present', 'B: present', 'New: present']);
});

it('loses nothing when the folder goes away while it is looked through', async () => {
  library.file('sub/c.wav', { title: 'C' });
  expect(await states()).toHaveLength(3);
  const away = `${library.music}-unplugged`;
  onPublish = (name) => {
    if (name !== 'scan.progress') return; // the root was read, the folder in it was not yet
    onPublish = () => undefined;
    renameSync(library.music, away);
  };
  expect(await states()).toEqual(['A: offline', 'B: offline', 'C: offline']);
  renameSync(away, library.music);
  expect(await states()).toEqual(['A: present', 'B: present', 'C: present']);
});

it('gives a copy elsewhere no track of a drive that is away', async () => {
  fromVolume('uuid:of the stick');
  const away = emptyFolder();
  const copies = join(library.folder, 'copies');
  mkdirSync(copies);
  copy(join(away, 'a.wav'), join(copies, 'a.wav'));
  const [folder] = await library.add(copies);
  expect(await library.scan([folder?.id ?? 0])).toMatchObject({ new: 1, moved: 0 });
  expect(await states()).toEqual(['A: present', 'A: offline', 'B: offline']);
});

it('looks through all of a folder that has come back, even when told of one file', async () => {
  library.file('c.wav', { title: 'C' });
  await library.scan();
  renameSync(library.music, `${library.music}-unplugged`);
  expect(await states()).toEqual(['A: offline', 'B: offline', 'C: offline']);
  renameSync(`${library.music}-unplugged`, library.music);
  const scans = createScans(contextOf(library), () => undefined);
  try {
    scans.touch(1, ['b.wav']);
    await eventually(async () => (await listed())[1] === 'B: present');
  } finally {
    await scans.close();
  }
  expect(await listed()).toEqual(['A: present', 'B: present', 'C: present']);
});

describe('drives that changed places', () => {
  it('are both found where the other was', async () => {
    const [one, two, aside] = ['one', 'two', 'aside'].map((name) => join(library.folder, name)) as [
      string,
      string,
      string,
    ];
    writeWav(join(one, '1.wav'), { title: 'One' });
    writeWav(join(two, '2.wav'), { title: 'Two' });
    drives.set(one, 'uuid:1').set(two, 'uuid:2');
    const [first, second] = await library.add(one, two);
    expect(await states()).toEqual(['A: present', 'B: present', 'One: present', 'Two: present']);
    renameSync(one, aside);
    renameSync(two, one);
    renameSync(aside, two);
    drives.set(one, 'uuid:2').set(two, 'uuid:1');
    expect(await library.scan()).toMatchObject({ new: 0, moved: 0, missing: 0, unchanged: 4 });
    const folders = await library.handlers['library.folders']({}, noSignal);
    expect(folders).toMatchObject([
      { path: library.music },
      { id: first?.id, path: two, online: true },
      { id: second?.id, path: one, online: true },
    ]);
    expect(await listed()).not.toContain('One: offline');
  });

  it('may lie where a folder was that is watched no longer', async () => {
    const [one, old] = ['one', 'old'].map((name) => join(library.folder, name)) as [string, string];
    writeWav(join(old, 'o.wav'), { title: 'Old' });
    writeWav(join(one, '1.wav'), { title: 'One' });
    drives.set(one, 'uuid:1');
    const [removed] = await library.add(old, one);
    await library.scan();
    await library.handlers['library.removeFolder']({ folderId: removed?.id ?? 0 }, noSignal);
    rmSync(old, { recursive: true });
    renameSync(one, old);
    drives.delete(one);
    drives.set(old, 'uuid:1');
    const now = await states();
    expect(now.toSorted()).toEqual(['A: present', 'B: present', 'Old: missing', 'One: present']);
  });
});

// A second file system that is there on every Linux plays the drive.
describe.runIf(process.platform === 'linux' && statSync('/dev/shm').dev !== statSync(tmpdir()).dev)(
  'a drive inside a folder',
  () => {
    let drive: string;
    let point: string;
    beforeEach(async () => {
      drive = mkdtempSync('/dev/shm/cratewise-drive-');
      writeWav(join(drive, 'x.wav'), { title: 'X' });
      writeWav(join(drive, 'deep/y.wav'), { title: 'Y' });
      point = join(library.music, 'usb');
      symlinkSync(drive, point);
      expect(await states()).toEqual(['A: present', 'B: present', 'Y: present', 'X: present']);
    });
    afterEach(() => {
      rmSync(drive, { recursive: true, force: true });
    });

    it('takes only its own tracks offline, with its mount point or without', async () => {
      unlinkSync(point);
      mkdirSync(point);
      expect(await states()).toEqual(['A: present', 'B: present', 'Y: offline', 'X: offline']);
      rmdirSync(point);
      expect(await states()).toEqual(['A: present', 'B: present', 'Y: offline', 'X: offline']);
      symlinkSync(drive, point);
      expect(await states()).toEqual(['A: present', 'B: present', 'Y: present', 'X: present']);
      rmSync(join(drive, 'x.wav'));
      expect(await states()).toEqual(['A: present', 'B: present', 'Y: present', 'X: missing']);
    });

    it('takes them offline too when only its files are asked about', async () => {
      unlinkSync(point);
      const scans = createScans(contextOf(library), () => undefined);
      try {
        scans.touch(1, ['usb/x.wav', 'usb/deep/y.wav', 'usb/deep', 'usb']);
        await eventually(async () => (await listed())[3] !== 'X: present');
      } finally {
        await scans.close();
      }
      expect(await listed()).toEqual(['A: present', 'B: present', 'Y: offline', 'X: offline']);
    });

    it('gives a copy none of its tracks', async () => {
      const copies = join(library.folder, 'copies');
      mkdirSync(copies);
      copy(join(drive, 'x.wav'), join(copies, 'x.wav'));
      copy(join(drive, 'x.wav'), join(library.music, 'x.wav'));
      unlinkSync(point);
      const [folder] = await library.add(copies);
      expect(await library.scan([folder?.id ?? 0])).toMatchObject({ new: 1, moved: 0 });
      expect(await library.scan([1])).toMatchObject({ new: 1, moved: 0, missing: 0 });
    });

    it('is none any more once its files lie in the folder itself', async () => {
      unlinkSync(point);
      mkdirSync(join(point, 'deep'), { recursive: true });
      copy(join(drive, 'x.wav'), join(point, 'x.wav'));
      copy(join(drive, 'deep/y.wav'), join(point, 'deep/y.wav'));
      expect(await states()).toEqual(['A: present', 'B: present', 'Y: present', 'X: present']);
      rmSync(point, { recursive: true });
      expect(await states()).toEqual(['A: present', 'B: present', 'Y: missing', 'X: missing']);
    });
  },
);
