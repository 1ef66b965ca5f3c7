/** The rules of a smart playlist as a sentence. */
import type { RuleCondition, RuleGroup, SmartRules, SortField } from '#shared/domain.ts';
import { ageOf, comparisonOf } from './rules.ts';
import { formatCount } from './format.ts';
import { libraryText } from './text/library.ts';
import { playlistsText } from './text/playlists.ts';

const words = playlistsText.rules;

/** One line: "Rating is at least 4". */
export function conditionWords(condition: RuleCondition): string {
  const { label, takes } = comparisonOf(condition);
  const start = `${words.fields[condition.field]} ${label}`;
  if (takes === 'age') {
    const { amount, unit } = ageOf(condition.value);
    return `${start} ${amount} ${words.units[unit]}`;
  }
  if (takes === 'range') return `${start} ${condition.value} ${words.and} ${condition.to ?? ''}`;
  return `${start} ${condition.value}`;
}

function groupWords(group: RuleGroup): string {
  const parts = group.rules.map((rule) => ('rules' in rule ? `(${groupWords(rule)})` : conditionWords(rule)));
  if (parts.length === 1 && group.match !== 'none') return parts.join('');
  return `${words.matches[group.match]}: ${parts.join('; ')}`;
}

/** What a list can be ordered by, in a word. */
export function sortWord(field: SortField): string {
  const sorts: Readonly<Partial<Record<SortField, string>>> = words.sorts;
  const columns: Readonly<Partial<Record<SortField, string>>> = libraryText.columns;
  return sorts[field] ?? columns[field] ?? field;
}

/** All of them, with order and limit where there are any. */
export function rulesWords({ where, sort, limit }: SmartRules): string {
  const keys = (sort ?? []).map(
    ({ field, descending }) =>
      `${sortWord(field).toLowerCase()}${descending === true ? ` (${words.descending.toLowerCase()})` : ''}`,
  );
  const order = keys.length === 0 ? [] : [`${words.sort.toLowerCase()} ${keys.join(', ')}`];
  return [
    where.rules.length === 0 ? words.everything : groupWords(where),
    ...order,
    ...(limit === undefined ? [] : [`${words.limit.toLowerCase()} ${formatCount(limit)} ${words.limitUnit}`]),
  ].join(' · ');
}
