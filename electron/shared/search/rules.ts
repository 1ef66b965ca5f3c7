/**
 * Rules of smart playlists are searches in another dress: each condition is a field of the search grammar with its
 * operator and value, so one parser reads the values and one compiler makes SQL of them.
 */
import type { RuleCondition, RuleGroup, RuleOperator } from '../domain/lists.ts';
import { ruleLimits } from '../domain/lists.ts';
import { AppError } from '../errors.ts';
import { fieldOf } from './fields.ts';
import type { FieldDefinition } from './fields.ts';
import { formatSearch } from './format.ts';
import { QueryError } from './grammar.ts';
import type { FieldNode, SearchNode } from './grammar.ts';
import { tokenize } from './tokens.ts';
import type { RawValue } from './tokens.ts';
import { parseValue } from './values.ts';

const nowhere = { offset: 0, length: 0 };
const comparisons = ['less', 'atMost', 'greater', 'atLeast', 'between'] as const;
/** Found in the audio: they are names to choose from, not texts to look into. */
const names: ReadonlySet<string> = new Set(['genre', 'mood', 'instrument']);

/** What a rule on this field can ask, the usual one first. */
export function ruleOperatorsOf(field: RuleCondition['field']): readonly RuleOperator[] {
  if (field === 'text') return ['contains'];
  if (names.has(field)) return ['is'];
  const { kind, near } = fieldOf(field);
  switch (kind) {
    case 'text':
      return ['contains', 'exactly'];
    case 'number':
      return near === true ? ['is', 'exactly', ...comparisons, 'near'] : ['is', ...comparisons];
    case 'duration':
    case 'date':
      return ['is', ...comparisons];
    case 'key':
      return ['is', 'near'];
    case 'choice':
      return ['is'];
  }
}

/**
 * The meaning of rules.
 * @throws AppError query-invalid: which rule cannot be understood, and what to write instead
 */
export function searchOfRules(group: RuleGroup): SearchNode {
  let number = 0;
  const nodeOf = (rule: RuleCondition | RuleGroup): SearchNode => {
    if ('rules' in rule) return joined(rule, rule.rules.map(nodeOf));
    number += 1;
    return conditionNode(rule, number);
  };
  return nodeOf(group);
}

function joined({ match }: RuleGroup, nodes: readonly SearchNode[]): SearchNode {
  const [first] = nodes;
  // Nothing is asked: everything holds, whatever the group's word.
  if (first === undefined) return { kind: 'and', nodes: [], span: nowhere };
  const kind = match === 'all' ? 'and' : 'or';
  const node: SearchNode = nodes.length === 1 ? first : { kind, nodes, span: nowhere };
  return match === 'none' ? { kind: 'not', node, span: nowhere } : node;
}

function conditionNode(rule: RuleCondition, number: number): SearchNode {
  try {
    const node = positiveNode(rule);
    return rule.not === true ? { kind: 'not', node, span: nowhere } : node;
  } catch (error) {
    if (error instanceof QueryError) throw ruleError(number, error.reason);
    throw error;
  }
}

function ruleError(number: number, reason: string): AppError {
  return new AppError('query-invalid', `${reason} (rule ${number}).`);
}

function positiveNode(rule: RuleCondition): SearchNode {
  const { text, phrase } = unquoted(rule.value);
  if (text === '') throw new QueryError('Give this rule a value', nowhere);
  if (rule.field === 'text') return { kind: 'text', text, phrase, span: nowhere };
  const field = fieldOf(rule.field);
  if (!ruleOperatorsOf(rule.field).includes(rule.operator)) {
    throw new QueryError(`“${field.name}” cannot be asked with “${rule.operator}”`, nowhere);
  }
  const value = parseValue(field, rawValue(field, rule, text, phrase));
  return { kind: 'field', field: field.name, near: rule.operator === 'near', value, span: nowhere };
}

const signs: Readonly<Record<RuleOperator, RawValue['operator']>> = {
  contains: '',
  is: '',
  exactly: '=',
  less: '<',
  atMost: '<=',
  greater: '>',
  atLeast: '>=',
  between: '',
  near: '',
};

