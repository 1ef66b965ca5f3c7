/**
 * Where a file does not say what was reviewed although it is the one that the library read, the library's reader was
 * mistaken (music-metadata cannot read some tags that the editors can): then what the editor reads counts, and what was
 * proposed is worked out again.
 */
import { realpath } from 'node:fs/promises';
import { extname } from 'node:path';
import { proposedFields } from '#shared/domain.ts';
import type { ProposedField, TrackId } from '#shared/domain.ts';
import { locateFile } from '#engine/storage/library/tag-journal-lists.ts';
import { setFieldTags } from '#engine/storage/library/tag-proposals.ts';
import type { Storage } from '#engine/storage/open.ts';
import { openEditor } from './editing/editors.ts';
import type { FieldState } from './editing/model.ts';
import { isSameStamp, openFile } from './writing/open-file.ts';

/** As the library's reader keeps of a field. */
const MOST_VALUES = 50;

/** Rejects with what the editor or the file system throws; a file that has changed is left to the scan. */
export async function lookAgain({ database, write }: Storage, trackId: TrackId): Promise<void> {
  const before = locateFile(database, { trackId, audioHash: null, path: '' });
  if (before === undefined) return;
  const real = await realpath(before.path);
  const file = await openFile(real);
  let states: readonly FieldState[];
  try {
    if (!isSameStamp(file.identity.stamp, before)) return;
    states = await (await openEditor(file.source, extname(real))).read(proposedFields);
  } finally {
    await file.close();
  }
  write(() => {
    const now = locateFile(database, { trackId, audioHash: null, path: '' });
    if (now === undefined || now.path !== before.path || !isSameStamp(now, before)) return;
    for (const { field, values } of states)
      setFieldTags(database, trackId, field as ProposedField, values.slice(0, MOST_VALUES));
  });
}
