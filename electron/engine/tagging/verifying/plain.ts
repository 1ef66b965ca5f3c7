/** Reads files whose tags stand in front of and behind the sound: MP3, WavPack, Monkey's Audio. */
import { ValueCollector } from './field-names.ts';
import { readId3v2 } from './id3v2.ts';
import { notVerified, type Layout, type Part, type TagValues } from './parts.ts';
import type { Reader } from './reader.ts';

interface Tail {
  readonly start: number;
  readonly parts: readonly Part[];
  readonly values: TagValues | null;
  readonly beyondOtherReader: boolean;
}

export async function readPlain(reader: Reader): Promise<Layout> {
  const parts: Part[] = [];
  const tags: TagValues[] = [];
  let beyond = false;
  let start = 0;
  for (let index = 0; ; index++) {
    const tag = await readId3v2(reader, start, reader.size - start, index);
    if (tag === null) break;
    parts.push(...tag.parts);
    tags.push(tag.values);
    beyond ||= tag.beyondOtherReader;
    start += tag.length;
  }
  const tails: Tail[] = [];
  let end = reader.size;
  for (;;) {
    const tail = await readTail(reader, start, end);
    if (tail === null) break;
    tails.unshift(tail);
    end = tail.start;
  }
  parts.push({ scope: 'file', key: 'audio', tag: null, content: { start, end } });
  for (const tail of tails) {
    parts.push(...tail.parts);
    beyond ||= tail.beyondOtherReader;
  }
  const behind = tails.map((tail) => tail.values).filter((values) => values !== null);
  const order = ['id3v2', 'apev2', 'id3v1'];
  tags.push(...behind);
  tags.sort((a, b) => order.indexOf(a.tag) - order.indexOf(b.tag));
  return { parts, tags, beyondOtherReader: beyond };
}

/** The last tag between `start` and `end`, or null. */
async function readTail(reader: Reader, start: number, end: number): Promise<Tail | null> {
  // "APETAGEX" has a "TAG" in it, which may lie just where that of ID3v1 would.
  const isId3v1 =
    end - start >= 128 &&
    (await reader.text(end - 128, 3)) === 'TAG' &&
    (await reader.text(end - 131, 8)) !== 'APETAGEX';
  if (isId3v1) return await readId3v1(reader, end);
  if (end - start < 32) return null;
  const tail = await reader.text(end - 32, 32);
  if (tail.startsWith('APETAGEX')) return await readApe(reader, start, end);
  if (tail.endsWith('LYRICS200')) {
    const size = Number(tail.slice(17, 23));
    if (!Number.isInteger(size) || size + 15 > end - start)
      notVerified('The size of the Lyrics3 tag is wrong.');
    return raw('lyrics', end - size - 15, end);
  }
  if (tail.slice(22, 25) === '3DI') {
    const size = [...tail.slice(28, 32)].reduce((sum, byte) => sum * 128 + (byte.charCodeAt(0) & 127), 0);
    const from = end - size - 20;
    const tag = from < start ? null : await readId3v2(reader, from, end - from, 100);
    if (tag === null || tag.length !== end - from) notVerified('The ID3v2 tag at the end has no start.');
    return { start: from, parts: tag.parts, values: tag.values, beyondOtherReader: true };
  }
  return null;
}

function raw(key: string, start: number, end: number): Tail {
  const part = { scope: 'file', key, tag: null, content: { start, end } };
  return { start, parts: [part], values: null, beyondOtherReader: false };
}

async function readId3v1(reader: Reader, end: number): Promise<Tail> {
  const bytes = await reader.bytes(end - 128, 128);
  const collector = new ValueCollector('id3v1');
  if (bytes[127] !== 255) collector.add('genre', [`(${bytes[127]})`]);
  return {
    start: end - 128,
    parts: [
      { scope: 'ID3v1', key: 'texts', tag: null, content: bytes.subarray(0, 127) },
      { scope: 'ID3v1', key: 'genre', tag: 'id3v1', content: bytes.subarray(127) },
    ],
    values: collector.values(),
    beyondOtherReader: false,
  };
}

async function readApe(reader: Reader, start: number, end: number): Promise<Tail> {
  const footer = await reader.bytes(end - 32, 32);
  const size = footer.readUInt32LE(12);
  const count = footer.readUInt32LE(16);
  const flags = footer.readUInt32LE(20);
  const version = footer.readUInt32LE(8);
  const hasHeader = version >= 2000 && flags >= 0x8000_0000;
  const from = end - size - (hasHeader ? 32 : 0);
  if (size < 32 || from < start) notVerified('The size of the APEv2 tag is wrong.');
  if (hasHeader) checkApeHeader(await reader.bytes(from, 32), footer);
  const body = await reader.bytes(end - size, size - 32);
  const holds = 'apev2';
  const parts: Part[] = [
    {
      ...{ scope: 'APEv2 tag', key: 'header', tag: null, holds },
      content: Buffer.concat([footer.subarray(8, 12), footer.subarray(20)]),
    },
  ];
  const collector = new ValueCollector('apev2');
  let at = 0;
  for (let index = 0; index < count; index++) {
    const nameEnd = body.indexOf(0, at + 8);
    const item = nameEnd < 0 ? notVerified('The APEv2 tag holds fewer items than it says.') : nameEnd + 1;
    const next = item + body.readUInt32LE(at);
    if (next > body.length) notVerified('An item of the APEv2 tag is longer than the tag.');
    const key = body.toString('latin1', at + 8, nameEnd);
    parts.push({ scope: 'APEv2 tag', key, tag: 'apev2', content: body.subarray(at + 4, next) });
    const isText = (body.readUInt32LE(at + 4) & 6) === 0;
    if (isText) {
      const texts = body.toString('utf8', item, next).split('\0');
      collector.add(
        key,
        texts.filter((text) => text !== ''),
      );
    }
    at = next;
  }
  if (at !== body.length) notVerified('There is something behind the items of the APEv2 tag.');
  // Without a header, music-metadata takes the items for the last packets of the sound.
  return { start: from, parts, values: collector.values(), beyondOtherReader: !hasHeader };
}

function checkApeHeader(header: Buffer, footer: Buffer): void {
  const same =
    header.subarray(0, 20).equals(footer.subarray(0, 20)) && header.subarray(24).equals(footer.subarray(24));
  const isHeader = header.readUInt32LE(20) === (footer.readUInt32LE(20) | 0x2000_0000) >>> 0;
  if (!same || !isHeader) notVerified('The header of the APEv2 tag does not say what its footer says.');
}
