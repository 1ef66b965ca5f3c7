/** Compiles "which tracks, in which order" to SQL with bound parameters. Tables as the first migrations make them. */
import type { PlaylistId, SmartRules, SortKey, TrackQuery, TrackState } from '#shared/domain.ts';
import { QueryError } from '#shared/search/grammar.ts';
import type { FieldNode, SearchNode } from '#shared/search/grammar.ts';
import { nearest } from '#shared/search/nearest.ts';
import { parseSearch } from '#shared/search/parse.ts';
import { searchOfRules } from '#shared/search/rules.ts';
import type { PlaylistNode } from './playlists.ts';
import { compileField, fieldInIndex, hasError } from './track-query-fields.ts';
import { carriesGenre, foldGenre } from './track-query-genres.ts';
import { fitsRules, inFolder, inNamedList, ownOrder, pickedIn, refersToItself } from './track-query-lists.ts';
import { compileOrder } from './track-query-order.ts';
import { allOf, anyOf, notThat, sql } from './track-query-sql.ts';
import type { Sql, SqlValue } from './track-query-sql.ts';
import { anywhere, inIndex, indexExpression } from './track-query-text.ts';

export interface CompiledTrackQuery {
  /** Gives the ids in order. Ends with `LIMIT ? OFFSET ?`: two more parameters follow these (-1 and 0 for all). */
  readonly ids: { readonly sql: string; readonly parameters: readonly SqlValue[] };
  /** Gives one row { count, seconds }. */
  readonly totals: { readonly sql: string; readonly parameters: readonly SqlValue[] };
  /** "FROM … WHERE (…)" of tracks named t, for counting by other things; more conditions may follow. */
  readonly from: { readonly sql: string; readonly parameters: readonly SqlValue[] };
}

export interface QueryContext {
  /** Milliseconds since 1970, for added:7d. Default: the clock. */
  readonly now?: number;
  /** Genres that there are: then an unknown one in a search is a mistake, not an empty list. */
  readonly labels?: readonly { readonly id: string; readonly name: string }[];
  /** The tree of lists, for smart playlists and folders. Default: every list has rows of its own. */
  readonly tree?: () => readonly PlaylistNode[];
  /** `t.id = ?` will follow: parts are asked of that track instead of being listed. Default: false. */
  readonly single?: boolean;
}

/**
 * Every part of the query must hold. Tracks of all states are found unless it says which.
 * @throws AppError 'query-invalid': a QueryError for a mistake in `query.text` or a field that nothing feeds yet; or
 * rules with a mistake
 */
export function compileTrackQuery(
  query: TrackQuery,
  sort: readonly SortKey[],
  given: QueryContext = {},
): CompiledTrackQuery {
  const context: Context = {
    ...given,
    now: given.now ?? Date.now(),
    single: given.single ?? false,
    within: new Set(),
  };
  const list = query.playlistId === undefined ? undefined : nodeOf(query.playlistId, context);
  const hasRows = list === undefined || list.kind === 'playlist' || list.kind === 'crate';
  const rows: TrackQuery = hasRows ? query : { ...query, playlistId: undefined };
  const conditions = conditionsOf(rows, context);
  if (!hasRows) conditions.push(inList(list, context));
  const where = allOf(conditions);
  const keys = orderOf(sort, rows.playlistId === undefined ? ownOrder(list, query.rules) : null);
  const order = compileOrder(rows, keys, conditions.length === 0);
  const source = sourceOf(rows);
  const ordered = keys.some((key) => key.field === 'path') ? withFolders(source) : source;
  return {
    ids: {
      sql: `SELECT t.id FROM ${ordered.sql} WHERE ${where.sql} ORDER BY ${order.sql} LIMIT ? OFFSET ?`,
      parameters: [...source.parameters, ...where.parameters, ...order.parameters],
    },
    totals: {
      sql: `SELECT count(*) AS count, coalesce(sum(t.duration_seconds), 0) AS seconds FROM ${source.sql} WHERE ${where.sql}`,
      parameters: [...source.parameters, ...where.parameters],
    },
    from: {
      sql: `FROM ${source.sql} WHERE (${where.sql})`,
      parameters: [...source.parameters, ...where.parameters],
    },
  };
}

/** In a list without rows of its own, 'position' is the order of its rules. */
function orderOf(sort: readonly SortKey[], own: readonly SortKey[] | null): readonly SortKey[] {
  if (own === null) return sort;
  if (sort.length === 0) return own;
  return sort.flatMap((key) => (key.field === 'position' ? own : [key]));
}

function nodeOf(playlistId: PlaylistId, { tree }: Context): PlaylistNode | undefined {
  return tree?.().find((node) => node.id === playlistId);
}

/** Of a smart playlist or a folder. */
function inList(list: PlaylistNode, context: Context): Sql {
  if (list.rules !== null) return byRules(list.rules, list, context);
  return inFolder(list.id, context.tree?.() ?? [], (rules, own) => byRules(rules, own, context));
}

function byRules(rules: SmartRules, list: PlaylistNode | null, context: Context): Sql {
  if (list !== null && context.within.has(list.id)) throw refersToItself(list);
  const within = list === null ? context.within : new Set([...context.within, list.id]);
  const node = searchOfRules(rules.where);
  // The first of many are known only by listing them.
  const single = context.single && rules.limit === undefined;
  return fitsRules(node, compileNode(node, { ...context, single, within }), rules);
}

