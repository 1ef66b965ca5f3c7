import { expect, test } from 'vitest';
import type { GenreScore } from '#shared/domain.ts';
import { explainSimilarity } from './reason.ts';

const of = (...genres: [string, number][]) => ({
  genres: genres.map(([genre, confidence]): GenreScore => ({ genre, confidence })),
});

test.each([
  [
    of(['House', 0.9], ['Disco', 0.5]),
    of(['House', 0.7], ['Disco', 0.6]),
    0.97,
    'Almost the same sound; both are House and Disco.',
  ],
  [
    of(['House', 0.9]),
    of(['Techno', 0.7]),
    0.9,
    'Very close in sound, from another genre: Techno beside House.',
  ],
  [of(), of(['Techno', 0.7]), 0.75, 'Close in sound; this one is Techno.'],
  [of(['House', 0.9]), of(), 0.6, 'Related in sound, though no genre fits this one.'],
  [of(['Rock', 0.8]), of(['Rock', 0.6]), 0.4, 'Not close in sound; both are Rock.'],
  [of(), of(), 0.1, 'Not close in sound.'],
])('%j and %j at %f', (seed, other, score, sentence) => {
  expect(explainSimilarity(seed, other, score)).toBe(sentence);
});
