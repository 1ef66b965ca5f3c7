import { expect, test } from 'vitest';
import type { GenreScore } from '#shared/domain.ts';
import { explainSimilarity } from './reason.ts';
import type { HeardTag } from './reason.ts';

const of = (...genres: [string, number][]) => ({
  genres: genres.map(([genre, confidence]): GenreScore => ({ genre, confidence })),
  tags: [],
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

const tagged = (...tags: [string, string, number][]) => ({
  genres: [],
  tags: tags.map(([id, name, strength]): HeardTag => ({ id, name, strength })),
});
const dark = ['mood/dark', 'Dark', 0.2] satisfies [string, string, number];
const sad = ['mood/sad', 'Sad', 0.4] satisfies [string, string, number];
const piano = ['instrument/piano', 'Piano', 0.1] satisfies [string, string, number];
const woman = ['voice/female', 'Female', 0.3] satisfies [string, string, number];
const silent = ['voice/instrumental', 'Instrumental', 0.4] satisfies [string, string, number];

test.each([
  [tagged(dark, sad), tagged(sad, dark), 'Not close in sound. Both are sad and dark.'],
  [
    tagged(dark, piano, woman),
    tagged(dark, piano, woman),
    'Not close in sound. Both are dark, with piano and a female voice.',
  ],
  [tagged(piano, dark), tagged(piano, sad), 'Not close in sound. Both with piano.'],
  [tagged(silent), tagged(silent), 'Not close in sound.'],
])('moods and instruments of %j and %j', (seed, other, sentence) => {
  expect(explainSimilarity(seed, other, 0)).toBe(sentence);
});
