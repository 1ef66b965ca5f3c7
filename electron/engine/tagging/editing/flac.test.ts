import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, noise, u32le, zeros } from '../fixtures/bytes.fixture.ts';
import { flacBlocks, flacFiles, vorbisComment, type FlacBlock } from '../fixtures/flac.fixture.ts';
import {
  applied,
  edited,
  editedAfterDamage,
  plainPolicy,
  restoring,
  setTo,
  someEdits,
  sourceOf,
  valuesOf,
} from './editors.fixture.ts';
import { openEditor } from './editors.ts';

const info: FlacBlock = { type: 0, content: noise(34, 1) };
const frames = bytesOf(0xff, 0xf8, noise(300, 2));
const padding = (size: number): FlacBlock => ({ type: 1, content: zeros(size) });
const comments = (...list: readonly (string | Uint8Array)[]): FlacBlock => ({
  type: 4,
  content: vorbisComment(list, 'me'),
});
const flac = (...blocks: readonly FlacBlock[]): Buffer => bytesOf(flacBlocks([info, ...blocks]), frames);

/** Type and content of each block. */
function blocksOf(bytes: Buffer): readonly FlacBlock[] {
  const blocks: FlacBlock[] = [];
  let at = bytes.indexOf('fLaC') + 4;
  for (let last = false; !last;) {
    last = (bytes[at]! & 0x80) !== 0;
    const length = bytes.readUIntBE(at + 1, 3);
    blocks.push({ type: bytes[at]! & 0x7f, content: bytes.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  expect(bytes.subarray(at, at + frames.length)).toEqual(frames);
  return blocks;
}

describe('values', () => {
  test('a key keeps its place, its spelling, and is repeated for several values', async () => {
    const file = flac(comments('ARTIST=A', 'Genre=House', 'TITLE=T', 'GENRE=Deep'), padding(200));
    expect(await valuesOf(openEditor, file, 'genre')).toEqual(['House', 'Deep']);
    const { bytes, plan } = await edited(openEditor, file, [setTo('genre', 'Techno', 'Deep', 'Dub')]);
    expect(bytes).toEqual(
      flac(comments('ARTIST=A', 'Genre=Techno', 'TITLE=T', 'GENRE=Deep', 'GENRE=Dub'), padding(200 - 14)),
    );
    expect(plan.changes).toEqual([
      { tag: 'Vorbis comment', key: 'Genre', change: 'changed', before: 'House', after: 'Techno' },
      { tag: 'Vorbis comment', key: 'Genre', change: 'added', before: null, after: 'Dub' },
    ]);
    expect(plan).toMatchObject({ keptItems: 1 + 3, audioBytes: frames.length, sizeAfter: file.length });
    expect(plan.patches).not.toBeNull();
  });

  test('synonyms that stand there are all set, none is added beside them', async () => {
    const file = flac(comments('TEMPO=120', 'key=Am', 'INITIALKEY=8A'), padding(50));
    const { bytes } = await edited(openEditor, file, [setTo('bpm', '121'), setTo('initialKey', '9A')]);
    expect(bytes).toEqual(flac(comments('TEMPO=121', 'key=9A', 'INITIALKEY=9A'), padding(50)));
  });

  test('joined with what the policy says', async () => {
    const file = flac(comments(), padding(50));
    const joined = { ...plainPolicy, joinWith: '; ' };
    const { bytes } = await edited(openEditor, file, [setTo('mood', 'dark', 'warm')], joined);
    expect(bytes).toEqual(flac(comments('MOOD=dark; warm'), padding(50 - 19)));
  });

  test('what is no comment by the specification stays as it is', async () => {
    const odd = [bytesOf('ARTIST=Bj', 0xf6, 'rk'), 'no equals sign', '=no key', bytesOf('GENR', 0xc9, '=x')];
    const file = flac(comments(...odd, 'GENRE=x'), padding(50));
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'y')]);
    expect(bytes).toEqual(flac(comments(...odd, 'GENRE=y'), padding(50)));
  });

  test('a value that no tag can hold is refused', async () => {
    const file = flac(comments());
    for (const value of ['', 'a\0b', '\ud800'])
      await expect(edited(openEditor, file, [setTo('genre', value)])).rejects.toMatchObject({
        code: 'tags-unsupported',
      });
  });

  test('what is there already changes nothing', async () => {
    const file = flac(comments('genre=x'), padding(9));
    const { plan } = await edited(openEditor, file, [setTo('genre', 'x'), setTo('mood')]);
    expect(plan).toMatchObject({ patches: [], changes: [], sizeAfter: file.length });
  });
});

