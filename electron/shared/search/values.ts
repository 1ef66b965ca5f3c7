/** What stands after the colon of a field, by the field's kind. */
import { parseDate } from './dates.ts';
import { choiceAliases } from './fields.ts';
import type { FieldDefinition } from './fields.ts';
import { QueryError } from './grammar.ts';
import type { Bound, ChoiceValue, FieldValue, KeyValue, NumberValue, Span } from './grammar.ts';
import { nearest } from './nearest.ts';
import type { RawValue } from './tokens.ts';

/** @throws QueryError when the value does not fit the field */
export function parseValue(field: FieldDefinition, raw: RawValue): FieldValue {
  switch (field.kind) {
    case 'text':
      return parseText(field, raw);
    case 'number':
    case 'duration':
      return parseNumber(field, raw);
    case 'date':
      return parseDate(raw, field.example);
    case 'key':
      return parseKey(field, raw);
    case 'choice':
      return parseChoice(field, raw);
  }
}

function parseText(field: FieldDefinition, raw: RawValue): FieldValue {
  if (raw.operator !== '' && raw.operator !== '=') {
    throw new QueryError(
      `“${field.name}:” is text and has no “${raw.operator}”; write ${field.example}, or ${field.name}:= for the whole field`,
      raw.span,
    );
  }
  return { kind: 'text', text: raw.text, phrase: raw.phrase, exact: raw.operator === '=' };
}

function parseNumber(field: FieldDefinition, raw: RawValue): NumberValue {
  const text = raw.text.trim();
  const between = splitRange(text);
  const exact = raw.operator === '=';
  if (between === null) {
    const { from, to } = readAmount(field, text, raw.span);
    const last = lastOf(field, { from, to });
    switch (raw.operator) {
      case '<':
        return { kind: 'number', minimum: null, maximum: { value: from, included: false }, exact: false };
      case '<=':
        return { kind: 'number', minimum: null, maximum: { value: last, included: true }, exact: false };
      case '>':
        return { kind: 'number', minimum: { value: last, included: false }, maximum: null, exact: false };
      case '>=':
        return { kind: 'number', minimum: { value: from, included: true }, maximum: null, exact: false };
      default:
        return {
          kind: 'number',
          minimum: closed(from),
          maximum: closed(exact ? from : to),
          exact: exact && field.near === true,
        };
    }
  }
  if (raw.operator !== '' && !exact) {
    throw new QueryError(`A range has no “${raw.operator}”; write ${field.name}:${text}`, raw.span);
  }
  const [low, high] = between;
  const minimum = low === '' ? null : closed(readAmount(field, low, raw.span).from);
  const maximum = high === '' ? null : closed(lastOf(field, readAmount(field, high, raw.span)));
  if (minimum !== null && maximum !== null && minimum.value > maximum.value) {
    throw new QueryError(`This range is the wrong way round; write ${field.name}:${high}-${low}`, raw.span);
  }
  return { kind: 'number', minimum, maximum, exact: exact && field.near === true };
}

/** In a comparison "4m" is 4:00, but "the 1990s" go on to their last year. */
function lastOf(field: FieldDefinition, amount: { readonly from: number; readonly to: number }): number {
  return field.kind === 'duration' ? amount.from : amount.to;
}

function closed(value: number): Bound {
  return { value, included: true };
}

/** "120-128", "120..128", "120..", "..128"; null when it is one value. */
function splitRange(text: string): readonly [string, string] | null {
  const dots = text.indexOf('..');
  if (dots >= 0 && text.length > 2) return [text.slice(0, dots).trim(), text.slice(dots + 2).trim()];
  const dash = /^([^-–]+)[-–]([^-–]+)$/.exec(text);
  return dash === null ? null : [(dash[1] ?? '').trim(), (dash[2] ?? '').trim()];
}

/** One value, and the last one that the same words mean ("1990s", "4m"). */
function readAmount(
  field: FieldDefinition,
  text: string,
  span: Span,
): { readonly from: number; readonly to: number } {
  const amount = field.kind === 'duration' ? durationOf(text) : numberOf(field, text);
  if (amount === null) {
    throw new QueryError(
      `“${text}” is no value for “${field.name}:”; write for example ${field.example}`,
      span,
    );
  }
  const least = field.minimum ?? 0;
  const greatest = field.maximum ?? 1e7;
  if (amount.from < least || amount.from > greatest) {
    throw new QueryError(
      `${text} is out of range: “${field.name}:” goes from ${least} to ${greatest}; write for example ${field.example}`,
      span,
    );
  }
  return amount;
}

