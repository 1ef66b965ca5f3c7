/** The tree of lists: playlists, crates, smart playlists, folders. */
import { setImmediate } from 'node:timers/promises';
import type { Handlers, RequestContext } from '#shared/contract.ts';
import type { Playlist, PlaylistId, SmartRules, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { readCurrentLabels, readPresentTracksOfRecording } from '#engine/storage/analysis/scores.ts';
import { readOwnTracks } from '#engine/storage/library/corrections.ts';
import * as rows from '#engine/storage/library/playlist-entries.ts';
import * as tree from '#engine/storage/library/playlists.ts';
import { foldGenre } from '#engine/storage/library/track-query-genres.ts';
import { createEntryHandlers } from './entries.handlers.ts';
import { rowsOfGenre } from './generate.ts';
import { listsOfTrack } from './lists-of-track.ts';
import { createLists } from './lists.ts';
import type { PlaylistOptions } from './lists.ts';
import { freeName } from './names.ts';

/** Recordings looked up before other answers get a turn: a few ms. */
const ROWS_A_SLICE = 500;
const END = Number.MAX_SAFE_INTEGER;

type PlaylistHandlers = ReturnType<typeof createEntryHandlers> &
  Pick<
    Handlers,
    | 'playlists.list'
    | 'playlists.create'
    | 'playlists.generate'
    | 'playlists.duplicate'
    | 'playlists.rename'
    | 'playlists.delete'
    | 'playlists.place'
    | 'playlists.setKind'
    | 'playlists.setRules'
    | 'smart.count'
    | 'tracks.playlists'
  >;

export interface Playlists {
  readonly handlers: PlaylistHandlers;
  /** The rows of a list were changed elsewhere: tells so, and gives back the list as it is now. */
  changed(playlistId: PlaylistId): Playlist;
  close(): void;
}

export function createPlaylists(options: PlaylistOptions): Playlists {
  const { storage, clock, edits, compile } = options;
  const { database } = storage;
  const lists = createLists(options);

  function create(
    node: Omit<tree.NewNode, 'position'>,
    trackIds: readonly TrackId[],
    position = END,
  ): Playlist {
    const playlistId = edits.record({ action: 'create', subject: node.name, count: 1 }, () => {
      const id = tree.insertNode(database, { ...node, position }, clock());
      rows.insertEntries(database, id, trackIds, 0);
      return id;
    });
    lists.tell(null);
    return lists.get(playlistId);
  }

  function refuseNoFolder(parentId: PlaylistId | null): void {
    if (parentId !== null) lists.nodeOfKind(parentId, ['folder'], 'nothing can be put into it');
  }

  /** Rules with a mistake are refused when they are given, not when the list is opened. */
  function checkRules(rules: SmartRules): void {
    compile({ rules }, []);
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

  return {
    close: lists.close,
    changed(playlistId) {
      lists.tell(playlistId);
      return lists.get(playlistId);
    },
    handlers: {
      ...createEntryHandlers(options, lists),

      'playlists.list': () => lists.all(),

      'playlists.create'({ name, kind: given, parentId = null, position, trackIds = [], rules }) {
        const kind = given ?? (rules === undefined ? 'playlist' : 'smart');
        if ((kind === 'smart') !== (rules !== undefined)) {
          throw new AppError('bad-request', 'A smart playlist has rules, and no other list has any.');
        }
        if (trackIds.length > 0 && kind !== 'playlist' && kind !== 'crate') {
          throw new AppError('bad-request', 'Only playlists and crates can be made of tracks.');
        }
        if (kind !== 'folder') lists.refuseTakenName(name, null);
        refuseNoFolder(parentId);
        lists.refuseUnknownTracks(trackIds);
        if (rules !== undefined) checkRules(rules);
        const held = kind === 'crate' ? [...new Set(trackIds)] : trackIds;
        return create({ name, kind, parentId, rules: rules ?? null }, held, position);
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
        if (name !== undefined) lists.refuseTakenName(name, null);
        const found = rowsOfGenre(recordings, labels, genre.id, minimumConfidence);
        const hashes = found.map(recordings.hashOf);
        // Tracks that the user gave this genre and that were never analysed come first: it is certain.
        const labelIds = labels
          .filter(({ id, parent }) => id === genre.id || parent === genre.id)
          .map(({ id }) => id);
        const own = readOwnTracks(database, labelIds);
        const heard = await tracksOfRecordings(hashes, limit ?? END, signal);
        const trackIds = [...own, ...heard].slice(0, limit ?? END);
        if (trackIds.length === 0) {
          throw new AppError(
            'not-found',
            `No track whose file is there now counts as ${genre.name} at this confidence.`,
          );
        }
        const title = name ?? freeName(genre.name, lists.names());
        return create({ name: title, kind: 'playlist', parentId: null, rules: null }, trackIds);
      },

      'playlists.duplicate'({ playlistId, name }) {
        const node = lists.node(playlistId);
        const { kind, parentId, rules } = node;
        if (kind === 'folder')
          throw new AppError('conflict', `“${node.name}” is a folder, which is not copied.`);
        lists.refuseTakenName(name, null);
        return create({ name, kind, parentId, rules }, rules === null ? lists.trackIds(node) : []);
      },

      'playlists.rename'({ playlistId, name }) {
        const node = lists.node(playlistId);
        if (node.kind !== 'folder') lists.refuseTakenName(name, playlistId);
        edits.record({ action: 'rename', subject: node.name, count: 1 }, () =>
          tree.renameNode(database, playlistId, name, clock()),
        );
        lists.tell(playlistId);
        return lists.get(playlistId);
      },

      'playlists.delete'({ playlistId }) {
        const node = lists.node(playlistId);
        const count = tree.readBranch(database, playlistId).length;
        edits.record({ action: 'delete', subject: node.name, count }, () =>
          tree.deleteNode(database, playlistId),
        );
        lists.tell(null);
        return null;
      },

      'playlists.place'({ playlistId, parentId, position = END }) {
        const node = lists.node(playlistId);
        refuseNoFolder(parentId);
        if (parentId !== null && tree.readBranch(database, playlistId).includes(parentId)) {
          throw new AppError('conflict', `“${node.name}” cannot be put into itself.`);
        }
        edits.record({ action: 'place', subject: node.name, count: 1 }, () =>
          tree.placeNode(database, playlistId, parentId, position),
        );
        lists.tell(null);
        return lists.get(playlistId);
      },

      'playlists.setKind'({ playlistId, kind }) {
        const node = lists.nodeOfKind(playlistId, ['playlist', 'crate', 'smart'], 'it stays one');
        if (node.kind === kind) return lists.get(playlistId);
        const held = node.kind === 'smart' ? lists.trackIds(node) : [];
        return lists.change(node, 'kind', 1, () => {
          rows.insertEntries(database, playlistId, held, 0);
          if (kind === 'crate') rows.deleteRepeated(database, playlistId);
          tree.setKindAndRules(database, playlistId, kind, null, clock());
        });
      },

      'playlists.setRules'({ playlistId, rules }) {
        const node = lists.nodeOfKind(playlistId, ['smart'], 'it has no rules');
        checkRules(rules);
        return lists.change(node, 'rules', 1, () => {
          tree.setKindAndRules(database, playlistId, 'smart', rules, clock());
          // Rules that ask for the list itself show only now; thrown here, nothing is stored.
          compile({ playlistId }, []);
        });
      },

      'smart.count'({ rules }) {
        const { totals } = compile({ rules }, []);
        const sum = database.prepare(totals.sql).get(...totals.parameters) as {
          count: number;
          seconds: number;
        };
        return { trackCount: sum.count, durationSeconds: sum.seconds };
      },

      'tracks.playlists': ({ trackId }) => listsOfTrack(database, compile, trackId),
    },
  };
}
