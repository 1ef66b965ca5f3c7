/** Requests about folders: adding, removing, scanning, counting, purging. */
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { isAbsolute, resolve, sep } from 'node:path';
import type { Handlers } from '#shared/contract.ts';
import type { Folder, FolderId, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { readCounts } from '#engine/storage/library/counts.ts';
import {
  addFolder,
  listFolders,
  readFolder,
  removeFolder,
  watchedFolders,
} from '#engine/storage/library/folders.ts';
import { countErrors } from '#engine/storage/library/errors.ts';
import { deleteTracks, missingTracks, statesOf } from '#engine/storage/library/tracks.ts';
import { inBatches } from './context.ts';
import type { LibraryContext } from './context.ts';
import { systemCode } from './discover.ts';
import { isInside } from './paths.ts';
import { markTracks } from './presence.ts';
import type { Scans } from './scans.ts';
import type { Watching } from './watching.ts';

export type LibraryHandlers = Pick<
  Handlers,
  | 'library.folders'
  | 'library.addFolders'
  | 'library.removeFolder'
  | 'library.scan'
  | 'library.cancelScan'
  | 'library.counts'
  | 'library.errors'
  | 'library.purge'
>;

/** Deleting a track touches its full-text rows and playlists; so many take some milliseconds. */
const PURGE_ROWS = 200;

export function createLibraryHandlers(
  context: LibraryContext,
  scans: Scans,
  watching: Watching | null,
): LibraryHandlers {
  const { storage } = context;

  function foldersOf(ids: readonly FolderId[]): readonly Folder[] {
    const folders = new Map(listFolders(storage.database).map((folder) => [folder.id, folder]));
    return ids.flatMap((id) => folders.get(id) ?? []);
  }

  return {
    'library.folders': () => listFolders(storage.database),

    async 'library.addFolders'({ paths }) {
      const chosen = await checkFolders(context, paths);
      const ids: FolderId[] = [];
      for (const { path, existing } of chosen) {
        if (existing !== null) {
          ids.push(existing);
          continue;
        }
        const volume = await context.volumes.identify(path);
        const folder = storage.durably(() =>
          addFolder(storage.database, {
            path,
            volumeId: volume.id,
            volumePath: volume.path,
            addedAt: context.clock(),
          }),
        );
        ids.push(folder.id);
        scans.begin(folder.id, true);
      }
      context.changed();
      return foldersOf([...new Set(ids)]);
    },

    async 'library.removeFolder'({ folderId }) {
      requireFolder(context, folderId);
      // In this order: a scan that ends begins to watch.
      await scans.forget(folderId);
      await watching?.forget(folderId);
      await markTracks(context, folderId, 'missing');
      storage.durably(() => removeFolder(storage.database, folderId, context.clock()));
      context.changed();
      return null;
    },

    async 'library.scan'({ folderIds }, { signal }) {
      if (folderIds !== undefined) for (const id of folderIds) requireFolder(context, id);
      const ids = folderIds ?? watchedFolders(storage.database).map((folder) => folder.id);
      const summary = await scans.scan(ids, signal);
      const away = ids.flatMap((id) => {
        const folder = readFolder(storage.database, id);
        return folder === undefined || folder.online ? [] : [folder.path];
      });
      if (folderIds !== undefined && ids.length > 0 && away.length === ids.length) {
        throw new AppError(
          'folder-offline',
          `${away.join(', ')} is not there now. Connect the drive and scan again; its tracks keep their data.`,
        );
      }
      return summary;
    },

    'library.cancelScan'() {
      scans.cancel();
      return null;
    },

    'library.counts': () => readCounts(storage.database, context.clock()),

    'library.errors': () => countErrors(storage.database),

    async 'library.purge'(input, { signal }) {
      const ids = 'trackIds' in input ? [...new Set(input.trackIds)] : missingTracks(storage.database);
      await inBatches(ids, 5000, (batch) => requireMissing(context, batch), signal);
      let purged = 0;
      await inBatches(
        ids,
        PURGE_ROWS,
        (batch) => {
          // Looked at again: a file may have come back in between.
          storage.durably(() => {
            requireMissing(context, batch);
            purged += deleteTracks(storage.database, batch);
          });
          context.changed();
        },
        signal,
      );
      if (purged > 0) context.publish('playlists.changed', { playlistId: null });
      return { purged };
    },
  };
}

function requireFolder(context: LibraryContext, folderId: FolderId): void {
  const folder = readFolder(context.storage.database, folderId);
  if (folder === undefined || folder.removedAt !== null) {
    throw new AppError('not-found', `There is no folder ${folderId} in the library.`);
  }
}

function requireMissing(context: LibraryContext, ids: readonly TrackId[]): void {
  for (const [id, state] of statesOf(context.storage.database, ids)) {
    if (state === 'missing') continue;
    throw new AppError(
      'conflict',
      `Track ${id} is ${state === 'offline' ? 'on a drive that is away' : 'still there'}, so it was not purged. Only missing tracks can be.`,
    );
  }
}

interface ChosenFolder {
  readonly path: string;
  /** Id, if the library has it already. */
  readonly existing: FolderId | null;
}

/** All are checked before one is added. */
async function checkFolders(
  context: LibraryContext,
  paths: readonly string[],
): Promise<readonly ChosenFolder[]> {
  const there = await Promise.all(
    watchedFolders(context.storage.database).map(async (folder) => ({
      ...folder,
      real: await realpath(folder.path).catch(() => folder.path),
    })),
  );
  const chosen: (ChosenFolder & { readonly real: string })[] = [];
  for (const given of paths) {
    const path = await checkFolder(given);
    const real = await realpath(path);
    const same = there.find((folder) => folder.real === real || folder.path === path);
    if (chosen.some((other) => other.real === real)) continue;
    if (same === undefined) {
      const others = [...there, ...chosen];
      const near = others.find((other) => isInside(other.real, real, sep) || isInside(real, other.real, sep));
      if (near !== undefined) throw nested(path, near.path, isInside(near.real, real, sep));
    }
    chosen.push({ path: same?.path ?? path, existing: same?.id ?? null, real });
  }
  return chosen;
}

function nested(path: string, other: string, inside: boolean): AppError {
  return new AppError(
    'folder-nested',
    inside
      ? `${path} lies inside ${other}, which is in the library already; its music is found there.`
      : `${path} contains ${other}, which is in the library already. Remove that folder first; its tracks keep their data.`,
  );
}

/** Returns the path without "..", trailing slashes and the like. */
async function checkFolder(given: string): Promise<string> {
  if (!isAbsolute(given) || given.includes('\0')) {
    throw new AppError(
      'bad-request',
      `“${given}” is not a full path. Give the path of the folder from the root on.`,
    );
  }
  const path = resolve(given);
  try {
    const stats = await stat(path);
    if (!stats.isDirectory()) {
      throw new AppError('folder-not-found', `${path} is a file. Choose the folder that it is in.`);
    }
    await access(path, constants.R_OK | constants.X_OK);
    return path;
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new AppError(
        'folder-not-found',
        `There is no folder ${path}. Check the name, or connect the drive.`,
      );
    }
    throw new AppError(
      'folder-not-readable',
      `The folder ${path} cannot be read (${code}). Give yourself permission to read it, then add it again.`,
    );
  }
}
