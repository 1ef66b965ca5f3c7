/** Lists of the library as formats take them: a tree, smart playlists as what they hold now. */
import type { PlaylistId, SortKey, TrackId, TrackQuery } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Database } from '#engine/storage/database.ts';
import { readEntries } from '#engine/storage/library/playlist-entries.ts';
import { readTree } from '#engine/storage/library/playlists.ts';
import type { PlaylistNode } from '#engine/storage/library/playlists.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import type { ExchangeList } from './model.ts';

export interface ListReader {
  /** The whole tree. */
  all(): readonly ExchangeList[];
  /** A list, or a folder with all that is in it. @throws AppError not-found */
  one(playlistId: PlaylistId): ExchangeList;
  idsOf(query: TrackQuery, sort: readonly SortKey[]): readonly TrackId[];
}

export function createListReader(database: Database, compile: CompileQuery): ListReader {
  function idsOf(query: TrackQuery, sort: readonly SortKey[]): readonly TrackId[] {
    const { ids } = compile(query, sort);
    return database
      .prepare(ids.sql)
      .pluck()
      .all(...ids.parameters, -1, 0) as TrackId[];
  }

  function listOf(node: PlaylistNode, nodes: readonly PlaylistNode[], isAsked: boolean): ExchangeList {
    const { id, name, kind } = node;
    if (kind === 'folder') {
      const lists = nodes.filter(({ parentId }) => parentId === id);
      return { name, kind, lists: lists.map((inner) => listOf(inner, nodes, false)), trackIds: [] };
    }
    if (kind === 'smart') return { name, kind: 'playlist', lists: [], trackIds: heldBy(id, isAsked) };
    const trackIds = readEntries(database, id, 0, Number.MAX_SAFE_INTEGER).map(({ trackId }) => trackId);
    return { name, kind, lists: [], trackIds };
  }

  /** Rules that ask for a genre this model does not know find nothing; who asks for that very list is told. */
  function heldBy(playlistId: PlaylistId, isAsked: boolean): readonly TrackId[] {
    try {
      return idsOf({ playlistId }, []);
    } catch (error) {
      if (error instanceof AppError && !isAsked) return [];
      throw error;
    }
  }

  return {
    idsOf,
    all() {
      const nodes = readTree(database);
      const top = nodes.filter(({ parentId }) => parentId === null);
      return top.map((node) => listOf(node, nodes, false));
    },
    one(playlistId) {
      const nodes = readTree(database);
      const node = nodes.find(({ id }) => id === playlistId);
      if (node === undefined)
        throw new AppError('not-found', `There is no playlist ${playlistId} (any more).`);
      return listOf(node, nodes, true);
    },
  };
}

/** All rows of a list; of a folder the tracks of all lists in it, each once. */
export function rowsOf(list: ExchangeList): readonly TrackId[] {
  return list.kind === 'folder'
    ? [...new Set(list.lists.flatMap((inner) => [...rowsOf(inner)]))]
    : list.trackIds;
}

/** Lists without the tracks that cannot be written. */
export function without(
  lists: readonly ExchangeList[],
  leftOut: ReadonlySet<TrackId>,
): readonly ExchangeList[] {
  return lists.map((list) => ({
    ...list,
    lists: without(list.lists, leftOut),
    trackIds: list.trackIds.filter((id) => !leftOut.has(id)),
  }));
}

/** Every list that is no folder, with the names of the folders it is in. */
export function* leavesOf(
  lists: readonly ExchangeList[],
  folders: readonly string[] = [],
): Generator<{ readonly list: ExchangeList; readonly folders: readonly string[] }> {
  for (const list of lists) {
    if (list.kind === 'folder') yield* leavesOf(list.lists, [...folders, list.name]);
    else yield { list, folders };
  }
}
