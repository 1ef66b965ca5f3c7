import { describe, expect, it } from 'vitest';
import { shortcutOf, takesText } from './shortcuts.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('shortcutOf', () => {
  it.each([
    ['/', {}, { do: 'search' }],
    ['/', { shiftKey: true }, { do: 'search' }], // German keyboards
    ['?', { shiftKey: true }, { do: 'sheet' }],
    ['s', {}, { do: 'similar' }],
    ['S', {}, { do: 'similar' }], // caps lock
    ['3', {}, { do: 'rate', stars: 3 }],
    ['f', { ctrlKey: true }, { do: 'search' }],
    ['ArrowRight', { metaKey: true }, { do: 'next' }],
    ['ArrowLeft', { altKey: true }, { do: 'back' }],
  ])('%s with %o', (key, modifiers, expected) => {
    expect(shortcutOf({ ...plain, ...modifiers, key })).toEqual(expected);
  });

  it.each([
    ['s', { ctrlKey: true }],
    ['S', { shiftKey: true }],
    ['6', {}],
    ['3', { altKey: true }],
    ['ArrowRight', {}],
    ['constructor', {}],
  ])('leaves %s with %o alone', (key, modifiers) => {
    expect(shortcutOf({ ...plain, ...modifiers, key })).toBeNull();
  });
});

describe('takesText', () => {
  it('tells text fields from sliders', () => {
    const input = document.createElement('input');
    expect(takesText(input)).toBe(true);
    input.type = 'range';
    expect(takesText(input)).toBe(false);
    expect(takesText(document.createElement('button'))).toBe(false);
    expect(takesText(null)).toBe(false);
  });
});
