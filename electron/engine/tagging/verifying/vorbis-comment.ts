/** Reads Vorbis comments for the verifier: in FLAC's block, and in the packets of Vorbis and Opus. */
import { ValueCollector } from './field-names.ts';
import { notVerified, type Part, type TagValues } from './parts.ts';

export interface CommentReading {
  readonly parts: readonly Part[];
  readonly values: TagValues;
  /** What stands behind the comments. */
  readonly rest: Buffer;
}

export function readVorbisComment(bytes: Buffer, scope: string, holds: string): CommentReading {
  let at = 0;
  const sized = (): Buffer => {
    if (at + 4 > bytes.length) notVerified(`${scope}: the comments end too early.`);
    const size = bytes.readUInt32LE(at);
    at += 4 + size;
    if (at > bytes.length) notVerified(`${scope}: a comment is longer than its place.`);
    return bytes.subarray(at - size, at);
  };
  const parts: Part[] = [{ scope, key: 'vendor', tag: null, content: sized(), holds }];
  if (at + 4 > bytes.length) notVerified(`${scope}: the comments end too early.`);
  const count = bytes.readUInt32LE(at);
  at += 4;
  const collector = new ValueCollector('vorbis');
  for (let index = 0; index < count; index++) {
    const comment = sized();
    const equals = comment.indexOf(0x3d);
    const key = comment.toString('latin1', 0, Math.max(equals, 0));
    parts.push({ scope, key, tag: 'vorbis', content: comment });
    const value = comment.toString('utf8', equals + 1);
    if (value !== '') collector.add(key, [value]);
  }
  return { parts, values: collector.values(), rest: bytes.subarray(at) };
}
