import { describe, expect, it } from 'vitest';
import { bytesOf, quietNoise, u32be } from '../fixtures/bytes.fixture.ts';
import {
  crc32,
  encryptedFrame,
  frame,
  id3Tag,
  textFrame,
  unsynchronise,
  userText,
} from '../fixtures/id3.fixture.ts';
import type { Id3Options } from '../fixtures/id3.fixture.ts';
import { mpegFrames } from '../fixtures/sound.fixture.ts';
import { edited, plainPolicy, setTo, sourceOf, valuesOf } from './editors.fixture.ts';
import { openEditor } from './editors.ts';

const audio = await mpegFrames();
const mp3 = (options: Id3Options): Buffer => bytesOf(id3Tag(options), audio);
const genresOf = (bytes: Uint8Array) => valuesOf(openEditor, bytes, 'genre');
const refusal = (bytes: Uint8Array, ...values: readonly string[]) =>
  expect(edited(openEditor, bytes, [setTo('genre', ...values)])).rejects;

describe('genres of ID3v2', () => {
  it.each([
    ['(17)', ['Rock']],
    ['(17)Rock', ['Rock']],
    ['(17)Own', ['Rock', 'Own']],
    ['(17)(6)', ['Rock', 'Grunge']],
    ['17', ['Rock']],
    ['(RX)(CR)', ['Remix', 'Cover']],
    ['((Nu) Disco', ['(Nu) Disco']],
    ['(Nu) Disco', ['(Nu) Disco']],
    ['1980s', ['1980s']],
    ['House/Techno', ['House/Techno']],
    ['House\0Techno\0', ['House', 'Techno']],
    ['RX', ['RX']],
  ])('%j of v2.3 are %j', async (text, genres) => {
    expect(await genresOf(mp3({ version: 3, frames: [textFrame(3, 'TCON', text)] }))).toEqual(genres);
  });

  it('in v2.4 may be RX alone, and several', async () => {
    const file = mp3({ version: 4, frames: [textFrame(4, 'TCON', 'RX\0(4)\x0035')] });
    expect(await genresOf(file)).toEqual(['Remix', 'Disco', 'House']);
  });

  it('are refused where they would be read as a number', async () => {
    await refusal(mp3({ version: 3, frames: [] }), '17').toMatchObject({ code: 'tags-unsupported' });
    await refusal(mp3({ version: 4, frames: [] }), 'RX').toMatchObject({ code: 'tags-unsupported' });
  });

  it.each([
    ['/', ['TCON', 0, 'House/Dub']],
    ['; ', ['TCON', 0, 'House; Dub']],
  ] as const)('several are joined with %j in v2.3', async (separator, [id, encoding, text]) => {
    const file = mp3({ version: 3, frames: [], padding: 50 });
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'House', 'Dub')], {
      ...plainPolicy,
      separator,
    });
    expect(bytes.includes(frame(3, id, bytesOf(encoding, text)))).toBe(true);
  });

  it('are repeated frames where the policy says so', async () => {
    const file = mp3({ version: 3, frames: [textFrame(3, 'TCON', 'Old')], padding: 50 });
    const policy = { ...plainPolicy, separator: 'repeat' } as const;
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'House', 'Dub')], policy);
    const wanted = [textFrame(3, 'TCON', 'House'), textFrame(3, 'TCON', 'Dub')];
    expect(bytes.includes(bytesOf(...wanted))).toBe(true);
    expect(await genresOf(bytes)).toEqual(['House', 'Dub']);
  });
});

