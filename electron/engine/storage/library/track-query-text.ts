/**
 * Words and phrases through the full-text index `tracks_text` (accents and capitals folded).
 *
 * - A word matches beginnings of words, one letter too; a phrase matches whole words that follow each other.
 * - "AC/DC" and "R&B" are cut into words as the index cuts them, and found as a phrase.
 * - Scripts that put no space between words (Chinese, Japanese, Thai …) are one long word to the index, and
 *   text without any letter or digit (emoji, "!!!") is nothing to it: these are looked for as they are,
 *   anywhere in the text, which reads every row.
 */
import { contains, sql } from './track-query-sql.ts';
import type { Sql } from './track-query-sql.ts';

export const textColumns = [
  'title',
  'artist',
  'album',
  'album_artist',
  'genre_tags',
  'relative_path',
] as const;
export type TextColumn = (typeof textColumns)[number];

const anyLetterOrDigit = /[\p{L}\p{N}\p{Co}]/u;
const unspacedScript =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** An expression of FTS5 for one word or phrase, or null when the index cannot find it. */
export function indexExpression(text: string, phrase: boolean, column?: TextColumn): string | null {
  if (!anyLetterOrDigit.test(text) || unspacedScript.test(text)) return null;
  // Inside quotation marks FTS5 knows no operators; a star after them makes the last word a beginning.
  const words = `"${text.replaceAll('"', '""')}"${phrase ? '' : ' *'}`;
  return column === undefined ? words : `{${column}} : ${words}`;
}

export function inIndex(expression: string): Sql {
  return sql('t.id IN (SELECT rowid FROM main.tracks_text WHERE tracks_text MATCH ?)', expression);
}

/** What the index cannot find: anywhere in one of the columns. */
export function anywhere(text: string, columns: readonly TextColumn[] = textColumns): Sql {
  return contains(
    columns.map((column) => `t.${column}`),
    text,
  );
}
