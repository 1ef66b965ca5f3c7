/** What holds for every file that an editor of ID3, APE and RIFF tags takes: made-up values, made-up damage. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tagFields } from '#shared/domain.ts';
import type { WritePolicy } from '#shared/domain.ts';
import { testFiles } from '../test-files.fixture.ts';
import {
  edited,
  editedAfterDamage,
  plainPolicy,
  restoring,
  setTo,
  someEdits,
  sourceOf,
} from './editors.fixture.ts';
import { openEditor } from './editors.ts';

const files = (await testFiles()).filter(({ name }) => /^(mp3|wav|aiff|wavpack|ape) /.test(name));
const taken = files.filter(({ refused }) => refused === undefined);

/**
 * Files whose size does not tell where every byte of padding was: a tag of odd size in a chunk, a last chunk without
 * its zero, two tags that can both have grown. There undo gives back all tags, and another byte of padding at most.
 */
const withLoosePadding = new Set([
  'wav odd last chunk without its zero',
  'aiff id3v2.2 before the sound, of an odd size',
  'aiff AIFC',
  'mp3 two id3v2 tags',
]);

const policies: fc.Arbitrary<WritePolicy> = fc.record({
  joinWith: fc.constantFrom(null, '; '),
  separator: fc.constantFrom('/', '; ', ', ', 'repeat'),
  secondaryTags: fc.constantFrom('in-step', 'leave'),
  keepModifiedTime: fc.boolean(),
  preferInPlace: fc.boolean(),
});

async function states(bytes: Uint8Array) {
  return (await (await openEditor(sourceOf(bytes))).read(tagFields)).map(({ field, values, items }) => ({
    field,
    values,
    items: items.map(({ tag, tagIndex, key, position, bytes: raw }) => [
      tag,
      tagIndex,
      key,
      position,
      Buffer.from(raw).toString('hex'),
    ]),
  }));
}

describe('splicing', () => {
  it.each(files.filter(({ refused }) => refused !== undefined))(
    'refuses $name',
    async ({ bytes, refused }) => {
      await expect(openEditor(sourceOf(bytes))).rejects.toMatchObject({ code: refused });
    },
  );

  it.each(taken)('gives every byte back: $name', async ({ name, bytes }) => {
    const before = await states(bytes);
    const property = fc.asyncProperty(someEdits(tagFields), policies, async (edits, policy) => {
      let written;
      try {
        written = await edited(openEditor, bytes, edits, policy);
      } catch (error) {
        // Values that this format cannot take: letters, or a genre that would be read as a number.
        expect(error).toMatchObject({ code: 'tags-unsupported' });
        return;
      }
      const undo = await restoring(openEditor, bytes, tagFields);
      const back = await edited(openEditor, written.bytes, undo, policy, bytes.length);
      expect(await states(back.bytes)).toEqual(before);
      if (!withLoosePadding.has(name)) expect(back.bytes.equals(bytes)).toBe(true);
      // What was written is what is there: writing it again changes nothing.
      const again = await edited(openEditor, written.bytes, edits, policy);
      expect(again.plan.changes).toEqual([]);
      expect(again.plan.patches).toEqual([]);
    });
    await fc.assert(property, { numRuns: 25 });
  });

  it.each(taken)('refuses damage, or keeps what it does not edit: $name', async ({ name, bytes }) => {
    // Where headers, frames and chunks are: the beginning and the end.
    const place = fc.oneof(
      fc.integer({ min: 0, max: Math.min(400, bytes.length - 1) }),
      fc.integer({ min: Math.max(0, bytes.length - 400), max: bytes.length - 1 }),
      fc.integer({ min: 0, max: bytes.length - 1 }),
    );
    const damage = fc.array(fc.record({ at: place, byte: fc.integer({ min: 0, max: 255 }) }), {
      minLength: 1,
      maxLength: 4,
    });
    const edits = [setTo('genre', 'Deep House', 'Garage'), setTo('mood', 'warm'), setTo('bpm', '128')];
    const property = fc.asyncProperty(damage, async (places) => {
      const result = await editedAfterDamage(openEditor, bytes, places, edits);
      if (result === null) return;
      const undo = await restoring(openEditor, result.before, ['genre', 'mood', 'bpm']);
      let back;
      try {
        back = await edited(openEditor, result.bytes, undo, plainPolicy, result.before.length);
      } catch (error) {
        // Frames that only damage made readable do not fit what has been written instead of them.
        expect(error).toMatchObject({ code: 'tags-unsupported' });
        return;
      }
      if (!withLoosePadding.has(name)) expect(back.bytes.equals(result.before)).toBe(true);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
