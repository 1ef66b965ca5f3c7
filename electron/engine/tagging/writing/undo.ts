/** Finds out what can be taken back: a field goes back only where the file still says what was written. */
import { extname } from 'node:path';
import { realpath } from 'node:fs/promises';
import { toWire } from '#shared/errors.ts';
import type { UndoConflict, UndoSummary } from '#shared/domain.ts';
import type { NewFieldWrite, NewFileWrite } from '#engine/storage/library/tag-journal.ts';
import type { UndoableField } from '#engine/storage/library/tag-journal-lists.ts';
import { locateFile, undoableFields } from '#engine/storage/library/tag-journal-lists.ts';
import type { FieldState } from '../editing/model.ts';
import { explainFileError } from './file-errors.ts';
import type { UndoSelection } from './model.ts';
import { openFile } from './open-file.ts';
import { locate } from './plan-file.ts';
import { saySame } from './raw-items.ts';
import type { WriteContext } from './write-file.ts';

export interface UndoPlan {
  readonly files: readonly NewFileWrite[];
  readonly conflicts: readonly UndoConflict[];
  readonly failed: UndoSummary['failed'];
  /** The newest of them: undone as it was written. */
  readonly newestField: number | null;
}

/** Reads every file of the selection. Throws the signal's reason. */
export async function planUndo(
  context: WriteContext,
  selection: UndoSelection,
  signal: AbortSignal,
): Promise<UndoPlan> {
  const fields = undoableFields(context.storage.database, selection);
  const files: NewFileWrite[] = [];
  const conflicts: UndoConflict[] = [];
  const failed: UndoSummary['failed'][number][] = [];
  for (const group of byFile(fields).values()) {
    signal.throwIfAborted();
    const [first] = group;
    if (first === undefined) continue;
    try {
      const { states, path, trackId } = await readNow(context, first, group);
      const { restored, left } = compare(group, states, path);
      if (restored.length > 0) files.push({ trackId, path, fields: restored });
      conflicts.push(...left);
    } catch (error) {
      const root = locateFile(context.storage.database, first)?.root ?? '/';
      const problem = toWire(await explainFileError(error, first.path, root));
      failed.push({ trackId: first.trackId, path: first.path, problem });
    }
  }
  return { files, conflicts, failed, newestField: fields[0]?.id ?? null };
}

function byFile(fields: readonly UndoableField[]): ReadonlyMap<number, UndoableField[]> {
  const groups = new Map<number, UndoableField[]>();
  for (const field of fields) {
    const group = groups.get(field.trackId);
    if (group === undefined) groups.set(field.trackId, [field]);
    else group.push(field);
  }
  return groups;
}

async function readNow(
  context: WriteContext,
  first: UndoableField,
  group: readonly UndoableField[],
): Promise<{
  readonly states: readonly FieldState[];
  readonly path: string;
  readonly trackId: number;
}> {
  const located = locate(context.storage.database, first);
  const real = await realpath(located.path);
  const file = await openFile(real);
  try {
    const editor = await context.tools.openEditor(file.source, extname(real));
    const states = await editor.read([...new Set(group.map(({ field }) => field))]);
    return { states, path: located.path, trackId: located.trackId };
  } finally {
    await file.close();
  }
}

/** Newest first: what was written over goes back through each step, as far as the steps fit. */
function compare(
  group: readonly UndoableField[],
  states: readonly FieldState[],
  path: string,
): { readonly restored: readonly NewFieldWrite[]; readonly left: readonly UndoConflict[] } {
  const restored: NewFieldWrite[] = [];
  const left: UndoConflict[] = [];
  for (const { field, values: now } of states) {
    let stands = now;
    let items: string | null = null;
    const undoes: number[] = [];
    for (const written of group.filter((each) => each.field === field)) {
      if (saySame(stands, written.after)) {
        stands = written.before;
        items = written.oldItems;
        undoes.push(written.id);
      } else {
        const { before, after } = written;
        left.push({
          writeId: written.id,
          trackId: written.trackId,
          path,
          field,
          before,
          written: after,
          now,
        });
      }
    }
    if (undoes.length > 0) restored.push({ field, before: now, after: stands, restoreItems: items, undoes });
  }
  return { restored, left };
}
