import { describe, expect, it } from 'vitest';
import { ranked, type PaletteItem, type PaletteKind } from './palette.svelte.ts';

const run = (): void => undefined;
const item = (name: string, kind: PaletteKind = 'command', note = ''): PaletteItem => ({
  ...{ id: `${kind}:${name}`, kind, name, note },
  run,
});
const names = (items: readonly PaletteItem[], typed: string) => ranked(items, typed).map(({ name }) => name);

const items = [
  item('New playlist'),
  item('New smart playlist'),
  item('Export this playlist'),
  item('Show similar tracks'),
  item('House', 'genre', 'Electronic'),
  item('Deep House', 'genre', 'House'),
  item('São Paulo nights', 'playlist', 'Sets'),
  item('Warehouse', 'folder', '/music/Warehouse'),
];

describe('ranked', () => {
  it('shows the commands while nothing is typed', () => {
    expect(names(items, ' ')).toEqual([
      'New playlist',
      'New smart playlist',
      'Export this playlist',
      'Show similar tracks',
    ]);
  });

  it.each([
    ['new play', 'New playlist'],
    ['nsp', 'New smart playlist'],
    ['playlist new', 'New playlist'],
    ['house', 'House'],
    ['deep', 'Deep House'],
    ['ware', 'Warehouse'],
    ['sao', 'São Paulo nights'],
    ['EXPORT', 'Export this playlist'],
    ['simlar', 'Show similar tracks'],
  ])('%s finds %s first', (typed, name) => {
    expect(names(items, typed)[0]).toBe(name);
  });

  it('leaves out what does not fit, and keeps long lists short', () => {
    expect(names(items, 'zzz')).toEqual([]);
    const many = Array.from({ length: 10_000 }, (_, index) => item(`Genre number ${index}`, 'genre'));
    const found = names(many, 'genre number 99');
    expect([found.length, found[0], found[1]]).toEqual([50, 'Genre number 99', 'Genre number 990']);
  });
});
