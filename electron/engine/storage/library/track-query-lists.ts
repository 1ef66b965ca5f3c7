/** Lists in SQL: which tracks a smart playlist or a folder of lists holds, and what is picked in the column browser. */
import type { BrowsePicks, PlaylistId, SmartRules, SortKey } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { SearchNode, TextValue } from '#shared/search/grammar.ts';
import type { PlaylistNode } from './playlists.ts';
import { carriesAnyGenre, carriesGenre } from './track-query-genres.ts';
import { compileOrder } from './track-query-order.ts';
import { allOf, anyOf, notThat, sql } from './track-query-sql.ts';
import type { Sql } from './track-query-sql.ts';

/** Makes a condition of rules, which are a search. */
export type CompileRules = (rules: SmartRules, own: PlaylistNode | null) => Sql;

/** Tracks that fit the rules. Missing ones only where the rules ask for them: a list to play from has no dead rows. */
export function fitsRules(node: SearchNode, condition: Sql, rules: SmartRules): Sql {
  const { limit } = rules;
  const fits = asksForMissing(node) ? condition : allOf([sql("+t.state <> 'missing'"), condition]);
  if (limit === undefined) return fits;
  const sort = orderOfRules(rules);
  const order = compileOrder({}, sort, false);
  const source = sort.some(({ field }) => field === 'path')
    ? 'main.folders AS f CROSS JOIN main.tracks AS t ON t.folder_id = f.id'
    : 'main.tracks AS t';
  return {
    sql: `t.id IN (SELECT t.id FROM ${source} WHERE ${fits.sql} ORDER BY ${order.sql} LIMIT ?)`,
    parameters: [...fits.parameters, ...order.parameters, limit],
  };
}

function asksForMissing(node: SearchNode): boolean {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.nodes.some(asksForMissing);
    case 'not':
      return asksForMissing(node.node);
    case 'text':
      return false;
    case 'field':
      return node.field === 'is' && node.value.kind === 'choice' && node.value.choice === 'missing';
  }
}

/** In any of the lists that are in the folder, at whatever depth. */
export function inFolder(
  folderId: PlaylistId,
  tree: readonly PlaylistNode[],
  compileRules: CompileRules,
): Sql {
  return inAny(listsBelow(folderId, tree), compileRules);
}

function listsBelow(folderId: PlaylistId, tree: readonly PlaylistNode[]): readonly PlaylistNode[] {
  // Folders stand before what is in them.
  const folders = new Set([folderId]);
  return tree.filter((node) => {
    if (node.parentId === null || !folders.has(node.parentId)) return false;
    if (node.kind === 'folder') folders.add(node.id);
    return node.kind !== 'folder';
  });
}

function inAny(lists: readonly PlaylistNode[], compileRules: CompileRules): Sql {
  const manual = lists.filter(({ rules }) => rules === null).map(({ id }) => id);
  const smart = lists.flatMap((list) => (list.rules === null ? [] : [compileRules(list.rules, list)]));
  const held = sql(
    't.id IN (SELECT track_id FROM main.playlist_entries WHERE playlist_id IN (SELECT value FROM json_each(?)))',
    JSON.stringify(manual),
  );
  return anyOf(manual.length === 0 ? smart : [held, ...smart]);
}

/** In a list, or a folder of lists, of that name, or with the text in its name. */
export function inNamedList(
  value: TextValue,
  tree: readonly PlaylistNode[],
  compileRules: CompileRules,
): Sql {
  const wanted = fold(value.text);
  const named = tree.filter(({ name }) =>
    value.exact ? fold(name) === wanted : fold(name).includes(wanted),
  );
  const lists = new Set(
    named.flatMap((node) => (node.kind === 'folder' ? listsBelow(node.id, tree) : [node])),
  );
  return inAny([...lists], compileRules);
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The error of a smart playlist that asks for itself, through others or not. */
export function refersToItself(list: PlaylistNode): AppError {
  return new AppError(
    'query-invalid',
    `The rules of the smart playlist “${list.name}” ask for the playlist itself. Change the rule about playlists.`,
  );
}

/** Any of the picked values in every column. */
export function pickedIn(picks: BrowsePicks, minimumConfidence: number | null): readonly Sql[] {
  const { genre, artist, album } = picks;
  const conditions: Sql[] = [];
  if (genre !== undefined && genre.length > 0) {
    conditions.push(
      anyOf(
        genre.map((id) =>
          id === null
            ? allOf([sql("t.analysis = 'done'"), notThat(carriesAnyGenre())])
            : carriesGenre(id, minimumConfidence),
        ),
      ),
    );
  }
  for (const [column, values] of [
    ['t.artist', artist],
    ['t.album', album],
  ] as const) {
    if (values === undefined || values.length === 0) continue;
    const texts = values.filter((value) => value !== null);
    const any = sql(`${column} COLLATE NOCASE IN (SELECT value FROM json_each(?))`, JSON.stringify(texts));
    const none = sql(`${column} IS NULL OR ${column} = ''`);
    conditions.push(
      anyOf([...(texts.length > 0 ? [any] : []), ...(texts.length < values.length ? [none] : [])]),
    );
  }
  return conditions;
}

/** How a list without rows of its own is ordered where nothing else is asked for. */
export function ownOrder(list: PlaylistNode | undefined, rules: SmartRules | undefined): readonly SortKey[] {
  const own = list?.rules ?? rules;
  if (own !== undefined) return orderOfRules(own);
  return list === undefined ? [] : usualOrder;
}

/** As lists of tracks open: the order within an album follows by itself. */
const usualOrder: readonly SortKey[] = [{ field: 'artist' }];

function orderOfRules({ sort = [] }: SmartRules): readonly SortKey[] {
  return sort.length === 0 ? usualOrder : sort;
}
