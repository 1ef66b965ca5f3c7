/** From a meaning back to text: the one way in which the app itself writes a query (chips, smart playlists). */
import { formatDate } from './dates.ts';
import { fieldOf } from './fields.ts';
import type { FieldDefinition } from './fields.ts';
import type { Bound, FieldValue, NumberValue, SearchNode } from './grammar.ts';
import { tokenize } from './tokens.ts';

/** The canonical text: parsing it gives the same meaning again. */
export function formatSearch(node: SearchNode): string {
  return write(node, 'or');
}

/** `within`: what may stand here without brackets. */
function write(node: SearchNode, within: 'or' | 'and' | 'not'): string {
  switch (node.kind) {
    case 'and': {
      const text = node.nodes.map((part) => write(part, 'and')).join(' ');
      return within === 'not' ? `(${text})` : text;
    }
    case 'or': {
      const text = node.nodes.map((part) => write(part, 'or')).join(' | ');
      return within === 'or' ? text : `(${text})`;
    }
    case 'not':
      // A double negation needs brackets: "--" is a dash.
      return node.node.kind === 'not' ? `-(${write(node.node, 'or')})` : `-${write(node.node, 'not')}`;
    case 'text':
      return node.phrase || !isPlainWord(node.text) ? quoted(node.text) : node.text;
    case 'field':
      return `${node.near ? '~' : ''}${node.field}:${writeValue(fieldOf(node.field), node.value)}`;
  }
}

function writeValue(field: FieldDefinition, value: FieldValue): string {
  switch (value.kind) {
    case 'text': {
      const plain = !value.phrase && isPlainValue(value.text);
      return `${value.exact ? '=' : ''}${plain ? value.text : quoted(value.text)}`;
    }
    case 'number':
      return writeNumber(field, value);
    case 'date':
      return formatDate(value);
    case 'key':
      return `${value.number}${value.letter}`;
    case 'choice':
      return value.choice;
  }
}

function writeNumber(field: FieldDefinition, { minimum, maximum, exact }: NumberValue): string {
  const sign = exact ? '=' : '';
  const one = (bound: Bound) => writeAmount(field, bound.value);
  if (minimum !== null && maximum !== null) {
    return minimum.value === maximum.value
      ? `${sign}${one(minimum)}`
      : `${sign}${one(minimum)}-${one(maximum)}`;
  }
  if (minimum !== null)
    return exact ? `=${one(minimum)}..` : `${minimum.included ? '>=' : '>'}${one(minimum)}`;
  if (maximum !== null)
    return exact ? `=..${one(maximum)}` : `${maximum.included ? '<=' : '<'}${one(maximum)}`;
  throw new RangeError('A number of a search needs a bound on at least one side');
}

/** A number of a field in its own unit, as a search writes it: "4:30", "10mb", "120". */
export function writeAmount(field: FieldDefinition, value: number): string {
  if (field.kind === 'duration') return writeDuration(value);
  for (const [unit, factor] of Object.entries(field.units ?? {})) {
    if (factor > 1 && value >= factor && Number.isInteger((value * 10) / factor))
      return `${value / factor}${unit}`;
  }
  return String(value);
}

function writeDuration(seconds: number): string {
  if (!Number.isInteger(seconds)) return `${seconds}s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** True when the text, written bare, is read as this very word again. */
function isPlainWord(text: string): boolean {
  try {
    const tokens = tokenize(text);
    const [token] = tokens;
    return tokens.length === 1 && token?.kind === 'text' && !token.phrase && token.text === text;
  } catch {
    return false;
  }
}

function isPlainValue(text: string): boolean {
  try {
    const [token, ...others] = tokenize(`title:${text}`);
    return (
      others.length === 0 &&
      token?.kind === 'field' &&
      !token.value.phrase &&
      token.value.operator === '' &&
      token.value.text === text
    );
  } catch {
    return false;
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
