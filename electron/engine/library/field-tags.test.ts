import { expect, test } from 'vitest';
import { readField } from './field-tags.ts';

const tag = (id: string, value: unknown) => ({ id, value: value as string });

test.each([
  ['ID3v2.4', [tag('TMOO', 'Dark'), tag('TMOO', 'Sad')], ['Dark', 'Sad']],
  ['ID3v2.3', [tag('TXXX:Mood', 'Dark')], ['Dark']],
  ['ID3v2.2', [tag('TXX:MOOD', 'Dark')], ['Dark']],
  ['vorbis', [tag('mood', 'Dark'), tag('GENRE', 'x'), tag('MOOD', 'Sad')], ['Dark', 'Sad']],
  ['APEv2', [tag('Mood', 'Dark')], ['Dark']],
  ['iTunes', [tag('----:com.apple.iTunes:MOOD', 'Dark')], ['Dark']],
  ['asf', [tag('WM/Mood', 'Dark')], ['Dark']],
  ['ID3v2.4', [tag('TMOO', ''), tag('TXXX:MOOD', 'Dark')], ['Dark']],
  ['ID3v2.4', [tag('TMOO', Buffer.of(1)), tag('COMM', 'Dark')], []],
])('all moods of %s', (kind, items, expected) => {
  expect(readField({ native: { [kind]: items } }, 'mood')).toEqual(expected);
});

test('iTunes’ grouping counts before the name of a work; values may stand in one text', () => {
  const native = { 'ID3v2.3': [tag('TIT1', 'Symphony'), tag('GRP1', 'Peak\0Late')] };
  expect(readField({ native }, 'grouping')).toEqual(['Peak', 'Late']);
  expect(readField({ native: { 'ID3v2.3': [tag('TIT1', 'Peak')] } }, 'grouping')).toEqual(['Peak']);
});

test('of several tags one counts, and one that says nothing does not', () => {
  const native = {
    ID3v1: [tag('mood', 'Old')],
    APEv2: [tag('Mood', 'Ape')],
    'ID3v2.3': [tag('TXXX:MOOD', ' ')],
  };
  expect(readField({ native }, 'mood')).toEqual(['Ape']);
  expect(readField({ native: { ...native, 'ID3v2.4': [tag('TMOO', 'New')] } }, 'mood')).toEqual(['New']);
});
