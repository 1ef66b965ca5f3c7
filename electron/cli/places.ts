/** Where things lie: beside this code, and where the user is. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (place: string): string => fileURLToPath(new URL(place, import.meta.url));

export const rendererDir = at('../../dist/renderer');

/** The model that is shipped, or another one of the same kind. */
export function modelDir(environment: NodeJS.ProcessEnv = process.env): string {
  return environment['CRATEWISE_MODEL'] || at('../../resources/model');
}

export function productVersion(): string {
  const { version } = JSON.parse(readFileSync(at('../../package.json'), 'utf8')) as { version: string };
  return version;
}

/**
 * An absolute path from what the user typed. `npm run` changes to the repository's folder and tells where
 * it was called.
 */
export function fromUser(path: string): string {
  const calledIn = process.env['npm_lifecycle_event'] === 'cratewise' ? process.env['INIT_CWD'] : undefined;
  const base = calledIn !== undefined && existsSync(calledIn) ? calledIn : process.cwd();
  return resolve(base, path);
}
