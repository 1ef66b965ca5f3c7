/** Genres in SQL: which recordings carry a label of the current model, and the best one of each. */
import { sql } from './track-query-sql.ts';
import type { Sql } from './track-query-sql.ts';

/** Signs that people leave out or exchange: "hip hop" is Hip-Hop, "drum and bass" is Drum & Bass. */
const leftOut = [' ', '-', '/', '_', "'", '’', '.', ',', '(', ')'];

/** The same for a name that was typed as `foldedName` for the names of the labels. */
export function foldGenre(name: string): string {
  const letters = name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replaceAll('&', 'and');
  return leftOut.reduce((text, sign) => text.replaceAll(sign, ''), letters);
}

/** SQL of the same for a column `name`. */
export const foldedName = leftOut.reduce(
  (expression, sign) => `replace(${expression}, '${sign === "'" ? "''" : sign}', '')`,
  "replace(lower(name), '&', 'and')",
);

/** Recording, genre and confidence of every score from its threshold on; `minimum` null: the label's own. */
function scores(minimum: number | null): Sql {
  const source = `
    FROM temp.current_labels AS l CROSS JOIN temp.current_model AS m
    CROSS JOIN analysis.genre_scores AS s
      ON s.model_id = m.id AND s.genre = l.id AND s.confidence >= ${minimum === null ? 'l.threshold' : '?'}`;
  return minimum === null ? sql(source) : sql(source, minimum);
}

/** Labels of a genre, by id or name; a family includes its styles. */
function labelsOf(genre: string): Sql {
  const wanted = `SELECT id FROM temp.current_labels WHERE id = ? COLLATE NOCASE OR ${foldedName} = ?`;
  const folded = foldGenre(genre);
  return sql(`l.id IN (${wanted}) OR l.parent IN (${wanted})`, genre, folded, genre, folded);
}

/**
 * `minimum` null: from each label's own threshold on. `single`: one track is asked for, so its few scores are looked at
 * and no list of the genre is made.
 */
export function carriesGenre(genre: string, minimum: number | null, single = false): Sql {
  const labels = labelsOf(genre);
  if (single) {
    return {
      sql: `EXISTS (SELECT 1 ${scoresOfTrack(minimum)} AND (${labels.sql}))
        OR EXISTS (SELECT 1 ${ownWords} AND (${labels.sql}))`,
      parameters: [...(minimum === null ? [] : [minimum]), ...labels.parameters, ...labels.parameters],
    };
  }
  const source = scores(minimum);
  // Numbers of recordings first: a recording with many styles is looked up once, and in the order of the table.
  return {
    sql: `t.id IN (SELECT h.track_id FROM temp.held_recordings AS h
        WHERE h.recording_id IN (SELECT s.recording_id ${source.sql} WHERE ${labels.sql})
      UNION ALL SELECT c.track_id FROM main.track_genre_corrections AS c
        CROSS JOIN temp.current_labels AS l ON l.id = c.genre WHERE c.fits = 1 AND (${labels.sql}))`,
    parameters: [...source.parameters, ...labels.parameters, ...labels.parameters],
  };
}

/** How confidently the track is of this genre; null when it is not of it. */
export function confidenceIn(genre: string, minimum: number | null): Sql {
  const labels = labelsOf(genre);
  return {
    sql: `coalesce((SELECT max(s.confidence) ${scoresOfTrack(minimum)} AND (${labels.sql})),
      (SELECT 1.0 ${ownWords} AND (${labels.sql}) LIMIT 1))`,
    parameters: [...(minimum === null ? [] : [minimum]), ...labels.parameters, ...labels.parameters],
  };
}

const fromBestGenres = 'FROM temp.held_recordings AS best WHERE best.track_id = t.id';

/** Whether a statement reads what is kept of best genres: then `freshenBestGenres` comes first. */
export function readsBestGenre(statement: string): boolean {
  return statement.includes(fromBestGenres);
}

/** Whether any genre fits, or the user gave one. */
export function carriesAnyGenre(): Sql {
  return sql(
    `EXISTS (SELECT 1 ${fromBestGenres} AND best.genre IS NOT NULL) OR EXISTS (SELECT 1 ${ownWords})`,
  );
}

/** Name or confidence of the best genre that fits, as Track.genres[0] has it. */
export function bestGenre(what: 'name' | 'confidence'): Sql {
  const [heard, own] = what === 'name' ? ['best.genre', 'l.name'] : ['best.confidence', '1.0'];
  return sql(`coalesce(
    (SELECT ${heard} ${fromBestGenres}),
    (SELECT ${own} ${ownWords} ORDER BY c.genre LIMIT 1))${what === 'name' ? ' COLLATE NOCASE' : ''}`);
}

/** What the user said of a track whose audio is not known (else it is among the scores). */
const ownWords = `
  FROM main.track_genre_corrections AS c
  CROSS JOIN temp.current_labels AS l ON l.id = c.genre
  WHERE c.track_id = t.id AND c.fits = 1`;

function scoresOfTrack(minimum: number | null): string {
  // The model as a value, not a table to join: SQLite then sees that the index gives the best score first.
  return `
    FROM temp.held_recordings AS h
    CROSS JOIN analysis.genre_scores AS s
      ON s.recording_id = h.recording_id AND s.model_id = (SELECT id FROM temp.current_model)
    CROSS JOIN temp.current_labels AS l
      ON l.id = s.genre AND s.confidence >= ${minimum === null ? 'l.threshold' : '?'}
    WHERE h.track_id = t.id`;
}