function numberOf(field: FieldDefinition, text: string): { from: number; to: number } | null {
  if (field.name === 'year' && /^\d{3}0s$/i.test(text)) {
    const from = Number(text.slice(0, 4));
    return { from, to: from + 9 };
  }
  const match = /^(\d{1,15}(?:[.,]\d{1,6})?) ?([a-z]*)$/i.exec(text);
  if (match === null) return null;
  const unit = (match[2] ?? '').toLowerCase();
  const factor = unit === '' ? 1 : field.units?.[unit];
  if (factor === undefined) return null;
  // Rounded: 44.1 kHz is 44100 Hz, not 44100.00000000001.
  const value = Math.round(Number((match[1] ?? '').replace(',', '.')) * factor * 1e6) / 1e6;
  return { from: value, to: value };
}

/** Seconds of "3:30", "1:02:03", "90", "90s", "4m", "2h", "4m30s". Whole minutes or hours mean up to the next one. */
function durationOf(text: string): { from: number; to: number } | null {
  const clock = /^(?:(\d{1,4}):)?(\d{1,5}):(\d{2})$/.exec(text);
  if (clock !== null) {
    const [, hours = '0', minutes = '0', seconds = '0'] = clock;
    if (Number(seconds) > 59 || (clock[1] !== undefined && Number(minutes) > 59)) return null;
    const value = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return { from: value, to: value };
  }
  const plain = /^(\d{1,7}(?:[.,]\d{1,3})?)s?$/i.exec(text);
  if (plain !== null) {
    const value = Number((plain[1] ?? '').replace(',', '.'));
    return { from: value, to: value };
  }
  const units = /^(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,5})s)?$/i.exec(text);
  if (units === null || text === '') return null;
  const [, hours, minutes, seconds] = units;
  const value = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  const step = seconds !== undefined ? 1 : minutes !== undefined ? 60 : 3600;
  return { from: value, to: value + step - 1 };
}

function parseChoice(field: FieldDefinition, raw: RawValue): ChoiceValue {
  const choices = Object.keys(field.choices ?? {});
  const lower = raw.text.toLowerCase();
  const choice = choices.includes(lower) ? lower : choiceAliases[lower];
  if (raw.operator === '' && choice !== undefined && choices.includes(choice))
    return { kind: 'choice', choice };
  const guess = nearest(lower, choices);
  const advice =
    guess === null ? `write one of ${choices.join(', ')}` : `did you mean ${field.name}:${guess}?`;
  throw new QueryError(`“${field.name}:” does not know “${raw.text}”; ${advice}`, raw.span);
}

/** Semitone of the note names, C = 0. */
const notes: Readonly<Record<string, number>> = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11 };

/** Camelot (8A), Open Key (1m) and traditional (Am, F#, B flat minor) names of keys. */
function parseKey(field: FieldDefinition, raw: RawValue): KeyValue {
  const key = raw.operator === '' || raw.operator === '=' ? keyOf(raw.text.trim()) : null;
  if (key !== null) return key;
  throw new QueryError(
    `“${raw.text}” is no key; write Camelot (${field.name}:8A), Open Key (${field.name}:1m) or a name (${field.name}:Am)`,
    raw.span,
  );
}

function keyOf(text: string): KeyValue | null {
  const wheel = /^0?(\d{1,2})([abdm])$/i.exec(text);
  if (wheel !== null) {
    const number = Number(wheel[1]);
    if (number < 1 || number > 12) return null;
    const letter = (wheel[2] ?? '').toLowerCase();
    if (letter === 'a' || letter === 'b') return { kind: 'key', number, letter: letter === 'a' ? 'A' : 'B' };
    // Open Key begins at C major and A minor, where Camelot has 8.
    return { kind: 'key', number: ((number + 6) % 12) + 1, letter: letter === 'm' ? 'A' : 'B' };
  }
  const named = /^([a-g])\s?(#|♯|sharp|b|♭|flat)?\s?(m|min|minor|maj|major)?$/i.exec(text);
  if (named === null) return null;
  const sign = (named[2] ?? '').toLowerCase();
  const shift = sign === '' ? 0 : ['#', '♯', 'sharp'].includes(sign) ? 1 : -1;
  const pitch = ((notes[(named[1] ?? '').toLowerCase()] ?? 0) + shift + 12) % 12;
  const minor = /^m(?:in|inor)?$/i.test(named[3] ?? '');
  // Along the circle of fifths, one step is seven semitones; a minor key stands where its parallel major (3 up) does.
  const major = minor ? (pitch + 3) % 12 : pitch;
  const number = ((major * 7 + 7) % 12) + 1;
  return { kind: 'key', number, letter: minor ? 'A' : 'B' };
}
