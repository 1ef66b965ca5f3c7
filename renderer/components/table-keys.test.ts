import { describe, expect, it } from 'vitest';
import { tableAction, type TableState } from './table-keys.ts';

const state: TableState = { total: 100, at: 10, rowsPerScreen: 20, reorderable: true, removable: true };
const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
const press = (key: string, held: Partial<typeof none> = {}, other: Partial<TableState> = {}) =>
  tableAction({ key, ...none, ...held }, { ...state, ...other });

describe('tableAction', () => {
  it.each([
    ['ArrowDown', 11],
    ['ArrowUp', 9],
    ['Home', 0],
    ['End', 99],
    ['PageDown', 30],
    ['PageUp', 0],
  ])('%s moves to row %d, with Shift the selection follows', (key, to) => {
    expect(press(key)).toEqual({ do: 'move', to, extend: false });
    expect(press(key, { shiftKey: true })).toEqual({ do: 'move', to, extend: true });
  });

  it('begins at the first row where there is none yet, and stops at the last', () => {
    expect(press('ArrowDown', {}, { at: -1 })).toMatchObject({ to: 0 });
    expect(press('ArrowUp', {}, { at: -1 })).toMatchObject({ to: 0 });
    expect(press('ArrowDown', {}, { at: 99 })).toMatchObject({ to: 99 });
    expect(press('Enter', {}, { at: -1 })).toEqual({ do: 'open', index: 0 });
  });

  it('moves and removes rows only where the order is the user’s', () => {
    expect(press('ArrowUp', { altKey: true })).toEqual({ do: 'nudge', by: -1 });
    expect(press('Delete')).toEqual({ do: 'remove' });
    expect(press('ArrowUp', { altKey: true }, { reorderable: false })).toBeNull();
    expect(press('Delete', {}, { removable: false })).toBeNull();
  });

  it('selects with Ctrl or Cmd, and leaves other keys to the window', () => {
    for (const held of [{ ctrlKey: true }, { metaKey: true }]) {
      expect(press('a', held)).toEqual({ do: 'select-all' });
      expect(press(' ', held)).toEqual({ do: 'toggle' });
      expect(press('ArrowDown', held)).toEqual({ do: 'point', to: 11 });
      expect(press('ArrowUp', held, { at: 0 })).toEqual({ do: 'point', to: 0 });
      expect(press('k', held)).toBeNull();
    }
    expect(press('s')).toBeNull();
    expect(press('ArrowLeft')).toBeNull();
  });

  it('does nothing in an empty list', () => {
    for (const key of ['ArrowDown', 'Enter', ' ', 'End', "'"])
      expect(press(key, {}, { total: 0 })).toBeNull();
  });
});
