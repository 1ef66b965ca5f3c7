import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, noise, u16be, zeros } from '../fixtures/bytes.fixture.ts';
import { flacBlocks, vorbisComment } from '../fixtures/flac.fixture.ts';
import { oggFiles, oggPageBytes, oggPages, oggStream, type OggPage } from '../fixtures/ogg.fixture.ts';
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
import { readPage } from './ogg-pages.ts';

/** All packets with the page flags and times that belong to them, whatever pages they lie on. */
function packetsOf(bytes: Buffer): readonly string[] {
  const packets: string[] = [];
  let open = '';
  for (const page of oggPages(bytes)) {
    let at = 0;
    for (const size of page.lacing) {
      open += Buffer.from(page.body.subarray(at, at + size)).toString('hex');
      at += size;
      if (size === 255) continue;
      packets.push(`${page.serial} ${page.granule} ${page.flags & 6} ${open}`);
      open = '';
    }
  }
  return packets;
}

const withoutComments = (bytes: Buffer): readonly string[] =>
  packetsOf(bytes).filter((_, index) => index !== 1);

/** Every page is whole, in order, and has the right checksum. */
async function expectSound(bytes: Buffer): Promise<void> {
  const numbers = new Map<number, number>();
  for (let at = 0; at < bytes.length;) {
    const page = await readPage(sourceOf(bytes), at);
    expect(page.sequence).toBe((numbers.get(page.serial) ?? -1) + 1);
    numbers.set(page.serial, page.sequence);
    at = page.end;
  }
}

let small: Buffer;
beforeAll(async () => {
  small = await oggStream({ kind: 'vorbis', comments: ['TITLE=t', 'Genre=House'] });
});

test('the page that the comments share with the set-up is cut again, all others keep every byte', async () => {
  const { bytes, plan } = await edited(openEditor, small, [setTo('genre', 'Techno', 'Dub')]);
  expect(plan.patches).toBeNull();
  expect(plan.changes).toEqual([
    { tag: 'Vorbis comment', key: 'Genre', change: 'changed', before: 'House', after: 'Techno' },
    { tag: 'Vorbis comment', key: 'Genre', change: 'added', before: null, after: 'Dub' },
  ]);
  await expectSound(bytes);
  expect(withoutComments(bytes)).toEqual(withoutComments(small));
  const [before, after] = [oggPages(small), oggPages(bytes)];
  expect(after.length).toBe(before.length);
  expect([after[0], ...after.slice(2)]).toEqual([before[0], ...before.slice(2)]);
});

test('the same length: only the comment and the checksum are overwritten', async () => {
  const { plan } = await edited(openEditor, small, [setTo('genre', 'Trash')]);
  expect(plan.patches).toHaveLength(1);
  expect(plan.patches?.[0]?.bytes.length).toBeLessThan(150);
});

test('comments that need another page: all later pages get new numbers, no packet changes', async () => {
  // Comments and set-up fill their page to the last segment.
  const setup = Buffer.from(packetsOf(small)[2]!.split(' ')[3]!, 'hex');
  const rest = 255 * 255 - Math.ceil((setup.length + 1) / 255) * 255;
  const cover = `COVER=${'x'.repeat(rest - 150)}`;
  const full = await oggStream({ kind: 'vorbis', comments: [cover, 'GENRE=x'] });
  expect(oggPages(full)[1]?.lacing.length).toBe(255);
  const chained = bytesOf(full, await oggStream({ kind: 'opus', comments: ['GENRE=y'], serial: 7 }));
  const value = 'long '.repeat(100);
  const { bytes, plan } = await edited(openEditor, chained, [setTo('genre', value)]);
  expect(plan.changes.at(-1)).toEqual({
    tag: 'Ogg',
    key: 'page numbers',
    change: 'changed',
    before: 'from 2',
    after: 'from 3',
  });
  await expectSound(bytes);
  expect(withoutComments(bytes)).toEqual(withoutComments(chained));
  expect(oggPages(bytes).length).toBe(oggPages(chained).length + 1);
  expect(await valuesOf(openEditor, bytes, 'genre')).toEqual([value]);
});

