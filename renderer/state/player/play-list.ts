/** What a list that is played on looks like: how to ask for its rows, not the rows. Can be stored as JSON. */
import type { EngineClient } from '#shared/contract.ts';
import type { SortKey, Track, TrackQuery } from '#shared/domain.ts';

export type PlayList =
  | {
      readonly kind: 'query';
      /** As the queue calls it: "Next from House". */
      readonly name: string;
      readonly query: TrackQuery;
      readonly sort: readonly SortKey[];
    }
  | { readonly kind: 'playlist'; readonly name: string; readonly playlistId: number }
  /** A list that no query gives again: similar tracks, a selection. */
  | { readonly kind: 'tracks'; readonly name: string; readonly trackIds: readonly number[] };

export interface PlayRow {
  /** Names the row within its list: the track's id, the playlist entry's, or the place in a list of ids. */
  readonly key: number;
  readonly track: Track;
}

export interface PlayRows {
  readonly total: number;
  /** Null where a track is no more. */
  readonly rows: readonly (PlayRow | null)[];
}

/** The contract's bound of tracks.list. */
export const MOST_LISTED = 500;

/** A slice of the list as it is now. */
export async function rowsOf(
  client: EngineClient,
  list: PlayList,
  offset: number,
  limit: number,
): Promise<PlayRows> {
  switch (list.kind) {
    case 'query': {
      const { query, sort } = list;
      const { total, rows } = await client.request('tracks.window', {
        query,
        sort: [...sort],
        offset,
        limit,
      });
      return { total, rows: rows.map((track) => ({ key: track.id, track })) };
    }
    case 'playlist': {
      const input = { playlistId: list.playlistId, offset, limit };
      const { total, entries } = await client.request('playlists.entries', input);
      return { total, rows: entries.map(({ entryId, track }) => ({ key: entryId, track })) };
    }
    case 'tracks': {
      const trackIds = list.trackIds.slice(offset, offset + Math.min(limit, MOST_LISTED));
      const found = await tracksById(client, trackIds);
      const rows = trackIds.map((id, place) => {
        const track = found.get(id);
        return track === undefined ? null : { key: offset + place, track };
      });
      return { total: list.trackIds.length, rows };
    }
  }
}

/** Up to MOST_LISTED tracks; those that are no more are left out. */
export async function tracksById(
  client: EngineClient,
  trackIds: readonly number[],
): Promise<ReadonlyMap<number, Track>> {
  const wanted = [...new Set(trackIds)].slice(0, MOST_LISTED);
  if (wanted.length === 0) return new Map();
  const tracks = await client.request('tracks.list', { trackIds: wanted });
  return new Map(tracks.map((track) => [track.id, track]));
}
