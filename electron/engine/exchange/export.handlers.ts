/** Playlists handed over to DJ software and players. */
import { setImmediate } from 'node:timers/promises';
import { dirname, isAbsolute } from 'node:path';
import type { Handlers } from '#shared/contract.ts';
import type { Track } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { readEntries, readPlaylist } from '#engine/storage/library/playlists.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { Storage } from '#engine/storage/open.ts';
import { fitsOnALine, formatM3u8 } from './m3u8.ts';
import { writeFileWhole } from './write-file.ts';

/** Rows read at once: a slice takes about 10 ms, then other answers get a turn. */
const ROWS_A_SLICE = 500;

export function createExportHandlers(storage: Storage): Pick<Handlers, 'playlists.export'> {
  async function readWhole(
    playlistId: number,
    signal: { throwIfAborted(): void },
  ): Promise<readonly Track[]> {
    const rows = readEntries(storage.database, playlistId, 0, Number.MAX_SAFE_INTEGER);
    const tracks: Track[] = [];
    for (let start = 0; start < rows.length; start += ROWS_A_SLICE) {
      const ids = rows.slice(start, start + ROWS_A_SLICE).map((row) => row.trackId);
      const found = new Map(
        readTracks(storage.database, [...new Set(ids)]).map((track) => [track.id, track]),
      );
      tracks.push(...ids.flatMap((id) => found.get(id) ?? []));
      await setImmediate();
      signal.throwIfAborted();
    }
    return tracks;
  }

  return {
    async 'playlists.export'({ playlistId, file, relative = false, overwrite = false }, { signal }) {
      refuseOddName(file);
      if (readPlaylist(storage.database, playlistId) === undefined) {
        throw new AppError('not-found', `There is no playlist ${playlistId} (any more).`);
      }
      const all = await readWhole(playlistId, signal);
      const listed = all.filter(canBeListed);
      await writeFileWhole(file, formatM3u8(listed, relative ? dirname(file) : null), overwrite);
      return { file, tracks: listed.length, leftOut: all.length - listed.length };
    },
  };
}

/** Missing files are left out (a player would stop at them), and names that no line of text can hold. */
function canBeListed(track: Track): boolean {
  const nameIsText = track.error?.code !== 'file-name-not-utf8';
  return track.state !== 'missing' && nameIsText && fitsOnALine(track.path);
}

/** An export may replace a file, so it takes only names that are a playlist's. */
function refuseOddName(file: string): void {
  if (!isAbsolute(file)) throw new AppError('bad-request', `“${file}” is no absolute path.`);
  if (/\.m3u8?$/i.test(file)) return;
  throw new AppError(
    'export-failed',
    `The name of an M3U8 playlist ends in .m3u8, and “${file}” does not. Nothing was written.`,
  );
}
