/**
 * `npm run lock`, after every `npm install`: writes into package-lock.json what `allowScripts` of package.json
 * says. npm 11.16 obeys allowScripts; older ones (Debian's Node 20 and 22 bring npm 10) know only the lock. Without
 * this they would compile better-sqlite3, which has its binaries inside, and let node-av look for a download.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from './steps.ts';

interface LockedPackage {
  hasInstallScript?: boolean;
  gypfile?: boolean;
}
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** Marks the packages that may not run install scripts. Returns the names of those that were not marked yet. */
export function denyScripts(lock: Lock, allowScripts: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.entries(lock.packages).flatMap(([place, locked]) => {
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (allowScripts[name] !== false) return [];
    if (locked.hasInstallScript === undefined && locked.gypfile === false) return [];
    delete locked.hasInstallScript;
    // Otherwise npm builds whatever holds a binding.gyp.
    locked.gypfile = false;
    return [name];
  });
}

const lockFile = path.join(repository, 'package-lock.json');

/** The lock and what may run scripts, as they are on the disk. */
export function readLock(): {
  readonly lock: Lock;
  readonly allowScripts: Readonly<Record<string, boolean>>;
} {
  const manifest = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
    readonly allowScripts: Readonly<Record<string, boolean>>;
  };
  return { lock: JSON.parse(readFileSync(lockFile, 'utf8')) as Lock, allowScripts: manifest.allowScripts };
}

if (import.meta.main) {
  const { lock, allowScripts } = readLock();
  const marked = denyScripts(lock, allowScripts);
  if (marked.length > 0) writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(marked.length > 0 ? `Marked: ${marked.join(', ')}` : 'Nothing to mark.');
}
