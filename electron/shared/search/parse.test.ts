import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateSpan, formatDate } from './dates.ts';
import { fieldNames, searchFields } from './fields.ts';
import { formatSearch } from './format.ts';
import { QueryError } from './grammar.ts';
import type { Bound, DateValue, FieldNode, SearchNode } from './grammar.ts';
import { bad, good } from './parse.cases.ts';
import { parseSearch, tryParseSearch } from './parse.ts';

/** A meaning in short: (& …), (| …), (- …), field=text, field[low,high] with round brackets where excluded. */
function describeNode(node: SearchNode): string {
  switch (node.kind) {
    case 'and':
      return node.nodes.length === 0 ? '()' : `(& ${node.nodes.map(describeNode).join(' ')})`;
    case 'or':
      return `(| ${node.nodes.map(describeNode).join(' ')})`;
    case 'not':
      return `(- ${describeNode(node.node)})`;
    case 'text':
      return node.phrase ? `"${node.text}"` : node.text;
    case 'field':
      return describeField(node);
  }
}

function describeField({ field, near, value }: FieldNode): string {
  const tilde = near ? '~' : '';
  switch (value.kind) {
    case 'text':
      return `${field}=${value.exact ? '=' : ''}${value.phrase ? `"${value.text}"` : value.text}`;
    case 'number': {
      const low =
        value.minimum === null ? '[*' : `${value.minimum.included ? '[' : '('}${value.minimum.value}`;
      const high = (bound: Bound | null) =>
        bound === null ? '*]' : `${bound.value}${bound.included ? ']' : ')'}`;
      return `${field}${tilde}${value.exact ? '=' : ''}${low},${high(value.maximum)}`;
    }
    case 'date':
      return `${field} ${value.operator} ${formatDate({ ...value, operator: value.operator === 'range' ? 'range' : 'in' })}`;
    case 'key':
      return `${field}${near ? '~' : '='}${value.number}${value.letter}`;
    case 'choice':
      return `${field}=${value.choice}`;
  }
}

describe('good queries', () => {
  test.each(good.map(([text, meaning, canonical = text]) => [text, meaning, canonical] as const))(
    '%j',
    (text, meaning, canonical) => {
      const node = parseSearch(text);
      expect(describeNode(node)).toBe(meaning);
      expect(formatSearch(node)).toBe(canonical);
    },
  );

  test('every field has an example that works and is among its own kind', () => {
    expect(searchFields.map((field) => field.name)).toEqual([...fieldNames]);
    for (const field of searchFields) {
      expect(describeNode(parseSearch(field.example))).toContain(field.name);
      for (const choice of Object.keys(field.choices ?? {})) {
        expect(describeNode(parseSearch(`${field.name}:${choice}`))).toBe(`${field.name}=${choice}`);
      }
    }
  });

  test('every part says where it stands', () => {
    const text = 'deep -genre:house|techno (a | "b c")';
    const node = parseSearch(text);
    if (node.kind !== 'and') throw new Error('three parts expected');
    const parts = node.nodes.map(({ span }) => text.slice(span.offset, span.offset + span.length));
    expect(parts).toEqual(['deep', '-genre:house|techno', '(a | "b c")']);
  });
});

describe('bad queries', () => {
  test.each(bad)('%j', (text, offset, length, says) => {
    const { error } = tryParseSearch(text);
    expect(error).toBeInstanceOf(QueryError);
    expect(error).toMatchObject({ code: 'query-invalid', offset, length });
    expect(error?.detail).toContain(says);
    expect(error?.detail).toContain(`at character ${offset + 1} of the search`);
  });

  test('too many terms, and brackets nested too deeply', () => {
    expect(() => parseSearch('a '.repeat(100))).not.toThrow();
    expect(() => parseSearch('a '.repeat(101))).toThrow('more than 100 terms');
    expect(() => parseSearch(`genre:a${'|a'.repeat(1000)}`)).toThrow('more than 100 terms');
    expect(() => parseSearch(`${'('.repeat(30)}a${')'.repeat(30)}`)).not.toThrow();
    expect(() => parseSearch(`${'('.repeat(1000)}a${')'.repeat(1000)}`)).toThrow('nested too deeply');
    expect(() => parseSearch('-('.repeat(1000))).toThrow(QueryError);
  });
});

