import { describe, expect, it } from 'vitest';
import { tagDiff } from './tag-diff.ts';

describe('tagDiff', () => {
  it('tells what is kept, added and taken away', () => {
    expect(tagDiff(['House', 'Misc'], ['House', 'Deep House'])).toEqual({
      before: [
        { value: 'House', fate: 'kept' },
        { value: 'Misc', fate: 'removed' },
      ],
      after: [
        { value: 'House', fate: 'kept' },
        { value: 'Deep House', fate: 'added' },
      ],
      onlyOrder: false,
    });
  });

  it('takes another spelling for another value', () => {
    const { before, after } = tagDiff(['house'], ['House']);
    expect([before[0]?.fate, after[0]?.fate]).toEqual(['removed', 'added']);
  });

  it('counts values that stand there twice', () => {
    expect(tagDiff(['Rock', 'Rock'], ['Rock']).before.map(({ fate }) => fate)).toEqual(['kept', 'removed']);
    expect(tagDiff(['Rock'], ['Rock', 'Rock']).after.map(({ fate }) => fate)).toEqual(['kept', 'added']);
  });

  it('knows a change of the order alone', () => {
    expect(tagDiff(['A', 'B'], ['B', 'A']).onlyOrder).toBe(true);
    expect(tagDiff(['A', 'B'], ['A', 'B']).onlyOrder).toBe(false);
    expect(tagDiff([], []).onlyOrder).toBe(false);
  });
});
