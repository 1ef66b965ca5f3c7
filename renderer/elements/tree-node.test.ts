import { describe, expect, it } from 'vitest';
import { meantPlace, typedNode } from './tree-node.ts';

describe('meantPlace', () => {
  it.each([
    [0.1, 'before'],
    [0.5, 'inside'],
    [0.9, 'after'],
  ])('at %d of a folder is %s', (share, place) => {
    expect(meantPlace(share, ['before', 'inside', 'after'])).toBe(place);
  });

  it('is above or below where nothing goes inside, and inside where nothing else goes', () => {
    expect([0.1, 0.49, 0.51, 0.9].map((share) => meantPlace(share, ['before', 'after']))).toEqual([
      'before',
      'before',
      'after',
      'after',
    ]);
    for (const share of [0, 0.5, 1]) expect(meantPlace(share, ['inside'])).toBe('inside');
    expect(meantPlace(0.5, [])).toBeNull();
  });
});

it('typing finds the next name that begins so, around the end', () => {
  const names = ['House', 'Hip Hop', 'Ambient', 'Électro'];
  expect(typedNode(names, 1, 'h')).toBe(1);
  expect(typedNode(names, 2, 'H')).toBe(0);
  expect(typedNode(names, 0, 'hip h')).toBe(1);
  expect(typedNode(names, 0, 'é')).toBe(3);
  expect(typedNode(names, 0, 'z')).toBe(-1);
  expect(typedNode([], 0, 'a')).toBe(-1);
});
