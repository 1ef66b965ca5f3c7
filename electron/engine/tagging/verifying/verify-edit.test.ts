import { beforeAll, describe, expect, test } from 'vitest';
import type { TagItemChange } from '#shared/domain.ts';
import type { ByteSource } from '../editing/model.ts';
import { bytesOf, noise, u32be } from '../fixtures/bytes.fixture.ts';
import { frame, id3Tag, textFrame, userText } from '../fixtures/id3.fixture.ts';
import { djItems, item } from '../fixtures/mp4-atoms.fixture.ts';
import { mp4File } from '../fixtures/mp4.fixture.ts';
import { oggPageBytes, oggPages, oggStream, type OggPage } from '../fixtures/ogg.fixture.ts';
import { mpegFrames } from '../fixtures/sound.fixture.ts';
import { byteSource, testFiles } from '../test-files.fixture.ts';
import { PatchedSource } from './patched-source.ts';
import { verifyEdit, type ExpectedField } from './verify-edit.ts';
import { editCases, genreAfter, type EditCase } from './verify-edit.fixture.ts';

const expected: readonly ExpectedField[] = [{ field: 'genre', values: [genreAfter] }];

/** Null: verified; else what is wrong. */
async function refusal(
  before: Uint8Array,
  after: Uint8Array,
  fields: readonly ExpectedField[] = expected,
  approved?: readonly TagItemChange[],
): Promise<string | null> {
  try {
    await verifyEdit(byteSource(before), byteSource(after), fields, approved);
    return null;
  } catch (error) {
    expect(error).toMatchObject({ code: 'tags-not-verified' });
    return (error as Error).message;
  }
}

let cases: readonly EditCase[];
beforeAll(async () => {
  cases = await editCases();
});

describe('what is right is let through', () => {
  test('a changed genre in every container', async () => {
    for (const { name, before, after } of cases)
      expect([name, await refusal(before, after)]).toEqual([name, null]);
  });

  test('every test file is the same as itself', async () => {
    for (const { name, bytes, refused } of await testFiles())
      if (refused === undefined) expect([name, await refusal(bytes, bytes, [])]).toEqual([name, null]);
  });

  test('a tag where there was none, and none where there was one', async () => {
    const audio = await mpegFrames();
    const tagged = bytesOf(
      id3Tag({ version: 3, frames: [textFrame(3, 'TCON', genreAfter)], padding: 100 }),
      audio,
    );
    expect(await refusal(audio, tagged)).toBeNull();
    expect(await refusal(tagged, audio, [{ field: 'genre', values: [] }])).toBeNull();
    const [without, withItems] = [
      await mp4File({}),
      await mp4File({ items: [item('\u00a9gen', genreAfter)] }),
    ];
    expect(await refusal(without, withItems)).toBeNull();
    expect(await refusal(withItems, without, [{ field: 'genre', values: [] }])).toBeNull();
  });

  test('several values in one text, whatever joins them', async () => {
    const file = async (genre: string): Promise<Buffer> =>
      bytesOf(id3Tag({ version: 3, frames: [textFrame(3, 'TCON', genre)], padding: 10 }), await mpegFrames());
    const before = await file('House');
    const values = [{ field: 'genre' as const, values: ['Deep House', 'Dub'] }];
    for (const join of ['/', '; ', ', ', ' | '])
      expect(await refusal(before, await file(`Deep House${join}Dub`), values)).toBeNull();
    expect(await refusal(before, await file('Deep House/Dub/Techno'), values)).not.toBeNull();
    expect(await refusal(before, await file('Dub/Deep House'), values)).not.toBeNull();
    expect(await refusal(before, await file('Deep House'), values)).not.toBeNull();
  });
});

