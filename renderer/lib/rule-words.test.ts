import { expect, it } from 'vitest';
import { rulesWords } from './rule-words.ts';

it('says rules as a sentence', () => {
  expect(
    rulesWords({
      where: {
        match: 'all',
        rules: [
          { field: 'genre', operator: 'is', value: 'House', not: true },
          {
            match: 'any',
            rules: [
              { field: 'added', operator: 'less', value: '2w' },
              { field: 'year', operator: 'between', value: '1990', to: '1999' },
            ],
          },
        ],
      },
      sort: [{ field: 'addedAt', descending: true }, { field: 'artist' }, { field: 'albumArtist' }],
      limit: 5000,
    }),
  ).toBe(
    'All of these: Genre (by sound) is not House; (Any of these: Added within the last 2 weeks; Year is between 1990 and 1999) · order by added (descending), artist, album artist · at most 5,000 tracks',
  );
});

it('leaves out what says nothing', () => {
  const line = { field: 'rating', operator: 'atLeast', value: '4' } as const;
  expect(rulesWords({ where: { match: 'any', rules: [line] } })).toBe('Rating is at least 4');
  expect(rulesWords({ where: { match: 'none', rules: [line] } })).toBe('None of these: Rating is at least 4');
  expect(rulesWords({ where: { match: 'all', rules: [] } })).toBe('Without a rule, every track fits.');
});
