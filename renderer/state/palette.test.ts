import { describe, expect, it } from 'vitest';
import { flushSync } from 'svelte';
import { Browser } from './browser.svelte.ts';
import { CommandRegistry } from './commands/registry.svelte.ts';
import { Library } from './library.svelte.ts';
import { Playlists } from './playlists.svelte.ts';
import { scriptedClient } from './scripted-client.fixture.ts';
import { Palette, ranked, type PaletteItem, type PaletteKind } from './palette.svelte.ts';

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

describe('Palette', () => {
  it('follows lists that come while it is open, and keeps the line that was pointed at', async () => {
    const lists = ['Monday mix', 'Sunday mix'];
    const client = scriptedClient({
      'playlists.list': () =>
        lists.map((name, id) => ({
          ...{ id, name, kind: 'playlist', parentId: null, position: id, rules: null },
          ...{ trackCount: 0, durationSeconds: 0, createdAt: 0, updatedAt: 0 },
        })),
    });
    const playlists = new Playlists(client);
    const registry = new CommandRegistry([]);
    const parts = { browser: new Browser(client), library: new Library(client), playlists, registry };
    const palette = new Palette(parts);
    palette.typed = 'mix';
    const shown = () => palette.shown.map(({ name }) => name);
    expect(shown()).toHaveLength(1);
    await playlists.refresh();
    flushSync();
    expect(shown().slice(0, 2)).toEqual(['Monday mix', 'Sunday mix']);
    expect(palette.chosen).toBe(0);
    palette.point(1);
    lists.push('Mix');
    await playlists.refresh();
    flushSync();
    expect([shown()[0], shown()[palette.chosen]]).toEqual(['Mix', 'Sunday mix']);
    palette.typed = 'mi';
    expect(palette.chosen).toBe(0);
  });
});
