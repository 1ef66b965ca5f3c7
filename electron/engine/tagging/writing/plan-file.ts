/** From a row of the journal to what exactly is to be done with its file: reads, compares, plans; changes nothing. */
import { realpath } from 'node:fs/promises';
import { extname } from 'node:path';
import type { BatchKind, TagField, WritePolicy } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { locateFile, readInverse } from '#engine/storage/library/tag-journal-lists.ts';
import type { LocatedFile } from '#engine/storage/library/tag-journal-lists.ts';
import type { FieldWrite, FileWrite } from '#engine/storage/library/tag-journal.ts';
import type { Database } from '#engine/storage/database.ts';
import type { ByteSource, EditPlan, FieldEdit, FieldState, RawItem } from '../editing/model.ts';
import { lengthOf, patchesOf } from '../editing/pieces.ts';
import { PatchedSource } from '../verifying/patched-source.ts';
import { fitInto, piecesOfInverse } from './inverse.ts';
import { isSameStamp, openFile } from './open-file.ts';
import type { OpenFile } from './open-file.ts';
import { pieceSource } from './piece-source.ts';
import { itemsFromText, saySame } from './raw-items.ts';
import type { WriterTools } from './tools.ts';

/** More would fill the journal, where it stands twice: such a file is written anew. */
const MOST_PATCH_BYTES = 4 << 20;

export interface PlannedFile {
  readonly located: LocatedFile;
  /** Links followed. */
  readonly realPath: string;
  readonly file: OpenFile;
  /** What stands there now, of the ordered fields. */
  readonly states: readonly FieldState[];
  readonly plan: EditPlan;
  /** For people. */
  readonly format: string;
  readonly method: 'in-place' | 'rewrite' | 'nothing';
  /** The file is the one that the library knows. */
  readonly isKnown: boolean;
}

export interface FileOrder {
  readonly kind: BatchKind;
  readonly trackId: FileWrite['trackId'];
  readonly audioHash: FileWrite['audioHash'];
  readonly path: string;
  readonly fields: readonly FieldWrite[];
}

/** A file that can be opened. @throws AppError not-found, file-not-found, folder-offline, file-name-not-utf8 */
export function locate(
  database: Database,
  file: Pick<FileOrder, 'trackId' | 'audioHash' | 'path'>,
): LocatedFile {
  const located = locateFile(database, file);
  if (located === undefined) {
    throw new AppError(
      'not-found',
      `${file.path} is no longer in the library. Add its folder again to change it.`,
    );
  }
  if (located.state === 'offline')
    throw new AppError(
      'folder-offline',
      `${located.path} is on a drive that is away. Connect it and try again.`,
    );
  if (located.nameIsNoText) {
    throw new AppError(
      'file-name-not-utf8',
      `The name of ${located.path} is not valid text, so it cannot be written. Rename the file.`,
    );
  }
  if (located.state === 'missing')
    throw new AppError('file-not-found', `${located.path} is not there any more. Scan the folder again.`);
  return located;
}

/**
 * The caller closes the file of the result. Rejects with what the file system throws.
 * @throws AppError file-changed, tags-damaged, tags-unsupported, file-read-only, and as `locate`
 */
