/** Dates of the search grammar: "7d", "today", "2024-05", and the span of time that they mean. */
import { QueryError } from './grammar.ts';
import type { AgeUnit, DateValue, Moment, Span } from './grammar.ts';
import type { RawValue } from './tokens.ts';

const advice = 'write an age (7d, 2w, 3m, 1y), a date (2024, 2024-05, 2024-05-31), today or yesterday';
/** More than anybody means, and safely inside what a date can hold. */
const LONGEST_AGE = 100_000;

/** @throws QueryError */
export function parseDate(raw: RawValue, example: string): DateValue {
  const parts = raw.text.split('..');
  if (parts.length === 1) {
    const operator = raw.operator === '' || raw.operator === '=' ? 'in' : raw.operator;
    return { kind: 'date', operator, from: parseMoment(raw.text, raw.span, example), to: null };
  }
  const [from = '', to = ''] = parts;
  if (parts.length > 2 || raw.operator !== '' || (from === '' && to === '')) {
    throw new QueryError(`This is no range of dates; ${advice}, or two of them as 2023..2024`, raw.span);
  }
  const fromMoment = from === '' ? null : parseMoment(from, raw.span, example);
  const toMoment = to === '' ? null : parseMoment(to, raw.span, example);
  if (fromMoment === null && toMoment !== null) {
    return { kind: 'date', operator: toMoment.kind === 'age' ? '>' : '<=', from: toMoment, to: null };
  }
  if (fromMoment !== null && toMoment === null) {
    return { kind: 'date', operator: fromMoment.kind === 'age' ? 'in' : '>=', from: fromMoment, to: null };
  }
  const value: DateValue = { kind: 'date', operator: 'range', from: fromMoment as Moment, to: toMoment };
  const reference = Date.UTC(2024, 0, 1);
  const { since, before } = dateSpan(value, reference);
  const comparable = fromMoment?.kind === toMoment?.kind;
  if (comparable && since !== null && before !== null && since >= before) {
    throw new QueryError(`This range is the wrong way round; write ${to}..${from}`, raw.span);
  }
  return value;
}

function parseMoment(text: string, span: Span, example: string): Moment {
  const lower = text.toLowerCase();
  if (lower === 'today') return { kind: 'day', daysAgo: 0 };
  if (lower === 'yesterday') return { kind: 'day', daysAgo: 1 };
  const age = /^(\d{1,6})([hdwmy])$/.exec(lower);
  if (age !== null && Number(age[1]) <= LONGEST_AGE) {
    return { kind: 'age', amount: Number(age[1]), unit: age[2] as AgeUnit };
  }
  const calendar = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(lower);
  if (calendar !== null) {
    const year = Number(calendar[1]);
    const month = calendar[2] === undefined ? null : Number(calendar[2]);
    const day = calendar[3] === undefined ? null : Number(calendar[3]);
    if (isDate(year, month, day)) return { kind: 'calendar', year, month, day };
    throw new QueryError(`There is no such day as ${text}; ${advice}`, span);
  }
  throw new QueryError(`“${text}” is no date; ${advice}, for example ${example}`, span);
}

function isDate(year: number, month: number | null, day: number | null): boolean {
  if (month === null) return true;
  if (month < 1 || month > 12) return false;
  return day === null || (day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate());
}

/** Half open: since <= time < before, in milliseconds since 1970; null: open. Days are those of the local time zone. */
export function dateSpan(
  value: DateValue,
  now: number,
): { readonly since: number | null; readonly before: number | null } {
  const start = startOf(value.from, now);
  switch (value.operator) {
    case 'range':
      return { since: start, before: endOf(value.to ?? value.from, now) };
    case 'in':
      return { since: start, before: value.from.kind === 'age' ? null : endOf(value.from, now) };
    // An age is compared by how long it is: added:<7d is newer, added:>7d is older than a week.
    case '<':
      return value.from.kind === 'age' ? { since: start, before: null } : { since: null, before: start };
    case '<=':
      return value.from.kind === 'age'
        ? { since: start, before: null }
        : { since: null, before: endOf(value.from, now) };
    case '>':
      return value.from.kind === 'age'
        ? { since: null, before: start }
        : { since: endOf(value.from, now), before: null };
    case '>=':
      return value.from.kind === 'age' ? { since: null, before: start } : { since: start, before: null };
  }
}

function startOf(moment: Moment, now: number): number {
  if (moment.kind === 'calendar') return localTime(moment.year, (moment.month ?? 1) - 1, moment.day ?? 1);
  const date = new Date(now);
  if (moment.kind === 'day') {
    return localTime(date.getFullYear(), date.getMonth(), date.getDate() - moment.daysAgo);
  }
  switch (moment.unit) {
    case 'h':
      return now - moment.amount * 3_600_000;
    case 'd':
      return now - moment.amount * 86_400_000;
    case 'w':
      return now - moment.amount * 7 * 86_400_000;
    case 'm':
      return monthsBefore(date, moment.amount);
    case 'y':
      return monthsBefore(date, moment.amount * 12);
  }
}

/** The first moment after the one meant. */
function endOf(moment: Moment, now: number): number {
  if (moment.kind === 'age') return startOf(moment, now);
  if (moment.kind === 'day') {
    const date = new Date(now);
    return localTime(date.getFullYear(), date.getMonth(), date.getDate() - moment.daysAgo + 1);
  }
  if (moment.month === null) return localTime(moment.year + 1, 0, 1);
  if (moment.day === null) return localTime(moment.year, moment.month, 1);
  return localTime(moment.year, moment.month - 1, moment.day + 1);
}

/** The same day and time of day, or the last day of a shorter month. */
function monthsBefore(date: Date, months: number): number {
  const result = new Date(date.getTime());
  result.setDate(1);
  result.setMonth(result.getMonth() - months);
  const lastDay = new Date(result.getFullYear(), result.getMonth() + 1, 0).getDate();
  result.setDate(Math.min(date.getDate(), lastDay));
  const time = result.getTime();
  // Before the calendar begins: everything is newer.
  return Number.isNaN(time) ? -8.64e15 : time;
}

function localTime(year: number, month: number, day: number): number {
  const date = new Date(2000, month, day);
  // The constructor takes the years 0 to 99 for 1900 to 1999.
  date.setFullYear(year, month, day);
  return date.getTime();
}

/** The canonical text of a date. */
export function formatDate(value: DateValue): string {
  if (value.operator === 'range')
    return `${formatMoment(value.from)}..${formatMoment(value.to ?? value.from)}`;
  return `${value.operator === 'in' ? '' : value.operator}${formatMoment(value.from)}`;
}

function formatMoment(moment: Moment): string {
  if (moment.kind === 'age') return `${moment.amount}${moment.unit}`;
  if (moment.kind === 'day') return moment.daysAgo === 0 ? 'today' : 'yesterday';
  const parts = [String(moment.year).padStart(4, '0')];
  if (moment.month !== null) parts.push(String(moment.month).padStart(2, '0'));
  if (moment.day !== null) parts.push(String(moment.day).padStart(2, '0'));
  return parts.join('-');
}
