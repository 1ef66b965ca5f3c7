import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeAudio } from '#build/demo/encode.ts';
import { imageTypeOf, readCover } from './cover.ts';
import { emptyTags } from '#engine/storage/library/tracks.ts';
import { readTags } from './tags.ts';
import { wavBytes, writeWav } from './test-library.fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-tags-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const png = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  Buffer.alloc(50, 1),
]);

/** ID3v2.3 with these frames, then a few frames of MPEG audio (layer 3, 128 kbit/s, 44.1 kHz). */
function mp3(frames: readonly (readonly [string, Buffer])[]): Buffer {
  const body = Buffer.concat(
    frames.map(([id, data]) => {
      const header = Buffer.alloc(10);
      header.write(id, 'latin1');
      header.writeUInt32BE(data.length, 4);
      return Buffer.concat([header, data]);
    }),
  );
  const header = Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0, 0, 0, 0]);
  for (let byte = 0; byte < 4; byte += 1) header[9 - byte] = (body.length >> (7 * byte)) & 0x7f;
  const audio = Buffer.alloc(417);
  audio.set([0xff, 0xfb, 0x90, 0x44]);
  return Buffer.concat([header, body, ...Array.from({ length: 100 }, () => audio)]);
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([1, 0xff, 0xfe]), Buffer.from(value, 'utf16le')]);
}

function picture(mime: string, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0]), Buffer.from(mime), Buffer.from([0, 3, 0]), data]);
}

function put(name: string, bytes: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe('readTags', () => {
  it('reads an MP3 with everything', async () => {
    const path = put(
      'a.mp3',
      mp3([
        ['TIT2', text('  Björk\u0000')],
        ['TPE1', text('Sigur Rós')],
        ['TPE2', text('Various')],
        ['TALB', text('Áfram')],
        ['TYER', text('1999')],
        ['TRCK', text('3/12')],
        ['TPOS', text('2/2')],
        ['TCON', text('Post-Rock')],
        ['APIC', picture('image/png', png)],
      ]),
    );
    const { tags, failure } = await readTags(path);
    expect(failure).toBeNull();
    expect(tags).toEqual({
      ...emptyTags,
      title: 'Björk',
      artist: 'Sigur Rós',
      albumArtist: 'Various',
      album: 'Áfram',
      year: 1999,
      trackNumber: 3,
      discNumber: 2,
      genreTags: ['Post-Rock'],
      durationSeconds: expect.closeTo(2.6, 0) as number,
      container: 'MPEG',
      codec: 'MPEG 1 Layer 3',
      bitrateKbps: 128,
      sampleRateHz: 44_100,
      channels: 2,
      hasCover: true,
    });
    expect(await readCover(path)).toEqual({ mimeType: 'image/png', base64: png.toString('base64') });
  });

  it('tells by the content what the name hides', async () => {
    const path = put('really-wav.mp3', wavBytes({ title: 'Hidden', samples: 8000 }));
    expect((await readTags(path)).tags).toMatchObject({ title: 'Hidden', durationSeconds: 1 });
  });

  it.each([
    ['text', 'no music here\n'.repeat(1000)],
    ['zeros', Buffer.alloc(100_000)],
    ['one byte', Buffer.from([0xff])],
    ['half a header', wavBytes().subarray(0, 20)],
    [
      'a tag that claims to be huge',
      Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f, 1, 2, 3]),
    ],
  ])('has nothing to say of %s, whatever its name', async (_, bytes) => {
    for (const type of [
      'mp3',
      'flac',
      'm4a',
      'ogg',
      'opus',
      'wav',
      'aiff',
      'wma',
      'wv',
      'ape',
      'aac',
      'mp4',
    ]) {
      const { tags, failure } = await readTags(put(`junk.${type}`, bytes));
      expect(failure).toBeNull();
      expect(tags).toMatchObject({ title: null, artist: null, genreTags: [] });
    }
  });

  it('reads the year of a WMA file as FFmpeg writes it', async () => {
    const file = join(folder, 'a.wma');
    const samples = new Float32Array(44_100);
    await encodeAudio({ file, samples, sampleRateHz: 44_100, channels: 1, tags: { year: 1999 } });
    expect((await readTags(file)).tags.year).toBe(1999);
    const bytes = readFileSync(file);
    const at = bytes.indexOf(Buffer.from('WM/Year', 'utf16le'));
    expect(at).toBeGreaterThan(0);
    bytes.write('date\0\0\0', at, 'utf16le');
    writeFileSync(file, bytes);
    expect((await readTags(file)).tags.year).toBe(1999);
  });

  it('says when the file is gone or is none', async () => {
    expect((await readTags(join(folder, 'gone.mp3'))).failure).toMatchObject({
      stage: 'tags',
      code: 'file-not-found',
    });
    expect((await readTags(folder)).failure).toMatchObject({ code: 'file-not-readable' });
  });

  it('gives up on a parser that finds no end', async () => {
    const path = put('long.mp3', Buffer.alloc(80_000_000, 'no music '));
    const startedAt = performance.now();
    expect((await readTags(path, 50)).tags).toEqual(emptyTags);
    expect(performance.now() - startedAt).toBeLessThan(1500);
  });

  it('cuts endless texts and keeps odd ones harmless', async () => {
    const path = writeWav(join(folder, 'a.wav'), { title: 'x'.repeat(100_000), artist: '\u0007bell' });
    const { tags } = await readTags(path);
    expect(tags.title).toHaveLength(2000);
    expect(tags.artist).toBe('bell');
  });
});

describe('readCover', () => {
  it('gives only pictures, by their bytes and not by what the tag claims', async () => {
    const html = Buffer.from('<script>alert(1)</script>');
    const lie = put('lie.mp3', mp3([['APIC', picture('image/png', html)]]));
    expect(await readCover(lie)).toBeNull();
    const wrong = put('wrong.mp3', mp3([['APIC', picture('text/html', png)]]));
    expect((await readCover(wrong))?.mimeType).toBe('image/png');
    expect(await readCover(writeWav(join(folder, 'none.wav')))).toBeNull();
  });

  it.each([
    ['image/jpeg', [0xff, 0xd8, 0xff, 0xe0]],
    ['image/gif', [...Buffer.from('GIF89a')]],
    ['image/webp', [...Buffer.from('RIFF\0\0\0\0WEBP')]],
    [null, [...Buffer.from('<svg xmlns=')]],
    [null, []],
  ])('%s', (type, bytes) => {
    expect(imageTypeOf(Uint8Array.from(bytes))).toBe(type);
  });
});
