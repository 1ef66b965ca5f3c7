import { expect, test } from 'vitest';
import { searchTerms } from '#shared/search/terms.ts';
import { describeTerm } from './search-words.ts';

test.each([
  ['deep', null, 'deep'],
  ['"deep house"', null, 'deep house'],
  ['genre:house', 'Genre', 'house'],
  ['genre:house|techno', 'Genre', 'house or techno'],
  ['(genre:house | artist:orbital)', null, 'genre:house | artist:orbital'],
  ['artist:="The The"', 'Artist', '= The The'],
  ['year:1990..1999', 'Year', '1990–1999'],
  ['year:1999', 'Year', '1999'],
  ['rating:>=4', 'Stars', '≥ 4'],
  ['duration:<5:00', 'Length', '< 5:00'],
  ['bpm:=128', 'BPM', '= 128'],
  ['~key:8A', 'Key near', '8A'],
  ['added:7d', 'Added', '7d'],
  ['is:untagged', 'Is', 'untagged'],
])('%s', (text, name, value) => {
  const [term] = searchTerms(text);
  expect(term && describeTerm(term.node)).toEqual({ name, value });
});
