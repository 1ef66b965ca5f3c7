import { describe, expect, it } from 'vitest';
import { Selection } from './selection.svelte.ts';

/** Rows with keys 100, 101, …; those from `loadedTo` on are not loaded. */
function selectionOver(total: number, loadedTo = total) {
  const keys = Array.from({ length: total }, (_, index) => 100 + index);
  let answer: (() => void) | null = null;
  const rows = {
    loadedTo,
    held: false,
    total: () => keys.length,
    keyAt: (index: number) => (index < rows.loadedTo ? keys[index] : undefined),
    allKeys: (): Promise<readonly number[]> =>
      rows.held ? new Promise((resolve) => (answer = () => resolve(keys))) : Promise.resolve(keys),
    release: () => answer?.(),
  };
  return { selection: new Selection(rows), rows };
}
const keysOf = (selection: Selection): number[] => [...selection.keys].toSorted((a, b) => a - b);

describe('Selection', () => {
  it('selects one, adds and takes out', () => {
    const { selection } = selectionOver(10);
    selection.only(3);
    selection.toggle(5);
    expect(keysOf(selection)).toEqual([103, 105]);
    selection.toggle(3);
    expect(keysOf(selection)).toEqual([105]);
    selection.only(1);
    expect([keysOf(selection), selection.focus]).toEqual([[101], 1]);
  });

  it('takes the keyboard elsewhere and leaves the selection, so that rows apart can be chosen', async () => {
    const { selection } = selectionOver(10);
    selection.only(3);
    selection.point(7);
    expect([keysOf(selection), selection.focus, selection.focusKey]).toEqual([[103], 7, 107]);
    selection.toggle(7);
    expect(keysOf(selection)).toEqual([103, 107]);
    await selection.extendTo(8);
    expect(keysOf(selection)).toEqual([107, 108]);
  });

  it('extends from the row chosen by itself, in both directions', async () => {
    const { selection } = selectionOver(10);
    selection.only(4);
    await selection.extendTo(6);
    expect(keysOf(selection)).toEqual([104, 105, 106]);
    await selection.extendTo(2);
    expect([keysOf(selection), selection.focus]).toEqual([[102, 103, 104], 2]);
  });

  it('asks for all keys only when the range reaches beyond loaded rows', async () => {
    const { selection, rows } = selectionOver(1000, 100);
    rows.held = true;
    selection.only(10);
    await selection.extendTo(20);
    expect(selection.size).toBe(11);
    const far = selection.extendTo(999);
    rows.release();
    await far;
    expect(selection.size).toBe(990);
  });

  it('does not let a slow answer undo what was clicked since', async () => {
    const { selection, rows } = selectionOver(1000, 100);
    rows.held = true;
    const all = selection.all();
    selection.only(7);
    rows.release();
    await all;
    expect(keysOf(selection)).toEqual([107]);
  });

  it('stops at both ends', async () => {
    const { selection } = selectionOver(3);
    await selection.move(99, false);
    expect(selection.focus).toBe(2);
    await selection.move(-5, false);
    expect(selection.focus).toBe(0);
    const { selection: empty } = selectionOver(0);
    await empty.move(1, false);
    expect([empty.focus, empty.size]).toEqual([-1, 0]);
  });

  it('selects a row reached before it was loaded, once it is', async () => {
    const { selection, rows } = selectionOver(1000, 100);
    selection.only(0);
    await selection.move(999, false);
    expect([selection.focus, selection.size]).toEqual([999, 0]);
    rows.loadedTo = 1000;
    selection.follow(() => undefined);
    expect([keysOf(selection), selection.focusKey]).toEqual([[1099], 1099]);
  });

  it('stays with its row when rows move', async () => {
    const { selection } = selectionOver(10);
    selection.only(3);
    selection.follow((key) => (key === 103 ? 8 : undefined));
    expect([selection.focus, keysOf(selection)]).toEqual([8, [103]]);
    await selection.extendTo(9);
    expect(keysOf(selection)).toEqual([108, 109]);
  });
});
