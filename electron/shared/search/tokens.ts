/** Cuts a query into tokens. The meaning of values is not looked at here (values.ts). */
import { findField, searchFields } from './fields.ts';
import type { FieldDefinition } from './fields.ts';
import { QueryError } from './grammar.ts';
import type { Span } from './grammar.ts';
import { nearest } from './nearest.ts';

export type Token =
  | { readonly kind: 'open' | 'close' | 'or' | 'not'; readonly span: Span }
  | { readonly kind: 'text'; readonly text: string; readonly phrase: boolean; readonly span: Span }
  | FieldToken;

export interface FieldToken {
  readonly kind: 'field';
  readonly field: FieldDefinition;
  readonly near: boolean;
  readonly value: RawValue;
  readonly span: Span;
}

/** What stands after the colon: operator, then text without its quotes. */
export interface RawValue {
  readonly operator: '' | '=' | '<' | '<=' | '>' | '>=';
  readonly text: string;
  readonly phrase: boolean;
  /** Of the text, with its quotes. */
  readonly span: Span;
}

// White space, and control characters that no text holds on purpose.
const blank = /[\s\p{Cc}]/u;
const quote = /["“”„]/u;
/** Signs that stand between words of pasted titles ("Artist - Title", "A & B") and mean nothing. */
const connector = /^[-–—&+/·•,;:.]+$/u;
const fieldStart = /(~?)([A-Za-z][A-Za-z_]*):(~?)(>=|<=|=>|=<|>|<|=)?/y;
/** "year>=1990": the colon was forgotten. */
const forgottenColon = /^([A-Za-z]+)(>=|<=|>|<|=)\S/;

/** @throws QueryError */
export function tokenize(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const character = query.charAt(at);
    if (blank.test(character)) {
      at += 1;
      continue;
    }
    const token = readSign(query, at) ?? readField(query, at) ?? readText(query, at);
    at = token.span.offset + token.span.length;
    if (token.kind !== 'text' || token.phrase || !connector.test(token.text)) tokens.push(token);
  }
  return tokens;
}

function readSign(query: string, at: number): Token | null {
  const kind = signOf(query, at);
  return kind === null ? null : { kind, span: { offset: at, length: 1 } };
}

function signOf(query: string, at: number): 'open' | 'close' | 'or' | 'not' | null {
  switch (query.charAt(at)) {
    case '(':
      return 'open';
    case ')':
      return 'close';
    case '|':
      return 'or';
    case '-':
      // A dash on its own, or several, is a connector between words.
      return isEnd(query, at + 1) || query.charAt(at + 1) === '-' ? null : 'not';
    default:
      return null;
  }
}

function readField(query: string, at: number): Token | null {
  fieldStart.lastIndex = at;
  const match = fieldStart.exec(query);
  if (match === null) return null;
  const [whole, tilde = '', name = '', innerTilde = '', operator = ''] = match;
  const nameSpan = { offset: at + tilde.length, length: name.length };
  const valueAt = at + whole.length;
  const field = findField(name);
  if (field === null) {
    // "Mission: Impossible", "C:\Music" and "http://…" are text.
    if (operator === '' && (isEnd(query, valueAt) || /[\\/]/.test(query.charAt(valueAt)))) return null;
    throw unknownField(name, nameSpan);
  }
  const near = tilde !== '' || innerTilde !== '';
  if (near && field.near !== true) {
    throw new QueryError(`“~” finds nearby values of key and bpm only; write ${field.example}`, {
      offset: at,
      length: whole.length,
    });
  }
  const value = readValue(query, valueAt, operator, field);
  return { kind: 'field', field, near, value, span: { offset: at, length: endOf(value.span) - at } };
}

