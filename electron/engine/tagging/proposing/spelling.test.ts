import { expect, test } from 'vitest';
import { createTally, createWrittenName, foldedNames, foldValue } from './spelling.ts';

test.each([
  ['Drum & Bass', 'drum and bass', 'Drum n Bass', "Drum'n'Bass", 'DRUM+BASS', "drum 'n' bass"],
  ['Hip-hop', 'Hip Hop', 'HipHop', 'hip_hop', 'HIP/HOP'],
  ['R&B', 'r and b', 'R & B', "R'n'B"],
  ['Électro', 'electro', 'ELECTRO', 'E\u0301lectro'],
  ['ﬁlm music', 'Film Music'],
])('%s is one name in every spelling', (...spellings) => {
  expect(new Set(spellings.map(foldValue)).size).toBe(1);
});

test.each([
  ['House', 'Deep House'],
  ['Rock', 'Roc'],
  ['Techno', 'Tech'],
  ['UK Garage', 'Garage'],
  ['!!!', '???'],
])('%s and %s are two names', (one, two) => {
  expect(foldValue(one)).not.toBe(foldValue(two));
});

test('several values in one count as each of them', () => {
  const names = foldedNames(['House / Techno; Ambient', 'Soul, Funk', 'R&B/Soul']);
  for (const name of ['House', 'Techno', 'Ambient', 'Soul', 'Funk', 'R&B'])
    expect(names).toContain(foldValue(name));
  expect(names).not.toContain(foldValue('Tech'));
});

test('the commonest spelling wins, of equally common ones the first by alphabet; the user’s own names before it', () => {
  const tally = createTally();
  tally.add('hip hop', 2);
  tally.add('Hip-Hop', 2);
  tally.add('HIP HOP', 1);
  tally.add('TECHNO', 1);
  expect(tally.find('Hip-hop')).toBe('Hip-Hop');
  tally.add('hip hop', 1);
  expect(tally.find('Hip-hop')).toBe('hip hop');
  expect(tally.find('House')).toBeNull();
  const written = createWrittenName({ 'Drum and Bass': 'D&B', techno: 'Teknó' }, tally);
  expect(['Hip-hop', 'Drum & Bass', 'Techno', 'House'].map(written)).toEqual([
    'hip hop',
    'D&B',
    'Teknó',
    'House',
  ]);
});
