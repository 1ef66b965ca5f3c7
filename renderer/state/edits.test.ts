import { describe, expect, it } from 'vitest';
import type { Edit } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { Edits } from './edits.svelte.ts';
import { scriptedClient } from './scripted-client.fixture.ts';

const edit = (id: number): Edit => ({
  id,
  at: 0,
  action: 'add',
  subject: 'Friday',
  count: 2,
  label: `Step ${id}`,
});

describe('Edits', () => {
  it('follows the engine, and undoes and redoes what it says', async () => {
    const client = scriptedClient({
      'edits.state': () => ({ undo: edit(1), redo: null }),
      'edits.undo': () => ({ undo: null, redo: edit(2) }),
      'edits.redo': () => ({ undo: edit(2), redo: null }),
    });
    const edits = new Edits(client);
    const end = edits.listen();
    await edits.refresh();
    expect(edits.undoable?.id).toBe(1);
    client.emit('edits.changed', { undo: edit(2), redo: null });
    expect((await edits.undo(2))?.id).toBe(2);
    expect([edits.undoable, edits.redoable?.id]).toEqual([null, 2]);
    expect((await edits.redo())?.id).toBe(2);
    expect(edits.redoable).toBeNull();
    end();
    client.emit('edits.changed', { undo: null, redo: null });
    expect(edits.undoable?.id).toBe(2);
    expect(client.inputsOf('edits.undo')).toEqual([{ editId: 2 }]);
  });

  it('keeps what it knows when the engine refuses', async () => {
    const client = scriptedClient({
      'edits.state': () => ({ undo: edit(1), redo: null }),
      'edits.undo': () => Promise.reject(new AppError('conflict', 'changed since')),
    });
    const edits = new Edits(client);
    await edits.refresh();
    await expect(edits.undo()).rejects.toThrow('changed since');
    expect(edits.undoable?.id).toBe(1);
  });
});
