/** Reads FLAC files for the verifier (RFC 9639). */
import { readId3v2 } from './id3v2.ts';
import { notVerified, type Layout, type Part, type TagValues } from './parts.ts';
import type { Reader } from './reader.ts';
import { readVorbisComment } from './vorbis-comment.ts';

const PADDING = 1;
const COMMENTS = 4;
const names = ['STREAMINFO', 'PADDING', 'APPLICATION', 'SEEKTABLE', 'VORBIS_COMMENT', 'CUESHEET', 'PICTURE'];

export async function readFlac(reader: Reader): Promise<Layout> {
  const parts: Part[] = [];
  const tags: TagValues[] = [];
  let at = 0;
  let beyond = false;
  for (let index = 0; ; index++) {
    const tag = await readId3v2(reader, at, reader.size - at, index);
    if (tag === null) break;
    parts.push(...tag.parts);
    tags.push(tag.values);
    beyond ||= tag.beyondOtherReader;
    at += tag.length;
  }
  if ((await reader.text(at, 4)) !== 'fLaC') notVerified('The FLAC stream does not begin where it has to.');
  at += 4;
  let comments = 0;
  for (let index = 0, last = false; !last; index++) {
    const header = await reader.bytes(at, 4);
    last = (header[0]! & 0x80) !== 0;
    const type = header[0]! & 0x7f;
    const size = header.readUIntBE(1, 3);
    const end = at + 4 + size;
    if (end > reader.size || type === 127) notVerified('A block of the FLAC file is longer than the file.');
    if ((index === 0) !== (type === 0)) notVerified('The FLAC file does not begin with its STREAMINFO.');
    if (type === COMMENTS) {
      const scope = 'Vorbis comment';
      const reading = readVorbisComment(await reader.bytes(at + 4, size), scope, `vorbis ${comments++}`);
      parts.push(...reading.parts);
      tags.unshift(reading.values);
      if (reading.rest.length > 0) parts.push({ scope, key: 'rest', tag: null, content: reading.rest });
    } else if (type !== PADDING)
      parts.push({
        ...{ scope: 'FLAC', key: names[type] ?? `block ${type}`, tag: null },
        content: { start: at + 4, end },
      });
    at = end;
  }
  const sync = at + 2 <= reader.size ? (await reader.bytes(at, 2)).readUInt16BE(0) : 0xfff8;
  // The last block says that it is the last: behind it a frame begins (a fixed or a changing block size).
  if ((sync & 0xfffe) !== 0xfff8) notVerified('The sound of the FLAC file does not begin behind its blocks.');
  parts.push({ scope: 'FLAC', key: 'audio', tag: null, content: { start: at, end: reader.size } });
  return { parts, tags, beyondOtherReader: beyond };
}
