/** Pieces of SQL with their bound parameters: text of the user never becomes part of a statement. */

export type SqlValue = string | number;

export interface Sql {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

export function sql(text: string, ...parameters: SqlValue[]): Sql {
  return { sql: text, parameters };
}

/** All of them, each in brackets; nothing at all is true. */
export function allOf(conditions: readonly Sql[]): Sql {
  return join(conditions, ' AND ', '1');
}

/** Any of them; nothing at all is false. */
export function anyOf(conditions: readonly Sql[]): Sql {
  return join(conditions, ' OR ', '0');
}

/** What is unknown (NULL) does not hold, so its opposite does: -year:1990 keeps tracks without a year. */
export function notThat(condition: Sql): Sql {
  return { sql: `(${condition.sql}) IS NOT TRUE`, parameters: condition.parameters };
}

function join(conditions: readonly Sql[], word: string, none: string): Sql {
  const [first] = conditions;
  if (first === undefined) return sql(none);
  if (conditions.length === 1) return first;
  return {
    sql: conditions.map((condition) => `(${condition.sql})`).join(word),
    parameters: conditions.flatMap((condition) => condition.parameters),
  };
}

/** A condition that some column holds the text anywhere. Only A-Z are the same in capitals. */
export function contains(columns: readonly string[], text: string): Sql {
  const pattern = `%${likeLiteral(text)}%`;
  return anyOf(columns.map((column) => sql(`${column} LIKE ? ESCAPE '\\'`, pattern)));
}

/** Text inside a LIKE pattern with ESCAPE '\'. */
export function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
