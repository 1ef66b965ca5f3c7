import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { identifyVolume, parseMounts, placesAmong, volumeAmong } from './volumes.ts';

const table = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 8:17 / /media/dj/My\\040Stick rw,nosuid shared:2 - vfat /dev/sdb1 rw
31 22 8:33 /@music /srv/music rw - btrfs /dev/sdc1 rw,subvol=/@music
32 22 0:40 / /mnt/nas rw - nfs4 nas:/export/music rw
33 22 0:41 / /mnt/ssh rw - fuse.sshfs dj@host:/music rw
34 22 0:22 / /proc rw - proc proc rw
`;
const mounts = parseMounts(table);
const uuids = new Map([
  ['/dev/sda1', 'root-uuid'],
  ['/dev/sdb1', '12AB-34CD'],
  ['/dev/sdc1', 'btrfs-uuid'],
]);

describe('volumeAmong', () => {
  it.each([
    ['/home/dj/Music', { id: 'uuid:root-uuid', path: '/home/dj/Music', network: false }],
    ['/media/dj/My Stick/crates', { id: 'uuid:12AB-34CD', path: '/crates', network: false }],
    ['/media/dj/My Stick', { id: 'uuid:12AB-34CD', path: '/', network: false }],
    ['/media/dj/My Stick 2', { id: 'uuid:root-uuid', path: '/media/dj/My Stick 2', network: false }],
    ['/srv/music/house', { id: 'uuid:btrfs-uuid', path: '/@music/house', network: false }],
    ['/mnt/nas/a', { id: 'source:nfs4:nas:/export/music', path: '/a', network: true }],
    ['/mnt/ssh', { id: 'source:fuse.sshfs:dj@host:/music', path: '/', network: true }],
    ['/proc/x', { id: 'device:0:22', path: '/x', network: false }],
  ])('%s', (folder, volume) => {
    expect(volumeAmong(mounts, uuids, folder)).toEqual(volume);
  });
});

describe('placesAmong', () => {
  it('finds a volume under another mount point', () => {
    const moved = parseMounts(table.replace('/media/dj/My\\040Stick', '/run/media/dj/STICK'));
    expect(placesAmong(moved, uuids, 'uuid:12AB-34CD', '/crates')).toEqual(['/run/media/dj/STICK/crates']);
    expect(placesAmong(moved, uuids, 'uuid:btrfs-uuid', '/@music/house')).toEqual(['/srv/music/house']);
    expect(placesAmong(moved, uuids, 'uuid:btrfs-uuid', '/@other/house')).toEqual([]);
    expect(placesAmong(moved, uuids, 'uuid:unplugged', '/crates')).toEqual([]);
  });

  it('trusts no device number: another disk may have it now', () => {
    expect(placesAmong(mounts, uuids, 'device:8:17', '/crates')).toEqual([]);
  });
});

describe('identifyVolume', () => {
  it.runIf(process.platform === 'linux')('knows the volume of a folder that is there', async () => {
    const volume = await identifyVolume(realpathSync(tmpdir()));
    expect(volume.id).toMatch(/^(uuid|device|source):/);
    expect(volume.path).toMatch(/^\//);
  });

  it('knows nothing of one that is not', async () => {
    expect(await identifyVolume('/no/such/folder')).toEqual({ id: null, path: null, network: false });
  });
});
