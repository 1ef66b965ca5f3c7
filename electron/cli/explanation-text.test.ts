import { expect, test } from 'vitest';
import type { Track } from '#shared/domain.ts';
import type { Explanation } from '#shared/explanation.ts';
import { describeExplanation } from './explanation-text.ts';

const track = {
  id: 7,
  title: 'Night \u001b[31mbus',
  artist: 'Ann',
  path: '/music/a.flac',
  genres: [{ genre: 'House', confidence: 0.81 }],
  state: 'present',
  error: null,
} as unknown as Track;

const explanation: Explanation = {
  trackId: 7,
  genre: { id: 'electronic/house', name: 'House', confidence: 0.81, threshold: 0.5, known: 'fairly' },
  unknown: false,
  segments: [0.2, 0.9, 0.6].map((confidence, at) => ({
    startSeconds: at * 5,
    endSeconds: at * 5 + 5,
    confidence,
  })),
  evidence: {
    startSeconds: 0,
    endSeconds: 15,
    attention: { startSeconds: 0, stepSeconds: 1, weights: [0.05, 0.05, 0.05, 0.15, 0.2, 0.5] },
    occlusion: {
      startSeconds: 0,
      endSeconds: 15,
      confidence: 0.88,
      rows: 2,
      columns: 2,
      tiles: [0.21, 0, -0.04, 0.001].map((drop, at) => ({
        startSeconds: (at % 2) * 7.5,
        endSeconds: (at % 2) * 7.5 + 7.5,
        lowHz: at < 2 ? 0 : 1500,
        highHz: at < 2 ? 1500 : 8000,
        drop,
      })),
    },
  },
  neighbours: {
    considered: 20,
    carrying: 12,
    tracks: [{ track: { ...track, id: 9 }, score: 0.91, labelledBy: 'user', confidence: null }],
  },
};

test('tells when, where and beside what, for people', () => {
  const text = describeExplanation({ track, explanation });
  expect(text).toContain('House: yes, 81 % (counts from 50 %; the model knows it fairly).');
  expect(text).toContain('most at 0:05–0:10 (90 %), least at 0:00–0:05 (20 %)');
  expect(text).toContain('listened most to 0:05–0:06');
  expect(text).toContain('without 0:00–0:07, 0 Hz–1.5 kHz: −21.0 points of House');
  expect(text).toContain('against it: without 0:00–0:07, 1.5 kHz–8.0 kHz: +4.0 points of House');
  expect(text).toContain('12 of the 20 most similar tracks carry House');
  expect(text).toMatch(/0\.910 {2}9 .*\(you said so\)/);
  expect(text).not.toContain('\u001b');
  // The lowest frequencies stand at the bottom, where the bass is.
  const rows = text.split('\n').filter((line) => line.includes('│'));
  expect(rows).toEqual(['   8.0 kHz │      │', '   1.5 kHz │███   │']);
});

test('says plainly that something is unknown, and shows no evidence for noise', () => {
  const guess = { ...explanation, unknown: true, genre: { ...explanation.genre, confidence: 0.3 } };
  expect(describeExplanation({ track, explanation: guess })).toContain(
    'Unknown: no genre fits well enough. House gets 30 %',
  );
  const noise = { ...guess, genre: { ...guess.genre, confidence: 0 } };
  const text = describeExplanation({ track, explanation: noise });
  expect(text.split('\n')).toHaveLength(2);
  expect(text).toContain('Unknown: nothing in it sounds like music');
  const silent = describeExplanation({ track, explanation: { ...explanation, evidence: null } });
  expect(silent).toContain('nothing to hear');
});
