/**
 * Values that the library holds, with counts, for suggestions: read from an index when they are first asked for, kept
 * folded in memory (20,000 artists are 3 MB), read again when the library changed and some seconds have gone by.
 */
import type { FieldName } from '#shared/search/fields.ts';
import type { Database } from '#engine/storage/database.ts';
import { foldText, hasWordStart } from './suggest.ts';

/** While a scan changes the library all the time, suggestions may be so old. */
const OLDEST_MS = 10_000;

export interface Word {
  readonly value: string;
  readonly count: number;
}

interface FoldedWord extends Word {
  readonly folded: string;
}

interface Kept {
  readonly words: readonly FoldedWord[];
  readonly revision: number;
  readonly readAt: number;
}

const byColumn = (column: string): string =>
  `SELECT ${column} AS value, count(*) AS count FROM main.tracks WHERE ${column} <> '' GROUP BY ${column} COLLATE NOCASE`;

const queries: Readonly<Partial<Record<FieldName, string>>> = {
  artist: byColumn('artist'),
  album: byColumn('album'),
  albumartist: byColumn('album_artist'),
  tag: `SELECT tag.value, count(*) AS count FROM main.tracks AS t, json_each(t.genre_tags) AS tag
    WHERE t.genre_tags <> '[]' GROUP BY tag.value COLLATE NOCASE`,
  year: 'SELECT CAST(year AS TEXT) AS value, count(*) AS count FROM main.tracks WHERE year IS NOT NULL GROUP BY year',
  rating: 'SELECT CAST(rating AS TEXT) AS value, count(*) AS count FROM main.tracks GROUP BY rating',
  format: byColumn('container'),
  codec: byColumn('codec'),
  samplerate: `SELECT CAST(sample_rate_hz AS TEXT) AS value, count(*) AS count FROM main.tracks
    WHERE sample_rate_hz IS NOT NULL GROUP BY sample_rate_hz`,
  channels: `SELECT CAST(channels AS TEXT) AS value, count(*) AS count FROM main.tracks
    WHERE channels IS NOT NULL GROUP BY channels`,
  playlist: `SELECT name AS value, (SELECT count(*) FROM main.playlist_entries WHERE playlist_id = list.id) AS count
    FROM main.playlists AS list`,
  error: 'SELECT code AS value, count(*) AS count FROM main.track_errors GROUP BY code',
  mood: `SELECT name AS value, NULL AS count FROM temp.current_tags WHERE id LIKE 'mood/%'`,
  instrument: `SELECT name AS value, NULL AS count FROM temp.current_tags WHERE id NOT LIKE 'mood/%'`,
};

export interface Vocabulary {
  /** Values of a field that begin so, or have a word that does: beginnings first, then by count. */
  find(field: FieldName, beginning: string, limit: number): readonly Word[];
}

export function createVocabulary(
  database: Database,
  revision: () => number,
  clock: () => number,
): Vocabulary {
  const kept = new Map<FieldName, Kept>();

  function wordsOf(field: FieldName): readonly FoldedWord[] {
    const known = kept.get(field);
    const now = clock();
    if (known !== undefined && (known.revision === revision() || now - known.readAt < OLDEST_MS)) {
      return known.words;
    }
    const sql = queries[field];
    if (sql === undefined) return [];
    const words = (database.prepare(sql).all() as Word[]).map((word) => ({
      ...word,
      folded: foldText(word.value),
    }));
    kept.set(field, { words, revision: revision(), readAt: now });
    return words;
  }

  return {
    find(field, beginning, limit) {
      const wanted = foldText(beginning);
      const rank = ({ folded }: FoldedWord): number => (folded.startsWith(wanted) ? 0 : 1);
      return wordsOf(field)
        .filter(({ folded }) => hasWordStart(folded, wanted))
        .toSorted((a, b) => rank(a) - rank(b) || b.count - a.count || (a.folded < b.folded ? -1 : 1))
        .slice(0, limit)
        .map(({ value, count }) => ({ value, count }));
    },
  };
}

/** Titles with a word that begins so: there are too many to keep, the full-text index finds some of them at once. */
export function findTitles(database: Database, expression: string, limit: number): readonly string[] {
  return database
    .prepare(
      `SELECT DISTINCT t.title FROM (SELECT rowid FROM main.tracks_text WHERE tracks_text MATCH ? LIMIT 200) AS found
       CROSS JOIN main.tracks AS t ON t.id = found.rowid ORDER BY length(t.title), t.title LIMIT ?`,
    )
    .pluck()
    .all(expression, limit) as string[];
}
