/** Tracks outside the walked part of a folder whose file may be one that was found. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderId } from '#shared/domain.ts';
import { readFolder } from '#engine/storage/library/folders.ts';
import { findByFingerprint } from '#engine/storage/library/tracks.ts';
import type { KnownTrack } from '#engine/storage/library/tracks.ts';
import { inBatches } from './context.ts';
import type { LibraryContext } from './context.ts';
import { systemCode } from './discover.ts';
import type { FoundFile } from './discover.ts';
import { drivesAway, isBelow } from './mount-points.ts';
import { isItsOwn } from './presence.ts';
import { isSameFile } from './reconcile.ts';
import { TAG_READER_VERSION } from './tags.ts';

/** Tracks that look like a found file and whose own file is gone. `isGone` is asked once a track. */
export async function findElsewhere(
  context: LibraryContext,
  known: ReadonlyMap<string, KnownTrack>,
  found: readonly FoundFile[],
  signal: AbortSignal,
  isGone: (track: KnownTrack) => Promise<boolean> = goneTracks(context),
): Promise<readonly KnownTrack[]> {
  const inside = new Set([...known.values()].map((track) => track.id));
  const elsewhere: KnownTrack[] = [];
  // The files of a pack of samples may all look alike: each look is asked about once.
  const open = new Map<string, FoundFile>();
  for (const file of found) {
    const track = known.get(file.relativePath);
    if (file.sizeBytes === 0 || (track !== undefined && isSameFile(track, file, TAG_READER_VERSION)))
      continue;
    open.set(`${file.sizeBytes} ${file.modifiedAt}`, file);
  }
  await inBatches(
    [...open.values()],
    500,
    async (batch) => {
      for (const file of batch) {
        for (const track of findByFingerprint(context.storage.database, file.sizeBytes, file.modifiedAt)) {
          if (!inside.has(track.id) && (await isGone(track))) elsewhere.push(track);
        }
      }
    },
    signal,
  );
  return elsewhere;
}

/** Tracks on a drive that is away are not gone: they may come back with it. Looks once for each folder. */
function goneTracks(context: LibraryContext): (track: KnownTrack) => Promise<boolean> {
  const homes = new Map<FolderId, ReturnType<typeof lookFor>>();

  async function lookFor(folderId: FolderId) {
    const folder = readFolder(context.storage.database, folderId);
    if (folder === undefined || folder.removedAt !== null) return null;
    return { folder, isThere: await isItsOwn(context, folder), away: await drivesAway(context, folder) };
  }

  return async (track) => {
    if (track.state !== 'present') return track.state === 'missing';
    const looking = homes.get(track.folderId) ?? lookFor(track.folderId);
    homes.set(track.folderId, looking);
    const home = await looking;
    if (home === null) return true;
    if (!home.isThere || home.away.some((point) => isBelow(point, track.relativePath))) return false;
    return lstat(join(home.folder.path, track.relativePath)).then(
      () => false,
      (error: unknown) => ['ENOENT', 'ENOTDIR'].includes(systemCode(error)),
    );
  };
}
