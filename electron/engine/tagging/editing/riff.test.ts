import { describe, expect, it } from 'vitest';
import { bytesOf, noise, u32le, u64le } from '../fixtures/bytes.fixture.ts';
import { id3Tag, textFrame } from '../fixtures/id3.fixture.ts';
import { iff, iffChunk, riff, riffChunk } from '../fixtures/riff.fixture.ts';
import { edited, plainPolicy, setTo, sourceOf, valuesOf } from './editors.fixture.ts';
import { openEditor } from './editors.ts';
import { collect, lengthOf } from './pieces.ts';

const format = riffChunk('fmt ', noise(16, 1));
const data = riffChunk('data', noise(500, 2));
const info = (genre: string): Buffer =>
  riffChunk(
    'LIST',
    bytesOf('INFO', riffChunk('IGNR', bytesOf(genre, 0)), riffChunk('IART', bytesOf('Me', 0))),
  );
const refused = (bytes: Uint8Array, code: string) =>
  expect(openEditor(sourceOf(bytes))).rejects.toMatchObject({ code });

describe('WAV', () => {
  it('keeps a genre in LIST INFO where it is, and its sizes right', async () => {
    const file = riff([format, info('House'), data]);
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'Deep House')]);
    expect(bytes.equals(riff([format, info('Deep House'), data]))).toBe(true);
  });

  it('gets ID3v2 where LIST INFO says nothing of a genre', async () => {
    const other = riffChunk('LIST', bytesOf('INFO', riffChunk('ISFT', bytesOf('Encoder', 0))));
    const file = riff([format, other, data]);
    const { bytes, plan } = await edited(openEditor, file, [setTo('genre', 'Dub')]);
    expect(plan.changes.map(({ tag, key }) => [tag, key])).toEqual([['ID3v2.3', 'TCON']]);
    expect(bytes.subarray(8, file.length).equals(file.subarray(8))).toBe(true);
  });

  it('says it in both tags', async () => {
    const tag = id3Tag({ version: 3, frames: [textFrame(3, 'TCON', 'House')], padding: 50 });
    const file = riff([format, info('House'), data, riffChunk('id3 ', tag)]);
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'Dub')]);
    const after = id3Tag({ version: 3, frames: [textFrame(3, 'TCON', 'Dub')], padding: 52 });
    expect(bytes.equals(riff([format, info('Dub'), data, riffChunk('id3 ', after)]))).toBe(true);
  });

  it('refuses letters that LIST INFO has no standard for', async () => {
    const file = riff([format, info('House'), data]);
    await expect(edited(openEditor, file, [setTo('genre', '日本')])).rejects.toMatchObject({
      code: 'tags-unsupported',
    });
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'Träume')]);
    expect(await valuesOf(openEditor, bytes, 'genre')).toEqual(['Träume']);
  });

  it('is refused where its sizes cannot be trusted', async () => {
    const streamed = riff([format, data]);
    streamed.writeUInt32LE(0xffffffff, 4);
    await refused(streamed, 'tags-unsupported');
    const endless = riff([format, data]);
    endless.writeUInt32LE(0xffffffff, 12 + format.length + 4);
    await refused(endless, 'tags-unsupported');
    await refused(riff([format, riffChunk('data', new Uint8Array(0))]), 'tags-unsupported');
    // An odd chunk without its zero, in the middle: what follows is one byte off.
    const odd = riffChunk('odd!', noise(33, 3)).subarray(0, -1);
    await refused(riff([format, odd, data]), 'tags-damaged');
    await refused(riff([format, data]).subarray(0, -10), 'tags-damaged');
  });

  it('over 4 GB is RF64, whose long sizes follow', async () => {
    const length = 5 * 2 ** 30;
    const head = bytesOf(
      ...['RF64', u32le(0xffffffff), 'WAVE'],
      riffChunk('ds64', bytesOf(u64le(length + 88 - 8), u64le(length), u64le(length / 4), u32le(0))),
      format,
      ...['data', u32le(0xffffffff)],
    );
    // Nothing but zeros behind the head.
    const source = {
      size: head.length + length,
      read: (start: number, wanted: number) => {
        const bytes = Buffer.alloc(Math.max(0, Math.min(wanted, head.length + length - start)));
        head.copy(bytes, 0, Math.min(start, head.length));
        return Promise.resolve(bytes);
      },
    };
    head.writeBigUInt64LE(BigInt(source.size - 8), 20);
    const plan = await (await openEditor(source)).plan([setTo('genre', 'Dub')], plainPolicy);
    expect(plan.sizeAfter).toBe(source.size + 8 + 2048);
    expect(plan.audioBytes).toBe(length);
    expect(plan.patches).toBeNull();
    const first = plan.pieces.findIndex((piece) => lengthOf([piece]) > 2 ** 30);
    const start = Buffer.from(await collect(source, plan.pieces.slice(0, first)));
    expect(Number(start.readBigUInt64LE(20))).toBe(plan.sizeAfter - 8);
    expect(start.readUInt32LE(4)).toBe(0xffffffff);
  });
});

describe('AIFF', () => {
  const sound = iffChunk('SSND', noise(500, 4));

  it('gets a chunk behind the last one, and its size', async () => {
    const file = iff([sound]);
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'Dub')]);
    const tag = id3Tag({ version: 3, frames: [textFrame(3, 'TCON', 'Dub')], padding: 2048 - 10 - 14 });
    expect(bytes.equals(iff([sound, iffChunk('ID3 ', tag)]))).toBe(true);
  });

  it('is refused with a tag that is longer than its chunk', async () => {
    const tag = id3Tag({ version: 3, frames: [textFrame(3, 'TCON', 'Dub')], padding: 40 });
    await refused(iff([iffChunk('ID3 ', tag.subarray(0, -20)), sound]), 'tags-damaged');
  });
});
