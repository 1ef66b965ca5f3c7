/** The review queue: which tracks have proposals that fit a filter, in which order, in which groups. */
import { dirname } from 'node:path/posix';
import type { ProposalState, ReviewCounts, ReviewGroup, ReviewGrouping, TrackId } from '#shared/domain.ts';
import { proposalStates } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import type { CompiledTrackQuery } from './track-query.ts';
import { allOf, likeLiteral, sql } from './track-query-sql.ts';
import type { Sql } from './track-query-sql.ts';

/** Every part must hold. */
export interface ReviewFilter {
  /** Undefined: in any. */
  readonly state?: ProposalState | undefined;
  readonly field?: string | undefined;
  readonly minimumConfidence?: number | undefined;
  readonly group?: { readonly by: Exclude<ReviewGrouping, 'none'>; readonly key: string } | undefined;
  /** Only tracks of this query. */
  readonly tracks?: CompiledTrackQuery['from'] | undefined;
  readonly trackIds?: readonly TrackId[] | undefined;
}

/** From so many tracks on, looking at all tracks in the order of an index is faster than ordering those that fit. */
const WALK_FROM = 10_000;

/** What of a track names its group, and the order of groups and of tracks inside them, as an index has it. */
const groupings = {
  album: {
    index: 'tracks_by_whole_album',
    order:
      't.album COLLATE NOCASE NULLS LAST, t.album_artist COLLATE NOCASE, t.disc_number, t.track_number, t.id',
  },
  artist: {
    index: 'tracks_by_artist',
    order: 't.artist COLLATE NOCASE NULLS LAST, t.album COLLATE NOCASE, t.disc_number, t.track_number, t.id',
  },
  folder: { index: 'tracks_by_path', order: 't.folder_id, t.relative_path, t.id' },
} as const;

/** Conditions on a proposal p; `state` in front, as the index begins with it. */
export function fitsReview(filter: ReviewFilter): Sql {
  const conditions = [...ofProposal(filter)];
  if (filter.state !== undefined) conditions.unshift(sql('p.state = ?', filter.state));
  if (filter.tracks !== undefined)
    conditions.push(sql(`p.track_id IN (SELECT t.id ${filter.tracks.sql})`, ...filter.tracks.parameters));
  if (filter.trackIds !== undefined)
    conditions.push(sql('p.track_id IN (SELECT value FROM json_each(?))', JSON.stringify(filter.trackIds)));
  if (filter.group !== undefined) {
    const inside = inGroup(filter.group);
    conditions.push(
      sql(`p.track_id IN (SELECT t.id FROM main.tracks AS t WHERE ${inside.sql})`, ...inside.parameters),
    );
  }
  return allOf(conditions);
}

function ofProposal({ field, minimumConfidence }: ReviewFilter): readonly Sql[] {
  return [
    ...(field === undefined ? [] : [sql('p.field = ?', field)]),
    ...(minimumConfidence === undefined ? [] : [sql('p.confidence >= ?', minimumConfidence)]),
  ];
}

/** Proposals by state, whatever state the filter names. */
export function countReview(database: Database, filter: ReviewFilter): ReviewCounts {
  const where = fitsReview({ ...filter, state: undefined });
  const rows = database
    .prepare(
      `SELECT p.state, count(*) AS count FROM main.tag_proposals AS p WHERE ${where.sql} GROUP BY p.state`,
    )
    .all(...where.parameters) as { state: ProposalState; count: number }[];
  const counts = new Map(rows.map(({ state, count }) => [state, count]));
  return Object.fromEntries(
    proposalStates.map((state) => [state, counts.get(state) ?? 0]),
  ) as unknown as ReviewCounts;
}

/** Tracks with a proposal that fits. */
export function countReviewTracks(database: Database, filter: ReviewFilter): number {
  const where = fitsReview(filter);
  return database
    .prepare(`SELECT count(DISTINCT p.track_id) FROM main.tag_proposals AS p WHERE ${where.sql}`)
    .pluck()
    .get(...where.parameters) as number;
}