test('sound that begins on the page of the headers, as some old encoders left it, stays there', async () => {
  const [first, headers, sound, ...rest] = oggPages(small) as [OggPage, OggPage, OggPage, ...OggPage[]];
  const end = sound.lacing.findIndex((size) => size < 255) + 1;
  const bytesOfFirst = sound.lacing.subarray(0, end).reduce((total, size) => total + size, 0);
  const mixed: OggPage = {
    ...headers,
    granule: 64,
    lacing: bytesOf(headers.lacing, sound.lacing.subarray(0, end)),
    body: bytesOf(headers.body, sound.body.subarray(0, bytesOfFirst)),
  };
  const shorter = { ...sound, lacing: sound.lacing.subarray(end), body: sound.body.subarray(bytesOfFirst) };
  const file = Buffer.concat([first, mixed, shorter, ...rest].map(oggPageBytes));
  const { bytes } = await edited(openEditor, file, [setTo('genre', 'x'.repeat(700))]);
  await expectSound(bytes);
  expect(withoutComments(bytes)).toEqual(withoutComments(file));
  const undo = await restoring(openEditor, file, ['genre']);
  expect((await edited(openEditor, bytes, undo)).bytes).toEqual(file);
});

test('much shorter comments: pages go, and the numbers move back', async () => {
  const file = await oggStream({ kind: 'opus', comments: [`GENRE=${'x'.repeat(5000)}`, 'A=b'], segments: 1 });
  const noPadding = bytesOf(file);
  const { bytes } = await edited(openEditor, noPadding, [setTo('genre')], plainPolicy, 1);
  expect(withoutComments(bytes)).toEqual(withoutComments(noPadding));
  await expectSound(bytes);
});

describe('Opus', () => {
  test('zeros behind the comments are room: written in place, and undone', async () => {
    const file = await oggStream({ kind: 'opus', comments: ['GENRE=x'], rest: zeros(300) });
    const { bytes, plan } = await edited(openEditor, file, [setTo('genre', 'y'.repeat(280))]);
    expect(plan.patches).not.toBeNull();
    const undo = await restoring(openEditor, file, ['genre']);
    expect((await edited(openEditor, bytes, undo)).bytes).toEqual(file);
  });

  test('shorter again after the file had grown: the wanted size takes away the padding that was left', async () => {
    for (const rest of [zeros(0), zeros(2), zeros(600)]) {
      const file = await oggStream({ kind: 'opus', comments: ['GENRE=x'], rest });
      const grown = await edited(openEditor, file, [setTo('genre', 'y'.repeat(1800))]);
      const shorter = await edited(openEditor, grown.bytes, [setTo('genre', 'z'.repeat(900))]);
      expect(shorter.plan.patches).not.toBeNull();
      const undo = await restoring(openEditor, file, ['genre']);
      const back = await edited(openEditor, shorter.bytes, undo, plainPolicy, file.length);
      expect(back.bytes).toEqual(file);
    }
  });

  test('data of other programs behind the comments stays', async () => {
    const rest = bytesOf(1, noise(90, 3));
    const file = await oggStream({ kind: 'opus', comments: ['GENRE=x'], rest });
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'yy')]);
    expect(packetsOf(bytes)[1]).toContain(vorbisComment(['GENRE=yy']).toString('hex') + rest.toString('hex'));
  });
});

test('zeros that mutagen left behind the framing bit of Vorbis are room', async () => {
  const [first, second, ...others] = oggPages(
    await oggStream({ kind: 'vorbis', comments: [], layout: 'own' }),
  );
  const packet = bytesOf(3, 'vorbis', vorbisComment(['GENRE=x']), 1, zeros(100));
  const page: OggPage = { ...second!, lacing: Uint8Array.of(packet.length), body: packet };
  const file = Buffer.concat([first!, page, ...others].map(oggPageBytes));
  const { bytes, plan } = await edited(openEditor, file, [setTo('genre', 'Drum & Bass')]);
  expect(plan.patches).toHaveLength(1);
  expect(bytes.length).toBe(file.length);
  const undo = await restoring(openEditor, file, ['genre']);
  expect((await edited(openEditor, bytes, undo)).bytes).toEqual(file);
});

describe('Ogg FLAC', () => {
  const page = (sequence: number, flags: number, body: Buffer): Buffer =>
    oggPageBytes({ serial: 9, sequence, granule: 0, flags, lacing: Uint8Array.of(body.length), body });
  const comments = (...list: string[]): Buffer => {
    const content = vorbisComment(list);
    return bytesOf(4, 0, u16be(content.length), content);
  };
  const file = (second: Buffer): Buffer =>
    bytesOf(
      page(0, 2, bytesOf('\x7fFLAC', 1, 0, u16be(2), flacBlocks([{ type: 0, content: noise(34, 1) }]))),
      page(1, 0, second),
      page(2, 0, bytesOf(0x86, 0, u16be(50), noise(50, 2))),
      page(3, 4, noise(200, 3)),
    );

  test('the block that is its second packet is written', async () => {
    const { bytes, plan } = await edited(openEditor, file(comments('GENRE=x')), [setTo('genre', 'Dub')]);
    expect(bytes).toEqual(file(comments('GENRE=Dub')));
    expect(plan.patches).toBeNull();
  });

  test('another block in its place is refused', async () => {
    await expect(edited(openEditor, file(bytesOf(1, 0, u16be(20), zeros(20))), [])).rejects.toMatchObject({
      code: 'tags-damaged',
    });
  });
});

