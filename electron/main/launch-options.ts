/** What the command line and the environment say: pure, so that every case can be tested. */
import { basename, isAbsolute, join, resolve } from 'node:path';

export interface LaunchOptions {
  /** Folder of library.db and analysis.db; undefined: the default that every host shares. */
  readonly dataDir: string | undefined;
  /** Chromium's own profile and the window state; undefined: Electron's default. */
  readonly profileDir: string | undefined;
  /** Folders to add to the library at once, absolute. */
  readonly folders: readonly string[];
}

const switchWithValue = /^--([a-z-]+)=(.*)$/s;

/**
 * @param argv what follows the program and (in development) the entry file
 * @param workingFolder what relative folders are relative to: for a second instance, its own
 */
export function readLaunchOptions(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  workingFolder: string,
): LaunchOptions {
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(workingFolder, path));
  const folders: string[] = [];
  let userDataDir: string | undefined;
  let onlyFolders = false;
  for (const argument of argv) {
    if (onlyFolders) folders.push(absolute(argument));
    else if (argument === '--') onlyFolders = true;
    else if (argument.startsWith('-')) {
      const found = switchWithValue.exec(argument);
      if (found?.[1] === 'user-data-dir' && found[2]) userDataDir = absolute(found[2]);
      // All other switches are Chromium's.
    } else if (argument !== '') folders.push(absolute(argument));
  }
  const named = environment['CRATEWISE_DATA'];
  const dataDir = named ? absolute(named) : userDataDir && join(userDataDir, 'library');
  return {
    dataDir,
    // A library of its own has a profile of its own: two of them can then be open at once.
    profileDir: userDataDir ?? (dataDir && join(dataDir, 'desktop')),
    folders,
  };
}

/**
 * The part of process.argv that is the user's. Unpackaged, Electron is started with the app's folder or
 * entry file first, behind whatever switches.
 */
export function userArguments(argv: readonly string[], packaged: boolean): readonly string[] {
  const rest = argv.slice(1);
  if (packaged) return rest;
  const entry = rest.findIndex((argument) => !argument.startsWith('-'));
  return rest.filter((_argument, index) => index !== entry);
}

/** A name that a save dialogue can suggest: hostile text must not choose a folder. */
export function safeSuggestion(name: string): string {
  const last = basename(name.replaceAll('\\', '/'));

  const plain = last.replace(/[\u0000-\u001f\u007f<>:"|?*]/g, '_').replace(/^\.+/, '');
  return plain.slice(0, 120).trim() || 'playlist';
}
