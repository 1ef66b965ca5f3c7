/** Puts in order what a crash left: looks at each file that was in hand, and finds out how far its write came. */
import { createHash } from 'node:crypto';
import { lstat, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError, toWire } from '#shared/errors.ts';
import {
  filesInHand,
  markUnresolved,
  markUnwritten,
  readBatchPolicy,
  readIntent,
} from '#engine/storage/library/tag-journal.ts';
import type { FileWrite, WriteIntent } from '#engine/storage/library/tag-journal.ts';
import { locateFile } from '#engine/storage/library/tag-journal-lists.ts';
import type { LocatedFile } from '#engine/storage/library/tag-journal-lists.ts';
import { explainFileError, systemCode } from './file-errors.ts';
import { isTemporaryName } from './new-file.ts';
import { identityOf, isSameStamp, openFile } from './open-file.ts';
import type { FileIdentity, OpenFile } from './open-file.ts';
import { applyPatches, openForPatching, patchState } from './patch-file.ts';
import { finish } from './write-file.ts';
import type { WriteContext } from './write-file.ts';

/** Files on a drive that is away stay in hand. Returns how many files were looked at, and how many stay. */
export async function recoverFiles(
  context: WriteContext,
): Promise<{ readonly resolved: number; readonly left: number }> {
  let resolved = 0;
  let left = 0;
  for (const write of filesInHand(context.storage.database)) {
    if (await recoverFile(context, write)) resolved += 1;
    else left += 1;
  }
  return { resolved, left };
}

/** False: nothing can be said of it now. */
async function recoverFile(context: WriteContext, write: FileWrite): Promise<boolean> {
  const intent = readIntent(context.storage.database, write.id);
  try {
    await (intent.temporary === null
      ? recoverInPlace(context, write, intent)
      : recoverAnew(context, write, intent, intent.temporary));
    return true;
  } catch (error) {
    const root = locateFile(context.storage.database, write)?.root ?? '/';
    const problem = await explainFileError(error, write.path, root);
    if (!(problem instanceof AppError)) throw error;
    if (systemCode(error) !== '' && problem.code !== 'file-not-found') {
      context.log.warn(
        { err: error, path: write.path },
        'a file that was being written cannot be looked at now',
      );
      return false;
    }
    if (intent.temporary !== null) await removeTemporary(intent.temporary);
    context.storage.durably(() =>
      markUnresolved(context.storage.database, write.id, toWire(problem), context.clock()),
    );
    return true;
  }
}

async function recoverInPlace(context: WriteContext, write: FileWrite, intent: WriteIntent): Promise<void> {
  const { file, path } = await openWherever(context, write, intent, openForPatching);
  try {
    const state = await patchState(file.source, intent.patches, intent.before.sizeBytes);
    if (state === 'other') throw otherFile(path);
    if (state === 'between') await applyPatches(file, intent.patches, 'old', timesOf(file, intent));
    if (state === 'new') {
      if (readBatchPolicy(context.storage.database, write.batchId)?.keepModifiedTime === true)
        await applyPatches(file, [], 'new', timesOf(file, intent));
      await finishFound(context, write, intent, path);
      return;
    }
    planAgain(context, write);
  } finally {
    await file.close();
  }
}

async function recoverAnew(
  context: WriteContext,
  write: FileWrite,
  intent: WriteIntent,
  temporary: string,
): Promise<void> {
  // A rename takes the name away.
  const isRenamed = (await lstat(temporary).catch(() => null)) === null;
  const { file, path } = await openWherever(context, write, intent, openFile);
  try {
    if (isRenamed && (await isNewFile(file, intent))) {
      await finishFound(context, write, intent, path);
      return;
    }
  } finally {
    await file.close();
  }
  await removeTemporary(temporary);
  planAgain(context, write);
}

/** Only what is ours for sure. */
async function removeTemporary(path: string): Promise<void> {
  const left = await lstat(path).catch(() => null);
  if (left?.isFile() === true && isTemporaryName(basename(path))) await rm(path, { force: true });
}

/** Not the old file, and the one that was made beside it rather than somebody else's. */
async function isNewFile(file: OpenFile, intent: WriteIntent): Promise<boolean> {
  if (file.source.size !== intent.sizeAfter || file.identity.node === intent.before.inode) return false;
  const hash = createHash('sha256');
  for (const [start, length] of intent.newRanges) hash.update(await file.source.read(start, length));
  return Buffer.compare(hash.digest(), intent.newHash) === 0;
}

/** Where it was written, else where the library knows it now. */
async function openWherever(
  context: WriteContext,
  write: FileWrite,
  intent: WriteIntent,
  open: (path: string) => Promise<OpenFile>,
): Promise<{ readonly file: OpenFile; readonly path: string }> {
  try {
    return { file: await open(intent.realPath), path: intent.realPath };
  } catch (error) {
    const located = locateFile(context.storage.database, write);
    if (systemCode(error) !== 'ENOENT' || located === undefined) throw error;
    return { file: await open(located.path), path: located.path };
  }
}

function timesOf(file: OpenFile, { before }: WriteIntent): FileIdentity {
  return { ...file.identity, modifiedNs: BigInt(Math.round(before.modifiedAt * 1000)) * 1000n };
}

async function finishFound(
  context: WriteContext,
  write: FileWrite,
  intent: WriteIntent,
  path: string,
): Promise<void> {
  const located = locateFile(context.storage.database, write) ?? (await locatedBy(write, path));
  await finish(context, write, located, isSameStamp(intent.before, located));
}

/** A file whose track was purged meanwhile. */
async function locatedBy(write: FileWrite, path: string): Promise<LocatedFile> {
  return {
    ...identityOf(await stat(path, { bigint: true })).stamp,
    trackId: write.trackId,
    path,
    root: '/',
    state: 'present',
    nameIsNoText: false,
    audioHash: write.audioHash,
  };
}

function planAgain(context: WriteContext, write: FileWrite): void {
  context.storage.durably(() =>
    markUnwritten(context.storage.database, write.id, 'planned', null, context.clock()),
  );
}

function otherFile(path: string): AppError {
  return new AppError(
    'file-changed',
    `${path} was being written when Cratewise ended, and another program has changed it since. It was left as it is; what stood in its tags before is kept in the journal.`,
  );
}