describe('refused', () => {
  const changed = (at: number, change: Partial<OggPage>): Buffer =>
    Buffer.concat(
      oggPages(small).map((page, index) => oggPageBytes(index === at ? { ...page, ...change } : page)),
    );

  test.each([
    ['a page that is missing', () => changed(1, { sequence: 2 }), 'tags-damaged'],
    ['another stream among the comments', () => changed(1, { serial: 2 }), 'tags-damaged'],
    ['a second stream', () => changed(1, { serial: 2, flags: 2 }), 'tags-unsupported'],
    ['the middle of a stream', () => changed(0, { flags: 0 }), 'tags-damaged'],
    ['comments that go on from nowhere', () => changed(1, { flags: 1 }), 'tags-damaged'],
    ['an empty page', () => changed(1, { lacing: new Uint8Array(0), body: Buffer.alloc(0) }), 'tags-damaged'],
    ['Speex', () => changed(0, { body: bytesOf('Speex   ', zeros(22)) }), 'tags-unsupported'],
    ['video', () => changed(0, { body: bytesOf('\x80theora', zeros(23)) }), 'tags-unsupported'],
    ['a codec nobody knows', () => changed(0, { body: zeros(30) }), 'tags-unsupported'],
    ['a wrong checksum', () => small.with(60, 1) as Buffer, 'tags-damaged'],
    ['cut', () => small.subarray(0, 100), 'tags-damaged'],
  ])('%s', async (_, file, code) => {
    await expect(edited(openEditor, file(), [setTo('genre', 'x')])).rejects.toMatchObject({ code });
  });

  test('junk in the sound, when its pages would need new numbers', async () => {
    const full = await oggStream({ kind: 'opus', comments: [`A=${'x'.repeat(64_700)}`, 'GENRE=x'] });
    const pages = oggPages(full);
    const broken = bytesOf(
      ...pages.slice(0, 2).map(oggPageBytes),
      'junk',
      ...pages.slice(2).map(oggPageBytes),
    );
    const long = setTo('genre', 'y'.repeat(900));
    await expect(edited(openEditor, broken, [long])).rejects.toMatchObject({ code: 'tags-damaged' });
    const { bytes } = await edited(openEditor, broken, [setTo('genre', 'yy')]);
    expect(bytes.subarray(-2000)).toEqual(broken.subarray(-2000));
  });
});

test('single wrong bytes anywhere in the headers: refused, or everything else stays', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(400), byte: fc.nat(255) }), { maxLength: 3 }),
      fc.boolean(),
      async (damage, mend) => {
        const file = Buffer.from(small);
        for (const { at, byte } of mend ? damage : []) if (at < 26 || at > 58) file[at] = byte;
        // Half of them with checksums that are right again, so that more than those is tested.
        let mended = file;
        try {
          mended = Buffer.concat(oggPages(file).map(oggPageBytes));
        } catch {
          // The pages cannot be told apart any more.
        }
        const result = await editedAfterDamage(openEditor, mended, mend ? [] : damage, [
          setTo('genre', 'yy'),
        ]);
        if (result === null) return;
        expect(await valuesOf(openEditor, result.bytes, 'genre')).toEqual(['yy']);
        expect(withoutComments(result.bytes)).toEqual(withoutComments(result.before));
      },
    ),
    { numRuns: 300 },
  );
});

const fixtures = (await oggFiles()).filter(({ refused }) => refused === undefined);

test.each(fixtures)('$name: set, packets are the same, and undone every byte is back', async (file) => {
  const fields = ['genre', 'mood', 'grouping', 'bpm', 'initialKey', 'energy'] as const;
  const original = Buffer.from(file.bytes);
  await fc.assert(
    fc.asyncProperty(someEdits(fields), async (edits) => {
      const { bytes } = await edited(openEditor, file.bytes, edits);
      for (const edit of edits)
        if (edit.kind === 'set') expect(await valuesOf(openEditor, bytes, edit.field)).toEqual(edit.values);
      expect(withoutComments(bytes)).toEqual(withoutComments(original));
      const undo = await restoring(openEditor, file.bytes, fields);
      const editor = await openEditor(sourceOf(bytes));
      const plan = await editor.plan(undo, plainPolicy, original.length);
      expect((await applied(bytes, plan)).equals(original)).toBe(true);
    }),
    { numRuns: 12 },
  );
});