export async function planFile(
  database: Database,
  tools: WriterTools,
  order: FileOrder,
  policy: WritePolicy,
): Promise<PlannedFile> {
  const located = locate(database, order);
  const realPath = await realpath(located.path);
  const file = await openFile(realPath);
  try {
    requireWritable(file, located.path);
    const isKnown = isSameStamp(file.identity.stamp, located);
    if (order.kind === 'write' && !isKnown) throw changed(located.path);
    const editor = await tools.openEditor(file.source, extname(realPath));
    const states = await editor.read(order.fields.map(({ field }) => field));
    for (const field of order.fields) requireReviewed(located.path, field, stateOf(states, field.field));
    const edited = await planEdits(editor, order, policy, sizeBefore(database, order));
    const plan =
      order.kind === 'undo' ? await planInverse(database, tools, order, file.source, edited) : edited;
    const method = methodOf(plan, policy, file, located);
    return { located, realPath, file, states, plan, format: editor.format, isKnown, method };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function requireWritable({ identity }: OpenFile, path: string): void {
  if (!identity.isFile)
    throw new AppError('file-not-found', `${path} is no file any more. Scan the folder again.`);
  // A superuser may write everything, and a rename asks the folder only: what the owner locked stays as it is.
  if ((identity.mode & 0o222) === 0) {
    throw new AppError('file-read-only', `${path} is write-protected. Allow changes to it and try again.`);
  }
}

function changed(path: string): AppError {
  return new AppError(
    'file-changed',
    `${path} was changed by another program since its tags were read. Scan its folder and look at what is proposed again.`,
  );
}

function requireReviewed(path: string, { field, before }: FieldWrite, state: FieldState): void {
  if (saySame(state.values, before)) return;
  throw new AppError(
    'file-changed',
    `${path} says “${state.values.join('; ')}” as its ${field}, and “${before.join('; ')}” was reviewed. Scan its folder and look at what is proposed again.`,
  );
}

function stateOf(states: readonly FieldState[], field: TagField): FieldState {
  return states.find((state) => state.field === field) ?? { field, values: [], items: [] };
}

function sizeBefore(database: Database, order: FileOrder): number | undefined {
  if (order.kind !== 'undo') return undefined;
  const undone = order.fields.flatMap((field) => field.undoes);
  const sizes = database
    .prepare(
      `SELECT DISTINCT json_extract(stamp_before, '$.sizeBytes') FROM main.tag_writes WHERE id IN (
         SELECT write_id FROM main.tag_write_fields WHERE id IN (SELECT value FROM json_each(?)))`,
    )
    .pluck()
    .all(JSON.stringify(undone)) as number[];
  return sizes.length === 1 ? sizes[0] : undefined;
}

type Editor = Awaited<ReturnType<WriterTools['openEditor']>>;

/** Items of another kind of tag than the file has now are put back as their values. */
async function planEdits(
  editor: Editor,
  order: FileOrder,
  policy: WritePolicy,
  wantedSize: number | undefined,
): Promise<EditPlan> {
  const edit = (asItems: boolean): readonly FieldEdit[] =>
    order.fields.map(({ field, after, restoreItems }) =>
      asItems && restoreItems !== null
        ? { kind: 'restore', field, items: itemsFromText(restoreItems) }
        : { kind: 'set', field, values: after },
    );
  if (order.kind === 'write') return editor.plan(edit(false), policy);
  try {
    return await editor.plan(edit(true), policy, wantedSize);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'tags-unsupported') throw error;
    return editor.plan(edit(false), policy, wantedSize);
  }
}

/**
 * Where all that was once written into a file goes back, and the verifier agrees that nothing else would change, it
 * becomes the very file that it was; else what the editor planned.
 */
async function planInverse(
  database: Database,
  tools: WriterTools,
  order: FileOrder,
  source: ByteSource,
  edited: EditPlan,
): Promise<EditPlan> {
  const undone = order.fields.flatMap((field) => field.undoes);
  const fileId = database
    .prepare('SELECT write_id FROM main.tag_write_fields WHERE id = ?')
    .pluck()
    .get(undone[0]) as number | undefined;
  const inverse = fileId === undefined ? null : readInverse(database, fileId);
  if (inverse === null || inverse.sizeAfter !== source.size) return edited;
  if (undone.length !== inverse.fieldIds.length || !inverse.fieldIds.every((id) => undone.includes(id)))
    return edited;
  const pieces = piecesOfInverse(inverse);
  if (!fitInto(pieces, source.size)) return edited;
  const patches = await patchesOf(source, pieces);
  const before = patches === null ? pieceSource(source, pieces) : new PatchedSource(source, patches);
  try {
    const editor = await tools.openEditor(before, '');
    const states = await editor.read(order.fields.map(({ field }) => field));
    const isBack = order.fields.every(
      ({ field, restoreItems }) =>
        restoreItems !== null && areSame(stateOf(states, field).items, itemsFromText(restoreItems)),
    );
    if (!isBack) return edited;
    await tools.verify(source, before, order.fields.map(expectedOf), edited.changes);
  } catch (error) {
    if (error instanceof AppError) return edited;
    throw error;
  }
  return { ...edited, pieces, patches, sizeAfter: lengthOf(pieces) };
}

/** What the verifier holds a new file to. */
export function expectedOf({ field, after }: Pick<FieldWrite, 'field' | 'after'>): {
  readonly field: TagField;
  readonly values: readonly string[];
} {
  return { field, values: after };
}

function areSame(some: readonly RawItem[], others: readonly RawItem[]): boolean {
  return (
    some.length === others.length &&
    some.every((item, index) => {
      const other = others[index];
      return (
        other !== undefined &&
        item.tag === other.tag &&
        item.tagIndex === other.tagIndex &&
        item.key === other.key &&
        item.position === other.position &&
        Buffer.compare(item.bytes, other.bytes) === 0
      );
    })
  );
}

/**
 * In place wherever that keeps more: the policy prefers it, or the file has several names, of which a new file would
 * take only one.
 * @throws AppError tags-unsupported for a file with several names that would have to be written anew
 */
function methodOf(
  plan: EditPlan,
  policy: WritePolicy,
  { identity }: OpenFile,
  { path }: LocatedFile,
): PlannedFile['method'] {
  if (plan.patches !== null && plan.patches.length === 0) return 'nothing';
  const isLinked = identity.links > 1;
  if (plan.patches !== null) {
    const bytes = plan.patches.reduce((sum, patch) => sum + patch.bytes.length, 0);
    if (isLinked || (policy.preferInPlace && bytes <= MOST_PATCH_BYTES)) return 'in-place';
  }
  if (!isLinked) return 'rewrite';
  throw new AppError(
    'tags-unsupported',
    `${path} is one of ${identity.links} names of one file (hard links), and the new tag does not fit into the room of the old one: a new file would no longer be the others'. It was left as it is; make it a file of its own to write it.`,
  );
}
