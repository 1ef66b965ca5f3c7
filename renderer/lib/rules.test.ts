import { describe, expect, it } from 'vitest';
import {
  ageOf,
  compared,
  comparisonOf,
  comparisonsOf,
  newCondition,
  problemOf,
  ruleFields,
} from './rules.ts';

describe('rules', () => {
  it('offers comparisons by the kind of the field', () => {
    expect(comparisonsOf('artist').map(({ id }) => id)).toEqual([
      'contains',
      'containsNot',
      'exactly',
      'exactlyNot',
    ]);
    expect(comparisonsOf('added')[0]?.id).toBe('within');
    expect(comparisonsOf('is').map(({ id }) => id)).toEqual(['is', 'isNot']);
    expect(comparisonsOf('text').map(({ id }) => id)).toEqual(['contains', 'containsNot']);
  });

  it('shows every comparison of every field as itself', () => {
    for (const field of ruleFields) {
      for (const comparison of comparisonsOf(field)) {
        const condition = compared(newCondition(field), comparison);
        expect(comparisonOf(condition), `${field} ${comparison.id}`).toBe(comparison);
      }
    }
  });

  it('starts choices and ages with a value, and leaves the rest to the user', () => {
    expect(newCondition('is').value).toBe('analysed');
    expect(newCondition('added')).toMatchObject({ operator: 'less', value: '30d' });
    expect(problemOf(newCondition('artist'))).toContain('value');
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