describe('text of ID3v2', () => {
  it('keeps its encoding where that can take the value', async () => {
    const file = mp3({ version: 4, frames: [textFrame(4, 'TCON', 'Old', 'utf16be')], padding: 50 });
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'Hoüse')]);
    expect(bytes.includes(textFrame(4, 'TCON', 'Hoüse', 'utf16be'))).toBe(true);
  });

  it.each([
    [3, 'Hoüse', 'latin1'],
    [3, '日本', 'utf16'],
    [4, 'House', 'latin1'],
    [4, 'Hoüse', 'utf8'],
  ] as const)('in v2.%i “%s” is %s', async (version, genre, encoding) => {
    const file = mp3({ version, frames: [], padding: 50 });
    const { bytes } = await edited(openEditor, file, [setTo('genre', genre)]);
    expect(bytes.includes(textFrame(version, 'TCON', genre, encoding))).toBe(true);
  });

  it('leaves UTF-8 in v2.3 behind', async () => {
    const file = mp3({ version: 3, frames: [textFrame(3, 'TCON', 'Öld', 'utf8')], padding: 50 });
    expect(await genresOf(file)).toEqual(['Öld']);
    const { bytes } = await edited(openEditor, file, [setTo('genre', '日本')]);
    expect(bytes.includes(textFrame(3, 'TCON', '日本', 'utf16'))).toBe(true);
  });
});

