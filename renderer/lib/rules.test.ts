import { describe, expect, it } from 'vitest';
import {
  ageOf,
  compared,
  comparisonOf,
  comparisonsOf,
  newCondition,
  problemOf,
  ruleFields,
  type RuleField,
} from './rules.ts';

describe('rules', () => {
  it('offers comparisons by the kind of the field', () => {
    const labels = (field: RuleField) => comparisonsOf(field).map(({ label }) => label);
    expect(labels('artist')).toEqual(['contains', 'does not contain', 'is exactly', 'is not exactly']);
    expect(labels('added').slice(0, 3)).toEqual(['within the last', 'longer ago than', 'is']);
    expect(labels('is')).toEqual(['is', 'is not']);
    expect(labels('genre')).toEqual(['is', 'is not']);
    expect(labels('text')).toEqual(['contains', 'does not contain']);
    for (const field of ruleFields) expect(new Set(labels(field)).size, field).toBe(labels(field).length);
  });

  it('shows every comparison of every field as itself', () => {
    for (const field of ruleFields) {
      // An age needs a value to be one; the others show without.
      for (const comparison of comparisonsOf(field)) {
        const condition = compared(newCondition(field), comparison);
        expect(comparisonOf(condition), `${field} ${comparison.id}`).toEqual(comparison);
      }
    }
  });

  it('starts choices and ages with a value, and leaves the rest to the user', () => {
    expect(newCondition('is').value).toBe('analysed');
    expect(newCondition('added')).toMatchObject({ operator: 'less', value: '30d' });
    expect(problemOf(newCondition('artist'))).toContain('value');
  });

  it('shows what only a search can make as it is, and loses nothing of it', () => {
    const old = { field: 'year', operator: 'between', value: '1990', to: '1999', not: true } as const;
    expect(comparisonOf(old)).toMatchObject({ label: 'not: is between', takes: 'range' });
    expect(compared(old, comparisonOf(old))).toEqual(old);
    const lately = { field: 'added', operator: 'is', value: '12h' } as const;
    expect(comparisonOf(lately)).toMatchObject({ label: 'within the last', takes: 'age' });
    expect(ageOf('12h')).toEqual({ amount: '12', unit: 'h' });
  });

  it('keeps a value where the other comparison can use it', () => {
    const [within, longer, on] = comparisonsOf('added');
    if (!within || !longer || !on) throw new Error('no comparisons');
    const month = compared({ field: 'added', operator: 'less', value: '2w' }, longer);
    expect(month.value).toBe('2w');
    expect(compared(month, on).value).toBe('');
    expect(ageOf('2w')).toEqual({ amount: '2', unit: 'w' });
  });

  it.each([
    [{ field: 'year', operator: 'atLeast', value: '1990' }, null],
    [{ field: 'year', operator: 'atLeast', value: 'soon' }, 'year'],
    [{ field: 'year', operator: 'between', value: '1990', to: '' }, 'value'],
    [{ field: 'rating', operator: 'is', value: '9' }, 'rating'],
    [{ field: 'duration', operator: 'greater', value: '5:30' }, null],
    [{ field: 'added', operator: 'less', value: '7d' }, null],
    [{ field: 'added', operator: 'is', value: '2024-05' }, null],
    [{ field: 'added', operator: 'is', value: 'yesteryear' }, 'added'],
    [{ field: 'text', operator: 'contains', value: '<b>"x' }, null],
  ] as const)('%o', (condition, problem) => {
    if (problem === null) expect(problemOf(condition)).toBeNull();
    else expect(problemOf(condition)?.toLowerCase()).toContain(problem);
  });
});
