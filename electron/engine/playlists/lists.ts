/** What all requests about lists need: finding them, naming them, and recording what is done to them. */
import type { EditAction, Playlist, PlaylistId, PlaylistKind, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Edits } from '#engine/edits.ts';
import type { EngineEvents } from '#engine/events.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import * as rows from '#engine/storage/library/playlist-entries.ts';
import * as tree from '#engine/storage/library/playlists.ts';
import type { PlaylistNode } from '#engine/storage/library/playlists.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import { isTaken } from './names.ts';
import { createListTotals } from './totals.ts';

export interface PlaylistOptions {
  readonly storage: Storage;
  readonly edits: Edits;
  readonly compile: CompileQuery;
  /** Read into memory when it is first asked for. */
  readonly recordings: () => Recordings;
  readonly events: EngineEvents;
  /** Lists of a playlist's tracks have changed. */
  readonly changed: () => void;
  /** Grows with every change of the library. */
  readonly revision: () => number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface Lists {
  /** All lists, each folder before what is in it. */
  all(): Promise<readonly Playlist[]>;
  node(playlistId: PlaylistId): PlaylistNode;
  /** The list, if it is of one of these kinds. */
  nodeOfKind(playlistId: PlaylistId, kinds: readonly PlaylistKind[], what: string): PlaylistNode;
  get(playlistId: PlaylistId): Playlist;
  /** Does the work as one step of the list, and gives back the list as it is then. */
  change(node: PlaylistNode, action: EditAction, count: number, work: () => void): Playlist;
  /** null: lists came or went. */
  tell(playlistId: PlaylistId | null): void;
  names(): readonly string[];
  refuseTakenName(name: string, own: PlaylistId | null): void;
  refuseUnknownTracks(trackIds: readonly TrackId[]): void;
  /** The ids of the tracks of any list, in its order, each once (of a playlist: as often as it is in it). */
  trackIds(node: PlaylistNode): readonly TrackId[];
  close(): void;
}

export function createLists(options: PlaylistOptions): Lists {
  const { storage, clock, edits } = options;
  const { database } = storage;

  const totals = createListTotals({
    count: countOf,
    nodes: () => tree.readTree(database),
    revision: options.revision,
    changed: () => options.events.publish('playlists.changed', { playlistId: null }),
  });
  // Whoever changes lists tells so; their numbers are then counted anew.
  const unsubscribe = options.events.subscribe('playlists.changed', ({ playlistId }) =>
    totals.forget(playlistId),
  );

  function countOf(node: PlaylistNode): tree.Totals {
    if (node.kind !== 'smart' && node.kind !== 'folder') return tree.readTotals(database, node.id);
    try {
      const { totals: sum } = options.compile({ playlistId: node.id }, []);
      const row = database.prepare(sum.sql).get(...sum.parameters) as { count: number; seconds: number };
      return { trackCount: row.count, durationSeconds: row.seconds };
    } catch (error) {
      // A genre that this model does not know: the list is shown empty, opening it says why.
      if (error instanceof AppError) return { trackCount: 0, durationSeconds: 0 };
      throw error;
    }
  }

  function node(playlistId: PlaylistId): PlaylistNode {
    const found = tree.readNode(database, playlistId);
    if (found === undefined)
      throw new AppError('not-found', `There is no playlist ${playlistId} (any more).`);
    return found;
  }

  function get(playlistId: PlaylistId): Playlist {
    const found = node(playlistId);
    return { ...found, ...totals.of(found) };
  }

  function tell(playlistId: PlaylistId | null): void {
    options.changed();
    options.events.publish('playlists.changed', { playlistId });
  }

  const names = (): readonly string[] => tree.readListNames(database).map(({ name }) => name);

  return {
    async all() {
      const nodes = tree.readTree(database);
      const counted = await totals.ofAll(nodes);
      return nodes.map((one) => ({
        ...one,
        ...(counted.get(one.id) ?? { trackCount: 0, durationSeconds: 0 }),
      }));
    },
    node,
    nodeOfKind(playlistId, kinds, what) {
      const found = node(playlistId);
      if (kinds.includes(found.kind)) return found;
      const kind = {
        playlist: 'a playlist',
        crate: 'a crate',
        smart: 'a smart playlist',
        folder: 'a folder',
      }[found.kind];
      throw new AppError('conflict', `“${found.name}” is ${kind}: ${what}.`);
    },
    get,
    change(list, action, count, work) {
      edits.record({ action, subject: list.name, count }, () => {
        work();
        tree.touchNode(database, list.id, clock());
      });
      tell(list.id);
      return get(list.id);
    },
    tell,
    names,
    refuseTakenName(name, own) {
      const others = tree.readListNames(database).filter(({ id }) => id !== own);
      if (
        !isTaken(
          name,
          others.map((other) => other.name),
        )
      )
        return;
      throw new AppError('conflict', `There is a playlist named “${name}” already. Choose another name.`);
    },
    refuseUnknownTracks(trackIds) {
      const unknown = rows.findUnknownTrack(database, trackIds);
      if (unknown !== undefined)
        throw new AppError('not-found', `There is no track ${unknown} in the library.`);
    },
    trackIds(list) {
      if (list.kind === 'playlist' || list.kind === 'crate') {
        return rows.readEntries(database, list.id, 0, Number.MAX_SAFE_INTEGER).map(({ trackId }) => trackId);
      }
      const { ids } = options.compile({ playlistId: list.id }, []);
      return database
        .prepare(ids.sql)
        .pluck()
        .all(...ids.parameters, -1, 0) as TrackId[];
    },
    close() {
      unsubscribe();
      totals.close();
    },
  };
}
