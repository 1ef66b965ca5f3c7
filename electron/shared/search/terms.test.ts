import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSearch } from './format.ts';
import { parseSearch } from './parse.ts';
import { searchTerms, withTermNegated, withoutTerm } from './terms.ts';

test('the parts that must all hold, with where they stand', () => {
  const terms = searchTerms('deep -genre:house  (a | b) bpm:120..128');
  expect(terms.map(({ text, negated, span }) => [text, negated, span.offset, span.length])).toEqual([
    ['deep', false, 0, 4],
    ['-genre:house', true, 5, 12],
    ['(a | b)', false, 19, 7],
    ['bpm:120-128', false, 27, 12],
  ]);
  expect(terms[1]?.node).toMatchObject({ kind: 'field', field: 'genre' });
  expect(searchTerms('a | b').map(({ text }) => text)).toEqual(['(a | b)']);
  expect(searchTerms('')).toEqual([]);
  expect(searchTerms('genre:')).toEqual([]);
});

describe('one term less', () => {
  test.each([
    ['deep house', 0, 'house'],
    ['deep house', 1, 'deep'],
    ['deep   house year:1990..1999', 1, 'deep year:1990..1999'],
    ['deep -genre:house', 1, 'deep'],
    ['a | b', 0, ''],
    ['x (a b)', 1, 'x b'],
    ['x (a b)', 0, '(a b)'],
    ['(a | b) c', 1, '(a | b)'],
    ['genre:house|techno deep', 0, 'deep'],
    ['deep', 3, 'deep'],
    ['deep genre:', 0, 'deep genre:'],
  ])('%j without %i', (text, index, expected) => {
    expect(withoutTerm(text, index)).toBe(expected);
  });
});

describe('a term turned round', () => {
  test.each([
    ['deep house', 1, 'deep -house'],
    ['deep -house', 1, 'deep house'],
    ['deep   year:1990..1999', 0, '-deep   year:1990..1999'],
    ['a | b', 0, '-(a | b)'],
    ['c -(a | b)', 1, 'c (a | b)'],
    ['genre:house|techno', 0, '-(genre:house | genre:techno)'],
  ])('%j, the one at %i', (text, index, expected) => {
    expect(withTermNegated(text, index)).toBe(expected);
  });
});

test('whatever is cut: the other terms stay, and turning round twice means the same', () => {
  const word = fc.constantFrom(
    'deep',
    '-house',
    '"a b"',
    'genre:house',
    '-(x | y)',
    '(x | y)',
    '(p q)',
    'year:1999',
    '~bpm:128',
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), fc.nat(9), (words, at) => {
      const text = words.join(' ');
      const terms = searchTerms(text);
      const index = at % terms.length;
      const left = terms.filter((_, i) => i !== index).map((term) => term.text);
      const rest = searchTerms(withoutTerm(text, index)).map((term) => term.text);
      // What stood in brackets beside nothing else needs none.
      expect(rest.map((one) => formatSearch(parseSearch(one)))).toEqual(
        left.map((one) => formatSearch(parseSearch(one))),
      );
      const twice = withTermNegated(withTermNegated(text, index), index);
      expect(formatSearch(parseSearch(twice))).toBe(formatSearch(parseSearch(text)));
    }),
  );
});
