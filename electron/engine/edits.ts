/** Undo and redo of the user's work: every feature records its edits here, each as one step on the disk. */
import type { EventName, Events, Handlers } from '#shared/contract.ts';
import type { Edit, EditAction, EditsState } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { applyChanges, ChangedSince } from './storage/library/edit-apply.ts';
import { refreshScores } from './storage/library/corrections.ts';
import {
  deleteEdit,
  insertEdit,
  markEdit,
  nextEdit,
  readChanges,
  recordChanges,
} from './storage/library/edits.ts';
import type { StoredEdit } from './storage/library/edits.ts';
import type { Storage } from './storage/open.ts';

export interface EditsOptions {
  readonly storage: Storage;
  readonly publish: <Name extends EventName>(name: Name, payload: Events[Name]) => void;
  /** Lists of tracks have changed. */
  readonly changed: () => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** What a step is called. */
export interface EditName {
  readonly action: EditAction;
  /** Name of the playlist or genre, the stars, or the verb of a review. */
  readonly subject: string;
  /** Tracks, rows, lists or proposals. */
  readonly count: number;
}

export interface Edits {
  readonly handlers: Pick<Handlers, 'edits.state' | 'edits.undo' | 'edits.redo'>;
  /** Does the work as one step that can be undone; on the disk when this returns. Work that changes nothing is no step. */
  record<Result>(name: EditName, work: () => Result): Result;
  /** The journal was replaced. */
  tell(): void;
}

export function createEdits(options: EditsOptions): Edits {
  const { storage, clock } = options;
  const { database } = storage;

  function state(): EditsState {
    const edit = (stored: StoredEdit | null): Edit | null =>
      stored === null ? null : { ...stored, label: labelOf(stored) };
    return { undo: edit(nextEdit(database, 'undo')), redo: edit(nextEdit(database, 'redo')) };
  }

  function tell(): void {
    options.publish('edits.changed', state());
  }

  function step(way: 'undo' | 'redo', editId: number | undefined): EditsState {
    const edit = nextEdit(database, way);
    if (edit === null || (editId !== undefined && edit.id !== editId)) {
      throw new AppError('conflict', nothingTo(way, edit));
    }
    try {
      storage.durably(() => {
        const corrected = applyChanges(database, readChanges(database, edit.id), way);
        refreshScores(database, corrected);
        markEdit(database, edit.id, way === 'undo');
      });
    } catch (error) {
      if (!(error instanceof ChangedSince) && !isConstraint(error)) throw error;
      storage.durably(() => deleteEdit(database, edit.id));
      tell();
      throw new AppError(
        'conflict',
        `“${labelOf(edit)}” cannot be ${way === 'undo' ? 'undone' : 'done again'}: what it changed has changed since. It was taken from the list of steps; the others can still be ${way === 'undo' ? 'undone' : 'done again'}.`,
        { cause: error },
      );
    }
    options.changed();
    options.publish('playlists.changed', { playlistId: null });
    if (edit.action === 'review') options.publish('tags.changed', {});
    tell();
    return state();
  }

  return {
    record(name, work) {
      let result: { readonly value: ReturnType<typeof work> } | undefined;
      const recorded = storage.durably(() => {
        const changes = recordChanges(database, () => {
          result = { value: work() };
        });
        if (changes !== null) insertEdit(database, { ...name, at: clock() }, changes);
        return changes !== null;
      });
      if (recorded) tell();
      return (result as { readonly value: ReturnType<typeof work> }).value;
    },
    tell,
    handlers: {
      'edits.state': state,
      'edits.undo': ({ editId }) => step('undo', editId),
      'edits.redo': ({ editId }) => step('redo', editId),
    },
  };
}

function nothingTo(way: 'undo' | 'redo', edit: StoredEdit | null): string {
  const verb = way === 'undo' ? 'undone' : 'done again';
  if (edit === null) return `There is nothing that can be ${verb}.`;
  return `Another step came since: “${labelOf(edit)}” is the one that can be ${verb} now.`;
}

/** A row points to something that is gone: SQLite says so when the transaction ends. */
function isConstraint(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT');
}

/** "Move 3 tracks in “Friday”" */
function labelOf({ action, subject, count }: EditName): string {
  const name = `“${subject}”`;
  const tracks = count === 1 ? '1 track' : `${count.toLocaleString('en')} tracks`;
  switch (action) {
    case 'create':
      return `Create ${name}`;
    case 'rename':
      return `Rename ${name}`;
    case 'delete':
      return count > 1 ? `Delete ${name} and the ${count - 1} in it` : `Delete ${name}`;
    case 'place':
      return `Move ${name}`;
    case 'kind':
      return `Change the kind of ${name}`;
    case 'rules':
      return `Change the rules of ${name}`;
    case 'add':
      return `Add ${tracks} to ${name}`;
    case 'remove':
      return `Remove ${tracks} from ${name}`;
    case 'move':
      return `Move ${tracks} in ${name}`;
    case 'order':
      return `Put ${name} in another order`;
    case 'rate':
      return `Rate ${tracks}`;
    case 'correct':
      return `Correct ${subject} of ${tracks}`;
    case 'sound':
      return `Change ${subject} of ${tracks}`;
    case 'import':
      return `Import ${name}`;
    case 'review':
      return `${subject} ${count === 1 ? '1 proposed tag' : `${count.toLocaleString('en')} proposed tags`}`;
  }
}