function readValue(query: string, at: number, operator: string, field: FieldDefinition): RawValue {
  if (query.charAt(at) === '(') {
    throw new QueryError(
      `A bracket cannot follow “${field.name}:”; for several values write ${field.name}:one|two, or put the value in quotes`,
      { offset: at, length: 1 },
    );
  }
  if (isEnd(query, at)) {
    throw new QueryError(`Write a value right after “${field.name}:”, for example ${field.example}`, {
      offset: Math.max(0, at - 1),
      length: 1,
    });
  }
  const sign = operatorOf(operator);
  if (quote.test(query.charAt(at))) {
    const phrase = readPhrase(query, at);
    if (!isEnd(query, endOf(phrase.span))) {
      throw new QueryError('Put a space after the closing quotation mark', {
        offset: endOf(phrase.span),
        length: 1,
      });
    }
    return { operator: sign, text: phrase.text, phrase: true, span: phrase.span };
  }
  const text = wordAt(query, at);
  return { operator: sign, text, phrase: false, span: { offset: at, length: text.length } };
}

/** The operator and the value of text that follows "|" in "rating:>=4|=1". */
export function rawValueOf(text: string, phrase: boolean, span: Span): RawValue {
  const sign = phrase ? '' : (/^(?:>=|<=|=>|=<|>|<|=)/.exec(text)?.[0] ?? '');
  if (sign === '') return { operator: '', text, phrase, span };
  // A sign alone is meant as it stands, as if it were in quotes.
  if (sign.length === text.length) return { operator: '', text, phrase: true, span };
  return {
    operator: operatorOf(sign),
    text: text.slice(sign.length),
    phrase,
    span: { offset: span.offset + sign.length, length: span.length - sign.length },
  };
}

function operatorOf(sign: string): RawValue['operator'] {
  if (sign === '=>') return '>=';
  if (sign === '=<') return '<=';
  return sign as RawValue['operator'];
}

function readText(query: string, at: number): Token {
  if (quote.test(query.charAt(at))) return readPhrase(query, at);
  const text = wordAt(query, at);
  const span = { offset: at, length: text.length };
  const forgotten = forgottenColon.exec(text);
  const field = forgotten === null ? null : findField(forgotten[1] ?? '');
  if (forgotten !== null && field !== null) {
    throw new QueryError(
      `Write ${field.name}:${text.slice((forgotten[1] ?? '').length)} with a colon after the field, or put the text in quotes`,
      span,
    );
  }
  return { kind: 'text', text, phrase: false, span };
}

function readPhrase(query: string, at: number): Extract<Token, { kind: 'text' }> {
  // A straight quotation mark is closed by a straight one and may be doubled; a curly one by any.
  const straight = query.charAt(at) === '"';
  let text = '';
  let end = at + 1;
  for (; end < query.length; end += 1) {
    const character = query.charAt(end);
    if (straight && character === '"' && query.charAt(end + 1) === '"') end += 1;
    else if (straight ? character === '"' : quote.test(character)) break;
    text += character;
  }
  if (end >= query.length) {
    throw new QueryError('This quotation mark is never closed; add one at the end of the phrase', {
      offset: at,
      length: 1,
    });
  }
  const span = { offset: at, length: end + 1 - at };
  text = tidy(text);
  if (text === '')
    throw new QueryError('There is nothing between these quotation marks; write a phrase', span);
  return { kind: 'text', text, phrase: true, span };
}

/** Runs of white space and control characters as one space. */
function tidy(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

function wordAt(query: string, at: number): string {
  let end = at + 1;
  while (!isEnd(query, end) && query.charAt(end) !== '(') end += 1;
  return query.slice(at, end);
}

/** True where a word cannot go on. */
function isEnd(query: string, at: number): boolean {
  const character = query.charAt(at);
  return character === '' || character === '|' || character === ')' || blank.test(character);
}

function endOf(span: Span): number {
  return span.offset + span.length;
}

function unknownField(name: string, span: Span): QueryError {
  const guess = nearest(
    name,
    searchFields.flatMap((field) => [field.name, ...field.aliases]),
  );
  const found = guess === null ? null : findField(guess);
  const advice = found === null ? '' : ` Did you mean “${found.name}:” (${found.example})?`;
  return new QueryError(
    `There is no field “${name}:”.${advice} To search for these very words, put them in quotes`,
    span,
  );
}
