/** The rows of lists: reading, adding, taking out, moving. */
import type { Handlers } from '#shared/contract.ts';
import type { PlaylistEntry, PlaylistKind, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Database } from '#engine/storage/database.ts';
import * as rows from '#engine/storage/library/playlist-entries.ts';
import type { PlaylistNode } from '#engine/storage/library/playlists.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { Lists, PlaylistOptions } from './lists.ts';

type EntryHandlers = Pick<
  Handlers,
  | 'playlists.entries'
  | 'playlists.entryIds'
  | 'playlists.add'
  | 'playlists.remove'
  | 'playlists.removeTracks'
  | 'playlists.move'
>;

const END = Number.MAX_SAFE_INTEGER;
const withRows: readonly PlaylistKind[] = ['playlist', 'crate'];
const byRules = 'its rules say what it holds';

export function createEntryHandlers(options: PlaylistOptions, lists: Lists): EntryHandlers {
  const { database } = options.storage;

  function refuseForeignEntries(list: PlaylistNode, entryIds: readonly number[]): void {
    const unknown = rows.findUnknownEntry(database, list.id, entryIds);
    if (unknown === undefined) return;
    throw new AppError('not-found', `The playlist has no row ${unknown} (any more).`);
  }

  return {
    'playlists.entries'({ playlistId, offset, limit }) {
      const list = lists.node(playlistId);
      if (list.kind === 'smart' || list.kind === 'folder')
        return entriesByQuery(options, list, offset, limit);
      const slice = rows.readEntries(database, playlistId, offset, limit);
      return {
        total: rows.countEntries(database, playlistId),
        entries: entriesOf(database, slice, offset),
      };
    },

    'playlists.entryIds'({ playlistId }) {
      const list = lists.node(playlistId);
      if (!withRows.includes(list.kind)) {
        const trackIds = lists.trackIds(list);
        return { entryIds: trackIds, trackIds };
      }
      const all = rows.readEntries(database, playlistId, 0, END);
      return {
        entryIds: all.map(({ entryId }) => entryId),
        trackIds: all.map(({ trackId }) => trackId),
      };
    },

    'playlists.add'({ playlistId, trackIds, position = END }) {
      const list = lists.nodeOfKind(playlistId, withRows, 'tracks cannot be put into it');
      lists.refuseUnknownTracks(trackIds);
      const isCrate = list.kind === 'crate';
      const added = isCrate ? rows.withoutHeld(database, playlistId, trackIds) : trackIds;
      if (added.length === 0) return lists.get(playlistId);
      return lists.change(list, 'add', added.length, () =>
        rows.insertEntries(database, playlistId, added, isCrate ? END : position),
      );
    },

    'playlists.remove'({ playlistId, entryIds }) {
      const list = lists.nodeOfKind(playlistId, withRows, byRules);
      refuseForeignEntries(list, entryIds);
      if (entryIds.length === 0) return lists.get(playlistId);
      return lists.change(list, 'remove', entryIds.length, () =>
        rows.deleteEntries(database, playlistId, entryIds),
      );
    },

    'playlists.removeTracks'({ playlistId, trackIds }) {
      const list = lists.nodeOfKind(playlistId, withRows, byRules);
      const entryIds = rows.entriesOfTracks(database, playlistId, trackIds);
      if (entryIds.length === 0) return lists.get(playlistId);
      return lists.change(list, 'remove', entryIds.length, () =>
        rows.deleteEntries(database, playlistId, entryIds),
      );
    },

    'playlists.move'({ playlistId, entryIds, position }) {
      const list = lists.nodeOfKind(playlistId, ['playlist'], 'it has no order of its own');
      refuseForeignEntries(list, entryIds);
      if (entryIds.length === 0) return lists.get(playlistId);
      return lists.change(list, 'move', entryIds.length, () =>
        rows.moveEntries(database, playlistId, entryIds, position),
      );
    },
  };
}

function entriesByQuery(
  { storage, compile }: PlaylistOptions,
  list: PlaylistNode,
  offset: number,
  limit: number,
): { readonly total: number; readonly entries: readonly PlaylistEntry[] } {
  const { database } = storage;
  const { ids, totals } = compile({ playlistId: list.id }, []);
  const slice = database
    .prepare(ids.sql)
    .pluck()
    .all(...ids.parameters, limit, offset) as TrackId[];
  const { count } = database.prepare(totals.sql).get(...totals.parameters) as { count: number };
  const asRows = slice.map((trackId) => ({ entryId: trackId, trackId }));
  return { total: count, entries: entriesOf(database, asRows, offset) };
}

function entriesOf(
  database: Database,
  slice: readonly rows.EntryRow[],
  offset: number,
): readonly PlaylistEntry[] {
  const tracks = new Map(
    readTracks(
      database,
      slice.map((row) => row.trackId),
    ).map((track) => [track.id, track]),
  );
  return slice.flatMap(({ entryId, trackId }, index) => {
    const track = tracks.get(trackId);
    return track === undefined ? [] : [{ entryId, position: offset + index, track }];
  });
}