describe('harm is caught', () => {
  test('anything removed, doubled or moved', async () => {
    for (const { name, before, harmed } of cases) {
      expect(harmed.length).toBeGreaterThan(2);
      for (const { what, bytes } of harmed)
        expect([name, what, await refusal(before, bytes)]).not.toEqual([name, what, null]);
    }
  });

  test('any byte changed, in tags, structure and sound', async () => {
    for (const { name, before, after, harmless } of cases) {
      const step = Math.ceil(after.length / 220);
      for (let at = 0; at < after.length; at += at < 48 ? 1 : step) {
        if (harmless.some(({ start, end }) => at >= start && at < end)) continue;
        for (const bit of [0x01, 0x40]) {
          const harmed = Buffer.from(after);
          harmed[at] = harmed[at]! ^ bit;
          expect([name, at, bit, await refusal(before, harmed)]).not.toEqual([name, at, bit, null]);
        }
      }
    }
  });

  test('sound cut short, or grown', async () => {
    for (const { name, before, after } of cases) {
      expect([name, await refusal(before, after.subarray(0, -1))]).not.toEqual([name, null]);
      expect([name, await refusal(before, bytesOf(after, 0))]).not.toEqual([name, null]);
      expect([name, await refusal(before, bytesOf(after, after.subarray(-40)))]).not.toEqual([name, null]);
    }
  });

  test('a value that was not meant, or none', async () => {
    for (const { name, before, after } of cases) {
      const fields = [{ field: 'genre' as const, values: ['Something else'] }];
      expect([name, await refusal(before, after, fields)]).not.toEqual([name, null]);
      expect([name, await refusal(before, after, [{ field: 'genre', values: [] }])]).not.toEqual([
        name,
        null,
      ]);
      expect([name, await refusal(before, after, [{ field: 'mood', values: [] }])]).not.toEqual([name, null]);
    }
  });

  test('only approved items may differ, and only those that carry a field that was to be written', async () => {
    const audio = await mpegFrames();
    const file = (...frames: readonly Buffer[]): Buffer =>
      bytesOf(id3Tag({ version: 3, frames, padding: 30 }), audio);
    const before = file(
      textFrame(3, 'TCON', 'House'),
      userText(3, 'MOOD', 'dark'),
      frame(3, 'PRIV', noise(20, 1)),
    );
    const after = file(
      textFrame(3, 'TCON', genreAfter),
      userText(3, 'MOOD', 'warm'),
      frame(3, 'PRIV', noise(20, 1)),
    );
    const change = (key: string): TagItemChange => ({
      ...{ tag: 'ID3v2.3', key, change: 'changed', before: null, after: null },
    });
    const both = [...expected, { field: 'mood' as const, values: ['warm'] }];
    expect(await refusal(before, after, both)).toBeNull();
    expect(await refusal(before, after, both, [change('TCON'), change('TXXX:MOOD')])).toBeNull();
    expect(await refusal(before, after, both, [change('TCON')])).toContain('TXXX:MOOD');
    expect(await refusal(before, after, expected)).toContain('TXXX:MOOD');
    expect(await refusal(before, after, expected, [change('TCON'), change('TXXX:MOOD')])).toContain(
      'no field',
    );
    const privateChanged = file(
      textFrame(3, 'TCON', genreAfter),
      userText(3, 'MOOD', 'dark'),
      frame(3, 'PRIV', noise(20, 2)),
    );
    expect(await refusal(before, privateChanged, expected, [change('TCON'), change('PRIV')])).toContain(
      'no field',
    );
  });

  test('MP4: places of the sound that did not move along', async () => {
    const file = (genre: string): Promise<Buffer> =>
      mp4File({ items: [...djItems.slice(0, 2), item('\u00a9gen', genre)], moov: 'first', chapters: true });
    const [before, after] = [await file('House'), await file(genreAfter)];
    expect(await refusal(before, after)).toBeNull();
    // The tables of the sound and of the chapters.
    for (let at = after.indexOf('stco'); at >= 0; at = after.indexOf('stco', at + 1)) {
      const stale = Buffer.from(after);
      stale.writeUInt32BE(stale.readUInt32BE(at + 12) - (genreAfter.length - 5), at + 12);
      expect(await refusal(before, stale)).toContain('chunk offsets');
    }
  });

  test('Ogg: numbers, positions and flags of pages, with right checksums', async () => {
    const before = await oggStream({ kind: 'vorbis', comments: ['GENRE=House'] });
    const pages = oggPages(await oggStream({ kind: 'vorbis', comments: [`GENRE=${genreAfter}`] }));
    const last = pages.length - 1;
    const file = (index: number, change: (page: OggPage) => OggPage | null): Buffer =>
      bytesOf(
        ...pages.flatMap((page, number) => {
          const own = number === index ? change(page) : page;
          return own === null ? [] : [oggPageBytes(own)];
        }),
      );
    expect(
      await refusal(
        before,
        file(-1, (page) => page),
      ),
    ).toBeNull();
    for (const index of [0, 1, last]) {
      expect(
        await refusal(
          before,
          file(index, (page) => ({ ...page, granule: page.granule + 1 })),
        ),
      ).not.toBeNull();
      expect(
        await refusal(
          before,
          file(index, (page) => ({ ...page, sequence: page.sequence + 1 })),
        ),
      ).not.toBeNull();
      expect(
        await refusal(
          before,
          file(index, (page) => ({ ...page, flags: page.flags ^ 1 })),
        ),
      ).not.toBeNull();
      expect(
        await refusal(
          before,
          file(index, (page) => ({ ...page, flags: page.flags ^ 4 })),
        ),
      ).not.toBeNull();
      expect(
        await refusal(
          before,
          file(index, (page) => ({ ...page, serial: 7 })),
        ),
      ).not.toBeNull();
      expect(
        await refusal(
          before,
          file(index, () => null),
        ),
      ).not.toBeNull();
    }
  });

  test('an ID3v2.4 frame whose size has two readings is not taken apart wrongly', async () => {
    const audio = await mpegFrames();
    const file = (genre: string, blob: Buffer): Buffer =>
      bytesOf(
        id3Tag({
          version: 4,
          frames: [bytesOf('PRIV', u32be(blob.length), 0, 0, blob), textFrame(4, 'TCON', genre)],
          padding: 40,
        }),
        audio,
      );
    const before = file('House', noise(300, 5));
    expect(await refusal(before, file(genreAfter, noise(300, 5)))).toBeNull();
    expect(await refusal(before, file(genreAfter, noise(300, 6)))).not.toBeNull();
  });
});

