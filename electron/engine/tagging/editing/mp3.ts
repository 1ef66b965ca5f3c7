/** MP3 (MPEG audio of any layer): ID3v2 in front, ID3v1, APEv2, Lyrics3 and ID3v2 with a footer behind the audio. */
import { isApeEdge, APE_EDGE_BYTES, newApePart, openApePart } from './apev2.ts';
import { ID3V1_BYTES, isId3v1, openId3v1Part, readId3v1Texts } from './id3v1.ts';
import { ID3_HEADER_BYTES, id3HeaderAt } from './id3v2-header.ts';
import { newId3Part, openId3Part } from './id3v2-part.ts';
import type { ByteSource, TagEditor } from './model.ts';
import { findMpegAudio } from './mpeg-frames.ts';
import { damaged, latin1, readPart } from './reading.ts';
import { editorOf, formatOf } from './tag-parts.ts';
import type { TagPart } from './tag-parts.ts';

/** Tags behind the audio: ID3v1, APE, Lyrics3 and ID3v2 are four. */
const MOST_TAGS_BEHIND = 16;

interface TagBehind {
  readonly kind: 'id3v1' | 'ape' | 'lyrics3' | 'id3v2';
  readonly start: number;
  readonly end: number;
}

/**
 * The editor of an MP3 whose tags in front end at `start`; null when no MPEG audio is found behind them.
 * @throws AppError tags-damaged, tags-unsupported
 */
export async function openMp3(source: ByteSource, start: number): Promise<TagEditor | null> {
  const behind = await tagsBehind(source, start);
  const audioEnd = behind.at(-1)?.start ?? source.size;
  const audioStart = await findMpegAudio(source, start, audioEnd);
  if (audioStart === null) return null;
  await checkJunk(source, start, audioStart);

  const [old] = ofKind(behind, 'id3v1');
  const oldTexts = old === undefined ? [] : await readId3v1Texts(source, old.end);
  const id3Parts: TagPart[] = [];
  const starts = [
    ...(await startsInFront(source, start)),
    ...ofKind(behind, 'id3v2').map((tag) => tag.start),
  ];
  let seeks = false;
  for (const [tagIndex, at] of starts.entries()) {
    // A SEEK frame tells how far away the next tag is: nothing in between may change its length.
    const { tag, part } = await openId3Part(source, at, {
      tagIndex,
      keepsLength: seeks && at < start,
      oldTexts,
    });
    seeks ||= tag.items.some(({ longKey }) => longKey === 'SEEK');
    id3Parts.push(part);
  }
  const [ape, secondApe] = ofKind(behind, 'ape');
  if (secondApe !== undefined) throw damaged('Two APE tags stand behind the audio.');
  const apeParts = ape === undefined ? [] : [await openApePart(source, ape.end, id3Parts.length > 0)];
  const oldParts = old === undefined ? [] : [await openId3v1Part(source, old.end)];
  // An MP3 that has only an APE tag keeps to it: programs that look for ID3v2 first would find its title no more.
  const newParts = id3Parts.length + apeParts.length === 0 ? [newId3Part(source, 0, oldTexts)] : [];
  const parts = [...newParts, ...id3Parts, ...apeParts, ...oldParts];
  return editorOf({
    source,
    format: formatOf('MP3', parts),
    parts,
    otherItems: ofKind(behind, 'lyrics3').length,
    audioBytes: audioEnd - start,
  });
}

/** Of Monkey's Audio and WavPack: an APE tag at the end. ID3v2 in front and ID3v1 behind are left as they are. */
export async function openApeFile(source: ByteSource, start: number, name: string): Promise<TagEditor> {
  const behind = await tagsBehind(source, start);
  const [ape, second] = ofKind(behind, 'ape');
  if (second !== undefined) throw damaged('Two APE tags stand behind the audio.');
  const audioEnd = behind.at(-1)?.start ?? source.size;
  // In front of an ID3v1 tag, which has to be the last of all.
  const part = ape === undefined ? newApePart(audioEnd) : await openApePart(source, ape.end, false);
  return editorOf({
    source,
    format: formatOf(name, [part]),
    parts: [part],
    otherItems: behind.length - (ape === undefined ? 0 : 1),
    audioBytes: audioEnd - start,
  });
}

