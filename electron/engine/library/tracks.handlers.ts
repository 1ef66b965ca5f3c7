/** Requests about tracks: lists, details, files, covers, ratings. */
import { realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, normalize, relative, sep } from 'node:path';
import type { Handlers } from '#shared/contract.ts';
import type { Track, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { watchedFolders } from '#engine/storage/library/folders.ts';
import { readHistory } from '#engine/storage/library/history.ts';
import { readTrackDetail } from '#engine/storage/library/track-detail.ts';
import { readReplayGainOf } from '#engine/storage/library/replay-gain.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import { findByPath, setRating } from '#engine/storage/library/tracks.ts';
import type { LibraryContext } from './context.ts';
import { readCover } from './cover.ts';
import { fileFailure, systemCode } from './discover.ts';
import { createListCache } from './list-cache.ts';
import { isInside } from './paths.ts';
import { wayToPlay } from './playable.ts';

export type TrackHandlers = Omit<
  Pick<Handlers, Extract<keyof Handlers, `tracks.${string}`>>,
  'tracks.waveform' | 'tracks.playProblem' | 'tracks.playlists' | 'tracks.export'
>;

/** `revision` grows with every change of the library. */
export function createTrackHandlers(context: LibraryContext, revision: () => number): TrackHandlers {
  const { compile } = context;
  const { database } = context.storage;
  const lists = createListCache(database, revision);

  function requireTrack(trackId: TrackId): Track {
    const [track] = readTracks(database, [trackId]);
    if (track === undefined) throw new AppError('not-found', `There is no track ${trackId} in the library.`);
    return track;
  }

  return {
    'tracks.window'({ query, sort, offset, limit }) {
      const { total, totalSeconds, ids } = lists.slice(query, sort, compile(query, sort), offset, limit);
      return { total, totalSeconds, offset, rows: readTracks(database, ids), revision: revision() };
    },

    'tracks.ids': ({ query, sort }) => lists.all(compile(query, sort)),

    'tracks.get'({ trackId }) {
      const track = readTrackDetail(database, trackId);
      if (track === undefined)
        throw new AppError('not-found', `There is no track ${trackId} in the library.`);
      return track;
    },

    'tracks.list': ({ trackIds }) => readTracks(database, trackIds),

    async 'tracks.find'({ reference }) {
      const track = (await findByReference(context, reference)) ?? null;
      if (track !== null) return track;
      throw new AppError(
        'not-found',
        `There is no track ${reference} in the library. Give the full path of a file in a scanned folder, or the number of a track.`,
      );
    },

    'tracks.rate'({ trackIds, rating }) {
      context.edits.record({ action: 'rate', subject: String(rating), count: trackIds.length }, () =>
        setRating(database, trackIds, rating),
      );
      context.changed();
      return null;
    },

    'tracks.history'({ trackId }) {
      requireTrack(trackId);
      return readHistory(database, trackId);
    },

    async 'tracks.cover'({ trackId }) {
      const track = requireTrack(trackId);
      if (!track.hasCover) return null;
      await requireFile(track);
      return readCover(track.path);
    },

    async 'tracks.file'({ trackId }) {
      const track = requireTrack(trackId);
      const sizeBytes = await requireFile(track);
      const { path, durationSeconds } = track;
      const decodedSeconds = track.analysis === 'done' ? durationSeconds : null;
      return {
        path,
        sizeBytes,
        durationSeconds,
        decodedSeconds,
        ...wayToPlay(track),
        replayGain: readReplayGainOf(database, trackId),
      };
    },
  };
}

/** Checks that a track's file can be opened; returns its size. */
async function requireFile(track: Track): Promise<number> {
  if (track.state === 'offline') {
    throw new AppError(
      'folder-offline',
      `${track.path} is on a drive that is away. Connect it and try again.`,
    );
  }
  if (track.error?.code === 'file-name-not-utf8') throw new AppError(track.error.code, track.error.detail);
  try {
    const stats = await stat(track.path);
    if (!stats.isFile())
      throw new AppError('file-not-found', `${track.path} is no file any more. Scan the folder again.`);
    return stats.size;
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) {
      throw new AppError('file-not-found', `${track.path} is not there any more. Scan the folder again.`);
    }
    throw new AppError('file-not-readable', fileFailure(track.path, error));
  }
}

/** By absolute path, also another way to the same file, or by id as text. */
async function findByReference(context: LibraryContext, reference: string): Promise<Track | undefined> {
  const { database } = context.storage;
  if (/^\d{1,15}$/.test(reference)) return readTracks(database, [Number(reference)])[0];
  if (!isAbsolute(reference) || reference.includes('\0')) return undefined;
  const path = normalize(reference);
  const folders = watchedFolders(database);
  const direct = findBelow(context, folders, path);
  if (direct !== undefined) return direct;
  const real = await realpath(path).catch(() => null);
  const realFolders = await Promise.all(
    folders.map(async (folder) => ({
      id: folder.id,
      path: await realpath(folder.path).catch(() => folder.path),
    })),
  );
  if (real !== null) return findBelow(context, realFolders, real);
  // The file is gone; the way to it may still be told.
  const parent = await realpath(normalize(`${path}/..`)).catch(() => null);
  return parent === null ? undefined : findBelow(context, realFolders, `${parent}${sep}${basename(path)}`);
}

function findBelow(
  context: LibraryContext,
  folders: readonly { readonly id: number; readonly path: string }[],
  path: string,
): Track | undefined {
  const { database } = context.storage;
  for (const folder of folders) {
    if (!isInside(folder.path, path, sep)) continue;
    const known = findByPath(database, folder.id, relative(folder.path, path).split(sep).join('/'));
    if (known !== undefined) return readTracks(database, [known.id])[0];
  }
  return undefined;
}