/** Some of the tracks with a proposal that fits, in order. `total` is what `countReviewTracks` says. */
export function readReviewTracks(
  database: Database,
  filter: ReviewFilter,
  by: ReviewGrouping,
  { offset, limit, total }: { readonly offset: number; readonly limit: number; readonly total: number },
): readonly TrackId[] {
  const where = fitsReview(filter);
  if (by === 'none') {
    return database
      .prepare(
        `SELECT p.track_id FROM main.tag_proposals AS p WHERE ${where.sql}
         GROUP BY p.track_id ORDER BY max(p.confidence) DESC, p.track_id LIMIT ? OFFSET ?`,
      )
      .pluck()
      .all(...where.parameters, limit, offset) as TrackId[];
  }
  const { index, order } = groupings[by];
  const isWide = total >= WALK_FROM && filter.group === undefined;
  const source = isWide
    ? `main.tracks AS t INDEXED BY ${index}
       WHERE EXISTS (SELECT 1 FROM main.tag_proposals AS p WHERE p.track_id = t.id AND (${where.sql}))`
    : `(SELECT DISTINCT p.track_id AS id FROM main.tag_proposals AS p WHERE ${where.sql}) AS q
       CROSS JOIN main.tracks AS t ON t.id = q.id`;
  return database
    .prepare(`SELECT t.id FROM ${source} ORDER BY ${order} LIMIT ? OFFSET ?`)
    .pluck()
    .all(...where.parameters, limit, offset) as TrackId[];
}

interface GroupedTrack {
  readonly id: TrackId;
  readonly folderId: number;
  readonly root: string;
  readonly relativePath: string;
  readonly artist: string | null;
  readonly album: string | null;
  readonly albumArtist: string | null;
}

/** The groups that the tracks of a page stand in, in order. */
export function readReviewGroups(
  database: Database,
  filter: ReviewFilter,
  by: Exclude<ReviewGrouping, 'none'>,
  trackIds: readonly TrackId[],
): readonly ReviewGroup[] {
  const rows = prepared(
    database,
    `SELECT t.id, t.folder_id AS folderId, f.path AS root, t.relative_path AS relativePath, t.artist, t.album,
       t.album_artist AS albumArtist
     FROM json_each(?) AS wanted CROSS JOIN main.tracks AS t ON t.id = wanted.value
     JOIN main.folders AS f ON f.id = t.folder_id ORDER BY wanted.key`,
  ).all(JSON.stringify(trackIds)) as GroupedTrack[];
  const groups: ReviewGroup[] = [];
  const counts = new Map<string, number>();
  rows.forEach((track, row) => {
    const named = nameGroup(track, by);
    if (groups.at(-1)?.key === named.key) return;
    const tracks =
      counts.get(named.key) ?? countReviewTracks(database, { ...filter, group: { by, key: named.key } });
    counts.set(named.key, tracks);
    groups.push({ ...named, tracks, firstRow: row });
  });
  return groups;
}

/** Capitals of A-Z make no other group, as in the indexes. */
function nameGroup(
  track: GroupedTrack,
  by: Exclude<ReviewGrouping, 'none'>,
): Pick<ReviewGroup, 'key' | 'title' | 'detail'> {
  const fold = (text: string | null): string | null =>
    text === null ? null : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  switch (by) {
    case 'album':
      return {
        key: JSON.stringify([fold(track.album), fold(track.albumArtist)]),
        title: track.album,
        detail: track.albumArtist,
      };
    case 'artist':
      return { key: JSON.stringify([fold(track.artist)]), title: track.artist, detail: null };
    case 'folder': {
      const parent = dirname(track.relativePath);
      const folder = parent === '.' ? '' : parent;
      return { key: JSON.stringify([track.folderId, folder]), title: folder, detail: track.root };
    }
  }
}

/** Conditions on a track t. A key that is none of ours names an empty group. */
function inGroup({ by, key }: NonNullable<ReviewFilter['group']>): Sql {
  const parts = partsOf(key);
  const is = (column: string, value: unknown): Sql =>
    typeof value === 'string' ? sql(`t.${column} = ? COLLATE NOCASE`, value) : sql(`t.${column} IS NULL`);
  if (parts === null) return sql('0');
  if (by === 'album') return allOf([is('album', parts[0]), is('album_artist', parts[1])]);
  if (by === 'artist') return is('artist', parts[0]);
  const [folderId, folder] = parts;
  if (typeof folderId !== 'number' || typeof folder !== 'string') return sql('0');
  const below = folder === '' ? '' : `${folder}/`;
  const direct = sql(`t.relative_path NOT LIKE ? ESCAPE '\\'`, `${likeLiteral(below)}%/%`);
  // '0' follows '/' in the order of bytes: everything below the folder, by index.
  const range =
    folder === '' ? [] : [sql('t.relative_path > ? AND t.relative_path < ?', below, `${folder}0`)];
  return allOf([sql('t.folder_id = ?', folderId), ...range, direct]);
}

function partsOf(key: string): readonly unknown[] | null {
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) ? parts : null;
  } catch {
    return null;
  }
}
