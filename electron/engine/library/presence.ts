/** Is a library folder there? A drive that is away takes its tracks offline; nothing of them is lost. */
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderId } from '#shared/domain.ts';
import {
  readFolder,
  relocateFolder,
  setFolderOnline,
  setFolderVolume,
  watchedFolders,
} from '#engine/storage/library/folders.ts';
import type { FolderRow } from '#engine/storage/library/folders.ts';
import { pageOfFolder, sampleOfFolder, setState } from '#engine/storage/library/tracks.ts';
import { breathe } from './context.ts';
import type { LibraryContext } from './context.ts';
import type { Volume } from './volumes.ts';

/** Tracks looked for to tell a new disk with the old files from another disk. */
const SAMPLED_TRACKS = 50;
/** Setting the state of so many takes some milliseconds. */
const PAGE_ROWS = 500;

export interface PresentFolder {
  readonly folder: FolderRow;
  readonly volume: Volume;
  /** It was offline until now: its tracks are still marked so. */
  readonly returned: boolean;
}

/** Looks for the folder, also under another mount point, and notes the outcome. Null: it is offline. */
export async function findFolder(context: LibraryContext, folderId: FolderId): Promise<PresentFolder | null> {
  const { database } = context.storage;
  const folder = readFolder(database, folderId);
  if (folder === undefined || folder.removedAt !== null) return null;
  const path = (await isItsOwn(context, folder)) ? folder.path : await relocated(context, folder);
  if (path === null) {
    if (folder.online) {
      // The folder last: whoever is interrupted between begins again.
      await markTracks(context, folderId, 'offline');
      context.storage.write(() => setFolderOnline(database, folderId, false));
      context.changed();
      context.log.info({ folderId }, 'folder is offline');
    }
    return null;
  }
  const volume = await context.volumes.identify(path);
  context.storage.write(() => {
    if (path !== folder.path) relocateFolder(database, folderId, path);
    setFolderVolume(database, folderId, volume.id, volume.path);
    setFolderOnline(database, folderId, true);
  });
  if (path !== folder.path || !folder.online) context.changed();
  const found = { ...folder, path, online: true, volumeId: volume.id, volumePath: volume.path };
  return { folder: found, volume, returned: !folder.online };
}

/** The first existing place on the folder's volume where no other folder of the library is. */
async function relocated(context: LibraryContext, folder: FolderRow): Promise<string | null> {
  const { volumeId, volumePath } = folder;
  if (volumeId === null || volumePath === null) return null;
  // A folder of another volume that has this path is not there: this folder's volume is.
  const others = watchedFolders(context.storage.database).filter((other) => other.volumeId === volumeId);
  const taken = new Set(others.map((other) => other.path));
  for (const place of await context.volumes.locate(volumeId, volumePath)) {
    if (!taken.has(place) && (await isItsOwn(context, folder, place))) return place;
  }
  return null;
}

/** True when the folder at `path` is the one we know, not an empty mount point or another disk. */
export async function isItsOwn(
  context: LibraryContext,
  folder: FolderRow,
  path: string = folder.path,
): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  if (stats === null || !stats.isDirectory()) return false;
  const volume = await context.volumes.identify(path);
  if (volume.id !== null && volume.id === folder.volumeId) return true;
  // Another volume, or none that can be told: the files decide.
  const sample = sampleOfFolder(context.storage.database, folder.id, SAMPLED_TRACKS);
  if (sample.length === 0) return true;
  if ((await readdir(path).catch(() => null)) === null) return true; // there, but not readable: the scan says so
  for (const relativePath of sample) {
    if ((await lstat(join(path, relativePath)).catch(() => null)) !== null) return true;
  }
  return false;
}

/**
 * All tracks of a folder that are there become missing or offline; those that are missing already stay so. In pages:
 * a hundred thousand at once would hold everybody up.
 */
export async function markTracks(
  context: LibraryContext,
  folderId: FolderId,
  state: 'missing' | 'offline',
): Promise<void> {
  let after = '';
  for (;;) {
    const page = pageOfFolder(context.storage.database, folderId, after, PAGE_ROWS);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.relativePath;
    const ids = page.filter((track) => track.state !== 'missing').map((track) => track.id);
    context.storage.write(() => setState(context.storage.database, ids, state, context.clock()));
    context.changed();
    await breathe();
  }
}