function rawValue(field: FieldDefinition, rule: RuleCondition, text: string, phrase: boolean): RawValue {
  if (rule.operator !== 'between') return { operator: signs[rule.operator], text, phrase, span: nowhere };
  const to = rule.to?.trim() ?? '';
  if (to === '') throw new QueryError(`Give “${field.name}” the other end of the range`, nowhere);
  const exact = text.startsWith('=');
  const from = exact ? text.slice(1) : text;
  return { operator: exact ? '=' : '', text: `${from}..${to}`, phrase: false, span: nowhere };
}

/** A value in quotation marks is a phrase, as in a search; so is one of several words. */
function unquoted(value: string): { readonly text: string; readonly phrase: boolean } {
  const text = value.trim();
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  if (quoted !== undefined) return { text: quoted.replaceAll('""', '"').trim(), phrase: true };
  return { text, phrase: /\s/.test(text) };
}

/**
 * The rules that mean the same as a search: for "save as smart playlist".
 * @throws AppError query-invalid when the search is too large for rules
 */
export function rulesOfSearch(node: SearchNode): RuleGroup {
  const rule = ruleOf(node);
  const group: RuleGroup = 'rules' in rule ? rule : { match: 'all', rules: [rule] };
  if (depthOf(group) > ruleLimits.depth) {
    throw new AppError('query-invalid', 'This search has too many brackets inside each other for rules.');
  }
  return group;
}

function depthOf(rule: RuleCondition | RuleGroup): number {
  return 'rules' in rule ? 1 + Math.max(0, ...rule.rules.map(depthOf)) : 0;
}

function ruleOf(node: SearchNode): RuleCondition | RuleGroup {
  switch (node.kind) {
    case 'and':
      return { match: 'all', rules: node.nodes.map(ruleOf) };
    case 'or':
      return { match: 'any', rules: node.nodes.map(ruleOf) };
    case 'not':
      return denied(ruleOf(node.node));
    case 'text':
      return { field: 'text', operator: 'contains', value: written(node.text, node.phrase) };
    case 'field':
      return ruleOfField(node);
  }
}

function denied(rule: RuleCondition | RuleGroup): RuleCondition | RuleGroup {
  if (!('rules' in rule)) {
    const { not, ...rest } = rule;
    return not === true ? rest : { ...rest, not: true };
  }
  if (rule.match === 'any') return { ...rule, match: 'none' };
  return { match: 'none', rules: [rule] };
}

function ruleOfField(node: FieldNode): RuleCondition {
  // The canonical text is short and regular: its operator and value are those of the rule.
  const [token] = tokenize(formatSearch(node));
  if (token?.kind !== 'field') throw new TypeError(`“${node.field}:” was not written as a field`);
  const { operator, text, phrase } = token.value;
  const { field } = node;
  const { kind } = fieldOf(field);
  if (node.near) return { field, operator: 'near', value: text };
  if (kind === 'text') {
    const way = names.has(field) ? 'is' : operator === '=' ? 'exactly' : 'contains';
    return { field, operator: way, value: written(text, phrase) };
  }
  if (kind === 'key' || kind === 'choice') return { field, operator: 'is', value: text };
  const ends = kind === 'date' ? /^(.+)\.\.(.+)$/.exec(text) : /^([^-]+)-([^-]+)$/.exec(text);
  const [, from, to] = ends ?? [];
  if (from !== undefined && to !== undefined) {
    // “bpm:=120-128”: exactly these tempos, not their halves and doubles.
    return { field, operator: 'between', value: `${operator}${from}`, to };
  }
  return { field, operator: operatorOf(field, operator), value: text };
}

function operatorOf(field: FieldNode['field'], sign: RawValue['operator']): RuleOperator {
  const way = (Object.keys(signs) as RuleOperator[]).find(
    (operator) => signs[operator] === sign && ruleOperatorsOf(field).includes(operator),
  );
  return way ?? 'is';
}

/** A text as the value of a rule, so that it is read as the same text again. */
function written(text: string, phrase: boolean): string {
  return phrase ? `"${text.replaceAll('"', '""')}"` : text;
}
