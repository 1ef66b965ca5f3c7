/** Where a library lies when nobody says otherwise: the same for every host, so that they meet. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const libraryName = 'library.db';

/** CRATEWISE_DATA, else the system's folder for the data of programs. */
export function defaultDataDir(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const named = environment['CRATEWISE_DATA'];
  if (named !== undefined && named !== '') return named;
  if (platform === 'win32') {
    return join(environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Cratewise');
  }
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Cratewise');
  const data = environment['XDG_DATA_HOME'];
  // The specification: a relative path there is to be ignored.
  const base = data !== undefined && isAbsolute(data) ? data : join(home, '.local', 'share');
  return join(base, 'cratewise');
}

/** library.db in the default folder, or in the given one. */
export function defaultLibraryFile(dataDir: string = defaultDataDir()): string {
  return join(dataDir, libraryName);
}
