/** Playlists: ordered rows of tracks, the same track as often as the user likes. */
import { setImmediate } from 'node:timers/promises';
import type { Handlers, RequestContext } from '#shared/contract.ts';
import type { Playlist, PlaylistId, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { EngineEvents } from '#engine/events.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import { readCurrentLabels, readPresentTracksOfRecording } from '#engine/storage/analysis/scores.ts';
import * as table from '#engine/storage/library/playlists.ts';
import { foldGenre } from '#engine/storage/library/track-query-genres.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { Storage } from '#engine/storage/open.ts';
import { rowsOfGenre } from './generate.ts';
import { freeName, isTaken } from './names.ts';

/** Recordings looked up before other answers get a turn: a few ms. */
const ROWS_A_SLICE = 500;

export interface PlaylistOptions {
  readonly storage: Storage;
  /** Read into memory when it is first asked for. */
  readonly recordings: () => Recordings;
  readonly events: EngineEvents;
  /** Lists of a playlist's tracks have changed. */
  readonly changed: () => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

type PlaylistHandlers = Pick<
  Handlers,
  | 'playlists.list'
  | 'playlists.create'
  | 'playlists.generate'
  | 'playlists.rename'
  | 'playlists.delete'
  | 'playlists.entries'
  | 'playlists.add'
  | 'playlists.remove'
  | 'playlists.move'
>;

export function createPlaylistHandlers(options: PlaylistOptions): PlaylistHandlers {
  const { storage, clock } = options;
  const { database } = storage;

  function get(playlistId: PlaylistId): Playlist {
    const playlist = table.readPlaylist(database, playlistId);
    if (playlist === undefined)
      throw new AppError('not-found', `There is no playlist ${playlistId} (any more).`);
    return playlist;
  }

  /** null: playlists came or went. */
  function tell(playlistId: PlaylistId | null): void {
    options.changed();
    options.events.publish('playlists.changed', { playlistId });
  }

  /** Does the work on the disk, tells who looks at playlists, and gives back the playlist as it is then. */
  function change(playlistId: PlaylistId, work: () => void): Playlist {
    storage.durably(() => {
      get(playlistId);
      work();
      table.touchPlaylist(database, playlistId, clock());
    });
    tell(playlistId);
    return get(playlistId);
  }

  function create(name: string, trackIds: readonly TrackId[]): Playlist {
    const playlistId = storage.durably(() => {
      const id = table.insertPlaylist(database, name, clock());
      table.insertEntries(database, id, trackIds, 0);
      return id;
    });
    tell(null);
    return get(playlistId);
  }

  function refuseTakenName(name: string, own: PlaylistId | null): void {
    const others = table.readPlaylistNames(database).filter(({ id }) => id !== own);
    if (
      !isTaken(
        name,
        others.map((other) => other.name),
      )
    )
      return;
    throw new AppError('conflict', `There is a playlist named “${name}” already. Choose another name.`);
  }

  function refuseUnknownTracks(trackIds: readonly TrackId[]): void {
    const unknown = table.findUnknownTrack(database, trackIds);
    if (unknown !== undefined)
      throw new AppError('not-found', `There is no track ${unknown} in the library.`);
  }

  /** The first `limit` tracks that hold these recordings, in their order: only those that can be played now. */
  async function tracksOfRecordings(
    hashes: readonly Uint8Array[],
    limit: number,
    signal: RequestContext['signal'],
  ): Promise<readonly TrackId[]> {
    const trackIds: TrackId[] = [];
    for (const [index, hash] of hashes.entries()) {
      if (trackIds.length >= limit) break;
      trackIds.push(...readPresentTracksOfRecording(database, hash));
      if (index % ROWS_A_SLICE === ROWS_A_SLICE - 1) {
        await setImmediate();
        signal.throwIfAborted();
      }
    }
    return trackIds.slice(0, limit);
  }

  function refuseForeignEntries(playlistId: PlaylistId, entryIds: readonly number[]): void {
    get(playlistId);
    const unknown = table.findUnknownEntry(database, playlistId, entryIds);
    if (unknown === undefined) return;
    throw new AppError('not-found', `The playlist has no row ${unknown} (any more).`);
  }

  return {
    'playlists.list': () => table.readPlaylists(database),

    'playlists.create'({ name, trackIds = [] }) {
      refuseTakenName(name, null);
      refuseUnknownTracks(trackIds);
      return create(name, trackIds);
    },

    async 'playlists.generate'({ genre: wanted, name, minimumConfidence = null, limit }, { signal }) {
      const recordings = options.recordings();
      await recordings.upToDate();
      const labels = readCurrentLabels(database);
      const genre =
        labels.find(({ id }) => id === wanted) ??
        labels.find((label) => foldGenre(label.name) === foldGenre(wanted));
      if (genre === undefined) {
        throw new AppError(
          'not-found',
          `The model knows no genre “${wanted}”. The genre list names all of them.`,
        );
      }
      if (name !== undefined) refuseTakenName(name, null);
      const rows = rowsOfGenre(recordings, labels, genre.id, minimumConfidence);
      const hashes = rows.map(recordings.hashOf);
      const trackIds = await tracksOfRecordings(hashes, limit ?? Number.MAX_SAFE_INTEGER, signal);
      if (trackIds.length === 0) {
        throw new AppError(
          'not-found',
          `No track whose file is there now counts as ${genre.name} at this confidence.`,
        );
      }
      const taken = table.readPlaylistNames(database).map((playlist) => playlist.name);
      return create(name ?? freeName(genre.name, taken), trackIds);
    },

    'playlists.rename'({ playlistId, name }) {
      refuseTakenName(name, playlistId);
      return change(playlistId, () => table.renamePlaylist(database, playlistId, name, clock()));
    },

    'playlists.delete'({ playlistId }) {
      get(playlistId);
      storage.durably(() => table.deletePlaylist(database, playlistId));
      tell(null);
      return null;
    },

    'playlists.entries'({ playlistId, offset, limit }) {
      get(playlistId);
      const rows = table.readEntries(database, playlistId, offset, limit);
      const tracks = new Map(
        readTracks(database, [...new Set(rows.map((row) => row.trackId))]).map((track) => [track.id, track]),
      );
      return {
        total: table.countEntries(database, playlistId),
        entries: rows.flatMap(({ entryId, trackId }, index) => {
          const track = tracks.get(trackId);
          return track === undefined ? [] : [{ entryId, position: offset + index, track }];
        }),
      };
    },

    'playlists.add'({ playlistId, trackIds, position = Number.MAX_SAFE_INTEGER }) {
      get(playlistId);
      refuseUnknownTracks(trackIds);
      return change(playlistId, () => table.insertEntries(database, playlistId, trackIds, position));
    },

    'playlists.remove'({ playlistId, entryIds }) {
      refuseForeignEntries(playlistId, entryIds);
      return change(playlistId, () => table.deleteEntries(database, playlistId, entryIds));
    },

    'playlists.move'({ playlistId, entryIds, position }) {
      refuseForeignEntries(playlistId, entryIds);
      return change(playlistId, () => table.moveEntries(database, playlistId, entryIds, position));
    },
  };
}
