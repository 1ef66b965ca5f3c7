import { describe, expect, it } from 'vitest';
import { genresByTime, stretches } from './timeline.ts';

const segment = (startSeconds: number, endSeconds: number, genre?: string, confidence = 0.5) => ({
  startSeconds,
  endSeconds,
  genres: genre === undefined ? [] : [{ genre, confidence }],
});

describe('stretches', () => {
  it('joins neighbours of one genre and weighs their confidence by time', () => {
    expect(
      stretches([segment(0, 10, 'House', 0.4), segment(10, 40, 'House', 0.8), segment(40, 50, 'Techno')]),
    ).toEqual([
      { startSeconds: 0, endSeconds: 40, genre: 'House', confidence: expect.closeTo(0.7) },
      { startSeconds: 40, endSeconds: 50, genre: 'Techno', confidence: 0.5 },
    ]);
  });

  it('keeps what nothing fits as a stretch of its own', () => {
    expect(stretches([segment(0, 10), segment(10, 20), segment(20, 30, 'Dub')])).toMatchObject([
      { endSeconds: 20, genre: null },
      { genre: 'Dub' },
    ]);
  });

  it('takes no segments', () => {
    expect(stretches([])).toEqual([]);
  });
});

it('orders genres by their time', () => {
  const found = stretches([segment(0, 10, 'A'), segment(10, 40, 'B'), segment(40, 55, 'A'), segment(55, 99)]);
  expect(genresByTime(found)).toEqual(['B', 'A']);
});
