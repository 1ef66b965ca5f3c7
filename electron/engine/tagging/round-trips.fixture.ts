/** For tests: random tags written into a file and undone, each step proven by the verifier. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { TagField, WritePolicy } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { openEditor } from './editing/editors.ts';
import type { EditPlan, FieldEdit, FieldState } from './editing/model.ts';
import { collect } from './editing/pieces.ts';
import { byteSource } from './test-files.fixture.ts';
import { PatchedSource } from './verifying/patched-source.ts';
import { verifyEdit } from './verifying/verify-edit.ts';

export interface Step {
  readonly fields: readonly { readonly field: TagField; readonly values: readonly string[] }[];
  readonly policy: WritePolicy;
}

const genres = [
  'House',
  'Deep House',
  'Drum & Bass',
  'Hip-Hop/Rap',
  'Électro',
  '電子音楽',
  'Techno (Peak Time)',
  '80s',
];
const name = fc.oneof(
  fc.constantFrom(...genres),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter((text) => !text.includes('\0') && text.trim() !== '')
    .map((text) => text.trim()),
);
const names = fc.uniqueArray(name, { maxLength: 3 });
const valuesOf: Readonly<Record<TagField, fc.Arbitrary<readonly string[]>>> = {
  genre: names,
  mood: names,
  grouping: fc.array(name, { maxLength: 1 }),
  bpm: fc.array(fc.integer({ min: 60, max: 200 }).map(String), { maxLength: 1 }),
  initialKey: fc.array(fc.constantFrom('8A', '12B', 'Am', 'F#m', 'Bb'), { maxLength: 1 }),
  energy: fc.array(fc.integer({ min: 1, max: 10 }).map(String), { maxLength: 1 }),
};
const policy: fc.Arbitrary<WritePolicy> = fc.record({
  joinWith: fc.constantFrom(null, null, '; ', ' / '),
  separator: fc.constantFrom('/', '; ', ', ', 'repeat'),
  secondaryTags: fc.constantFrom('in-step', 'leave'),
  keepModifiedTime: fc.boolean(),
  preferInPlace: fc.boolean(),
});

/** One to three writes, each of one to four fields. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    fields: fc
      .subarray([...(Object.keys(valuesOf) as TagField[])], { minLength: 1, maxLength: 4 })
      .chain((fields) =>
        fc.tuple(...fields.map((field) => valuesOf[field].map((values) => ({ field, values })))),
      ),
    policy,
  }),
  { minLength: 1, maxLength: 3 },
);

/** The same tags every time, unless more are asked for: a change is blamed for what it does, chance is for long runs. */
export const seeded: { readonly seed?: number } =
  process.env['CRATEWISE_ROUND_TRIPS'] === undefined ? { seed: 20_261_121 } : {};

interface Written {
  readonly bytes: Buffer;
  readonly plan: EditPlan;
  readonly states: readonly FieldState[];
}

/** Null: an editor refused the values, with a code. */
async function write(
  before: Uint8Array,
  edits: readonly FieldEdit[],
  expected: Step['fields'],
  { policy, wantedSize }: { readonly policy: WritePolicy; readonly wantedSize?: number },
): Promise<Written | null> {
  const source = byteSource(before);
  try {
    const editor = await openEditor(source);
    const states = await editor.read(edits.map(({ field }) => field));
    const plan = await editor.plan(edits, policy, wantedSize);
    const bytes = Buffer.from(await collect(source, plan.pieces));
    expect(bytes.length).toBe(plan.sizeAfter);
    if (plan.patches !== null) {
      const patched = new PatchedSource(source, plan.patches);
      expect(Buffer.compare(bytes, await patched.read(0, bytes.length))).toBe(0);
      await verifyEdit(source, patched, expected, plan.changes);
    } else await verifyEdit(source, byteSource(bytes), expected, plan.changes);
    return { bytes, plan, states };
  } catch (error) {
    if (error instanceof AppError && error.code === 'tags-unsupported') return null;
    throw error;
  }
}

/**
 * Writes all steps and undoes them, last first. Rejects where a step is not proven right, or the original does not
 * come back: every item, and every byte where all was written in place. Returns how many steps were written.
 */
export async function roundTrip(original: Uint8Array, all: readonly Step[]): Promise<number> {
  const done: { readonly before: Uint8Array; readonly written: Written; readonly step: Step }[] = [];
  let bytes: Uint8Array = original;
  for (const step of all) {
    const edits = step.fields.map((each): FieldEdit => ({ kind: 'set', ...each }));
    const written = await write(bytes, edits, step.fields, { policy: step.policy });
    if (written === null) continue;
    done.push({ before: bytes, written, step });
    bytes = written.bytes;
  }
  for (const { before, written, step } of done.toReversed()) {
    const edits = written.states.map(({ field, items }): FieldEdit => ({ kind: 'restore', field, items }));
    const undone = await write(bytes, edits, written.states, {
      policy: step.policy,
      wantedSize: before.length,
    });
    if (undone === null) throw new Error('An undo was refused.');
    // No field excepted: every item is as it was, in its place.
    await verifyEdit(byteSource(before), byteSource(undone.bytes), []);
    const wasExact = Buffer.compare(bytes, written.bytes) === 0;
    if (wasExact && written.plan.patches !== null) expect(Buffer.compare(undone.bytes, before)).toBe(0);
    bytes = undone.bytes;
  }
  return done.length;
}
