import { describe, expect, it } from 'vitest';
import { matchesKeys, shownKeys, takesText } from './keys.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('matchesKeys', () => {
  it.each([
    ['/', '/', {}],
    ['/', '/', { shiftKey: true }], // German keyboards
    ['?', '?', { shiftKey: true }],
    ['S', 's', {}],
    ['S', 'S', {}], // caps lock
    ['3', '3', {}],
    ['Space', ' ', {}],
    ['Mod+K', 'k', { ctrlKey: true }],
    ['Mod+K', 'k', { metaKey: true }],
    ['Mod+Shift+Z', 'Z', { ctrlKey: true, shiftKey: true }],
    ['Mod+,', ',', { metaKey: true }],
    ['Mod++', '+', { ctrlKey: true, shiftKey: true }],
    ['Mod+-', '-', { ctrlKey: true }],
    ['Alt+ArrowLeft', 'ArrowLeft', { altKey: true }],
  ])('%s is %s with %o', (keys, key, modifiers) => {
    expect(matchesKeys(keys, { ...plain, ...modifiers, key })).toBe(true);
  });

  it.each([
    ['S', 's', { ctrlKey: true }],
    ['S', 'S', { shiftKey: true }],
    ['3', '3', { altKey: true }],
    ['Mod+Z', 'Z', { ctrlKey: true, shiftKey: true }],
    ['Mod+Shift+Z', 'z', { ctrlKey: true }],
    ['Alt+ArrowLeft', 'ArrowLeft', {}],
    ['/', '/', { ctrlKey: true }],
  ])('%s is not %s with %o', (keys, key, modifiers) => {
    expect(matchesKeys(keys, { ...plain, ...modifiers, key })).toBe(false);
  });
});

describe('shownKeys', () => {
  it('names the keys as the keyboard does', () => {
    expect(shownKeys('Mod+Shift+Z', false)).toEqual(['Ctrl', 'Shift', 'Z']);
    expect(shownKeys('Mod+Shift+Z', true)).toEqual(['⌘', '⇧', 'Z']);
    expect(shownKeys('Mod++', false)).toEqual(['Ctrl', '+']);
    expect(shownKeys('Alt+ArrowUp', false)).toEqual(['Alt', '↑']);
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
