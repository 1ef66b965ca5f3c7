import { describe, expect, it } from 'vitest';
import { parseSearch } from '../search/parse.ts';
import { camelotKeys, camelotOf, keyNotations, matchKeys, shiftKey, tonicOf, writeKey } from './keys.ts';

describe('notations', () => {
  it.each([
    ['8B', '1d', 'C'],
    ['8A', '1m', 'Am'],
    ['9B', '2d', 'G'],
    ['7A', '12m', 'Dm'],
    ['1A', '6m', 'G#m'],
    ['12B', '5d', 'E'],
    ['2B', '7d', 'F#'],
    ['11A', '4m', 'F#m'],
    ['3A', '8m', 'Bbm'],
  ])('%s is %s in Open Key and %s by name', (camelot, openKey, traditional) => {
    expect(writeKey(camelot, 'openKey')).toBe(openKey);
    expect(writeKey(camelot, 'traditional')).toBe(traditional);
    expect(writeKey(camelot, 'camelot')).toBe(camelot);
  });

  it('has 24 keys, each with a tonic of its own, and every name of them is found by the search', () => {
    expect(new Set(camelotKeys).size).toBe(24);
    for (const key of camelotKeys) {
      const { tonic, minor } = tonicOf(key)!;
      expect(camelotOf(tonic, minor)).toBe(key);
      for (const notation of keyNotations) {
        const parsed = parseSearch(`key:${writeKey(key, notation)}`);
        expect(JSON.stringify(parsed)).toContain(
          `"number":${Number.parseInt(key, 10)},"letter":"${key.at(-1)}"`,
        );
      }
    }
  });

  it('leaves alone what is no key', () => {
    expect(writeKey('13A', 'traditional')).toBe('13A');
    expect(tonicOf('')).toBeNull();
    expect(matchKeys('8A', 'x')).toBeNull();
  });
});

describe('matchKeys', () => {
  it.each([
    ['8A', '8A', 1],
    ['8A', '9A', 0.9],
    ['8A', '7A', 0.9],
    ['12A', '1A', 0.9],
    ['1B', '12B', 0.9],
    ['8A', '8B', 0.8],
    ['8A', '9B', 0.55],
    ['1A', '12B', 0.55],
    ['8A', '10A', 0.45],
    ['11B', '1B', 0.45],
    ['8A', '10B', 0.1],
    ['8A', '2A', 0.1],
  ])('%s to %s: %s', (from, to, score) => {
    expect(matchKeys(from, to)?.score).toBe(score);
    expect(matchKeys(to, from)?.score).toBe(score);
  });
});

it('moves a key by semitones', () => {
  expect(shiftKey('8A', 1)).toBe('3A');
  expect(shiftKey('8A', 12)).toBe('8A');
  expect(shiftKey('8B', -1)).toBe('1B');
});
