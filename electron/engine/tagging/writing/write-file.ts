/** Writes one file of a batch: plan, journal, write, prove, mark. Whatever happens, the file is the old or the new one. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { WritePolicy } from '#shared/domain.ts';
import { AppError, toWire } from '#shared/errors.ts';
import type { WireError } from '#shared/errors.ts';
import { beginFile, markUnwritten, markWritten } from '#engine/storage/library/tag-journal.ts';
import type { FileWrite, StoredInverse, WriteIntent } from '#engine/storage/library/tag-journal.ts';
import { locateFile } from '#engine/storage/library/tag-journal-lists.ts';
import type { LocatedFile } from '#engine/storage/library/tag-journal-lists.ts';
import { updateFile } from '#engine/storage/library/tracks.ts';
import type { FileStamp } from '#engine/storage/library/tracks.ts';
import { pieceLength } from '../editing/pieces.ts';
import type { Piece } from '../editing/model.ts';
import { explainFileError } from './file-errors.ts';
import { inverseOf } from './inverse.ts';
import type { TagWriterOptions } from './model.ts';
import { createNewFile, fillNewFile, syncFolderOf, takePlace, temporaryBeside } from './new-file.ts';
import type { NewFile } from './new-file.ts';
import { identityOf, isSameIdentity, isSameStamp, sourceOf } from './open-file.ts';
import { PatchedSource } from '../verifying/patched-source.ts';
import { applyPatches, openForPatching, withOldBytes } from './patch-file.ts';
import { expectedOf, planFile } from './plan-file.ts';
import type { PlannedFile } from './plan-file.ts';
import { itemsToText } from './raw-items.ts';
import type { WriterTools } from './tools.ts';

export interface WriteContext extends TagWriterOptions {
  readonly tools: WriterTools;
}

/** The library itself cannot be written, or a file could not be put back: nothing more is to be begun. */
export class MustStop extends Error {}

/**
 * Returns how it ended, which the journal says, too: null is written.
 * @throws MustStop
 */
export async function writeFile(
  context: WriteContext,
  write: FileWrite,
  policy: WritePolicy,
): Promise<WireError | null> {
  const { storage, holds } = context;
  if (holds.isHeld(write.trackId)) return settle(context, write, heldBack(write.path));
  let planned: PlannedFile | undefined;
  try {
    planned = await planFile(storage.database, context.tools, write, policy);
    if (planned.method === 'in-place') await writeInPlace(context, write, planned, policy);
    else if (planned.method === 'rewrite') await writeAnew(context, write, planned, policy);
    await finish(context, write, planned.located, planned.isKnown && planned.method !== 'nothing');
    return null;
  } catch (error) {
    if (error instanceof MustStop) throw error;
    const located = locateFile(storage.database, write);
    return settle(context, write, await explainFileError(error, write.path, located?.root ?? '/'));
  } finally {
    await planned?.file.close().catch(() => undefined);
  }
}

/** Plays: waits until it is released. */
class HeldBack extends AppError {}

function heldBack(path: string): AppError {
  return new HeldBack(
    'file-in-use',
    `${path} is loaded in the player. It is written as soon as that lets go of it.`,
  );
}

/** The file is as it was, and the journal says why. */
function settle(context: WriteContext, write: FileWrite, error: unknown): WireError {
  const problem = toWire(error);
  if (problem.code === 'internal')
    context.log.error({ err: error, path: write.path }, 'tags could not be written: a defect');
  const waits = error instanceof HeldBack;
  durably(context, () => {
    markUnwritten(context.storage.database, write.id, waits ? 'waiting' : 'failed', problem, context.clock());
    if (!waits) tellSettled(context, write, problem);
  });
  return problem;
}

function tellSettled(context: WriteContext, write: FileWrite, problem: WireError | null): void {
  context.settled?.({
    batchId: write.batchId,
    kind: write.kind,
    trackId: write.trackId,
    fields: write.fields.map(({ field }) => field),
    problem,
  });
}

/** @throws MustStop: what was done to files so far is in the journal, and is put in order at the next start */
function durably(context: WriteContext, work: () => void): void {
  try {
    context.storage.durably(work);
  } catch (error) {
    throw new MustStop('The journal cannot be written', { cause: error });
  }
}

async function writeInPlace(
  context: WriteContext,
  write: FileWrite,
  { plan, file, realPath, located, states }: PlannedFile,
  policy: WritePolicy,
): Promise<void> {
  const patches = await withOldBytes(file.source, plan.patches ?? []);
  const patched = new PatchedSource(file.source, plan.patches ?? []);
  await context.tools.verify(file.source, patched, write.fields.map(expectedOf), plan.changes);
  const inverse = await inverseOf(file.source, plan.pieces);
  const hash = createHash('sha256');
  for (const patch of patches) hash.update(patch.new);
  const target = await openForPatching(realPath);
  try {
    requireReleased(context, write, located);
    if (!isSameIdentity(target.identity, file.identity)) throw changedMeanwhile(located);
    begin(context, write, states, inverse, {
      realPath,
      temporary: null,
      before: { ...file.identity.stamp, inode: file.identity.node },
      sizeAfter: plan.sizeAfter,
      newRanges: patches.map((patch) => [patch.start, patch.new.length]),
      newHash: hash.digest(),
      patches,
    });
    try {
      await applyPatches(target, patches, 'new', policy.keepModifiedTime ? file.identity : null);
    } catch (error) {
      await applyPatches(target, patches, 'old', file.identity).catch((cause: unknown) => {
        throw new MustStop(`${realPath} could not be put back`, { cause });
      });
      throw error;
    }
  } finally {
    await target.close().catch(() => undefined);
  }
}

