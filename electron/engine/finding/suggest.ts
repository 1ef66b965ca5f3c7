/** What is being typed at the caret of the search box. Pure: text in, question out. */
import { findField, searchFields } from '#shared/search/fields.ts';
import type { FieldDefinition, FieldName } from '#shared/search/fields.ts';
import { formatSearch } from '#shared/search/format.ts';
import type { SearchSuggestion } from '#shared/domain.ts';

/** What stands at the caret: a word, or a field and the beginning of its value. */
export interface Typed {
  readonly from: number;
  readonly to: number;
  /** Null: no field yet. */
  readonly field: FieldDefinition | null;
  /** "~" in front of the field. */
  readonly near: boolean;
  /** Comparison sign after the colon. */
  readonly sign: string;
  /** Without quotation marks. */
  readonly text: string;
}

const start = /[\s|()]/;
const fieldStart = /^(~?)([A-Za-z][A-Za-z_]*):(~?)(>=|<=|=>|=<|>|<|=)?/;

/** The part of the text that a suggestion would take the place of. */
export function typedAt(text: string, caret: number): Typed {
  const end = Math.min(caret, text.length);
  const wordFrom = wordStart(text, end);
  const from = text.charAt(wordFrom) === '-' && wordFrom < end ? wordFrom + 1 : wordFrom;
  const word = text.slice(from, end);
  const to = wordEnd(text, from, end);
  const match = fieldStart.exec(word);
  const field = match === null ? null : findField(match[2] ?? '');
  if (match === null || field === null)
    return { from, to, field: null, near: false, sign: '', text: bare(word) };
  const [whole, tilde = '', , innerTilde = '', sign = ''] = match;
  return {
    from,
    to,
    field,
    near: tilde + innerTilde !== '',
    sign,
    text: bare(word.slice(whole.length)),
  };
}

/** Where the word before the caret begins; quotes hold words together. */
function wordStart(text: string, end: number): number {
  let from = 0;
  let quoted = false;
  for (let at = 0; at < end; at += 1) {
    const character = text.charAt(at);
    if (character === '"') quoted = !quoted;
    else if (!quoted && start.test(character)) from = at + 1;
  }
  return from;
}

function wordEnd(text: string, from: number, caret: number): number {
  const quoted = [...text.slice(from, caret)].filter((character) => character === '"').length % 2 === 1;
  let at = caret;
  if (quoted) {
    const close = text.indexOf('"', caret);
    // A quotation mark that begins another phrase closes nothing.
    if (close >= 0 && /^(?:[\s|)]|$)/.test(text.slice(close + 1))) return close + 1;
  }
  while (at < text.length && !start.test(text.charAt(at)) && text.charAt(at) !== '"') at += 1;
  return at;
}

function bare(text: string): string {
  return text.replaceAll('"', '');
}

/** Accents and capitals do not count. */
export function foldText(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Whether a word of the folded text begins so; the empty beginning fits everything. */
export function hasWordStart(folded: string, beginning: string): boolean {
  if (folded.startsWith(beginning)) return true;
  for (let at = folded.indexOf(beginning, 1); at > 0; at = folded.indexOf(beginning, at + 1)) {
    if (!/[\p{L}\p{N}]/u.test(folded.charAt(at - 1))) return true;
  }
  return false;
}

/** Fields whose name, or another spelling of it, begins so. */
export function suggestFields(beginning: string): readonly SearchSuggestion[] {
  const wanted = beginning.toLowerCase();
  return searchFields
    .filter(({ name, aliases }) => [name, ...aliases].some((spelling) => spelling.startsWith(wanted)))
    .map(({ name, help }) => ({
      kind: 'field',
      label: `${name}:`,
      hint: help,
      insert: `${name}:`,
      count: null,
    }));
}

/** A field with a value as the search box writes it. */
export function written(field: FieldName, value: string, typed?: Typed): string {
  const text = formatSearch({
    kind: 'field',
    field,
    near: typed?.near ?? false,
    value: { kind: 'text', text: value, phrase: /\s/.test(value), exact: false },
    span: { offset: 0, length: 0 },
  });
  return typed === undefined || typed.sign === '' ? text : text.replace(':', `:${typed.sign}`);
}

/** Values of fields that are not looked up in the library. */
export function fixedValues(
  field: FieldDefinition,
): readonly { readonly value: string; readonly hint: string }[] {
  if (field.kind === 'choice') {
    return Object.entries(field.choices ?? {}).map(([value, hint]) => ({ value, hint }));
  }
  if (field.kind === 'date') {
    return [
      { value: 'today', hint: 'since midnight' },
      { value: 'yesterday', hint: 'the day before' },
      { value: '7d', hint: 'within the last 7 days' },
      { value: '30d', hint: 'within the last 30 days' },
      { value: '1y', hint: 'within the last year' },
    ];
  }
  if (field.kind === 'key') {
    return Array.from({ length: 24 }, (_, index) => ({
      value: `${Math.floor(index / 2) + 1}${index % 2 === 0 ? 'A' : 'B'}`,
      hint: index % 2 === 0 ? 'minor' : 'major',
    }));
  }
  return [];
}
