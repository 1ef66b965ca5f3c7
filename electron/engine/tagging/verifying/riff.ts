/** Reads WAV (RIFF, RF64) and AIFF for the verifier. */
import { isUtf8 } from 'node:buffer';
import { ValueCollector } from './field-names.ts';
import { readId3v2 } from './id3v2.ts';
import { notVerified, type Layout, type Part, type TagValues } from './parts.ts';
import type { Reader } from './reader.ts';

const UNKNOWN_32 = 0xffff_ffff;

interface Form {
  readonly name: string;
  readonly little: boolean;
  /** RF64: sizes beyond 32 bits. */
  readonly wide: boolean;
}

/** @throws AppError tags-not-verified */
export async function readRiff(reader: Reader): Promise<Layout> {
  const head = await reader.bytes(0, 12);
  const name = head.toString('latin1', 0, 4);
  const form: Form = { name, little: name !== 'FORM', wide: name === 'RF64' };
  const number = (bytes: Buffer, at: number): number =>
    form.little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  const parts: Part[] = [{ scope: name, key: 'type', tag: null, content: Buffer.from(head.subarray(8, 12)) }];
  const tags: TagValues[] = [];
  let size = number(head, 4);
  let dataSize = 0;
  let beyond = form.wide;
  let at = 12;
  if (form.wide) {
    const wide = await readWideSizes(reader, parts);
    ({ size, dataSize } = wide);
    at = wide.end;
  }
  const end = 8 + size;
  if (end > reader.size) notVerified('The file says that it is longer than it is.');
  let counts = { id3: 0, info: 0 };
  while (at + 8 <= end) {
    const header = await reader.bytes(at, 8);
    const id = header.toString('latin1', 0, 4);
    const stored = number(header, 4);
    const length = form.wide && id === 'data' && stored === UNKNOWN_32 ? dataSize : stored;
    const content = { start: at + 8, end: at + 8 + length };
    if (content.end > end) notVerified(`The chunk ${id} is longer than the file.`);
    if (id === 'id3 ' || id === 'ID3 ') {
      const tag = await readId3Chunk(reader, content, id, counts.id3);
      counts = { ...counts, id3: counts.id3 + 1 };
      parts.push(...tag.parts);
      tags.unshift(...tag.values);
      beyond ||= tag.beyond;
    } else if (id === 'LIST' && length >= 4 && (await reader.text(content.start, 4)) === 'INFO') {
      tags.push(await readInfo(reader, content, counts.info, parts));
      counts = { ...counts, info: counts.info + 1 };
    } else parts.push({ scope: name, key: id, tag: null, content });
    at = content.end;
    // An odd chunk is followed by a byte that is not counted; some programs forget it behind the last one.
    if (length % 2 === 1 && at < end) at++;
  }
  if (at < end) notVerified('There is something between the chunks of the file.');
  if (end < reader.size)
    parts.push({ scope: name, key: 'behind the end', tag: null, content: { start: end, end: reader.size } });
  const order = ['id3v2', 'riff-info'];
  tags.sort((a, b) => order.indexOf(a.tag) - order.indexOf(b.tag));
  return { parts, tags, beyondOtherReader: beyond };
}

/** EBU Tech 3306: the first chunk holds the sizes of the file and of the sound. */
async function readWideSizes(
  reader: Reader,
  parts: Part[],
): Promise<{ readonly size: number; readonly dataSize: number; readonly end: number }> {
  const header = await reader.bytes(12, 8);
  const length = header.readUInt32LE(4);
  if (header.toString('latin1', 0, 4) !== 'ds64' || length < 28 || length > 4096)
    notVerified('The RF64 file does not begin with its sizes.');
  const content = await reader.bytes(20, length);
  parts.push({ scope: 'RF64', key: 'ds64', tag: null, content: Buffer.from(content.subarray(8)) });
  return {
    size: Number(content.readBigUInt64LE(0)),
    dataSize: Number(content.readBigUInt64LE(8)),
    end: 20 + length + (length % 2),
  };
}

async function readId3Chunk(
  reader: Reader,
  content: { readonly start: number; readonly end: number },
  id: string,
  index: number,
): Promise<{
  readonly parts: readonly Part[];
  readonly values: readonly TagValues[];
  readonly beyond: boolean;
}> {
  const room = content.end - content.start;
  const tag = await readId3v2(reader, content.start, room, index);
  const holds = `id3v2 ${index}`;
  const own: Part = { scope: `chunk ${id}`, key: 'name', tag: null, content: Buffer.from(id), holds };
  if (tag === null) {
    // Nothing, or something that is no tag.
    return { parts: [{ scope: 'chunk', key: id, tag: null, content }], values: [], beyond: false };
  }
  const rest: Part[] =
    tag.length === room
      ? []
      : [
          {
            scope: `chunk ${id}`,
            key: 'rest',
            tag: null,
            content: { start: content.start + tag.length, end: content.end },
          },
        ];
  return { parts: [own, ...tag.parts, ...rest], values: [tag.values], beyond: tag.beyondOtherReader };
}

async function readInfo(
  reader: Reader,
  content: { readonly start: number; readonly end: number },
  index: number,
  parts: Part[],
): Promise<TagValues> {
  const bytes = await reader.bytes(content.start, content.end - content.start);
  const scope = `RIFF INFO ${index + 1}`;
  parts.push({ scope, key: 'list', tag: null, content: Buffer.from('INFO'), holds: `riff-info ${index}` });
  const collector = new ValueCollector('riff-info');
  let at = 4;
  while (at + 8 <= bytes.length) {
    const id = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length;
    if (end > bytes.length) notVerified(`The entry ${id} of the INFO list is longer than the list.`);
    const text = bytes.subarray(at + 8, end);
    parts.push({ scope, key: id, tag: 'riff-info', content: Buffer.from(text) });
    const value = decoded(text).replace(/\0[\s\S]*$/, '');
    if (value !== '') collector.add(id, [value]);
    at = end + (length % 2);
  }
  if (at < bytes.length)
    parts.push({ scope, key: 'rest', tag: null, content: Buffer.from(bytes.subarray(at)) });
  return collector.values();
}

/** INFO does not say its encoding: UTF-8 where it is that, else Latin-1. */
function decoded(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
}
