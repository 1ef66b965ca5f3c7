/** For tests of editors: files in memory, what comes out of a plan, and damage done by dice. */
import fc from 'fast-check';
import type { TagField, WritePolicy } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { ByteSource, EditPlan, FieldEdit, TagEditor } from './model.ts';
import { collect } from './pieces.ts';

/** A file that lies in memory. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (start, length) => Promise.resolve(Uint8Array.from(bytes.subarray(start, start + length))),
  };
}

export const plainPolicy: WritePolicy = {
  joinWith: null,
  separator: '/',
  secondaryTags: 'in-step',
  keepModifiedTime: false,
  preferInPlace: true,
};

export function setTo(field: TagField, ...values: readonly string[]): FieldEdit {
  return { kind: 'set', field, values };
}

/** The new file, made of the pieces and, where there are patches, of the patches as well: both have to agree. */
export async function applied(bytes: Uint8Array, plan: EditPlan): Promise<Buffer> {
  const whole = Buffer.from(await collect(sourceOf(bytes), plan.pieces));
  if (whole.length !== plan.sizeAfter) throw new Error('The plan is wrong about the size.');
  if (plan.patches !== null) {
    const patched = Buffer.from(bytes);
    for (const patch of plan.patches) patched.set(patch.bytes, patch.start);
    if (!patched.equals(whole)) throw new Error('Patches and pieces make different files.');
  }
  return whole;
}

export type Opener = (source: ByteSource) => Promise<TagEditor>;

export interface Edited {
  readonly bytes: Buffer;
  readonly plan: EditPlan;
}

export async function edited(
  open: Opener,
  bytes: Uint8Array,
  edits: readonly FieldEdit[],
  policy: WritePolicy = plainPolicy,
  wantedSize?: number,
): Promise<Edited> {
  const editor = await open(sourceOf(bytes));
  const plan = await editor.plan(edits, policy, wantedSize);
  return { bytes: await applied(bytes, plan), plan };
}

/** The values of one field, as the editor reads them. */
export async function valuesOf(open: Opener, bytes: Uint8Array, field: TagField): Promise<readonly string[]> {
  const [state] = await (await open(sourceOf(bytes))).read([field]);
  return state?.values ?? [];
}

/** What undo asks for: the items of these fields as they stand in this file. */
export async function restoring(
  open: Opener,
  bytes: Uint8Array,
  fields: readonly TagField[],
): Promise<readonly FieldEdit[]> {
  const states = await (await open(sourceOf(bytes))).read(fields);
  return states.map(({ field, items }) => ({ kind: 'restore', field, items }));
}

/** Sets of values for some fields, tempo and energy as numbers. */
export function someEdits(fields: readonly TagField[]): fc.Arbitrary<readonly FieldEdit[]> {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .filter((value) => !value.includes('\0'));
  const number = fc.integer({ min: 1, max: 999 }).map(String);
  return fc
    .subarray([...fields], { minLength: 1 })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((field) =>
          fc
            .array(field === 'bpm' ? number : text, { maxLength: field === 'bpm' ? 1 : 4 })
            .map((values): FieldEdit => ({ kind: 'set', field, values })),
        ),
      ),
    );
}

/**
 * Changes single bytes at the given places and tries to edit. What is neither refused with a code nor done is an
 * error: the result is null where the file was refused.
 */
export async function editedAfterDamage(
  open: Opener,
  bytes: Uint8Array,
  damage: readonly { readonly at: number; readonly byte: number }[],
  edits: readonly FieldEdit[],
): Promise<(Edited & { readonly before: Buffer }) | null> {
  const before = Buffer.from(bytes);
  for (const { at, byte } of damage) before[at % before.length] = byte;
  try {
    return { ...(await edited(open, before, edits)), before };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
