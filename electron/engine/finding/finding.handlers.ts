/** What helps to find tracks: the column browser, and suggestions for the search box. */
import type { Handlers } from '#shared/contract.ts';
import type { BrowseColumn, BrowseValue, SearchSuggestion, TrackId, TrackQuery } from '#shared/domain.ts';
import type { FieldName } from '#shared/search/fields.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import { readCurrentLabels } from '#engine/storage/analysis/scores.ts';
import { readWordsOfTracks } from '#engine/storage/library/corrections.ts';
import { indexExpression } from '#engine/storage/library/track-query-text.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import { countGenresOf, countTexts, isEverything, leftOf } from './browse.ts';
import { fixedValues, foldText, hasWordStart, suggestFields, typedAt, written } from './suggest.ts';
import type { Typed } from './suggest.ts';
import { createVocabulary, findTitles } from './vocabulary.ts';

export interface FindingOptions {
  readonly storage: Storage;
  readonly compile: CompileQuery;
  /** Read into memory when it is first asked for. */
  readonly recordings: () => Recordings;
  /** Grows with every change of the library. */
  readonly revision: () => number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** More than fit under the box help nobody. */
const SUGGESTIONS = 20;
/** Columns that are kept while one scrolls or picks. */
const KEPT_COLUMNS = 6;

export function createFindingHandlers(
  options: FindingOptions,
): Pick<Handlers, 'library.browse' | 'search.suggest'> {
  const { storage, compile, revision } = options;
  const { database } = storage;
  const vocabulary = createVocabulary(database, revision, options.clock);
  const columns = new Map<string, readonly BrowseValue[]>();
  let columnsRevision = -1;
  let genres: { readonly revision: number; readonly values: readonly BrowseValue[] } | null = null;

  function keptColumn(query: TrackQuery, column: BrowseColumn): readonly BrowseValue[] {
    if (columnsRevision !== revision()) columns.clear();
    columnsRevision = revision();
    const key = JSON.stringify([column, query]);
    const known = columns.get(key);
    if (known !== undefined) return known;
    const values = readColumn(query, column);
    const oldest = columns.keys().next();
    if (columns.size >= KEPT_COLUMNS && oldest.done !== true) columns.delete(oldest.value);
    columns.set(key, values);
    return values;
  }

  function readColumn(query: TrackQuery, column: BrowseColumn): readonly BrowseValue[] {
    const compiled = compile(query, []);
    if (column !== 'genre') return countTexts(database, column, compiled);
    const ids = isEverything(query)
      ? null
      : (database
          .prepare(`SELECT t.id ${compiled.from.sql}`)
          .pluck()
          .all(...compiled.from.parameters) as TrackId[]);
    const labels = readCurrentLabels(database);
    return countGenresOf(
      ids,
      options.recordings(),
      labels,
      query.minimumConfidence ?? null,
      readWordsOfTracks(database),
    );
  }

  function genreValues(): readonly BrowseValue[] {
    if (genres?.revision !== revision()) {
      genres = { revision: revision(), values: readColumn({}, 'genre') };
    }
    return genres.values;
  }

  function suggestGenres(beginning: string, typed?: Typed): readonly SearchSuggestion[] {
    const wanted = foldText(beginning);
    const counts = new Map(genreValues().map(({ value, count }) => [value, count]));
    return readCurrentLabels(database)
      .filter(({ name }) => hasWordStart(foldText(name), wanted))
      .map(({ id, name }) => ({
        kind: 'value' as const,
        label: name,
        hint: 'Genre',
        insert: written('genre', name, typed),
        count: counts.get(id) ?? 0,
      }))
      .toSorted((a, b) => b.count - a.count || a.label.localeCompare(b.label));
  }

  function suggestWords(
    field: FieldName,
    beginning: string,
    hint: string,
    limit: number,
    typed?: Typed,
  ): readonly SearchSuggestion[] {
    return vocabulary.find(field, beginning, limit).map(({ value, count }) => ({
      kind: 'value' as const,
      label: value,
      hint,
      insert: written(field, value, typed),
      count,
    }));
  }

  function suggestTitles(beginning: string, limit: number): readonly SearchSuggestion[] {
    const expression = indexExpression(beginning, false, 'title');
    if (expression === null) return [];
    return findTitles(database, expression, limit).map((title) => ({
      kind: 'text' as const,
      label: title,
      hint: 'Title',
      insert: written('title', title),
      count: null,
    }));
  }

  function suggestValues(typed: Typed): readonly SearchSuggestion[] {
    const { field, text } = typed;
    if (field === null) return [];
    if (field.name === 'genre') return suggestGenres(text, typed);
    if (field.name === 'title') return suggestTitles(text, SUGGESTIONS);
    const wanted = foldText(text);
    const fixed = fixedValues(field)
      .filter(({ value }) => foldText(value).startsWith(wanted))
      .map(({ value, hint }) => ({
        kind: 'value' as const,
        label: value,
        hint,
        insert: written(field.name, value, typed),
        count: null,
      }));
    return [...fixed, ...suggestWords(field.name, text, '', SUGGESTIONS, typed)];
  }

  /** A word without a field: what it may be the beginning of. */
  function suggestAnything(text: string): readonly SearchSuggestion[] {
    const fields = suggestFields(text);
    if (text === '') return fields;
    return [
      ...fields.slice(0, 4),
      ...suggestGenres(text).slice(0, 4),
      ...suggestWords('artist', text, 'Artist', 5),
      ...suggestWords('album', text, 'Album', 4),
      ...suggestTitles(text, 4),
    ];
  }

  return {
    async 'library.browse'({ query, column, offset, limit }) {
      if (column === 'genre') await options.recordings().upToDate();
      const values = keptColumn(leftOf(query, column), column);
      return {
        column,
        total: values.length,
        offset,
        values: values.slice(offset, offset + limit),
        revision: revision(),
      };
    },

    async 'search.suggest'({ text, caret }) {
      await options.recordings().upToDate();
      const typed = typedAt(text, caret);
      const suggestions = typed.field === null ? suggestAnything(typed.text) : suggestValues(typed);
      return { from: typed.from, to: typed.to, suggestions: suggestions.slice(0, SUGGESTIONS) };
    },
  };
}