describe('spans of time', () => {
  // A Friday, in the time zone of whoever runs this.
  const now = new Date(2024, 4, 31, 15, 30).getTime();
  const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime();
  const cases: readonly [string, number | null, number | null][] = [
    ['24h', now - 86_400_000, null],
    ['7d', now - 7 * 86_400_000, null],
    ['2w', now - 14 * 86_400_000, null],
    ['<7d', now - 7 * 86_400_000, null],
    ['>7d', null, now - 7 * 86_400_000],
    ['3m', at(2024, 1, 29, 15, 30), null],
    ['1y', at(2023, 4, 31, 15, 30), null],
    ['today', at(2024, 4, 31), at(2024, 5, 1)],
    ['yesterday', at(2024, 4, 30), at(2024, 4, 31)],
    ['2024', at(2024, 0, 1), at(2025, 0, 1)],
    ['2024-12', at(2024, 11, 1), at(2025, 0, 1)],
    ['2024-02-29', at(2024, 1, 29), at(2024, 2, 1)],
    ['>2024-02', at(2024, 2, 1), null],
    ['>=2024-02', at(2024, 1, 1), null],
    ['<2024-02', null, at(2024, 1, 1)],
    ['<=2024-02', null, at(2024, 2, 1)],
    ['2023..2024-02', at(2023, 0, 1), at(2024, 2, 1)],
    ['30d..7d', now - 30 * 86_400_000, now - 7 * 86_400_000],
  ];
  test.each(cases)('added:%s', (text, since, before) => {
    const node = parseSearch(`added:${text}`) as FieldNode;
    expect(dateSpan(node.value as DateValue, now)).toEqual({ since, before });
  });
});

/** Text that is likely to hit the corners of the grammar. */
const pieces = fc.constantFrom(
  ...[' ', '-', '|', '(', ')', '"', '“', '”', '~', ':', '..', '=', '>', '<', '%', '*', '\\', "'", '\u0000'],
  ...['genre:', 'bpm:', 'title:', 'key:', 'added:', 'duration:', 'is:', 'year:', 'size:', 'foo:'],
  ...['house', '120', '8A', '7d', '2024-05', '1990s', '3:30', '10mb', 'missing', 'é', '東京', '🔥', '\ud83d'],
);
const queries = fc.oneof(
  fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

function withoutSpans(node: SearchNode): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'span' ? undefined : value)));
}

describe('whatever is typed', () => {
  test('is understood or answered with a query error inside the text', () => {
    fc.assert(
      fc.property(queries, (text) => {
        const { error } = tryParseSearch(text);
        if (error === null) return;
        expect(error.offset).toBeGreaterThanOrEqual(0);
        expect(error.length).toBeGreaterThan(0);
        expect(error.offset + error.length).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 3000 },
    );
  });

  test('canonical text means the same and is its own canonical text', () => {
    fc.assert(
      fc.property(queries, (text) => {
        const { query } = tryParseSearch(text);
        if (query === null) return;
        const canonical = formatSearch(query);
        const again = parseSearch(canonical);
        expect(withoutSpans(again)).toEqual(withoutSpans(query));
        expect(formatSearch(again)).toBe(canonical);
      }),
      { numRuns: 3000 },
    );
  });

  test.each(['(', '-', '"', '|', 'a', 'genre:', '9', '..', 'bpm:1-', '""', '1h', 'é', ' ', 'a|', 'bpm:9|'])(
    '2,000 times %j takes no noticeable time',
    (piece) => {
      const started = performance.now();
      tryParseSearch(piece.repeat(2000 / piece.length));
      expect(performance.now() - started).toBeLessThan(500);
    },
  );
});
