/** What a file says of the fields that are written, read as the editors read it: the word that counts when it is written. */
import { realpath } from 'node:fs/promises';
import { extname } from 'node:path';
import { proposedFields } from '#shared/domain.ts';
import type { ProposedField } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { openEditor } from './editing/editors.ts';
import { systemCode } from './writing/file-errors.ts';
import { openFile } from './writing/open-file.ts';
import { saySame } from './writing/raw-items.ts';

type Fields = Readonly<Record<ProposedField, readonly string[]>>;

/**
 * The fields as another reader of tags found them, but where an editor reads something else: music-metadata cannot read
 * some tags at all (unsynchronised v2.3, RF64), and drops what stands in the parentheses of a genre. What is shown and
 * what is proposed is then what stands in the file. Files that no editor takes keep what was found; so do values that
 * only lie in one text here and in several there. Rejects with what the file system throws.
 */
export async function correctFields(path: string, found: Fields): Promise<Fields> {
  const real = await realpath(path);
  const file = await openFile(real);
  try {
    const states = await (await openEditor(file.source, extname(real))).read(proposedFields);
    const read = new Map(states.map(({ field, values }) => [field, values]));
    const corrected = proposedFields.map((field) => {
      const values = read.get(field) ?? [];
      return [field, saySame(values, found[field]) ? found[field] : values] as const;
    });
    return Object.fromEntries(corrected) as Fields;
  } catch (error) {
    // Whatever an editor stumbles over is no reason to call a file unreadable that another reader can read.
    if (error instanceof AppError || systemCode(error) === '') return found;
    throw error;
  } finally {
    await file.close();
  }
}
