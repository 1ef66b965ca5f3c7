/** A term of a search as a person says it: "Genre house", "Year 1990–1999", "not Rated". */
import { formatDate } from '#shared/search/dates.ts';
import { fieldOf } from '#shared/search/fields.ts';
import { formatSearch, writeAmount } from '#shared/search/format.ts';
import type { FieldNode, NumberValue, SearchNode } from '#shared/search/grammar.ts';
import { searchText as words } from './text/search.ts';

export interface TermWords {
  /** The field's name; null for free text and groups. */
  readonly name: string | null;
  readonly value: string;
}

export function describeTerm(node: SearchNode): TermWords {
  if (node.kind === 'field') return { name: nameOf(node), value: valueOf(node) };
  const fields = node.kind === 'or' ? node.nodes.filter((part) => part.kind === 'field') : [];
  const [first] = fields;
  // "genre:house|techno": several values of one field are one thing to say.
  if (node.kind === 'or' && first !== undefined && fields.length === node.nodes.length) {
    const sameField = fields.every(({ field, near }) => field === first.field && near === first.near);
    if (sameField) return { name: nameOf(first), value: words.or(fields.map(valueOf)) };
  }
  return { name: null, value: node.kind === 'text' ? node.text : formatSearch(node) };
}

function nameOf({ field, near }: FieldNode): string {
  return near ? words.near(words.fields[field]) : words.fields[field];
}

function valueOf({ field, value }: FieldNode): string {
  switch (value.kind) {
    case 'text':
      return value.exact ? words.exactly(value.text) : value.text;
    case 'number':
      return numberOf(field, value);
    case 'date':
      return formatDate(value);
    case 'key':
      return `${value.number}${value.letter}`;
    case 'choice':
      return value.choice;
  }
}

function numberOf(field: FieldNode['field'], { minimum, maximum, exact }: NumberValue): string {
  const amount = (value: number): string => writeAmount(fieldOf(field), value);
  const said = exact ? words.exactly : (value: string): string => value;
  if (minimum !== null && maximum !== null) {
    return minimum.value === maximum.value
      ? said(amount(minimum.value))
      : said(`${amount(minimum.value)}–${amount(maximum.value)}`);
  }
  if (minimum !== null) return said(`${minimum.included ? '≥' : '>'} ${amount(minimum.value)}`);
  if (maximum !== null) return said(`${maximum.included ? '≤' : '<'} ${amount(maximum.value)}`);
  return '';
}