function ofKind(tags: readonly TagBehind[], kind: TagBehind['kind']): readonly TagBehind[] {
  return tags.filter((tag) => tag.kind === kind);
}

async function startsInFront(source: ByteSource, end: number): Promise<readonly number[]> {
  const starts: number[] = [];
  for (let at = 0; at < end;) {
    starts.push(at);
    at += id3HeaderAt(await readPart(source, at, ID3_HEADER_BYTES, 'an ID3v2 tag'))?.totalSize ?? end;
  }
  return starts;
}

/** From the end of the file towards the audio, which begins at or behind `start`. */
async function tagsBehind(source: ByteSource, start: number): Promise<readonly TagBehind[]> {
  const tags: TagBehind[] = [];
  for (let end = source.size; tags.length < MOST_TAGS_BEHIND;) {
    const at = Math.max(start, end - ID3V1_BYTES);
    const tag = await tagBefore(source, await readPart(source, at, end - at, 'the end of the file'), end);
    if (tag === null) return tags;
    if (tag.start < start) throw damaged(`A tag behind the audio (${tag.kind}) is longer than the file.`);
    tags.push(tag);
    end = tag.start;
  }
  throw damaged('Too many tags stand behind the audio.');
}

/** The tag that ends where these bytes do. */
async function tagBefore(source: ByteSource, bytes: Uint8Array, end: number): Promise<TagBehind | null> {
  const last = (length: number): Uint8Array => bytes.subarray(Math.max(0, bytes.length - length));
  // Before ID3v1: "TAG" also stands in the name of an APE tag, at this distance if the tag has the length for it.
  if (isApeEdge(last(APE_EDGE_BYTES))) {
    const view = Buffer.from(last(APE_EDGE_BYTES));
    const hasHeader = view.readUInt32LE(8) === 2000 && view.readUInt32LE(20) >= 0x8000_0000;
    const start = end - view.readUInt32LE(12) - (hasHeader ? APE_EDGE_BYTES : 0);
    return { kind: 'ape', start, end };
  }
  const foot = id3HeaderAt(last(ID3_HEADER_BYTES), 0, '3DI');
  if (foot !== null) {
    const start = end - foot.totalSize;
    const head = start < 0 ? null : id3HeaderAt(await source.read(start, ID3_HEADER_BYTES));
    if (head?.totalSize === foot.totalSize) return { kind: 'id3v2', start, end };
  }
  const mark = latin1(last(9));
  if (mark === 'LYRICS200') {
    const size = Number.parseInt(latin1(last(15).subarray(0, 6)), 10);
    if (!(size > 0)) throw damaged('The Lyrics3 tag behind the audio is damaged.');
    return { kind: 'lyrics3', start: end - size - 15, end };
  }
  if (mark === 'LYRICSEND') {
    // Lyrics3 v1 has no size: at most 5100 bytes between its two marks.
    const at = Math.max(0, end - 5120);
    const begin = latin1(await source.read(at, end - at)).lastIndexOf('LYRICSBEGIN');
    if (begin < 0) throw damaged('The Lyrics3 tag behind the audio is damaged.');
    return { kind: 'lyrics3', start: at + begin, end };
  }
  if (isId3v1(last(ID3V1_BYTES))) return { kind: 'id3v1', start: end - ID3V1_BYTES, end };
  return null;
}

/** Between the tags and the first frame of the audio: kept whatever it is, unless it may be a tag. */
async function checkJunk(source: ByteSource, start: number, end: number): Promise<void> {
  const bytes = await readPart(source, start, end - start, 'what stands before the audio');
  for (let at = bytes.indexOf(0x49); at >= 0; at = bytes.indexOf(0x49, at + 1))
    if (id3HeaderAt(bytes, at) !== null)
      throw damaged('An ID3v2 tag stands, out of its place, in the bytes before the audio.');
}