describe('an ID3v2 tag', () => {
  it('keeps its size while its padding lasts, then grows to a multiple of 2 KiB', async () => {
    const file = mp3({ version: 3, frames: [textFrame(3, 'TIT2', 'x')], padding: 30 });
    const small = await edited(openEditor, file, [setTo('genre', 'House')]);
    expect(small.plan.patches).toHaveLength(1);
    expect(small.plan.sizeAfter).toBe(file.length);
    const large = await edited(openEditor, file, [setTo('genre', 'H'.repeat(30))]);
    expect(large.plan.patches).toBeNull();
    expect((large.plan.sizeAfter - audio.length) % 2048).toBe(0);
  });

  it('updates every synonym and adds none', async () => {
    const frames = [userText(3, 'Initialkey', '1A'), textFrame(3, 'TKEY', 'Abm'), userText(3, 'tempo', '99')];
    const file = mp3({ version: 3, frames, padding: 100 });
    const { bytes } = await edited(openEditor, file, [setTo('initialKey', '8A'), setTo('bpm', '128')]);
    const wanted = [userText(3, 'Initialkey', '8A'), textFrame(3, 'TKEY', '8A'), userText(3, 'tempo', '128')];
    expect(bytes.includes(bytesOf(...wanted, 0))).toBe(true);
  });

  it('takes TIT1 for the name of a work where iTunes has its own grouping', async () => {
    const frames = [textFrame(4, 'TIT1', 'Symphony'), textFrame(4, 'GRP1', 'old')];
    const file = mp3({ version: 4, frames, padding: 100 });
    const { bytes } = await edited(openEditor, file, [setTo('grouping', 'new')]);
    expect(bytes.includes(bytesOf(textFrame(4, 'TIT1', 'Symphony'), textFrame(4, 'GRP1', 'new')))).toBe(true);
    await expect(edited(openEditor, file, [setTo('grouping')])).rejects.toMatchObject({
      code: 'tags-unsupported',
    });
  });

  it('keeps what another program left behind the padding', async () => {
    const rest = bytesOf(new Uint8Array(60), 'left behind', new Uint8Array(20));
    const frames = [textFrame(3, 'TIT2', 'x'), rest];
    const { bytes, plan } = await edited(openEditor, mp3({ version: 3, frames }), [setTo('genre', 'House')]);
    expect(plan.patches).not.toBeNull();
    expect(bytes.includes(bytesOf('left behind', new Uint8Array(20), audio))).toBe(true);
  });

  it('is written with the sizes of old iTunes where it has them', async () => {
    const blob = bytesOf('PRIV', u32be(305), 0, 0, 'blob\0', quietNoise(300, 8));
    const file = mp3({ version: 4, frames: [blob, textFrame(4, 'TCON', 'x')], padding: 500 });
    const genre = 'H'.repeat(200);
    const { bytes } = await edited(openEditor, file, [setTo('genre', genre)]);
    expect(bytes.includes(bytesOf(blob, 'TCON', u32be(201), 0, 0, 0, genre))).toBe(true);
  });

  it('has a checksum that fits the new frames, and is refused where the old one does not', async () => {
    const frames = [textFrame(3, 'TIT2', 'x'), textFrame(3, 'TCON', 'House')];
    const file = mp3({ version: 3, frames, extendedHeader: 'crc', padding: 50 });
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'Dub')]);
    const wanted = bytesOf(textFrame(3, 'TIT2', 'x'), textFrame(3, 'TCON', 'Dub'));
    expect(bytes.readUInt32BE(20)).toBe(crc32(wanted));
    expect(bytes.readUInt32BE(16)).toBe(52);
    file[file.indexOf('House')] = 0x4d;
    await refusal(file, 'Dub').toMatchObject({ code: 'tags-damaged' });
  });

  it('stays unsynchronised', async () => {
    const blob = frame(3, 'PRIV', bytesOf('blob\0', 0xff, 0xfb, 0xff, 0, 0xff));
    const file = mp3({ version: 3, frames: [blob], unsynchronised: true, padding: 60 });
    const { bytes } = await edited(openEditor, file, [setTo('genre', '日本')]);
    expect(
      bytes.includes(bytesOf(unsynchronise(blob), unsynchronise(textFrame(3, 'TCON', '日本', 'utf16')))),
    ).toBe(true);
  });

  it.each([
    ['an encrypted genre', [encryptedFrame(4, 'TCON')], 4],
    ['a genre in an encoding that does not exist', [frame(3, 'TCON', bytesOf(9, 'House'))], 3],
    ['bytes that are no frame', [textFrame(3, 'TIT2', 'x'), bytesOf('!!!!', u32be(3), 0, 0, 'abc')], 3],
  ] as const)('is refused with %s', async (_, frames, version) => {
    await refusal(mp3({ version, frames, padding: 20 }), 'Dub').toMatchObject({ code: 'tags-damaged' });
  });

  it('must not change its length where it points at places of the file', async () => {
    const file = mp3({ version: 4, frames: [frame(4, 'ASPI', bytesOf(u32be(500), u32be(1), 0, 0, 8, 0))] });
    await refusal(file, 'Dub').toMatchObject({ code: 'tags-unsupported' });
  });

  it('may be several hundred megabytes long: only the heads of frames are read', async () => {
    const size = 200 << 20;
    const head = bytesOf(
      'ID3',
      3,
      0,
      0,
      (size >> 21) & 127,
      (size >> 14) & 127,
      (size >> 7) & 127,
      size & 127,
    );
    const first = bytesOf('PRIV', u32be(size - 10 - 16), 0, 0);
    const genre = textFrame(3, 'TCON', 'House');
    const genreAt = 10 + 10 + size - 26;
    let read = 0;
    const parts = [
      [0, bytesOf(head, first)],
      [genreAt, genre],
      [10 + size, audio],
    ] as const;
    const source = {
      size: 10 + size + audio.length,
      read(start: number, length: number): Promise<Uint8Array> {
        read += length;
        const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.size - start)));
        for (const [at, part] of parts)
          for (let i = Math.max(at, start); i < Math.min(at + part.length, start + bytes.length); i++)
            bytes[i - start] = part[i - at]!;
        return Promise.resolve(bytes);
      },
    };
    const plan = await (await openEditor(source)).plan([setTo('genre', 'Dub')], plainPolicy);
    expect(plan.patches).not.toBeNull();
    expect(plan.changes).toMatchObject([{ key: 'TCON', before: 'House', after: 'Dub' }]);
    expect(read).toBeLessThan(4 << 20);
  });
});

it('reads through a window that is never longer than the file', async () => {
  const file = mp3({ version: 3, frames: [textFrame(3, 'TCON', 'House')] });
  await expect(openEditor(sourceOf(file.subarray(0, 15)))).rejects.toMatchObject({ code: 'tags-damaged' });
});
