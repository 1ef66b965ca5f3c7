import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where everything fetched or made outside the tree is kept, shared by all clones of this user: CRATEWISE_CACHE, or
 * a folder of the user's cache. A HOME elsewhere (CI) needs nothing else.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['CRATEWISE_CACHE'];
  if (own) return own;
  const home = environment['HOME'] || homedir();
  return join(environment['XDG_CACHE_HOME'] || join(home, '.cache'), 'cratewise');
}

/** The Python environment with Keras that `npm run setup:tensorflow -- --training` makes. */
export function trainingPython(environment: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(environment), 'model', 'venv');
}

/** Files that other programs tagged: what `npm run setup:tag-samples` fetches. */
export function tagSamplesFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(environment), 'tag-samples-1');
}
