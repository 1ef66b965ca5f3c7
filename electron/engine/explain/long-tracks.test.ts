import { expect, test } from 'vitest';
import { partToHear } from './long-tracks.ts';

function segments(count: number, seconds: number, confidence: (at: number) => number) {
  return Array.from({ length: count }, (_, at) => ({
    startSeconds: at * seconds,
    endSeconds: (at + 1) * seconds,
    confidence: confidence(at),
  }));
}

test('a track of ten minutes is heard whole', () => {
  expect(
    partToHear(
      segments(120, 5, () => 0.5),
      600,
    ),
  ).toBeNull();
});

test('of a mix of ten hours the ten minutes with the most of the genre are heard', () => {
  // Segments of 75 s, as a summary of ten hours has them; the genre is heard from 4:00:00 to 4:10:00.
  const mix = segments(480, 75, (at) => (at >= 192 && at < 200 ? 0.9 : 0.1));
  expect(partToHear(mix, 36_000)).toEqual({ startSeconds: 14_400, endSeconds: 15_000 });
});

test('of equal parts the first, and never past the end', () => {
  expect(
    partToHear(
      segments(200, 5, () => 0.5),
      1000,
    ),
  ).toEqual({ startSeconds: 0, endSeconds: 600 });
  const late = partToHear(
    segments(200, 5, (at) => (at === 199 ? 1 : 0)),
    998,
  );
  expect(late).toEqual({ startSeconds: 398, endSeconds: 998 });
});
