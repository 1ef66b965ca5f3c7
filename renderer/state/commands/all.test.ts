import { describe, expect, it } from 'vitest';
import { menuCommands } from '#shared/bridge.ts';
import type { Host } from '../../api/host.ts';
import { shownKeys } from '../../lib/keys.ts';
import { App } from '../app.svelte.ts';
import { scriptedClient } from '../scripted-client.fixture.ts';
import { commandGroups } from './command.ts';
import { shortcutSheet } from './sheet.ts';

function registry(inDesktop: boolean) {
  const host = {
    client: scriptedClient({}),
    desktop: inDesktop ? {} : null,
    mediaUrl: () => '',
  } as unknown as Host;
  return new App({
    host,
    createAudio: () => document.createElement('audio'),
    mediaSession: null,
    storage: null,
  }).registry;
}

describe('all commands', () => {
  it('answer every entry of the application menu', () => {
    const answered = registry(true).all.map(({ menu }) => menu);
    expect(menuCommands.filter((entry) => !answered.includes(entry))).toEqual([]);
  });

  it('can be told apart in the sheet of keys and in the palette', () => {
    for (const commands of [registry(true).all, registry(false).all]) {
      for (const { name, rows } of shortcutSheet(commands)) {
        const does = rows.map((row) => row.does);
        expect(new Set(does).size, name).toBe(does.length);
        for (const row of rows) {
          expect(new Set(row.keys).size, row.does).toBe(row.keys.length);
          for (const keys of row.keys) {
            const shown = shownKeys(keys, false);
            expect(new Set(shown).size, keys).toBe(shown.length);
          }
        }
      }
      const named = commands.filter(({ onlyKeys }) => onlyKeys !== true);
      const titles = named.map(({ group, title }) => `${group}: ${title}`);
      expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
      expect(commands.filter(({ group }) => !commandGroups.includes(group))).toEqual([]);
    }
  });

  it('leave the browser the keys that are its own', () => {
    const keys = registry(false).all.flatMap((command) => command.keys ?? []);
    expect(keys).not.toContain('Mod+N');
    expect(keys).not.toContain('F5');
    expect(keys).not.toContain('Mod+0');
    expect(registry(true).all.flatMap((command) => command.keys ?? [])).toContain('Mod+N');
  });
});
