/** Requests about transitions and sets. */
import type { Handlers, Input } from '#shared/contract.ts';
import { setLimits } from '#shared/domain.ts';
import type { Playlist, PlaylistId, TrackId, TrackQuery, Transition } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import { readCurrentLabels } from '#engine/storage/analysis/scores.ts';
import { orderEntries, readEntries } from '#engine/storage/library/playlist-entries.ts';
import { readNode, touchNode } from '#engine/storage/library/playlists.ts';
import type { PlaylistNode } from '#engine/storage/library/playlists.ts';
import { foldGenre } from '#engine/storage/library/track-query-genres.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { Edits } from '#engine/edits.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import { build } from './build.ts';
import { compose } from './compose.ts';
import { findNext } from './next.ts';
import { mixOf } from './request.ts';
import { inSlices } from './slices.ts';
import type { TrackIndex } from './track-index.ts';
import { describeTransition } from './transition.ts';

const END = Number.MAX_SAFE_INTEGER;
const DEFAULT_NEXT = 10;

export interface SetOptions {
  readonly storage: Storage;
  readonly compile: CompileQuery;
  readonly edits: Edits;
  /** Read into memory when it is first asked for. */
  readonly recordings: () => Recordings;
  readonly index: () => TrackIndex;
  /** Tells that the rows of a list changed, and gives back the list. */
  readonly listChanged: (playlistId: PlaylistId) => Playlist;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

type SetHandlers = Pick<
  Handlers,
  'sets.build' | 'sets.next' | 'sets.transitions' | 'sets.transitionsOf' | 'sets.reorder'
>;

export function createSetHandlers(options: SetOptions): SetHandlers {
  const { storage, compile, clock } = options;
  const { database } = storage;

  async function upToDate(): Promise<{ readonly index: TrackIndex; readonly recordings: Recordings }> {
    const [index, recordings] = [options.index(), options.recordings()];
    await Promise.all([index.upToDate(), recordings.upToDate()]);
    return { index, recordings };
  }

  function idsOf(query: TrackQuery): readonly TrackId[] {
    const { ids } = compile(query, []);
    return database
      .prepare(ids.sql)
      .pluck()
      .all(...ids.parameters, -1, 0) as TrackId[];
  }

  /** Rows of the index, in its order; null for a query that asks for nothing: all. */
  function rowsOf(index: TrackIndex, query: TrackQuery | undefined): readonly number[] | null {
    const asksNothing = Object.values(query ?? {}).every((part) => part === undefined || part === '');
    if (query === undefined || asksNothing) return null;
    return toRows(index, idsOf(query));
  }

  function toRows(index: TrackIndex, ids: readonly TrackId[]): readonly number[] {
    const rows = new Set<number>();
    for (const id of ids) {
      const row = index.rowOf(id);
      if (row >= 0) rows.add(row);
    }
    return [...rows].sort((one, other) => one - other);
  }

  /** @throws AppError not-found for a genre that the model does not know */
  function genreId(wanted: string): string {
    const labels = readCurrentLabels(database);
    const label =
      labels.find(({ id }) => id === wanted) ??
      labels.find(({ name }) => foldGenre(name) === foldGenre(wanted));
    if (label !== undefined) return label.id;
    throw new AppError(
      'not-found',
      `The model knows no genre “${wanted}”. The genre list names all of them.`,
    );
  }

  function rowsOfGenres(index: TrackIndex, asked: Input<'sets.build'>): readonly number[] {
    const all = rowsOf(index, asked.query) ?? Array.from({ length: index.rowCount }, (_, row) => row);
    if (asked.genres === undefined || asked.genres.length === 0) return all;
    const ids = new Set(asked.genres.map(genreId));
    const ofGenres = new Set([...ids].flatMap((genre) => toRows(index, idsOf({ genre }))));
    return all.filter((row) => ofGenres.has(row));
  }

  function nodeOf(playlistId: PlaylistId): PlaylistNode {
    const node = readNode(database, playlistId);
    if (node === undefined) throw new AppError('not-found', `There is no playlist ${playlistId} (any more).`);
    return node;
  }

  function trackIdsOf(node: PlaylistNode): readonly TrackId[] {
    if (node.kind !== 'playlist' && node.kind !== 'crate') return idsOf({ playlistId: node.id });
    return readEntries(database, node.id, 0, END).map(({ trackId }) => trackId);
  }

  /** For each of the tracks the transition from the one before; null for the first, and beside a track that is gone. */
  async function transitionsOf(
    trackIds: readonly TrackId[],
    mix: Input<'sets.transitionsOf'>['mix'],
  ): Promise<readonly (Transition | null)[]> {
    const { index, recordings } = await upToDate();
    const known = [...new Set(trackIds.map((id) => index.rowOf(id)))].filter((row) => row >= 0);
    const candidates = new Map(index.candidates(recordings, known).map((one) => [one.id, one]));
    return trackIds.map((id, place) => {
      const from = candidates.get(trackIds[place - 1] ?? -1);
      const to = candidates.get(id);
      return from === undefined || to === undefined ? null : describeTransition(from, to, mixOf(mix));
    });
  }

  return {
    async 'sets.build'(asked, { signal }) {
      const { index, recordings } = await upToDate();
      signal.throwIfAborted();
      const rows = rowsOfGenres(index, asked);
      const sources = {
        ...{ index, recordings, rows },
        readTracks: (ids: readonly TrackId[]) => readTracks(database, ids),
      };
      return await inSlices(build(asked, sources), signal);
    },

    async 'sets.next'({ after, query, played = [], mix, limit = DEFAULT_NEXT }, { signal }) {
      const { index, recordings } = await upToDate();
      signal.throwIfAborted();
      const heard = after.map((id) => index.rowOf(id));
      const [from] = index.candidates(
        recordings,
        heard.slice(-1).filter((row) => row >= 0),
      );
      if (from === undefined) {
        throw new AppError('not-found', `There is no track ${after.at(-1)} in the library.`);
      }
      const left = [...after, ...played];
      const found = await inSlices(
        findNext(index, recordings, {
          from,
          mix: mixOf(mix),
          allowed: rowsOf(index, query),
          left: new Set(left.map((id) => index.rowOf(id))),
          leftRecordings: new Set(left.map((id) => recordings.rowOfTrack(id))),
          heardArtists: new Set(heard.map((row) => index.artists[row] ?? -1).filter((artist) => artist >= 0)),
          limit,
        }),
        signal,
      );
      const tracks = new Map(
        readTracks(
          database,
          found.map(({ candidate }) => candidate.id),
        ).map((track) => [track.id, track]),
      );
      return found.flatMap(({ candidate }) => {
        const track = tracks.get(candidate.id);
        if (track === undefined) return [];
        return [{ track, transition: describeTransition(from, candidate, mixOf(mix)) }];
      });
    },

    async 'sets.transitions'({ playlistId, offset, limit, mix }) {
      const trackIds = trackIdsOf(nodeOf(playlistId));
      // The row before the first of them is needed, too.
      const before = offset > 0 ? 1 : 0;
      const found = await transitionsOf(trackIds.slice(offset - before, offset + limit), mix);
      return { total: trackIds.length, offset, transitions: found.slice(before) };
    },

    'sets.transitionsOf': async ({ trackIds, mix }) => await transitionsOf(trackIds, mix),

    async 'sets.reorder'({ playlistId, mix, keepFirst = false, keyRule = 'any' }, { signal }) {
      const node = nodeOf(playlistId);
      if (node.kind !== 'playlist') {
        throw new AppError('conflict', `“${node.name}” has no order of its own: only playlists have.`);
      }
      const { index, recordings } = await upToDate();
      const entries = readEntries(database, playlistId, 0, END);
      if (entries.length > setLimits.reordered) {
        throw new AppError(
          'conflict',
          `“${node.name}” has ${entries.length.toLocaleString('en')} rows; at most ${setLimits.reordered.toLocaleString('en')} can be put in order at once.`,
        );
      }
      const candidates = index.candidates(
        recordings,
        entries.map(({ trackId }) => index.rowOf(trackId)),
      );
      const recipe = {
        ...{ mix: mixOf(mix), keyRule, greatestTempoStep: null, artistGap: 1, tempoRange: null },
        length: { count: entries.length },
        energyCurve: [],
        locked: keepFirst && entries.length > 0 ? [{ position: 0, candidate: 0 }] : [],
        ...{ required: [], isPath: false, seed: 0 },
      };
      const order = await inSlices(compose(candidates, recipe), signal);
      const scoreOf = (rows: readonly number[]): number => {
        const scores = rows
          .slice(1)
          .map(
            (row, place) => describeTransition(candidates[rows[place]!]!, candidates[row]!, recipe.mix).score,
          );
        return scores.length === 0 ? 1 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
      };
      const now = readEntries(database, playlistId, 0, END);
      if (JSON.stringify(now) !== JSON.stringify(entries)) {
        throw new AppError(
          'conflict',
          `“${node.name}” was changed while an order was looked for. Try again.`,
        );
      }
      const entryIds = order.map((place) => entries[place]!.entryId);
      options.edits.record({ action: 'order', subject: node.name, count: entries.length }, () => {
        orderEntries(database, playlistId, entryIds);
        touchNode(database, playlistId, clock());
      });
      return {
        playlist: options.listChanged(playlistId),
        scoreBefore: scoreOf(entries.map((_, place) => place)),
        scoreAfter: scoreOf(order),
      };
    },
  };
}
