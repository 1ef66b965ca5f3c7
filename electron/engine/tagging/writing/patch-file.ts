/** Overwrites bytes inside a file; the journal holds the old ones. */
import type { StoredPatch } from '#engine/storage/library/tag-journal.ts';
import { AppError } from '#shared/errors.ts';
import type { ByteSource, EditPlan } from '../editing/model.ts';
import { readExactly } from '../editing/pieces.ts';
import { keepModifiedTime } from './attributes.ts';
import { writeAll } from './new-file.ts';
import { openFile, sourceOf } from './open-file.ts';
import type { FileIdentity, OpenFile } from './open-file.ts';

/** The patches of a plan with the bytes that they replace. */
export async function withOldBytes(
  source: ByteSource,
  patches: NonNullable<EditPlan['patches']>,
): Promise<readonly StoredPatch[]> {
  const stored: StoredPatch[] = [];
  for (const { start, bytes } of patches)
    stored.push({ start, old: await readExactly(source, start, bytes.length), new: bytes });
  return stored;
}

/** What stands at the places of the patches. */
export type PatchState = 'old' | 'new' | 'between' | 'other';

/** 'between': each byte is either the old or the new one, as after a crash; 'other': somebody else wrote there. */
export async function patchState(
  source: ByteSource,
  patches: readonly StoredPatch[],
  size: number,
): Promise<PatchState> {
  if (source.size !== size) return 'other';
  let isOld = true;
  let isNew = true;
  for (const patch of patches) {
    const bytes = await readExactly(source, patch.start, patch.old.length);
    for (const [index, byte] of bytes.entries()) {
      const matchesOld = byte === patch.old[index];
      const matchesNew = byte === patch.new[index];
      if (!matchesOld && !matchesNew) return 'other';
      isOld &&= matchesOld;
      isNew &&= matchesNew;
    }
  }
  return isNew ? 'new' : isOld ? 'old' : 'between';
}

/**
 * Writes the new bytes (or the old ones again), waits until the disk has them, and reads them back.
 * `identity`: the file gets this time of modification.
 * @throws AppError tags-not-verified when the disk gives back something else, and what the file system throws
 */
export async function applyPatches(
  file: OpenFile,
  patches: readonly StoredPatch[],
  which: 'old' | 'new',
  identity: FileIdentity | null,
): Promise<void> {
  for (const patch of patches) await writeAll(file.handle, patch[which], patch.start);
  if (identity !== null) await keepModifiedTime(file.handle, identity);
  await file.handle.sync();
  const source = sourceOf(file.handle, file.source.size);
  for (const patch of patches) {
    const bytes = await source.read(patch.start, patch.old.length);
    if (Buffer.compare(bytes, patch[which]) !== 0)
      throw new AppError(
        'tags-not-verified',
        'The disk does not give back what was written to it. Check it.',
      );
  }
}

export function openForPatching(path: string): Promise<OpenFile> {
  return openFile(path, 'r+');
}
