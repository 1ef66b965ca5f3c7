import { describe, expect, it, vi } from 'vitest';
import type { Command } from './command.ts';
import { CommandRegistry } from './registry.svelte.ts';
import { shortcutSheet } from './sheet.ts';

function command(
  id: string,
  part: Partial<Command> = {},
): Command & { readonly run: ReturnType<typeof vi.fn> } {
  return { id, group: 'window', title: id, run: vi.fn(), ...part } as never;
}
function press(registry: CommandRegistry, key: string, part: Partial<KeyboardEvent> = {}) {
  const event = {
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    target: document.body,
  };
  const preventDefault = vi.fn();
  const taken = registry.press({ ...event, defaultPrevented: false, ...part, preventDefault });
  return { taken, preventDefault };
}

describe('CommandRegistry', () => {
  it('runs the command of a key, and takes the key from the browser', () => {
    const search = command('search', { keys: ['/', 'Mod+F'] });
    const registry = new CommandRegistry([command('other', { keys: ['S'] }), search]);
    const { taken, preventDefault } = press(registry, 'f', { ctrlKey: true });
    expect([taken, search.run.mock.calls.length, preventDefault.mock.calls.length]).toEqual([true, 1, 1]);
    expect(press(registry, 'x').taken).toBe(false);
  });

  it('leaves keys alone that are text, taken already, or belong to a list or a button', () => {
    const letter = command('letter', { keys: ['S'] });
    const palette = command('palette', { keys: ['Mod+K'], whileTyping: true });
    const remove = command('remove', { keys: ['Delete'], keysOfList: true });
    const play = command('play', { keys: ['Space'] });
    const registry = new CommandRegistry([letter, palette, remove, play]);
    const target = document.createElement('input');
    expect(press(registry, 's', { target }).taken).toBe(false);
    expect(press(registry, 'k', { target, ctrlKey: true }).taken).toBe(true);
    expect(press(registry, 's', { defaultPrevented: true }).taken).toBe(false);
    expect(press(registry, 'Delete').taken).toBe(false);
    expect(press(registry, ' ', { target: document.createElement('button') }).taken).toBe(false);
    expect(press(registry, ' ').taken).toBe(true);
    expect(letter.run).not.toHaveBeenCalled();
  });

  it('does and offers only what can be done now', () => {
    let ready = false;
    const undo = command('undo', { keys: ['Mod+Z'], menu: 'find', enabled: () => ready });
    const registry = new CommandRegistry([undo, command('rate', { onlyKeys: true })]);
    expect(press(registry, 'z', { ctrlKey: true }).taken).toBe(false);
    registry.menu('find');
    registry.run('undo');
    expect(registry.available).toEqual([]);
    expect(undo.run).not.toHaveBeenCalled();
    ready = true;
    registry.menu('find');
    registry.run('undo');
    expect(undo.run).toHaveBeenCalledTimes(2);
    expect(registry.available.map(({ id }) => id)).toEqual(['undo']);
  });

  it('leaves undo to the text field that has the focus', () => {
    const undo = command('undo', { menu: 'undo' });
    const registry = new CommandRegistry([undo]);
    const field = document.createElement('input');
    const execCommand = vi.fn();
    Object.assign(document, { execCommand });
    document.body.append(field);
    field.focus();
    registry.menu('undo');
    expect([execCommand.mock.calls, undo.run.mock.calls]).toEqual([[['undo']], []]);
    field.remove();
    registry.menu('undo');
    expect(undo.run).toHaveBeenCalledTimes(1);
  });

  it('does over an open dialogue, by key or menu, only what is meant for there', () => {
    const list = command('list', { keys: ['Mod+N'], menu: 'new-playlist' });
    const zoom = command('zoom', { keys: ['Mod+='], menu: 'zoom-in', overDialogs: true });
    const registry = new CommandRegistry([list, zoom]);
    const event = { altKey: false, shiftKey: false, metaKey: false, ctrlKey: true, defaultPrevented: false };
    const preventDefault = vi.fn();
    const pressed = (key: string): boolean =>
      registry.press({ ...event, key, target: document.body, preventDefault }, true);
    expect([pressed('n'), pressed('=')]).toEqual([false, true]);
    registry.menu('new-playlist', true);
    registry.menu('zoom-in', true);
    expect([list.run.mock.calls.length, zoom.run.mock.calls.length]).toEqual([0, 2]);
    registry.menu('new-playlist');
    expect(list.run).toHaveBeenCalledTimes(1);
  });

  it('refuses two commands with one name, key or menu entry', () => {
    expect(() => new CommandRegistry([command('a'), command('a')])).toThrow('id a');
    expect(() => new CommandRegistry([command('a', { keys: ['S'] }), command('b', { keys: ['S'] })])).toThrow(
      'key S',
    );
    expect(
      () => new CommandRegistry([command('a', { menu: 'find' }), command('b', { menu: 'find' })]),
    ).toThrow('menu find');
    expect(() => new CommandRegistry([]).byId('gone')).toThrow('no command gone');
  });
});

describe('shortcutSheet', () => {
  it('joins what says the same, keeps the groups in order, and tells what cannot be done now', () => {
    const sheet = shortcutSheet([
      command('b', { group: 'window', keys: ['I'] }),
      command('back', { group: 'go', keys: ['Alt+ArrowLeft'], sheet: 'To and fro', enabled: () => false }),
      command('on', { group: 'go', keys: ['Alt+ArrowRight'], sheet: 'To and fro' }),
      command('far', { group: 'go', keys: ['F'], enabled: () => false }),
      command('keyless', { group: 'play' }),
    ]);
    expect(sheet.map(({ name }) => name)).toEqual(['In a list', 'Go to', 'Window', 'In the tag review']);
    expect(sheet[1]?.rows).toEqual([
      { does: 'To and fro', keys: ['Alt+ArrowLeft', 'Alt+ArrowRight'], now: true },
      { does: 'far', keys: ['F'], now: false },
    ]);
  });
});
