import { describe, expect, test } from 'vitest';
import type { RuleCondition, RuleGroup } from '../domain/lists.ts';
import { formatSearch } from './format.ts';
import { good } from './parse.cases.ts';
import { parseSearch } from './parse.ts';
import { ruleOperatorsOf, rulesOfSearch, searchOfRules } from './rules.ts';

const all = (...rules: RuleGroup['rules']): RuleGroup => ({ match: 'all', rules });
const rule = (
  field: RuleCondition['field'],
  operator: RuleCondition['operator'],
  value: string,
  more: Partial<RuleCondition> = {},
): RuleCondition => ({ field, operator, value, ...more });

describe('rules as a search', () => {
  test.each([
    [all(), ''],
    [all(rule('genre', 'is', 'House')), 'genre:House'],
    [all(rule('genre', 'is', 'Drum & Bass')), 'genre:"Drum & Bass"'],
    [all(rule('text', 'contains', 'blue monday')), '"blue monday"'],
    [all(rule('title', 'contains', 'blue')), 'title:blue'],
    [all(rule('title', 'contains', '"blue"')), 'title:"blue"'],
    [all(rule('artist', 'exactly', 'Orbital')), 'artist:=Orbital'],
    [all(rule('artist', 'exactly', 'The ""Who""')), 'artist:="The """"Who"""""'],
    [all(rule('year', 'between', '1990', { to: '1999' })), 'year:1990-1999'],
    [all(rule('year', 'is', '1990s')), 'year:1990-1999'],
    [all(rule('rating', 'atLeast', '4'), rule('rating', 'less', '5')), 'rating:>=4 rating:<5'],
    [all(rule('duration', 'greater', '6m')), 'duration:>6:00'],
    [all(rule('added', 'less', '7d')), 'added:<7d'],
    [all(rule('added', 'between', '2024-01', { to: '2024-03' })), 'added:2024-01..2024-03'],
    [all(rule('key', 'near', 'Am')), '~key:8A'],
    [all(rule('bpm', 'exactly', '128')), 'bpm:=128'],
    [all(rule('bpm', 'near', '128')), '~bpm:128'],
    [all(rule('is', 'is', 'untagged', { not: true })), '-is:untagged'],
    [
      { match: 'any', rules: [rule('genre', 'is', 'House'), rule('year', 'is', '1990')] },
      'genre:House | year:1990',
    ],
    [
      { match: 'none', rules: [rule('genre', 'is', 'House'), rule('year', 'is', '1990')] },
      '-(genre:House | year:1990)',
    ],
    [
      all(rule('has', 'is', 'cover'), { match: 'any', rules: [rule('year', 'is', '1990'), all()] }),
      'has:cover (year:1990 | )',
    ],
  ] as const)('%j is %s', (rules, text) => {
    expect(formatSearch(searchOfRules(rules))).toBe(text);
  });

  test.each([
    [rule('year', 'is', 'soon'), /“soon” is no value for “year:”.*\(rule 2\)/],
    [rule('year', 'between', '1990'), /other end of the range \(rule 2\)/],
    [rule('year', 'contains', '1990'), /“year” cannot be asked with “contains” \(rule 2\)/],
    [rule('title', 'contains', '  '), /a value \(rule 2\)/],
    [rule('is', 'is', 'nonsense'), /does not know “nonsense”/],
  ])('%j is refused with words', (wrong, message) => {
    expect(() => searchOfRules(all(rule('genre', 'is', 'House'), { match: 'any', rules: [wrong] }))).toThrow(
      message,
    );
  });
});

describe('a search as rules', () => {
  // Rules have no double negation: it is the rule itself.
  const searches = good.map(([text]) => text).filter((text) => text !== '-(-a)');

  test('there are many cases', () => {
    expect(searches.length).toBeGreaterThan(100);
  });

  test.each(searches)('%s means the same as its rules', (text) => {
    const node = parseSearch(text);
    expect(formatSearch(searchOfRules(rulesOfSearch(node)))).toBe(formatSearch(node));
  });

  test('uses the operators that the editor offers', () => {
    const check = (rules: RuleGroup): void => {
      for (const one of rules.rules) {
        if ('rules' in one) check(one);
        else expect(ruleOperatorsOf(one.field)).toContain(one.operator);
      }
    };
    for (const text of searches) check(rulesOfSearch(parseSearch(text)));
  });

  test('denies a group', () => {
    expect(rulesOfSearch(parseSearch('-(house | techno)'))).toEqual({
      match: 'none',
      rules: [rule('text', 'contains', 'house'), rule('text', 'contains', 'techno')],
    });
    expect(rulesOfSearch(parseSearch('-(house techno)'))).toMatchObject({
      match: 'none',
      rules: [{ match: 'all' }],
    });
  });

  test('refuses what no editor can show', () => {
    const nested = `${'(a (b | '.repeat(8)}c${'))'.repeat(8)}`;
    expect(() => rulesOfSearch(parseSearch(nested))).toThrow(/too many brackets/);
  });
});
