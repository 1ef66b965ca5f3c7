/**
 * The rules of smart playlists as an editor shows them: which comparisons a field knows, what a value looks like,
 * what is wrong with one. Pure functions; the engine's form is RuleCondition of shared/domain.
 */
import type { RuleCondition, RuleOperator } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { fieldNames, fieldOf, type FieldDefinition } from '#shared/search/fields.ts';
import { ruleOperatorsOf, searchOfRules } from '#shared/search/rules.ts';
import { playlistsText } from './text/playlists.ts';

const words = playlistsText.rules;

export type RuleField = RuleCondition['field'];

/** One entry of the list of comparisons: an operator, and whether it is turned round. */
export interface Comparison {
  readonly id: string;
  readonly operator: RuleOperator;
  readonly not: boolean;
  /** age: a number of hours, days, weeks, months or years. range: two values. */
  readonly takes: 'value' | 'range' | 'age';
  readonly label: string;
}

/** Operators whose opposite is worth an entry of its own. */
const turned: ReadonlySet<RuleOperator> = new Set(['contains', 'exactly', 'is']);

/** Every field a rule can be on, free text first. */
export const ruleFields: readonly RuleField[] = ['text', ...fieldNames];

/** What is known of a field; null for free text. */
export function definitionOf(field: RuleField): FieldDefinition | null {
  return field === 'text' ? null : fieldOf(field);
}

/** The comparisons of a field, the most usual first. */
export function comparisonsOf(field: RuleField): readonly Comparison[] {
  const isDate = definitionOf(field)?.kind === 'date';
  const ages = isDate ? [ofAge(field, 'less', false), ofAge(field, 'greater', false)] : [];
  const own = ruleOperatorsOf(field).flatMap((operator) => [
    ofValue(field, operator, false),
    ...(turned.has(operator) && !isDate ? [ofValue(field, operator, true)] : []),
  ]);
  return [...ages, ...own];
}

function ofAge(field: RuleField, operator: 'less' | 'greater', not: boolean): Comparison {
  const label = operator === 'less' ? words.operators.within : words.operators.longer;
  return comparison(operator, not, 'age', label);
}

function ofValue(field: RuleField, operator: RuleOperator, not: boolean): Comparison {
  const isDate = definitionOf(field)?.kind === 'date';
  const label = isDate ? (dateLabels[operator] ?? words.operators[operator]) : words.operators[operator];
  return comparison(operator, not, operator === 'between' ? 'range' : 'value', label);
}

const dateLabels: Partial<Readonly<Record<RuleOperator, string>>> = {
  less: words.operators.before,
  atMost: words.operators.until,
  greater: words.operators.after,
  atLeast: words.operators.since,
};
const turnedLabels: Partial<Readonly<Record<RuleOperator, string>>> = {
  contains: words.operators.containsNot,
  exactly: words.operators.exactlyNot,
  is: words.operators.isNot,
};

function comparison(
  operator: RuleOperator,
  not: boolean,
  takes: Comparison['takes'],
  label: string,
): Comparison {
  const id = [operator, ...(takes === 'age' ? ['age'] : []), ...(not ? ['not'] : [])].join('-');
  const turnedLabel = takes === 'age' ? undefined : turnedLabels[operator];
  return { id, operator, not, takes, label: not ? (turnedLabel ?? words.not(label)) : label };
}

const agePattern = /^(\d+)([hdwmy])$/u;

/** The comparison of a condition; one that the list does not offer (a search made it) is made for it. */
export function comparisonOf({ field, operator, value, not = false }: RuleCondition): Comparison {
  const isAge = definitionOf(field)?.kind === 'date' && agePattern.test(value);
  // "added:7d" and "added:<7d" are the same: newer than a week.
  if (isAge && (operator === 'is' || operator === 'less')) return ofAge(field, 'less', not);
  if (isAge && operator === 'greater') return ofAge(field, 'greater', not);
  return ofValue(field, operator, not);
}

/** A number and its unit, of an age like "7d". */
export function ageOf(value: string): { readonly amount: string; readonly unit: keyof typeof words.units } {
  const [, amount = '', unit = 'd'] = agePattern.exec(value) ?? [];
  return { amount, unit: unit as keyof typeof words.units };
}

/** A rule as it is added: nothing is filled in, except where there is something to choose from. */
export function newCondition(field: RuleField): RuleCondition {
  const [first = ofValue(field, 'contains', false)] = comparisonsOf(field);
  return compared({ field, operator: first.operator, value: '' }, first);
}

/** The same rule with another comparison; values are kept where they still mean something. */
export function compared(condition: RuleCondition, { operator, takes, not }: Comparison): RuleCondition {
  const { field, value } = condition;
  const wasAge = comparisonOf(condition).takes === 'age';
  const [firstChoice = ''] = Object.keys(definitionOf(field)?.choices ?? {});
  const kept = (takes === 'age') === wasAge ? value : takes === 'age' ? '30d' : '';
  return {
    field,
    operator,
    value: kept === '' ? firstChoice : kept,
    ...(takes === 'range' ? { to: condition.to ?? '' } : {}),
    ...(not ? { not } : {}),
  };
}

/** Whether the user has still to fill something in. */
export function isUnfilled({ operator, value, to }: RuleCondition): boolean {
  return value.trim() === '' || (operator === 'between' && (to ?? '').trim() === '');
}

/** What is wrong with a rule, in words; null when nothing is. */
export function problemOf(condition: RuleCondition): string | null {
  if (isUnfilled(condition)) return words.missingValue;
  try {
    searchOfRules({ match: 'all', rules: [condition] });
    return null;
  } catch (error) {
    // It is the only rule here: its number would mislead.
    if (error instanceof AppError) return error.detail.replace(/ \(rule 1\)\.$/u, '.');
    throw error;
  }
}
