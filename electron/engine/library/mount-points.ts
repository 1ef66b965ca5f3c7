/**
 * Drives mounted inside a library folder, and links in it that lead to other drives. When such a drive is away, an
 * empty folder is left at best: its tracks are offline then, not missing.
 */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readMountPoints, writeMountPoints } from '#engine/storage/library/folders.ts';
import type { FolderRow } from '#engine/storage/library/folders.ts';
import type { LibraryContext } from './context.ts';

/** Those of a folder's noted mount points where there is no other drive now. */
export async function drivesAway(context: LibraryContext, folder: FolderRow): Promise<readonly string[]> {
  const noted = readMountPoints(context.storage.database, folder.id);
  const away = await Promise.all(noted.map((point) => isAway(join(folder.path, point))));
  return noted.filter((_, index) => away[index]);
}

async function isAway(path: string): Promise<boolean> {
  const [own, parent] = await Promise.all([path, dirname(path)].map((each) => stat(each).catch(() => null)));
  return !own || own.dev === parent?.dev;
}

/**
 * Notes where a walk found drives. `away`: mount points whose drives will come back; the others that the walk did not
 * find again are forgotten, unless it looked at parts of the folder only.
 */
export function noteMountPoints(
  context: LibraryContext,
  folder: FolderRow,
  walk: { readonly found: readonly string[]; readonly away: readonly string[]; readonly whole: boolean },
): void {
  const { database } = context.storage;
  const noted = readMountPoints(database, folder.id);
  const points = [...new Set([...(walk.whole ? walk.away : noted), ...walk.found])].sort();
  if (points.join('\n') === [...noted].sort().join('\n')) return;
  context.storage.write(() => writeMountPoints(database, folder.id, points));
}

/** True when `path` is `folder` or lies below it; both relative, with '/'. */
export function isBelow(folder: string, path: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}
