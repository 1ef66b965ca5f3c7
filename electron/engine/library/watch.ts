/** The only place that knows chokidar: watches a folder and says which paths to look at again. */
import { watch } from 'chokidar';
import { basename, relative, sep } from 'node:path';
import { systemCode } from './discover.ts';
import { isAudioName, isHiddenName } from './paths.ts';

/** A copy or a download has ended when the file's size rests that long. */
const REST_MS = 2000;
/** Network drives tell nothing; asking more often would keep them and the processor busy. */
const POLL_MS = 60_000;

export interface WatchOptions {
  /** Absolute. */
  readonly root: string;
  /** A network drive: ask for changes instead of waiting to be told. */
  readonly poll: boolean;
  /** Paths relative to the root, with '/': files that came, changed or went, folders likewise. */
  readonly onPaths: (paths: readonly string[]) => void;
  /** A file that was there when watching began: a change just before would otherwise be missed. */
  readonly onFirstSight: (path: string, sizeBytes: number, modifiedAt: number) => void;
  /** All that was there has been seen; from now on changes are told. */
  readonly onReady: () => void;
  /** `limit`: the system lets us watch no more; the watch is of no use any longer. */
  readonly onProblem: (problem: { readonly limit: boolean; readonly error: unknown }) => void;
  /** For tests; default: as long as files need to rest. */
  readonly restMs?: number;
  readonly pollMs?: number;
}

export interface FolderWatch {
  close(): Promise<void>;
}

export function watchFolder(options: WatchOptions): FolderWatch {
  const { root, poll, restMs = REST_MS, pollMs = POLL_MS } = options;
  const watcher = watch(root, {
    ignored: (path, stats) =>
      path !== root && (isHiddenName(basename(path)) || (stats?.isFile() === true && !isAudioName(path))),
    followSymlinks: true,
    ignorePermissionErrors: true,
    alwaysStat: true,
    awaitWriteFinish: { stabilityThreshold: restMs, pollInterval: Math.max(50, restMs / 8) },
    ...(poll
      ? { backend: 'polling' as const, pollingInterval: pollMs, pollingBinaryInterval: pollMs }
      : { backend: 'auto' as const }),
  });
  let ready = false;
  watcher.on('all', (event, path, stats) => {
    const inside = relative(root, path).split(sep).join('/');
    if (ready) options.onPaths([inside]);
    else if (event === 'add' && stats !== undefined) {
      options.onFirstSight(inside, stats.size, stats.mtimeMs);
    } else if (event !== 'addDir') options.onPaths([inside]);
  });
  watcher.on('ready', () => {
    ready = true;
    options.onReady();
  });
  watcher.on('error', (error) => {
    options.onProblem({ limit: ['ENOSPC', 'EMFILE', 'ENFILE'].includes(systemCode(error)), error });
  });
  return { close: () => watcher.close() };
}
