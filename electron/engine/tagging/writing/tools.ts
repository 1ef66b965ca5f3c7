/** The editors and the verifier as the writer uses them; a test gives it worse ones. */
import type { TagItemChange } from '#shared/domain.ts';
import { openEditor } from '../editing/editors.ts';
import type { ByteSource, TagEditor } from '../editing/model.ts';
import { verifyEdit } from '../verifying/verify-edit.ts';
import type { ExpectedField } from '../verifying/verify-edit.ts';

export interface WriterTools {
  openEditor(source: ByteSource, extension: string): Promise<TagEditor>;
  /** @throws AppError tags-not-verified */
  verify(
    before: ByteSource,
    after: ByteSource,
    expected: readonly ExpectedField[],
    approved?: readonly TagItemChange[],
  ): Promise<void>;
}

export const realTools: WriterTools = { openEditor, verify: verifyEdit };
