/** The order of a list of tracks. What is not known comes last, in either direction; equal rows stand by id. */
import type { SortField, SortKey, TrackQuery } from '#shared/domain.ts';
import { bestGenre, confidenceIn } from './track-query-genres.ts';
import { sql } from './track-query-sql.ts';
import type { Sql } from './track-query-sql.ts';

/** Needs no NULLS LAST, so that it may follow in an index. */
const albumOrder = ['t.disc_number', 't.track_number'];

const heard = (column: string): string =>
  `(SELECT ${column} FROM temp.track_sounds AS heard WHERE heard.track_id = t.id)`;

const columns: Readonly<Record<Exclude<SortField, 'genre' | 'confidence' | 'position'>, string>> = {
  title: 't.title COLLATE NOCASE',
  artist: 't.artist COLLATE NOCASE',
  album: 't.album COLLATE NOCASE',
  albumArtist: 't.album_artist COLLATE NOCASE',
  year: 't.year',
  duration: 't.duration_seconds',
  addedAt: 't.added_at',
  modifiedAt: 't.modified_at',
  rating: 't.rating',
  path: 'f.path',
  size: 't.size_bytes',
  bitrate: 't.bitrate_kbps',
  trackNumber: 't.track_number',
  discNumber: 't.disc_number',
  sampleRate: 't.sample_rate_hz',
  channels: 't.channels',
  codec: 't.codec COLLATE NOCASE',
  container: 't.container COLLATE NOCASE',
  comment: "nullif(t.comment, '') COLLATE NOCASE",
  genreTags: "nullif(t.genre_tags, '[]') COLLATE NOCASE",
  state: 't.state',
  analysis: 't.analysis',
  error: '(SELECT code FROM main.track_errors WHERE track_id = t.id)',
  bpm: heard('bpm'),
  key: heard('key_place'),
  energy: heard('energy'),
  loudness: heard('lufs'),
};

/** What follows a last key by itself, in the same direction (so that one index gives all of it). */
const followers: Readonly<Partial<Record<SortField, readonly string[]>>> = {
  artist: ['t.album COLLATE NOCASE', ...albumOrder],
  album: albumOrder,
  path: ['t.relative_path'],
};

/**
 * Text after ORDER BY. 'position' means something in a playlist only, and is left out elsewhere.
 *
 * `byIndex`: rows may be read in the order of an index, which is best when all of them are wanted. With a
 * condition that means looking up row by row, here and there in the file, until enough are found; reading
 * what the condition gives and keeping the first rows takes the same short time whatever is found. The plus
 * sign tells SQLite so.
 */
export function compileOrder(query: TrackQuery, sort: readonly SortKey[], byIndex: boolean): Sql {
  const plus = byIndex ? '' : '+';
  const inPlaylist = query.playlistId !== undefined;
  const keys = sort.filter(({ field }) => field !== 'position' || inPlaylist);
  if (keys.length === 0) return sql(inPlaylist ? 'e.position, t.id' : 't.id');
  const parts: Sql[] = keys.map((key) => {
    const term = termOf(key.field, query);
    // A path is always known; saying NULLS LAST of it would keep SQLite from reading it in the order of its index.
    const nulls = key.field === 'path' ? '' : ' NULLS LAST';
    return { ...term, sql: `${plus}${term.sql}${key.descending === true ? ' DESC' : ''}${nulls}` };
  });
  const last = keys.at(-1) as SortKey;
  const direction = last.descending === true ? ' DESC' : '';
  for (const follower of [...(followers[last.field] ?? []), 't.id']) {
    parts.push(sql(`${follower}${direction}`));
  }
  return {
    sql: parts.map((part) => part.sql).join(', '),
    parameters: parts.flatMap((part) => part.parameters),
  };
}

function termOf(field: SortField, query: TrackQuery): Sql {
  switch (field) {
    case 'genre':
      return bestGenre('name');
    case 'confidence':
      // In the list of a genre, how much the track is of that genre.
      return query.genre === undefined
        ? bestGenre('confidence')
        : confidenceIn(query.genre, query.minimumConfidence ?? null);
    case 'position':
      return sql('e.position');
    default:
      return sql(columns[field]);
  }
}
