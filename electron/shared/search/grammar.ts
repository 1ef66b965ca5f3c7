/**
 * What a search means, as data. The grammar in one look:
 *
 *   query  = all { "|" all }                 either side may hold
 *   all    = { ["-"] atom }                  every atom must hold; "-" denies the next one
 *   atom   = word | "phrase" | field | "(" query ")"
 *   field  = ["~"] name ":" [operator] value, for example genre:house, bpm:120-128, year:>=1990
 *   value  = word | "phrase" | from-to | from..to; several for one field: genre:house|techno
 *
 * "|" binds weaker than the space. A quotation mark inside quotes is written twice. Offsets and lengths
 * are in UTF-16 units, as text fields of a browser count.
 */
import { AppError } from '../errors.ts';
import type { FieldName } from './fields.ts';

export interface Span {
  readonly offset: number;
  readonly length: number;
}

export type SearchNode =
  | { readonly kind: 'and'; readonly nodes: readonly SearchNode[]; readonly span: Span }
  | { readonly kind: 'or'; readonly nodes: readonly SearchNode[]; readonly span: Span }
  | { readonly kind: 'not'; readonly node: SearchNode; readonly span: Span }
  | TextNode
  | FieldNode;

/** Free text: a word matches beginnings of words, a phrase whole words in this order. */
export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
  readonly phrase: boolean;
  readonly span: Span;
}

export interface FieldNode {
  readonly kind: 'field';
  readonly field: FieldName;
  /** "~": nearby values count too (harmonic keys, tempos within 6 %). */
  readonly near: boolean;
  readonly value: FieldValue;
  readonly span: Span;
}

export type FieldValue = TextValue | NumberValue | DateValue | KeyValue | ChoiceValue;

/** exact: the whole field, not a part of it. */
export interface TextValue {
  readonly kind: 'text';
  readonly text: string;
  readonly phrase: boolean;
  readonly exact: boolean;
}

export interface Bound {
  readonly value: number;
  readonly included: boolean;
}

/** In the field's own unit (seconds, kbit/s, bytes …). Null: open on that side; never on both. */
export interface NumberValue {
  readonly kind: 'number';
  readonly minimum: Bound | null;
  readonly maximum: Bound | null;
  /** "=": exactly this, no half or double tempo. */
  readonly exact: boolean;
}

/** A point of the calendar, or one before now. */
export type Moment =
  | { readonly kind: 'age'; readonly amount: number; readonly unit: AgeUnit }
  | {
      readonly kind: 'calendar';
      readonly year: number;
      readonly month: number | null;
      readonly day: number | null;
    }
  | { readonly kind: 'day'; readonly daysAgo: 0 | 1 };

/** Hours, days, weeks, months, years. */
export type AgeUnit = 'h' | 'd' | 'w' | 'm' | 'y';

/** An age with 'in' or '<' means "within the last …", with '>' "longer ago than …". */
export interface DateValue {
  readonly kind: 'date';
  readonly operator: 'in' | '<' | '<=' | '>' | '>=' | 'range';
  readonly from: Moment;
  /** Only of a range. */
  readonly to: Moment | null;
}

/** Camelot: number 1..12, A is minor, B is major. */
export interface KeyValue {
  readonly kind: 'key';
  readonly number: number;
  readonly letter: 'A' | 'B';
}

export interface ChoiceValue {
  readonly kind: 'choice';
  readonly choice: string;
}

/** A mistake in a query: where it is and what to write instead. */
export class QueryError extends AppError {
  /** First character of the mistake, counted from 0. */
  readonly offset: number;
  readonly length: number;
  /** The sentence without the place. */
  readonly reason: string;

  constructor(message: string, span: Span) {
    super('query-invalid', `${message} (at character ${span.offset + 1} of the search)`);
    this.name = 'QueryError';
    this.offset = span.offset;
    this.length = span.length;
    this.reason = message;
  }
}