async function writeAnew(
  context: WriteContext,
  write: FileWrite,
  { plan, file, realPath, located, states }: PlannedFile,
  policy: WritePolicy,
): Promise<void> {
  const inverse = await inverseOf(file.source, plan.pieces);
  const temporary = temporaryBeside(realPath);
  let fresh: NewFile | undefined;
  try {
    // The name is in the journal before there is such a file: none is ever left that nobody knows.
    begin(context, write, states, inverse, {
      realPath,
      temporary,
      before: { ...file.identity.stamp, inode: file.identity.node },
      sizeAfter: plan.sizeAfter,
      ...newOf(plan.pieces),
      patches: [],
    });
    fresh = await createNewFile(temporary);
    const old = { path: realPath, identity: file.identity, source: file.source };
    await fillNewFile(fresh, old, plan.pieces, policy.keepModifiedTime);
    const { size } = await fresh.handle.stat();
    if (size !== plan.sizeAfter)
      throw new AppError('tags-not-verified', `The new file for ${located.path} has the wrong length.`);
    await context.tools.verify(
      file.source,
      sourceOf(fresh.handle, size),
      write.fields.map(expectedOf),
      plan.changes,
    );
    requireReleased(context, write, located);
    if (!isSameIdentity(identityOf(await stat(realPath, { bigint: true })), file.identity))
      throw changedMeanwhile(located);
    await file.close();
    await takePlace(fresh, realPath);
  } catch (error) {
    await fresh?.discard();
    throw error;
  }
  await syncFolderOf(realPath).catch((error: unknown) =>
    context.log.warn(
      { err: error, path: realPath },
      'the folder of a written file could not be synchronised',
    ),
  );
}

function requireReleased(context: WriteContext, write: FileWrite, located: LocatedFile): void {
  if (context.holds.isHeld(write.trackId)) throw heldBack(located.path);
}

function changedMeanwhile({ path }: LocatedFile): AppError {
  return new AppError(
    'file-changed',
    `${path} was changed by another program at this moment. It was left as that wrote it; scan its folder.`,
  );
}

function begin(
  context: WriteContext,
  write: FileWrite,
  states: PlannedFile['states'],
  inverse: StoredInverse | null,
  intent: WriteIntent,
): void {
  const oldItems = new Map(
    write.fields.map(({ id, field }) => [
      id,
      itemsToText(states.find((state) => state.field === field)?.items ?? []),
    ]),
  );
  durably(context, () =>
    beginFile(context.storage.database, write.id, intent, { oldItems, inverse, now: context.clock() }),
  );
}

function newOf(pieces: readonly Piece[]): Pick<WriteIntent, 'newRanges' | 'newHash'> {
  const newRanges: (readonly [number, number])[] = [];
  const hash = createHash('sha256');
  let at = 0;
  for (const piece of pieces) {
    if (piece.from === 'new') {
      newRanges.push([at, piece.bytes.length]);
      hash.update(piece.bytes);
    }
    at += pieceLength(piece);
  }
  return { newRanges, newHash: hash.digest() };
}

/**
 * The mark, and the track's row with it: the next scan finds the file that it knows, and the analysis stays, as the audio
 * is the same. Where the file was not the one that the library knew, the row is left to the scan.
 * @throws MustStop
 */
export async function finish(
  context: WriteContext,
  write: FileWrite,
  located: LocatedFile,
  isKnown: boolean,
): Promise<void> {
  const { storage } = context;
  const stats = await stat(located.path, { bigint: true }).catch(() => null);
  const stamp: FileStamp =
    stats === null
      ? { sizeBytes: located.sizeBytes, modifiedAt: located.modifiedAt, inode: null }
      : identityOf(stats).stamp;
  const reading = stats === null || !isKnown ? null : await context.readTags(located.path);
  durably(context, () => {
    const now = locateFile(storage.database, write);
    // A scan may have been here, or the track may have moved, while the tags were read.
    const isSame = now?.path === located.path && isSameStamp(now, located);
    if (reading !== null && reading.failure === null && isSame) {
      updateFile(storage.database, now.trackId, stamp, reading.tags, context.tagReaderVersion);
    }
    markWritten(storage.database, write, { now: context.clock(), path: located.path, stamp });
    tellSettled(context, write, null);
  });
  context.changed();
}
