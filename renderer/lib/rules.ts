/**
 * The rules of smart playlists as an editor shows them: which comparisons a field knows, what a value looks like,
 * what is wrong with one. Pure functions; the engine's form is RuleCondition of shared/domain.
 */
import type { RuleCondition, RuleOperator } from '#shared/domain.ts';
import { fieldNames, fieldOf, type FieldDefinition, type FieldName } from '#shared/search/fields.ts';
import { QueryError } from '#shared/search/grammar.ts';
import { parseValue } from '#shared/search/values.ts';
import { playlistsText } from './text/playlists.ts';

const words = playlistsText.rules;

export type RuleField = RuleCondition['field'];
export type ComparisonId = keyof typeof words.operators;

/** One entry of the list of comparisons: an operator, and whether it is turned round. */
export interface Comparison {
  readonly id: ComparisonId;
  readonly operator: RuleOperator;
  readonly not?: true;
  /** age: a number of days, weeks, months or years. range: two values. */
  readonly takes: 'value' | 'range' | 'age';
}

const comparisons = {
  contains: { id: 'contains', operator: 'contains', takes: 'value' },
  containsNot: { id: 'containsNot', operator: 'contains', not: true, takes: 'value' },
  exactly: { id: 'exactly', operator: 'exactly', takes: 'value' },
  exactlyNot: { id: 'exactlyNot', operator: 'exactly', not: true, takes: 'value' },
  is: { id: 'is', operator: 'is', takes: 'value' },
  isNot: { id: 'isNot', operator: 'is', not: true, takes: 'value' },
  less: { id: 'less', operator: 'less', takes: 'value' },
  atMost: { id: 'atMost', operator: 'atMost', takes: 'value' },
  greater: { id: 'greater', operator: 'greater', takes: 'value' },
  atLeast: { id: 'atLeast', operator: 'atLeast', takes: 'value' },
  between: { id: 'between', operator: 'between', takes: 'range' },
  near: { id: 'near', operator: 'near', takes: 'value' },
  within: { id: 'within', operator: 'less', takes: 'age' },
  longer: { id: 'longer', operator: 'greater', takes: 'age' },
  before: { id: 'before', operator: 'less', takes: 'value' },
  after: { id: 'after', operator: 'greater', takes: 'value' },
} as const satisfies Record<ComparisonId, Comparison>;

const ofKind: Readonly<Record<FieldDefinition['kind'], readonly ComparisonId[]>> = {
  text: ['contains', 'containsNot', 'exactly', 'exactlyNot'],
  number: ['is', 'isNot', 'atLeast', 'atMost', 'greater', 'less', 'between'],
  duration: ['is', 'greater', 'less', 'atLeast', 'atMost', 'between'],
  date: ['within', 'longer', 'is', 'before', 'after', 'between'],
  key: ['is', 'isNot', 'near'],
  choice: ['is', 'isNot'],
};

/** Fields that no analysis feeds yet: the engine would refuse a rule on them. */
const notFed: ReadonlySet<FieldName> = new Set(['mood', 'instrument', 'bpm', 'key', 'energy']);

/** Every field a rule can be on, free text first. */
export const ruleFields: readonly RuleField[] = ['text', ...fieldNames.filter((name) => !notFed.has(name))];

/** What is known of a field; null for free text. */
export function definitionOf(field: RuleField): FieldDefinition | null {
  return field === 'text' ? null : fieldOf(field);
}

/** The comparisons of a field, the most usual first. */
export function comparisonsOf(field: RuleField): readonly Comparison[] {
  const definition = definitionOf(field);
  if (definition === null) return [comparisons.contains, comparisons.containsNot];
  const own = ofKind[definition.kind].map((id) => comparisons[id]);
  return definition.near === true && definition.kind === 'number' ? [...own, comparisons.near] : own;
}

const agePattern = /^(\d+)([dwmy])$/u;

/** The comparison that a condition of the engine is shown as. */
export function comparisonOf({ field, operator, value, not }: RuleCondition): Comparison {
  const known = comparisonsOf(field);
  const isAge = agePattern.test(value);
  const fits = known.filter((each) => each.operator === operator && 'not' in each === (not === true));
  const [first] = fits.filter(({ takes }) => (takes === 'age') === isAge);
  // A comparison that the field does not offer any more is shown as its first one.
  return first ?? fits[0] ?? known[0] ?? comparisons.contains;
}

/** A number and its unit, of an age like "7d". */
export function ageOf(value: string): { readonly amount: string; readonly unit: keyof typeof words.units } {
  const [, amount = '', unit = 'd'] = agePattern.exec(value) ?? [];
  return { amount, unit: unit as keyof typeof words.units };
}

/** A rule as it is added: nothing is filled in, except where there is something to choose from. */
export function newCondition(field: RuleField): RuleCondition {
  const [comparison = comparisons.contains] = comparisonsOf(field);
  return compared({ field, operator: comparison.operator, value: '' }, comparison);
}

/** The same rule with another comparison; values are kept where they still mean something. */
export function compared(condition: RuleCondition, comparison: Comparison): RuleCondition {
  const { field, value } = condition;
  const { operator, takes } = comparison;
  const wasAge = agePattern.test(value);
  const [firstChoice = ''] = Object.keys(definitionOf(field)?.choices ?? {});
  const kept = (takes === 'age') === wasAge ? value : takes === 'age' ? '30d' : '';
  return {
    field,
    operator,
    value: kept === '' ? firstChoice : kept,
    ...(takes === 'range' ? { to: condition.to ?? '' } : {}),
    ...('not' in comparison ? { not: true } : {}),
  };
}

/** What is wrong with a rule, in words; null when nothing is. */
export function problemOf(condition: RuleCondition): string | null {
  const definition = definitionOf(condition.field);
  const values = condition.operator === 'between' ? [condition.value, condition.to ?? ''] : [condition.value];
  if (values.some((value) => value.trim() === '')) return words.missingValue;
  if (definition === null) return null;
  const span = { offset: 0, length: 0 };
  try {
    for (const text of values) parseValue(definition, { operator: '', text, phrase: true, span });
    return null;
  } catch (error) {
    if (error instanceof QueryError) return error.reason;
    throw error;
  }
}