describe('with little effort', () => {
  /** Counts what is read; `size` bytes that are made when they are asked for. */
  class Counted implements ByteSource {
    bytesRead = 0;
    readonly size: number;
    readonly #head: Buffer;

    constructor(head: Buffer, size: number) {
      this.#head = head;
      this.size = size;
    }

    read(start: number, length: number): Promise<Uint8Array> {
      const count = Math.max(0, Math.min(length, this.size - start));
      this.bytesRead += count;
      const bytes = Buffer.alloc(count, 0x55);
      if (start < this.#head.length) this.#head.copy(bytes, 0, start);
      return Promise.resolve(bytes);
    }
  }

  const tag = (genre: string): Buffer =>
    id3Tag({ version: 3, frames: [textFrame(3, 'TCON', genre)], padding: 100 - genre.length });

  test('300 MB are compared in pieces, each read once', async () => {
    const size = 300 * 1024 * 1024;
    const before = new Counted(bytesOf(tag('House'), await mpegFrames()), size);
    const after = new Counted(bytesOf(tag(genreAfter), await mpegFrames()), size);
    const start = process.memoryUsage().arrayBuffers;
    let most = 0;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers - start)), 5);
    await verifyEdit(before, after, expected);
    clearInterval(timer);
    expect(most).toBeLessThan(128 * 1024 * 1024);
    for (const { bytesRead } of [before, after]) expect(bytesRead).toBeLessThan(size + 2 * 1024 * 1024);
  });

  test('in place: what is not patched is not read, what is patched is looked at', async () => {
    const size = 300 * 1024 * 1024;
    const before = new Counted(bytesOf(tag('House'), await mpegFrames()), size);
    const patched = new PatchedSource(before, [{ start: 0, bytes: tag(genreAfter) }]);
    await verifyEdit(before, patched, expected);
    expect(before.bytesRead).toBeLessThan(2 * 1024 * 1024);
    const worse = new PatchedSource(before, [
      { start: 0, bytes: tag(genreAfter) },
      { start: size - 5, bytes: Uint8Array.of(1) },
    ]);
    await expect(verifyEdit(before, worse, expected)).rejects.toMatchObject({ code: 'tags-not-verified' });
  });
});