describe('room', () => {
  const longer = setTo('genre', 'House, and more of it');

  test.each([
    ['padding that is used up to the last byte goes', 20 - 4, []],
    ['padding too small by one byte: new padding', 20 - 5, [padding(4096)]],
    ['padding that would leave less than a header: new padding', 20 - 1, [padding(4096)]],
    ['padding that just stays, empty', 20, [padding(0)]],
  ])('%s', async (_, size, after) => {
    const file = flac(comments('GENRE=x'), padding(size));
    const { bytes } = await edited(openEditor, file, [longer]);
    expect(blocksOf(bytes).filter(({ type }) => type === 1)).toEqual(after);
  });

  test('undo with the size the file had gives back every byte, although it had grown', async () => {
    for (const file of [flac(comments('GENRE=x')), flac(comments('GENRE=x'), padding(7)), flac()]) {
      const { bytes, plan } = await edited(openEditor, file, [longer]);
      expect(plan.patches).toBeNull();
      const undo = await restoring(openEditor, file, ['genre']);
      expect((await edited(openEditor, bytes, undo, plainPolicy, file.length)).bytes).toEqual(file);
    }
  });

  test('shorter comments without padding: padding takes the room, and undo takes it back', async () => {
    const file = flac(comments('GENRE=A very long genre'), { type: 6, content: noise(100, 3) });
    const { bytes, plan } = await edited(openEditor, file, [setTo('genre')]);
    expect(plan.patches).not.toBeNull();
    expect(blocksOf(bytes).map(({ type }) => type)).toEqual([0, 4, 6, 1]);
    const undo = await restoring(openEditor, file, ['genre']);
    expect((await edited(openEditor, bytes, undo)).bytes).toEqual(file);
  });

  test('padding that holds something is nobody’s room', async () => {
    const file = flac(comments('GENRE=x'), { type: 1, content: noise(60, 3) });
    const { bytes } = await edited(openEditor, file, [longer]);
    expect(blocksOf(bytes)).toContainEqual({ type: 1, content: noise(60, 3) });
    expect(blocksOf(bytes).at(-1)).toEqual(padding(4096));
  });

  test('over 16 MB of comments are refused', async () => {
    const file = flac(comments(`LYRICS=${'x'.repeat(0xffffff - 40)}`));
    await expect(edited(openEditor, file, [longer])).rejects.toMatchObject({ code: 'tags-unsupported' });
  });
});

describe('damage', () => {
  test.each([
    ['two blocks of comments', flac(comments('GENRE=x'), comments('GENRE=y'))],
    ['no description', bytesOf(flacBlocks([comments()]), frames)],
    ['no frame behind the blocks', bytesOf(flacBlocks([info, comments()]), noise(40, 4))],
    ['a list without an end', bytesOf('fLaC', 0, 0, 0, 34, zeros(34), zeros(40_000))],
    ['more comments than bytes', flac({ type: 4, content: bytesOf(u32le(0), u32le(0xffff_ffff)) })],
    ['cut', flac(comments('GENRE=x')).subarray(0, 60)],
    ['a forbidden block', flac({ type: 127, content: zeros(4) })],
  ])('%s: refused', async (_, file) => {
    await expect(edited(openEditor, file, [setTo('genre', 'x')])).rejects.toMatchObject({
      code: 'tags-damaged',
    });
  });

  test('single wrong bytes anywhere: refused, or everything else stays', async () => {
    const file = flac(
      comments('TITLE=t', 'GENRE=x', 'ARTIST=a'),
      { type: 6, content: noise(30, 5) },
      padding(40),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.nat(file.length - frames.length - 1), byte: fc.nat(255) }), {
          maxLength: 3,
        }),
        async (damage) => {
          const edit = setTo('genre', 'yy');
          const result = await editedAfterDamage(openEditor, file, damage, [edit]);
          if (result === null) return;
          expect(await valuesOf(openEditor, result.bytes, 'genre')).toEqual(['yy']);
          const rest = (bytes: Buffer): readonly FlacBlock[] =>
            blocksOf(bytes).filter(
              ({ type, content }) => type !== 4 && !(type === 1 && content.every((b) => b === 0)),
            );
          expect(rest(result.bytes)).toEqual(rest(result.before));
        },
      ),
      { numRuns: 400 },
    );
  });
});

const fixtures = (await flacFiles()).filter(({ refused }) => refused === undefined);

test.each(fixtures)('$name: set and undone, with the size it had, every byte is back', async (file) => {
  const fields = ['genre', 'mood', 'grouping', 'bpm', 'initialKey', 'energy'] as const;
  await fc.assert(
    fc.asyncProperty(someEdits(fields), async (edits) => {
      const { bytes } = await edited(openEditor, file.bytes, edits);
      for (const edit of edits)
        if (edit.kind === 'set') expect(await valuesOf(openEditor, bytes, edit.field)).toEqual(edit.values);
      const undo = await restoring(openEditor, file.bytes, fields);
      const editor = await openEditor(sourceOf(bytes));
      const plan = await editor.plan(undo, plainPolicy, file.bytes.length);
      expect((await applied(bytes, plan)).equals(file.bytes)).toBe(true);
    }),
    { numRuns: 15 },
  );
});
