/** What the database answers to each field of the search grammar: one row a field. */
import { dateSpan } from '#shared/search/dates.ts';
import type { FieldName } from '#shared/search/fields.ts';
import { QueryError } from '#shared/search/grammar.ts';
import type {
  Bound,
  DateValue,
  FieldNode,
  FieldValue,
  KeyValue,
  NumberValue,
  TextValue,
} from '#shared/search/grammar.ts';
import { carriesAnyGenre, carriesGenre } from './track-query-genres.ts';
import { allOf, anyOf, contains, likeLiteral, notThat, sql } from './track-query-sql.ts';
import type { Sql } from './track-query-sql.ts';
import { anywhere, inIndex, indexExpression } from './track-query-text.ts';
import type { TextColumn } from './track-query-text.ts';
import { carriesTag, hasEnergy, hasTempo, inKey, knowsSound } from './track-query-sound.ts';

interface FieldContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** One track is asked for. */
  readonly single: boolean;
}

interface FieldCompiler {
  /** Of a field in the full-text index: several words are then looked up at once. */
  readonly textColumn?: TextColumn;
  compile(node: FieldNode, context: FieldContext): Sql;
}

const fields: Readonly<Record<FieldName, FieldCompiler>> = {
  title: words('title'),
  artist: words('artist'),
  album: words('album'),
  albumartist: words('album_artist'),
  comment: text((value) =>
    value.exact ? sql('t.comment = ? COLLATE NOCASE', value.text) : contains(['t.comment'], value.text),
  ),
  path: text(pathCondition),
  genre: text((value, { single }) => carriesGenre(value.text, null, single)),
  tag: words('genre_tags', (value) =>
    sql(
      'EXISTS (SELECT 1 FROM json_each(t.genre_tags) AS tag WHERE tag.value = ? COLLATE NOCASE)',
      value.text,
    ),
  ),
  mood: text((value, { single }) => carriesTag(value.text, ['mood'], single)),
  instrument: text((value, { single }) => carriesTag(value.text, ['instrument', 'voice'], single)),
  bpm: { compile: (node, { single }) => hasTempo(kindOf(node, 'number'), node.near, single) },
  key: { compile: (node, { single }) => inKey(kindOf(node, 'key'), node.near, single) },
  energy: { compile: (node, { single }) => hasEnergy(kindOf(node, 'number'), single) },
  year: numbers('t.year'),
  rating: numbers('t.rating'),
  // 3:30 is anything that is shown as 3:30.
  duration: numbers('t.duration_seconds', { below: 0, above: 1 }),
  added: dates('t.added_at'),
  modified: dates('t.modified_at'),
  track: numbers('t.track_number'),
  disc: numbers('t.disc_number'),
  format: text((value) =>
    anyOf([
      sql("t.relative_path LIKE ? ESCAPE '\\'", `%.${likeLiteral(value.text)}`),
      ...(value.exact
        ? [sql('t.container = ? COLLATE NOCASE', value.text)]
        : [contains(['t.container', 't.codec'], value.text)]),
    ]),
  ),
  codec: text((value) =>
    value.exact ? sql('t.codec = ? COLLATE NOCASE', value.text) : contains(['t.codec'], value.text),
  ),
  bitrate: numbers('t.bitrate_kbps', { below: 0.5, above: 0.5 }),
  samplerate: numbers('t.sample_rate_hz'),
  channels: numbers('t.channels'),
  size: numbers('t.size_bytes'),
  playlist: text((value) => {
    const named = value.exact
      ? sql('p.name = ? COLLATE NOCASE', value.text)
      : contains(['p.name'], value.text);
    return {
      ...named,
      sql: `t.id IN (SELECT e.track_id FROM main.playlists AS p
        CROSS JOIN main.playlist_entries AS e ON e.playlist_id = p.id WHERE ${named.sql})`,
    };
  }),
  error: text((value) => {
    const coded = value.exact ? sql('code = ?', value.text) : contains(['code'], value.text);
    return { ...coded, sql: `t.id IN (SELECT track_id FROM main.track_errors WHERE ${coded.sql})` };
  }),
  is: choices({
    analysed: sql("t.analysis = 'done'"),
    pending: sql("t.analysis = 'pending'"),
    failed: sql("t.analysis = 'failed'"),
    present: sql("+t.state = 'present'"),
    missing: sql("t.state = 'missing'"),
    offline: sql("t.state = 'offline'"),
    untagged: sql("t.genre_tags = '[]'"),
    unknown: allOf([sql("t.analysis = 'done'"), notThat(carriesAnyGenre())]),
    damaged: sql('t.audio_hash IN (SELECT audio_hash FROM analysis.recordings WHERE damaged IS NOT NULL)'),
    duplicate: sql(`t.state <> 'missing' AND t.audio_hash IN (
      SELECT audio_hash FROM main.tracks WHERE audio_hash IS NOT NULL AND state <> 'missing'
      GROUP BY audio_hash HAVING count(*) > 1)`),
    rated: sql('t.rating > 0'),
  }),
  has: choices({
    error: hasError(),
    cover: sql('t.has_cover = 1'),
    genre: carriesAnyGenre(),
    tag: sql("t.genre_tags <> '[]'"),
    title: sql("t.title <> ''"),
    artist: sql("t.artist <> ''"),
    album: sql("t.album <> ''"),
    albumartist: sql("t.album_artist <> ''"),
    year: sql('t.year IS NOT NULL'),
    comment: sql("t.comment <> ''"),
    rating: sql('t.rating > 0'),
    playlist: sql('t.id IN (SELECT track_id FROM main.playlist_entries)'),
    bpm: knowsSound('bpm'),
    key: knowsSound('key_place'),
  }),
};

