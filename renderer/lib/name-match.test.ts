import { describe, expect, it } from 'vitest';
import { folded, matchScore } from './name-match.ts';

describe('matchScore', () => {
  it('is the better, the closer the name', () => {
    const scores = ['house', 'house music', 'deep house', 'warehouse', 'hotel lounge set', 'techno'].map(
      (name) => matchScore(name, 'house'),
    );
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect([scores[0], scores.at(-1)]).toEqual([1, 0]);
  });

  it.each([
    ['new smart playlist', 'nsp'],
    ['new playlist', 'playlist new'],
    ['show similar tracks', 'simlar'],
    ['drum & bass', 'drum bass'],
    ['r&b', 'r&b'],
  ])('%s fits %s', (name, typed) => expect(matchScore(name, typed)).toBeGreaterThan(0));

  it.each([
    ['new playlist', 'xyz'],
    ['new playlist', '   '],
    ['new playlist', 'new zzz'],
    ['a very long name of a playlist that holds many letters', 'avst'],
    ['', 'a'],
  ])('%s does not fit “%s”', (name, typed) => expect(matchScore(name, typed)).toBe(0));

  it('folds accents and capitals', () => {
    expect(folded('São PAULO Ünïcode')).toBe('sao paulo unicode');
  });
});
