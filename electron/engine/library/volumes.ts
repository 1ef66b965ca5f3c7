/**
 * Which file system a folder lies on, by an identity that outlives unplugging and another mount point. Linux: the
 * UUID of the device, or the source of a network mount; Windows: the volume's serial number.
 */
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join, posix, resolve, sep } from 'node:path';
import { isInside } from './paths.ts';

export interface Volume {
  /** Null when nothing stable is known. */
  readonly id: string | null;
  /** The folder's path inside the volume. */
  readonly path: string | null;
  /** Changes there are not told by the system: it must be asked again and again. */
  readonly network: boolean;
}

export interface Mount {
  /** The part of the file system that is mounted ('/' unless it is a bind mount). */
  readonly inside: string;
  readonly mountPoint: string;
  readonly type: string;
  readonly source: string;
  /** "major:minor" */
  readonly device: string;
}

/** What the library asks of the system about drives; a test answers for drives it has not got. */
export interface Volumes {
  readonly identify: (folder: string) => Promise<Volume>;
  readonly locate: (id: string, path: string) => Promise<readonly string[]>;
}

export const systemVolumes: Volumes = { identify: identifyVolume, locate: locateOnVolume };

/** Types whose changes by other machines are not told to inotify. */
const networkTypes =
  /^(nfs\d?|cifs|smb\w*|9p|afs|ceph|glusterfs|ncpfs|davfs\d?|vboxsf|vmhgfs|prl_fs|virtiofs|fuse\.(sshfs|rclone|davfs\d?|curlftpfs|glusterfs|s3fs|smbnetfs|gvfsd-fuse|vmhgfs-fuse))$/;

/** The volume of a folder that is there. Never throws: unknown parts are null. */
export async function identifyVolume(folder: string): Promise<Volume> {
  try {
    if (process.platform === 'linux')
      return volumeAmong(await readMounts(), await readUuids(), await realpath(folder));
    const stats = await stat(folder);
    if (process.platform === 'win32') {
      // Node gives a volume's serial number as the device.
      const path = resolve(folder);
      return {
        id: `serial:${stats.dev}`,
        path: path.slice(2).replaceAll('\\', '/'),
        network: path.startsWith('\\\\'),
      };
    }
  } catch {
    // Not there any more, or no mount table: then nothing is known of it.
  }
  return { id: null, path: null, network: false };
}

/** Pure part of `identifyVolume` on Linux. `uuids`: device path → UUID. */
export function volumeAmong(
  mounts: readonly Mount[],
  uuids: ReadonlyMap<string, string>,
  folder: string,
): Volume {
  // A later mount hides an earlier one at the same place.
  const mount = mounts.reduce<Mount | null>((best, each) => {
    const fits = isInside(each.mountPoint, folder, '/');
    return fits && each.mountPoint.length >= (best?.mountPoint.length ?? 0) ? each : best;
  }, null);
  if (mount === null) return { id: null, path: null, network: false };
  const network = networkTypes.test(mount.type);
  const path = posix.join(mount.inside, posix.relative(mount.mountPoint, folder));
  return { id: volumeIdOf(mount, uuids, network), path, network };
}

/** Where a folder is now that lay at `path` of the volume `id`: existing places, best first. */
export async function locateOnVolume(id: string, path: string): Promise<readonly string[]> {
  if (process.platform === 'linux') {
    return existing(placesAmong(await readMounts(), await readUuids(), id, path));
  }
  if (process.platform === 'win32' && id.startsWith('serial:')) {
    const letters = [...'CDEFGHIJKLMNOPQRSTUVWXYZAB'];
    const drives = await Promise.all(
      letters.map(async (letter) => {
        const stats = await stat(`${letter}:\\`).catch(() => null);
        return stats !== null && `serial:${stats.dev}` === id
          ? [resolve(`${letter}:${path.replaceAll('/', sep)}`)]
          : [];
      }),
    );
    return existing(drives.flat());
  }
  return [];
}

/** Pure part of `locateOnVolume` on Linux. A device number says nothing after the device was away. */
export function placesAmong(
  mounts: readonly Mount[],
  uuids: ReadonlyMap<string, string>,
  id: string,
  path: string,
): readonly string[] {
  if (id.startsWith('device:')) return [];
  return mounts
    .filter((mount) => volumeIdOf(mount, uuids, networkTypes.test(mount.type)) === id)
    .filter((mount) => isInside(mount.inside, path, '/'))
    .map((mount) => posix.join(mount.mountPoint, posix.relative(mount.inside, path)));
}

/** The lines of /proc/self/mountinfo (see proc(5)). */
export function parseMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ');
    const [, , device, inside, mountPoint] = before?.split(' ') ?? [];
    const [type, source] = after?.split(' ') ?? [];
    if (device === undefined || inside === undefined || mountPoint === undefined) return [];
    if (type === undefined || source === undefined) return [];
    return [
      { device, type, inside: unescape(inside), mountPoint: unescape(mountPoint), source: unescape(source) },
    ];
  });
}

function volumeIdOf(mount: Mount, uuids: ReadonlyMap<string, string>, network: boolean): string {
  const uuid = uuids.get(mount.source);
  if (uuid !== undefined) return `uuid:${uuid}`;
  if (network) return `source:${mount.type}:${mount.source}`;
  return `device:${mount.device}`;
}

/** Spaces and the like stand as octal numbers in the mount table. */
function unescape(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

async function readMounts(): Promise<readonly Mount[]> {
  return parseMounts(await readFile('/proc/self/mountinfo', 'utf8'));
}

async function readUuids(): Promise<ReadonlyMap<string, string>> {
  const folder = '/dev/disk/by-uuid';
  const names = await readdir(folder).catch(() => []);
  const entries = await Promise.all(
    names.map(async (name) => [resolve(folder, await readlink(join(folder, name))), name] as const),
  );
  return new Map(entries);
}

async function existing(paths: readonly string[]): Promise<readonly string[]> {
  const there = await Promise.all(
    paths.map(async (path) => (await stat(path).catch(() => null))?.isDirectory() === true),
  );
  return paths.filter((_, index) => there[index]);
}
