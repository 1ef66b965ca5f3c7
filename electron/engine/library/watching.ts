/**
 * Keeps the library's folders under watch: begins when a folder was first looked through, ends when it goes away, and
 * notices drives that come and go.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderId } from '#shared/domain.ts';
import { readMountPoints, watchedFolders } from '#engine/storage/library/folders.ts';
import { findByPath, pageOfFolder } from '#engine/storage/library/tracks.ts';
import { breathe } from './context.ts';
import type { LibraryContext } from './context.ts';
import type { PresentFolder } from './presence.ts';
import type { Scans } from './scans.ts';
import type { FolderWatch } from './watch.ts';
import { createWatchThread } from './watch-thread.ts';
import type { WatchThread } from './watch-thread.ts';

/** How often we look whether a drive came or went: mounting tells nobody. */
const PRESENCE_MS = 15_000;
/** Folders that cannot be watched are looked through that often instead. */
const UNWATCHED_MS = 10 * 60_000;
/** Reading so many takes some milliseconds. */
const PAGE_ROWS = 500;

export interface Watching {
  /** A folder was looked for: watch it where it is, or stop if it is away. */
  found(folderId: FolderId, present: PresentFolder | null): void;
  forget(folderId: FolderId): Promise<void>;
  close(): Promise<void>;
}

export interface WatchTimes {
  readonly restMs?: number;
  readonly pollMs?: number;
  readonly presenceMs?: number;
}

interface Watched {
  readonly path: string;
  readonly watch: FolderWatch;
}

export function createWatching(
  context: LibraryContext,
  scans: () => Pick<Scans, 'touch' | 'begin'>,
  times: WatchTimes = {},
  startWatch: WatchThread['watch'] = createWatchThread().watch,
): Watching {
  const watched = new Map<FolderId, Watched>();
  /** What a look at each root and at the drives in it said last: their devices, or that they are not there. */
  const signs = new Map<FolderId, string>();
  const unwatched = new Set<FolderId>();
  /** Another disk is there, or in there, than the one that is watched. */
  const stale = new Set<FolderId>();
  let limitTold = false;
  let closed = false;

  const presence = setInterval(() => void lookForRoots(), times.presenceMs ?? PRESENCE_MS);
  presence.unref();
  const rescue = setInterval(() => {
    for (const folderId of unwatched) scans().begin(folderId);
  }, UNWATCHED_MS);
  rescue.unref();

  async function lookForRoots(): Promise<void> {
    for (const folder of watchedFolders(context.storage.database)) {
      const sign = await signOf(folder.id, folder.path);
      if (closed) return;
      const before = signs.get(folder.id);
      signs.set(folder.id, sign);
      const isOther = before !== undefined && before !== sign;
      if (isOther) stale.add(folder.id);
      // An offline folder may also come back under another path.
      if (isOther || !folder.online) scans().begin(folder.id);
    }
  }

  async function signOf(folderId: FolderId, root: string): Promise<string> {
    const points = readMountPoints(context.storage.database, folderId);
    const paths = [root, ...points.map((point) => join(root, point))];
    return (await Promise.all(paths.map(async (path) => `${path} ${await deviceOf(path)}`))).join('\n');
  }

  function begin(folderId: FolderId, { folder, volume }: PresentFolder): void {
    const seen = new Set<string>();
    const startedAt = performance.now();
    const watch = startWatch({
      root: folder.path,
      poll: volume.network,
      ...(times.restMs === undefined ? {} : { restMs: times.restMs }),
      ...(times.pollMs === undefined ? {} : { pollMs: times.pollMs }),
      onPaths: (paths) => scans().touch(folderId, paths),
      onFirstSight(path, sizeBytes, modifiedAt) {
        seen.add(path);
        const track = findByPath(context.storage.database, folderId, path);
        const same = track?.sizeBytes === sizeBytes && track.modifiedAt === modifiedAt;
        if (!same || track.state !== 'present') scans().touch(folderId, [path]);
      },
      onReady() {
        context.log.debug({ folderId, milliseconds: performance.now() - startedAt }, 'watching a folder');
        void touchUnseen(folderId, seen).catch((error: unknown) => {
          context.log.error({ folderId, error }, 'comparing what is watched failed');
        });
      },
      onProblem: ({ limit, error }) => (limit ? giveUp(folderId) : noteProblem(folderId, error)),
    });
    watched.set(folderId, { path: folder.path, watch });
  }

  function noteProblem(folderId: FolderId, error: unknown): void {
    context.log.warn({ folderId, error }, 'watching a folder: problem');
  }

  /** Went between the scan and the watch. Names that are not UTF-8 are never seen by a watcher. */
  async function touchUnseen(folderId: FolderId, seen: ReadonlySet<string>): Promise<void> {
    let after = '';
    for (;;) {
      await breathe();
      if (closed) return;
      const page = pageOfFolder(context.storage.database, folderId, after, PAGE_ROWS);
      const gone = page.filter(
        ({ relativePath, state }) =>
          state === 'present' && !seen.has(relativePath) && !/\\x[0-9A-F]{2}/.test(relativePath),
      );
      scans().touch(
        folderId,
        gone.map((track) => track.relativePath),
      );
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.relativePath;
    }
  }

  function giveUp(folderId: FolderId): void {
    if (unwatched.has(folderId)) return;
    unwatched.add(folderId);
    void end(folderId);
    if (limitTold) return;
    limitTold = true;
    context.publish('notice', { code: 'watch-limit', detail: watchLimitAdvice() });
  }

  async function end(folderId: FolderId): Promise<void> {
    const entry = watched.get(folderId);
    watched.delete(folderId);
    await entry?.watch.close();
  }

  return {
    found(folderId, present) {
      if (closed) return;
      const entry = watched.get(folderId);
      if (present === null) {
        void end(folderId);
        return;
      }
      void signOf(folderId, present.folder.path).then((sign) => signs.set(folderId, sign));
      if (unwatched.has(folderId)) return;
      if (entry?.path === present.folder.path && !stale.has(folderId)) return;
      stale.delete(folderId);
      void end(folderId);
      begin(folderId, present);
    },
    async forget(folderId) {
      signs.delete(folderId);
      unwatched.delete(folderId);
      await end(folderId);
    },
    async close() {
      closed = true;
      clearInterval(presence);
      clearInterval(rescue);
      await Promise.all([...watched.keys()].map((folderId) => end(folderId)));
    },
  };
}

async function deviceOf(path: string): Promise<string> {
  const stats = await stat(path).catch(() => null);
  return stats === null ? 'away' : `${stats.dev}:${stats.ino}`;
}

function watchLimitAdvice(): string {
  const advice =
    process.platform === 'linux'
      ? 'Raise it, for example with: sudo sysctl fs.inotify.max_user_watches=1048576 (put the same line into /etc/sysctl.d to keep it), then start Cratewise again.'
      : 'Close programs that watch many files, then start Cratewise again.';
  return `The system lets no more folders be watched, so changes are seen only every ten minutes or when you scan. ${advice}`;
}
