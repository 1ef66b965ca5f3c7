/** Does a path inside a folder go through a symbolic link? */
import { lstat, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * True when one of the paths (relative to the root, with '/') is a link or lies behind one. Which of several ways to a
 * file counts is then for a look at the whole folder to decide.
 */
export async function touchesLink(root: string, paths: readonly string[]): Promise<boolean> {
  const realRoot = await realpath(root).catch(() => root);
  const checked = new Set<string>();
  for (const path of paths) {
    const stats = await lstat(join(root, path)).catch(() => null);
    if (path !== '' && stats?.isSymbolicLink() === true) return true;
    const parent = dirname(path);
    if (checked.has(parent)) continue;
    checked.add(parent);
    // A parent that is gone leads nowhere.
    const real = await realpath(join(root, parent)).catch(() => null);
    if (real !== null && real !== join(realRoot, parent)) return true;
  }
  return false;
}