/** @throws QueryError for a choice that cannot be searched for */
export function compileField(node: FieldNode, context: FieldContext): Sql {
  return fields[node.field].compile(node, context);
}

/** The part of a full-text search that this field is; null when it is none. */
export function fieldInIndex(node: FieldNode): string | null {
  const column = fields[node.field].textColumn;
  if (column === undefined || node.value.kind !== 'text' || node.value.exact) return null;
  return indexExpression(node.value.text, node.value.phrase, column);
}

export function hasError(): Sql {
  return sql('t.id IN (SELECT track_id FROM main.track_errors)');
}

/** A field of the full-text index. Exactly: the whole field; only A-Z are then the same in capitals. */
function words(
  column: TextColumn,
  exactly: (value: TextValue) => Sql = (value) => sql(`t.${column} = ? COLLATE NOCASE`, value.text),
): FieldCompiler {
  return {
    textColumn: column,
    compile(node) {
      const value = kindOf(node, 'text');
      if (value.exact) return exactly(value);
      const expression = indexExpression(value.text, value.phrase, column);
      return expression === null ? anywhere(value.text, [column]) : inIndex(expression);
    },
  };
}

function text(condition: (value: TextValue, context: FieldContext) => Sql): FieldCompiler {
  return { compile: (node, context) => condition(kindOf(node, 'text'), context) };
}

/** Any part of the absolute path as it is shown; and words of it with accents folded. */
function pathCondition(value: TextValue): Sql {
  const path = `replace((SELECT path FROM main.folders WHERE id = t.folder_id) || '/' || t.relative_path, '\\', '/')`;
  const wanted = value.text.replaceAll('\\', '/');
  if (value.exact) return sql(`${path} = ?`, wanted);
  const expression = indexExpression(value.text, value.phrase, 'relative_path');
  const part = contains([path], wanted);
  return expression === null ? part : anyOf([inIndex(expression), part]);
}

/** Stored values that are shown rounded count for the value shown: from `below` it to less than `above` it. */
function numbers(column: string, shown?: { readonly below: number; readonly above: number }): FieldCompiler {
  return {
    compile(node) {
      const { minimum, maximum } = kindOf(node, 'number');
      const conditions: Sql[] = [];
      if (minimum !== null) conditions.push(from(column, minimum, shown));
      if (maximum !== null) conditions.push(upTo(column, maximum, shown));
      return allOf(conditions);
    },
  };
}

function from(column: string, bound: Bound, shown?: { readonly below: number; readonly above: number }): Sql {
  if (shown === undefined) return sql(`${column} ${bound.included ? '>=' : '>'} ?`, bound.value);
  return sql(`${column} >= ?`, bound.included ? bound.value - shown.below : bound.value + shown.above);
}

function upTo(column: string, bound: Bound, shown?: { readonly below: number; readonly above: number }): Sql {
  if (shown === undefined) return sql(`${column} ${bound.included ? '<=' : '<'} ?`, bound.value);
  return sql(`${column} < ?`, bound.included ? bound.value + shown.above : bound.value - shown.below);
}

function dates(column: string): FieldCompiler {
  return {
    compile(node, { now }) {
      const { since, before } = dateSpan(kindOf(node, 'date'), now);
      const conditions: Sql[] = [];
      if (since !== null) conditions.push(sql(`${column} >= ?`, since));
      if (before !== null) conditions.push(sql(`${column} < ?`, before));
      return allOf(conditions);
    },
  };
}

function choices(conditions: Readonly<Record<string, Sql>>): FieldCompiler {
  return {
    compile(node) {
      const { choice } = kindOf(node, 'choice');
      const condition = conditions[choice];
      if (condition === undefined) {
        throw new QueryError(`“${node.field}:${choice}” cannot be searched for yet`, node.span);
      }
      return condition;
    },
  };
}

interface ValueKinds {
  readonly text: TextValue;
  readonly number: NumberValue;
  readonly date: DateValue;
  readonly choice: Extract<FieldValue, { kind: 'choice' }>;
  readonly key: KeyValue;
}

/** The value of a field, which the parser gave the kind that the table of fields says. */
function kindOf<Kind extends keyof ValueKinds>(node: FieldNode, kind: Kind): ValueKinds[Kind] {
  if (node.value.kind !== kind) throw new TypeError(`${node.field}: is no ${kind}`);
  return node.value as ValueKinds[Kind];
}
