/** Playlists handed over to DJ software and players. */
import { setImmediate } from 'node:timers/promises';
import { dirname, isAbsolute } from 'node:path';
import type { Handlers } from '#shared/contract.ts';
import type { ExportedList, SortKey, Track, TrackId, TrackQuery } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { readEntries } from '#engine/storage/library/playlist-entries.ts';
import { readNode } from '#engine/storage/library/playlists.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import { fitsOnALine, formatM3u8 } from './m3u8.ts';
import { writeFileWhole } from './write-file.ts';

/** Rows read at once: a slice takes about 10 ms, then other answers get a turn. */
const ROWS_A_SLICE = 500;

/** What both requests say of the file. */
interface Target {
  readonly file: string;
  readonly relative?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
}

export function createExportHandlers(
  storage: Storage,
  compile: CompileQuery,
): Pick<Handlers, 'playlists.export' | 'tracks.export'> {
  const { database } = storage;

  function idsOf(query: TrackQuery, sort: readonly SortKey[]): readonly TrackId[] {
    const { ids } = compile(query, sort);
    return database
      .prepare(ids.sql)
      .pluck()
      .all(...ids.parameters, -1, 0) as TrackId[];
  }

  async function readWhole(ids: readonly TrackId[], signal: AbortSignal): Promise<readonly Track[]> {
    const tracks: Track[] = [];
    for (let start = 0; start < ids.length; start += ROWS_A_SLICE) {
      tracks.push(...readTracks(database, ids.slice(start, start + ROWS_A_SLICE)));
      await setImmediate();
      signal.throwIfAborted();
    }
    return tracks;
  }

  async function write(ids: readonly TrackId[], target: Target, signal: AbortSignal): Promise<ExportedList> {
    const { file, relative = false, overwrite = false } = target;
    const all = await readWhole(ids, signal);
    const listed = all.filter(canBeListed);
    await writeFileWhole(file, formatM3u8(listed, relative ? dirname(file) : null), overwrite);
    return { file, tracks: listed.length, leftOut: all.length - listed.length };
  }

  return {
    async 'playlists.export'({ playlistId, ...target }, { signal }) {
      refuseOddName(target.file);
      const node = readNode(database, playlistId);
      if (node === undefined) {
        throw new AppError('not-found', `There is no playlist ${playlistId} (any more).`);
      }
      const hasRows = node.kind === 'playlist' || node.kind === 'crate';
      const ids = hasRows
        ? readEntries(database, playlistId, 0, Number.MAX_SAFE_INTEGER).map(({ trackId }) => trackId)
        : idsOf({ playlistId }, []);
      return await write(ids, target, signal);
    },

    async 'tracks.export'({ query, sort, ...target }, { signal }) {
      refuseOddName(target.file);
      return await write(idsOf(query, sort), target, signal);
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