/** A playlist holds a track once here, at its first place, however often it is in it. */
function sourceOf(query: TrackQuery): Sql {
  if (query.playlistId === undefined) return sql('main.tracks AS t');
  return sql(
    `(SELECT track_id, min(position) AS position FROM main.playlist_entries WHERE playlist_id = ? GROUP BY track_id) AS e
    CROSS JOIN main.tracks AS t ON t.id = e.track_id`,
    query.playlistId,
  );
}

/** Folders first, when nothing else leads: both are then read in the order of their indexes. */
function withFolders(source: Sql): Sql {
  if (source.parameters.length > 0) {
    return { ...source, sql: `${source.sql} CROSS JOIN main.folders AS f ON f.id = t.folder_id` };
  }
  return sql('main.folders AS f CROSS JOIN main.tracks AS t ON t.folder_id = f.id');
}

function conditionsOf(query: TrackQuery, context: Context): Sql[] {
  const conditions: Sql[] = [];
  if (query.folderId !== undefined) conditions.push(sql('+t.folder_id = ?', query.folderId));
  if (query.state !== undefined) conditions.push(inState(query.state));
  if (query.analysis !== undefined) conditions.push(sql('t.analysis = ?', query.analysis));
  if (query.addedAfter !== undefined) conditions.push(sql('t.added_at > ?', query.addedAfter));
  if (query.hasError !== undefined) conditions.push(query.hasError ? hasError() : notThat(hasError()));
  if (query.genre !== undefined) {
    conditions.push(carriesGenre(query.genre, query.minimumConfidence ?? null, context.single));
  }
  if (query.picks !== undefined) conditions.push(...pickedIn(query.picks, query.minimumConfidence ?? null));
  if (query.rules !== undefined) conditions.push(byRules(query.rules, null, context));
  if (query.text !== undefined) {
    const node = parseSearch(query.text);
    if (node.kind !== 'and' || node.nodes.length > 0) conditions.push(compileNode(node, context));
  }
  return conditions;
}

/**
 * The plus sign keeps SQLite from an index where most rows fit: nearly all tracks are present, and most
 * libraries have one folder. Looking up each of 100,000 rows takes five times as long as reading them all.
 */
function inState(state: TrackState): Sql {
  return sql(state === 'present' ? '+t.state = ?' : 't.state = ?', state);
}

interface Context extends QueryContext {
  readonly now: number;
  readonly single: boolean;
  /** Smart playlists whose rules are being compiled. */
  readonly within: ReadonlySet<PlaylistId>;
}

function compileNode(node: SearchNode, context: Context): Sql {
  switch (node.kind) {
    case 'and':
      return allOf(compileTogether(node.nodes, ' AND ', context));
    case 'or':
      return anyOf(compileTogether(node.nodes, ' OR ', context));
    case 'not':
      return notThat(compileNode(node.node, context));
    case 'text': {
      const expression = indexExpression(node.text, node.phrase);
      return expression === null ? anywhere(node.text) : inIndex(expression);
    }
    case 'field':
      checkGenre(node, context);
      if (node.field === 'playlist' && node.value.kind === 'text' && context.tree !== undefined) {
        return inNamedList(node.value, context.tree(), (rules, list) => byRules(rules, list, context));
      }
      return compileField(node, context);
  }
}

/** What the full-text index can answer goes to it as one question: it is much faster than several. */
function compileTogether(nodes: readonly SearchNode[], word: string, context: Context): readonly Sql[] {
  const expressions: string[] = [];
  const conditions: Sql[] = [];
  for (const node of nodes) {
    const expression = wholeExpression(node);
    if (expression === null) conditions.push(compileNode(node, context));
    else expressions.push(`(${expression})`);
  }
  return expressions.length === 0 ? conditions : [inIndex(expressions.join(word)), ...conditions];
}

/** The node as one expression of FTS5; null when a part of it is not in the index. */
function wholeExpression(node: SearchNode): string | null {
  switch (node.kind) {
    case 'text':
      return indexExpression(node.text, node.phrase);
    case 'field':
      return fieldInIndex(node);
    case 'not':
      return null;
    default: {
      const parts = node.nodes.map(wholeExpression);
      if (parts.length === 0 || parts.includes(null)) return null;
      return parts.map((part) => `(${part})`).join(node.kind === 'and' ? ' AND ' : ' OR ');
    }
  }
}

function checkGenre(node: FieldNode, { labels }: Context): void {
  if (node.field !== 'genre' || node.value.kind !== 'text' || labels === undefined) return;
  const wanted = node.value.text;
  const folded = foldGenre(wanted);
  if (
    labels.some(({ id, name }) => id.toLowerCase() === wanted.toLowerCase() || foldGenre(name) === folded)
  ) {
    return;
  }
  const names = labels.map(({ name }) => name);
  const guess = nearest(wanted, names) ?? names.find((name) => foldGenre(name).startsWith(folded));
  const advice = guess === undefined ? 'look at the list of genres' : `did you mean genre:"${guess}"?`;
  throw new QueryError(`The model knows no genre “${wanted}”; ${advice}`, node.span);
}
